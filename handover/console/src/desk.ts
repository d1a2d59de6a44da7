/** A guide's desk behind the views: connection, state and what a guide can do. */
import { browserClock } from "@wire/clock";
import { Connection } from "@wire/connection";
import type { GuideServerFrame } from "@wire/frames";
import type { SignedIn } from "@wire/protocol";
import { socketTo } from "@wire/socket";
import { isOwn } from "./state/list";
import { reduce, type Input } from "./state/reduce";
import {
  emptyState,
  textKey,
  type ConsoleState,
  type Field,
  type GuideCommand,
} from "./state/state";
import { sv } from "./strings/sv";
import { findTexts, keepTexts } from "./texts";

const TYPING_SHOWN_MS = 8_000;
const TYPING_EVERY_MS = 3_000;

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class Desk {
  state: ConsoleState;
  /** Called with each new state. */
  onChange: (state: ConsoleState) => void = () => undefined;
  private readonly connection: Connection<GuideCommand, GuideServerFrame>;
  private readonly typingTimers = new Map<string, () => void>();
  private typingPaused = false;
  private live = false;

  constructor(who: SignedIn) {
    this.state = { ...emptyState, guide: who, texts: findTexts() };
    this.connection = new Connection<GuideCommand, GuideServerFrame>({
      open: socketTo(location.origin, "/api/v1/guide"),
      hello: (seqs) => ({ type: "hello", after: this.ownOf(seqs.all()) }),
      resume: (conversation_id, after) => ({ type: "watch", conversation_id, after }),
      onFrame: (frame) => this.receive(frame),
      onStatus: (status) => this.dispatch({ type: "status", status }),
      onReset: () => this.dispatch({ type: "reset" }),
      onStopped: ({ message }) =>
        this.dispatch({ type: "stopped", sentence: message || sv.signedOut }),
    });
  }

  start(): void {
    this.connection.start();
    window.addEventListener("online", this.retryNow);
  }

  stop(): void {
    this.connection.stop();
    window.removeEventListener("online", this.retryNow);
    for (const cancel of this.typingTimers.values()) cancel();
  }

  /** Looks at a conversation; its events follow. */
  select(conversation_id: string): void {
    const { selected } = this.state;
    if (selected === conversation_id) return;
    if (selected !== null) {
      this.connection.whisper({ type: "unwatch", conversation_id: selected });
    }
    this.dispatch({ type: "select", conversationId: conversation_id });
    this.watchSelected();
  }

  /** Follows, or stops following, all that the assistant has; for leads. */
  showLive(on: boolean): void {
    this.live = on;
    this.connection.whisper({ type: "live", on });
  }

  send(frame: WithoutId<GuideCommand>): void {
    const command = { ...frame, id: crypto.randomUUID() } as GuideCommand;
    this.dispatch({ type: "sent", command });
    this.connection.send(command);
  }

  /** Sends what stands in a field, and empties it. */
  sendText(field: Field, conversation_id: string): void {
    const text = this.textOf(field, conversation_id).trim();
    if (text === "") return;
    this.send({ type: field, conversation_id, text });
    this.write(field, conversation_id, "");
  }

  textOf(field: Field, conversationId: string): string {
    return this.state.texts[textKey(field, conversationId)] ?? "";
  }

  write(field: Field, conversation_id: string, text: string): void {
    this.dispatch({ type: "text", key: textKey(field, conversation_id), text });
    if (field !== "reply" || text === "" || this.typingPaused) return;
    this.connection.whisper({ type: "typing", conversation_id });
    this.typingPaused = true;
    browserClock.after(TYPING_EVERY_MS, () => (this.typingPaused = false));
  }

  private receive(frame: GuideServerFrame): void {
    this.dispatch(frame);
    if (frame.type === "welcome") {
      if (this.live) this.showLive(true);
      this.watchSelected();
    }
    if (frame.type === "typing" && frame.conversation_id) this.showTyping(frame.conversation_id);
  }

  private showTyping(conversationId: string): void {
    this.typingTimers.get(conversationId)?.();
    const over = (): void => this.dispatch({ type: "typing_over", conversationId });
    this.typingTimers.set(conversationId, browserClock.after(TYPING_SHOWN_MS, over));
  }

  private watchSelected(): void {
    const { selected } = this.state;
    if (selected === null) return;
    const after = this.connection.seqOf(selected);
    this.connection.whisper({ type: "watch", conversation_id: selected, after });
  }

  private ownOf(seqs: Record<string, number>): Record<string, number> {
    const { conversations, guide } = this.state;
    const own = Object.entries(seqs).filter(([id]) => {
      const summary = conversations[id];
      return summary !== undefined && isOwn(summary, guide?.id);
    });
    return Object.fromEntries(own);
  }

  private readonly retryNow = (): void => this.connection.retryNow();

  private dispatch(input: Input): void {
    const { texts } = this.state;
    this.state = reduce(this.state, input, Date.now());
    if (this.state.texts !== texts) keepTexts(this.state.texts);
    this.onChange(this.state);
  }
}
