/** The citizen's channel over plain HTTP, for networks that block sockets. */
import { CloseCode, type ChannelHandlers, type OpenChannel } from "./channel";
import { type Clock } from "./clock";
import { readFrame, type Command } from "./frames";
import type { EventsPage } from "./protocol";

const WAIT_SECONDS = 25;
const DEADLINE_MS = 40_000;
const REFUSALS = new Set([401, 403, 404]);

export interface PollTarget {
  server: string;
  conversationId: string;
  token: string;
}

/** Returns the opener of polling channels; `hello` starts the polling, a command is posted. */
export function pollingOf(target: PollTarget, clock: Clock): OpenChannel {
  return (handlers) => {
    const poll = new Polling(target, clock, handlers);
    clock.after(0, () => poll.open());
    return poll;
  };
}

class Polling {
  private readonly abort = new AbortController();
  /** Commands go out one after the other: of two requests at once the later may come first. */
  private posting = Promise.resolve();

  constructor(
    private readonly target: PollTarget,
    private readonly clock: Clock,
    private readonly handlers: ChannelHandlers,
  ) {}

  open(): void {
    if (!this.abort.signal.aborted) this.handlers.opened();
  }

  send(frame: object): void {
    const { type } = frame as { type: string };
    if (type === "hello") void this.follow((frame as { after: number }).after);
    else if ("id" in frame) this.posting = this.posting.then(() => this.post(frame as Command));
  }

  close(): void {
    this.abort.abort();
  }

  private async follow(after: number): Promise<void> {
    let wait = 0;
    for (;;) {
      const answer = await this.call(`events?after=${after}&wait=${wait}`);
      if (answer === null) return;
      if (!isPage(answer)) return this.fail(CloseCode.lost);
      const page = answer;
      if (wait === 0) this.deliver({ type: "welcome", seq: page.seq, state: page.state });
      for (const event of page.events) {
        this.deliver({ ...event, type: "event" });
        if (Number.isInteger(event.seq)) after = Math.max(after, event.seq);
      }
      if (page.queue) this.deliver({ ...page.queue, type: "queue" });
      wait = WAIT_SECONDS;
    }
  }

  private async post(command: Command): Promise<void> {
    const answer = await this.call("commands", command);
    if (answer !== null) this.deliver({ id: command.id, ...(answer as object) });
  }

  private deliver(body: unknown): void {
    const frame = readFrame(body);
    if (frame !== null && !this.abort.signal.aborted) this.handlers.frame(frame);
  }

  /** Returns the JSON of the answer, or null when the channel has closed meanwhile or thereby. */
  private async call(path: string, body?: Command): Promise<unknown> {
    const { server, conversationId, token } = this.target;
    const url = new URL(`/api/v1/conversations/${conversationId}/${path}`, server);
    const deadline = this.clock.after(DEADLINE_MS, () => this.fail(CloseCode.lost));
    try {
      const response = await fetch(url, {
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { "content-type": "application/json" }),
        },
        credentials: "omit",
        signal: this.abort.signal,
        ...(body && { method: "POST", body: JSON.stringify(body) }),
      });
      const answer: unknown = await response.json();
      const refused = body && readFrame(answer)?.type === "error";
      if (answer !== null && (response.ok || refused)) return answer;
      this.deliver(answer);
      this.fail(REFUSALS.has(response.status) ? CloseCode.refused : CloseCode.lost);
    } catch {
      this.fail(CloseCode.lost);
    } finally {
      deadline();
    }
    return null;
  }

  private fail(code: number): void {
    if (this.abort.signal.aborted) return;
    this.abort.abort();
    this.handlers.closed(code);
  }
}

function isPage(answer: unknown): answer is EventsPage {
  const page = answer as Partial<EventsPage> | null;
  return Number.isInteger(page?.seq) && Array.isArray(page?.events);
}
