/** The conversation behind the views: storage, connection and state, and what a person can do. */
import { reduce, type Input } from "./state/reduce";
import { emptyState, isClosed, type ChatState, type CitizenCommand, type Pending } from "./state/state";
import { Storage } from "./storage";
import type { Settings } from "./options";
import { findLanguage, type Language } from "./strings";
import { Backoff } from "./wire/backoff";
import { browserClock, type Clock } from "./wire/clock";
import { Connection } from "./wire/connection";
import type { CitizenServerFrame } from "./wire/frames";
import { endConversation, fetchNewcomers, fetchNotices, openConversation, Refused } from "./wire/http";
import { isPassing } from "./wire/outbox";
import { pollingOf } from "./wire/poll";
import type { Choice, ConversationOpened, NewcomerQuestion, ShownNotice } from "./wire/protocol";
import { socketTo } from "./wire/socket";

/** A try to open a conversation that has had no answer for so long is given up and made again. */
const OPENING_DEADLINE_MS = 15_000;
const TYPING_SHOWN_MS = 8_000;
const TYPING_EVERY_MS = 3_000;
/** The stored conversation is of no use after these. */
const LOST_CONVERSATION = new Set(["token_invalid", "conversation_unknown", "forbidden"]);

export interface Rating {
  score: number;
  resolved: boolean | null;
  comment: string;
}

export class Chat {
  readonly storage: Storage;
  state: ChatState = emptyState;
  private connection: Connection<CitizenCommand, CitizenServerFrame> | null = null;
  /** Up to which seq the person has seen the transcript. */
  seen: number;
  /** The language that the person has chosen, and that of the next conversation that is opened. */
  language: Language;
  /** Which of the text sizes the person has chosen. */
  size: number;
  private readonly menus = new Map<Language, NewcomerQuestion[]>();
  /** The try to open a conversation that is under way; another takes its place after a restart. */
  private opening: AbortController | null = null;
  private readonly backoff: Backoff;
  private cancelOpening = noTimer;
  private cancelTyping = noTimer;
  private cancelTypingPause: (() => void) | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly changed: (state: ChatState) => void,
    private readonly clock: Clock = browserClock,
  ) {
    this.storage = new Storage(`kontakt.${settings.server}.${settings.audience}`);
    this.seen = this.storage.find("seen") ?? 0;
    this.language = findLanguage(this.storage.find("language")) ?? settings.language;
    this.size = this.storage.find("size") ?? 0;
    this.backoff = new Backoff(() => clock.random());
  }

  /** What everybody is told of disturbances; throws where there is no answer. */
  findNotices(): Promise<ShownNotice[]> {
    return fetchNotices(this.settings.server, this.language);
  }

  /** Takes up the conversation of this tab, where there is one. */
  resume(): void {
    const kept = this.storage.find("conversation");
    if (kept !== null) this.connect(kept);
    for (const pending of this.storage.find("pending") ?? []) this.send(pending);
  }

  /** Leaves without a trace of timers or sockets; the conversation itself goes on. */
  stop(): void {
    this.connection?.stop();
    this.connection = null;
    this.opening?.abort();
    this.opening = null;
    this.cancelOpening();
    this.cancelTyping();
    this.cancelTypingPause?.();
  }

  say(text: string): void {
    this.send(pendingOf({ type: "say", id: crypto.randomUUID(), text }, text));
  }

  choose({ title, payload }: Choice): void {
    this.send(pendingOf({ type: "choose", id: crypto.randomUUID(), payload }, title));
  }

  askHuman(): void {
    this.send(pendingOf({ type: "ask_human", id: crypto.randomUUID() }));
  }

  close(): void {
    this.send(pendingOf({ type: "close", id: crypto.randomUUID() }));
  }

  rate({ score, resolved, comment }: Rating): void {
    const said = comment.trim();
    this.send(
      pendingOf({
        type: "rate",
        id: crypto.randomUUID(),
        score,
        ...(resolved !== null && { resolved }),
        ...(said !== "" && { comment: said }),
      }),
    );
  }

  /** Tries a failed message again under the same id, so that it can never stand there twice. */
  retry(pending: Pending): void {
    this.send({ ...pending, delivery: "sending" });
  }

  /** Tells the other side that the person writes, at most every third second. */
  typing(): void {
    if (this.cancelTypingPause !== null) return;
    this.connection?.whisper({ type: "typing" });
    this.cancelTypingPause = this.clock.after(TYPING_EVERY_MS, () => {
      this.cancelTypingPause = null;
    });
  }

  restart(): void {
    this.stop();
    this.seen = 0;
    this.dispatch({ type: "restart" });
    this.storage.forget("conversation", "pending", "seen");
  }

  /** Forgets the conversation and what was not sent: the next person starts afresh. */
  forget(): void {
    this.storage.forget("draft", "language", "size");
    this.language = this.settings.language;
    this.size = 0;
    this.restart();
  }

  /** Ends the conversation at the server, as far as that can be reached, and forgets it here at once. */
  end(): void {
    const kept = this.storage.find("conversation");
    if (kept !== null && !isClosed(this.state)) endConversation(this.settings.server, kept);
    this.forget();
  }

  /** Everything that stands in the transcript has been seen. */
  markSeen(): void {
    if (this.state.seq <= this.seen) return;
    this.seen = this.state.seq;
    this.storage.keep("seen", this.seen);
  }

  /** Uses `language` from now on; what is already said stays as it is. */
  setLanguage(language: Language): void {
    this.language = language;
    this.storage.keep("language", language);
  }

  setSize(size: number): void {
    this.size = size;
    this.storage.keep("size", size);
  }

  /** Returns what people new in Sweden ask; throws where that does not come. */
  async newcomers(language: Language): Promise<NewcomerQuestion[]> {
    const known = this.menus.get(language);
    if (known !== undefined) return known;
    const questions = await fetchNewcomers(this.settings.server, language);
    if (questions.length > 0) this.menus.set(language, questions);
    return questions;
  }

  /** The network or the machine is back: what looks like a connection may be none. */
  wake(): void {
    if (this.connection !== null) return this.connection.refresh();
    if (!this.state.pending.some(({ delivery }) => delivery !== "failed")) return;
    this.cancelOpening();
    void this.open();
  }

  private send(pending: Pending): void {
    this.dispatch({ type: "sent", pending });
    if (this.connection !== null) this.connection.send(pending.command);
    else void this.open();
  }

  /** Opens a conversation and sends what waits; without an answer it tries again. */
  private async open(): Promise<void> {
    if (this.opening !== null) return;
    // A try that was put off until later would open a second conversation.
    this.cancelOpening();
    const attempt = (this.opening = new AbortController());
    const cancelDeadline = this.clock.after(OPENING_DEADLINE_MS, () => attempt.abort());
    this.dispatch({ type: "status", status: "connecting" });
    const { server, service, audience } = this.settings;
    const { language } = this;
    try {
      // What is chosen before there is a conversation comes from the newcomers' menu.
      const chosen = this.state.pending.some(({ command }) => command.type === "choose");
      const body = {
        language,
        audience,
        ...(service !== null && { service }),
        ...(chosen && { menu: "newcomers" as const }),
      };
      const opened = await openConversation(server, body, attempt.signal);
      if (this.opening === attempt) this.opened(opened);
    } catch (error) {
      if (this.opening === attempt) this.notOpened(error);
    } finally {
      cancelDeadline();
    }
  }

  private opened(conversation: ConversationOpened): void {
    this.opening = null;
    this.backoff.reset();
    this.storage.keep("conversation", conversation);
    this.connect(conversation);
    for (const { command } of this.state.pending) this.connection?.send(command);
  }

  private notOpened(error: unknown): void {
    this.opening = null;
    if (error instanceof Refused && error.status < 500 && !isPassing(error.code)) {
      for (const { command } of this.state.pending) {
        this.dispatch({ type: "error", id: command.id, code: error.code, message: "" });
      }
      this.dispatch({ type: "status", status: null });
    } else {
      const answered = error instanceof Refused;
      if (answered) this.dispatch({ type: "error", code: error.code, message: "" });
      this.dispatch({ type: "status", status: answered ? null : "offline" });
      this.cancelOpening = this.clock.after(this.backoff.next(), () => void this.open());
    }
  }

  private connect({ conversation_id, token }: ConversationOpened): void {
    const { server } = this.settings;
    this.connection = new Connection({
      open: socketTo(server, "/api/v1/citizen", this.clock),
      fallback: pollingOf({ server, conversationId: conversation_id, token }, this.clock),
      hello: (seqs) => ({ type: "hello", conversation_id, token, after: seqs.get() }),
      onFrame: (frame) => this.receive(frame),
      onStatus: (status) => this.dispatch({ type: "status", status }),
      onReset: () => this.dispatch({ type: "reset" }),
      onStopped: ({ code }) => {
        if (LOST_CONVERSATION.has(code)) this.storage.forget("conversation", "pending");
        this.dispatch({ type: "stopped", code });
      },
      clock: this.clock,
    });
    this.connection.start();
  }

  private receive(frame: CitizenServerFrame): void {
    this.dispatch(frame);
    if (frame.type !== "typing") return;
    this.cancelTyping();
    this.cancelTyping = this.clock.after(TYPING_SHOWN_MS, () =>
      this.dispatch({ type: "typing_over" }),
    );
  }

  private dispatch(input: Input): void {
    const { pending } = this.state;
    this.state = reduce(this.state, input);
    if (this.state.pending !== pending) this.storage.keep("pending", [...this.state.pending]);
    this.changed(this.state);
  }
}

function pendingOf(command: CitizenCommand, text = ""): Pending {
  return { command, text, delivery: "sending" };
}

const noTimer = (): void => undefined;
