/** A guide's desk behind the views: connection, state and what a guide can do. */
import { browserClock } from "@wire/clock";
import { Connection } from "@wire/connection";
import type { GuideServerFrame } from "@wire/frames";
import type { SignedIn, TypingNow } from "@wire/protocol";
import { socketTo } from "@wire/socket";
import { Knowledge } from "./knowledge";
import { findGaps } from "./state/gaps";
import { isOwn } from "./state/list";
import { newsOf, type News } from "./state/news";
import { reduce, type Input } from "./state/reduce";
import {
  emptyState,
  textKey,
  type ConsoleState,
  type Field,
  type GuideCommand,
  type Panel,
} from "./state/state";
import { sv } from "./strings/sv";
import { findTexts, keepTexts } from "./texts";

const TYPING_SHOWN_MS = 8_000;
const TYPING_EVERY_MS = 3_000;
const ACTIVE_EVERY_MS = 60_000;

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class Desk {
  state: ConsoleState;
  readonly knowledge = new Knowledge();
  /** Called with each new state. */
  onChange: (state: ConsoleState) => void = () => undefined;
  /** Called with what a guide may want to be told of. */
  onNews: (news: News) => void = () => undefined;
  private readonly connection: Connection<GuideCommand, GuideServerFrame>;
  private readonly typingTimers = new Map<string, () => void>();
  private typingPaused = false;
  private activePaused = false;
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
    window.addEventListener("pointerdown", this.beActive, { passive: true });
    window.addEventListener("keydown", this.beActive, { passive: true });
  }

  stop(): void {
    this.connection.stop();
    window.removeEventListener("online", this.retryNow);
    window.removeEventListener("pointerdown", this.beActive);
    window.removeEventListener("keydown", this.beActive);
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

  /** Opens what is filled in beside the conversation, or closes it. */
  open(panel: Panel | null): void {
    this.dispatch({ type: "open", panel });
  }

  /** Follows, or stops following, all that the assistant has; for leads. */
  showLive(on: boolean): void {
    this.live = on;
    this.connection.whisper({ type: "live", on });
    if (!on) this.dispatch({ type: "live_over" });
  }

  send(frame: WithoutId<GuideCommand>): void {
    const command = { ...frame, id: crypto.randomUUID() } as GuideCommand;
    this.dispatch({ type: "sent", command });
    this.connection.send(command);
  }

  /** Sends what stands in a field, and empties it; a reply with gaps stays where it is. */
  sendText(field: "reply" | "note" | "whisper", conversation_id: string): void {
    const text = this.textOf(field, conversation_id).trim();
    if (text === "" || (field === "reply" && this.isHindered(text))) return;
    this.send({ type: field, conversation_id, text });
    this.write(field, conversation_id, "");
  }

  /** Lets a draft through with the guide's own text, which is kept until the server has taken it. */
  sendEdit(conversation_id: string, draft_id: string, untouched: string): void {
    const text = (this.state.texts[textKey("edit", draft_id)] ?? untouched).trim();
    if (text === "" || this.isHindered(text)) return;
    this.send({ type: "edit", conversation_id, draft_id, text });
  }

  textOf(field: Field, id: string): string {
    return this.state.texts[textKey(field, id)] ?? "";
  }

  write(field: Field, id: string, text: string): void {
    // A draft whose text was taken out stays empty; elsewhere there is nothing to keep.
    const isGone = text === "" && field !== "edit";
    this.dispatch({ type: "text", key: textKey(field, id), text: isGone ? null : text });
    if (text !== "" && (field === "reply" || field === "edit")) this.tellTyping();
  }

  /** Throws away what stands in a field. */
  drop(field: Field, id: string): void {
    this.dispatch({ type: "text", key: textKey(field, id), text: null });
  }

  /** Adds a text to the reply that is being written. */
  insert(conversation_id: string, text: string): void {
    const written = this.textOf("reply", conversation_id).trimEnd();
    this.write("reply", conversation_id, written === "" ? text : `${written}\n\n${text}`);
  }

  /** Tells the guide that something stands in the way; returns whether it does. */
  private isHindered(text: string): boolean {
    const [gap] = findGaps(text);
    if (gap === undefined) return false;
    this.dispatch({ type: "hindered", sentence: sv.gapLeft(gap.name) });
    return true;
  }

  private tellTyping(): void {
    const { selected } = this.state;
    if (this.typingPaused || selected === null) return;
    this.connection.whisper({ type: "typing", conversation_id: selected });
    this.typingPaused = true;
    browserClock.after(TYPING_EVERY_MS, () => (this.typingPaused = false));
  }

  private readonly beActive = (): void => {
    if (this.activePaused || this.state.connection !== "online") return;
    this.connection.whisper({ type: "active" });
    this.activePaused = true;
    browserClock.after(ACTIVE_EVERY_MS, () => (this.activePaused = false));
  };

  private receive(frame: GuideServerFrame): void {
    this.dispatch(frame);
    if (frame.type === "welcome") {
      if (this.live) this.showLive(true);
      this.watchSelected();
    }
    if (frame.type === "typing" && frame.conversation_id) {
      this.showTyping(frame.conversation_id, frame.from);
    }
    // One who was made absent by the clock while at work says so at once.
    if (frame.type === "presence" && frame.automatic) this.activePaused = false;
  }

  private showTyping(conversationId: string, from: TypingNow["from"]): void {
    const key = `${from}:${conversationId}`;
    this.typingTimers.get(key)?.();
    const over = (): void => this.dispatch({ type: "typing_over", conversationId, from });
    this.typingTimers.set(key, browserClock.after(TYPING_SHOWN_MS, over));
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
    const before = this.state;
    this.state = reduce(before, input, Date.now());
    if (this.state.texts !== before.texts) keepTexts(this.state.texts);
    this.onChange(this.state);
    for (const news of newsOf(before, this.state)) this.onNews(news);
  }
}
