/**
 * A lasting connection to the server over channels that come and go.
 *
 * It says hello, resumes each record from the last `seq` it has, comes back with growing delays and
 * sends again what was not accepted. What it hands on has no gaps and no repeats.
 */
import { Backoff } from "./backoff";
import { CloseCode, type Channel, type OpenChannel } from "./channel";
import { browserClock, type Clock } from "./clock";
import type { Command, EventFrame, ServerFrame } from "./frames";
import { Outbox } from "./outbox";
import type { ErrorFrame } from "./protocol";
import { SeqBook } from "./seqs";

/** `offline` lasts until the connection is back; the tries in between do not show. */
export type Status = "connecting" | "online" | "offline";

const WELCOME_DEADLINE_MS = 15_000;
const ACCEPT_DEADLINE_MS = 15_000;
const STEADY_AFTER_MS = 10_000;
const FAILURES_BEFORE_FALLBACK = 2;

export interface ConnectionOptions<Received extends ServerFrame> {
  open: OpenChannel;
  /** Takes over when `open` has failed twice without ever opening. */
  fallback?: OpenChannel;
  /** The first frame, given how far the records have been read. */
  hello(seqs: SeqBook): object;
  /** The frame that asks for the rest of one record; without it a gap means to reconnect. */
  resume?(conversationId: string, after: number): object;
  onFrame(frame: Received): void;
  onStatus(status: Status): void;
  /** The records must be read again from the start: forget what was handed on. */
  onReset(): void;
  /** The server refused; there will be no more tries. */
  onStopped(refusal: ErrorFrame): void;
  clock?: Clock;
}

export class Connection<Sent extends Command, Received extends ServerFrame> {
  private readonly clock: Clock;
  private readonly backoff: Backoff;
  private readonly outbox: Outbox<Sent>;
  private readonly seqs = new SeqBook();
  private readonly resuming = new Set<string>();
  private channel: Channel | null = null;
  private status: Status | null = null;
  private everOpened = false;
  private failures = 0;
  private ended = false;
  /** What the server said last that concerns no command: should it close now, that is why. */
  private refusal: ErrorFrame | null = null;
  private cancelTimer = noTimer;
  private cancelSteady = noTimer;

  constructor(private readonly options: ConnectionOptions<Received>) {
    this.clock = options.clock ?? browserClock;
    this.backoff = new Backoff(() => this.clock.random());
    this.outbox = new Outbox({
      clock: this.clock,
      deadlineMs: ACCEPT_DEADLINE_MS,
      transmit: (command) => this.whisper(command),
      overdue: () => this.lost(),
    });
  }

  start(): void {
    this.setStatus("connecting");
    this.connect();
  }

  /** Ends for good; nothing is handed on afterwards. */
  stop(): void {
    this.ended = true;
    this.drop();
    this.outbox.pause();
  }

  /** Sends a command, now or after a reconnect, until the server has answered it. */
  send(command: Sent): void {
    this.outbox.add(command);
  }

  /** Sends a frame that is worth nothing later: it is lost when there is no connection. */
  whisper(frame: object): void {
    if (this.status === "online") this.channel?.send(frame);
  }

  /** Tries again at once, for instance because the network is back. */
  retryNow(): void {
    if (this.status === "offline" && this.channel === null && !this.ended) this.connect();
  }

  /** Connects anew without a word of it: what looks like a connection may be none. */
  refresh(): void {
    if (this.ended || this.status === "connecting") return;
    this.outbox.pause();
    this.connect();
  }

  seqOf(conversationId: string): number {
    return this.seqs.get(conversationId);
  }

  private connect(): void {
    this.drop();
    const { open, fallback } = this.options;
    const blocked = !this.everOpened && this.failures >= FAILURES_BEFORE_FALLBACK;
    const opener = blocked && fallback ? fallback : open;
    this.cancelTimer = this.clock.after(WELCOME_DEADLINE_MS, () => this.lost());
    this.channel = opener({
      opened: () => this.opened(opener === open),
      frame: (frame) => this.receive(frame as Received),
      closed: (code) => this.closed(code),
    });
  }

  private opened(bySocket: boolean): void {
    if (bySocket) this.everOpened = true;
    this.channel?.send(this.options.hello(this.seqs));
  }

  private receive(frame: Received): void {
    switch (frame.type) {
      case "welcome":
        return this.welcomed(frame);
      case "event":
        return this.record(frame as Extract<Received, EventFrame>);
      case "accepted":
        this.outbox.settle(frame.id);
        break;
      case "error":
        if (frame.code === "after_in_future") return this.startOver();
        if (frame.id) this.outbox.refuse(frame.id, frame.code);
        else this.refusal = frame;
    }
    this.options.onFrame(frame);
  }

  private welcomed(frame: Received): void {
    this.cancelTimer();
    this.cancelSteady = this.clock.after(STEADY_AFTER_MS, () => this.backoff.reset());
    this.refusal = null;
    this.resuming.clear();
    this.setStatus("online");
    this.options.onFrame(frame);
    this.outbox.resume();
  }

  private record(frame: Extract<Received, EventFrame>): void {
    const key = frame.conversation_id ?? "";
    const step = this.seqs.take(key, frame.seq);
    if (step === "next") {
      this.resuming.delete(key);
      this.options.onFrame(frame);
    } else if (step === "gap") {
      this.closeGap(key);
    }
  }

  private closeGap(key: string): void {
    if (!this.options.resume) return this.lost();
    if (this.resuming.has(key)) return;
    this.resuming.add(key);
    this.whisper(this.options.resume(key, this.seqs.get(key)));
  }

  private startOver(): void {
    this.seqs.clear();
    this.options.onReset();
    this.lost();
  }

  private closed(code: number): void {
    if (code === CloseCode.refused) return this.stopped();
    if (code === CloseCode.tooLarge || code === CloseCode.notText) this.giveUpInFlight();
    this.lost();
  }

  private stopped(): void {
    this.stop();
    this.setStatus("offline");
    this.options.onStopped(this.refusal ?? { type: "error", code: "forbidden", message: "" });
  }

  /** The server could not read a frame: what was under way must not be sent again. */
  private giveUpInFlight(): void {
    for (const { id } of this.outbox.takeInFlight()) {
      const refused: ErrorFrame = { type: "error", id, code: "frame_malformed", message: "" };
      this.options.onFrame(refused as Received);
    }
  }

  private lost(): void {
    this.failures += 1;
    this.drop();
    this.outbox.pause();
    this.setStatus("offline");
    this.cancelTimer = this.clock.after(this.backoff.next(), () => this.connect());
  }

  private drop(): void {
    this.cancelTimer();
    this.cancelSteady();
    this.channel?.close();
    this.channel = null;
  }

  private setStatus(status: Status): void {
    if (status === this.status) return;
    this.status = status;
    this.options.onStatus(status);
  }
}

const noTimer = (): void => undefined;
