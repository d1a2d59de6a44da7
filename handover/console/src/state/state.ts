/** What the console knows. Views draw it; only `reduce` makes new ones. */
import type { Status } from "@wire/connection";
import type { EventFrame } from "@wire/frames";
import type {
  Active,
  ConversationSummary,
  GuideFrame,
  GuideState,
  Live,
  Ping,
  SetPresence,
  SignedIn,
  Typing,
  Unwatch,
  Watch,
} from "@wire/protocol";

/** What is sent until it is answered. */
export type GuideCommand = Exclude<GuideFrame, Typing | Ping | Watch | Unwatch | Active | Live>;

/** The fields in which a guide writes; their unsent text is kept per conversation, or per draft. */
export type Field = "reply" | "note" | "whisper" | "edit" | "hand_back";

/** What is opened beside a conversation to be filled in; one at a time. */
export type Panel = "canned" | "edit" | "reject" | "hand_back" | "transfer" | "end";

export interface Problem {
  /** Null for what concerns no conversation. */
  conversationId: string | null;
  /** What was refused; null for what was not asked for. */
  command: GuideCommand["type"] | null;
  sentence: string;
}

export interface ConsoleState {
  guide: SignedIn | null;
  presence: SetPresence["presence"];
  /** Whether the clock made one absent, not oneself. */
  isAwayByClock: boolean;
  /** Colleagues who were there lately. */
  guides: readonly GuideState[];
  /** Within how long a waiting person is promised an answer. */
  promiseSeconds: number;
  /** Whether the assistant is switched off altogether. */
  allOff: boolean;
  /** Grows with each change of a level. */
  revision: number;
  /** What to add to this machine's clock to get the server's, in milliseconds. */
  skewMs: number;
  /** When this desk was first welcomed, in milliseconds of the server; what is older is not news. */
  openedAtMs: number | null;
  conversations: Readonly<Record<string, ConversationSummary>>;
  /** The events of each conversation that has been looked at, in order. */
  records: Readonly<Record<string, readonly EventFrame[]>>;
  selected: string | null;
  panel: Panel | null;
  /** How many messages of citizens in one's own conversations one has not looked at. */
  unread: Readonly<Record<string, number>>;
  /** Who is writing, per conversation. */
  typing: Readonly<Record<string, "citizen" | "bot">>;
  /** Which colleague is writing, per conversation. */
  colleagues: Readonly<Record<string, string>>;
  /** Commands that are not answered yet. */
  pending: readonly GuideCommand[];
  texts: Readonly<Record<string, string>>;
  problem: Problem | null;
  connection: Status;
  /** The sentence with which the server refused the connection for good. */
  stopped: string | null;
}

export const emptyState: ConsoleState = {
  guide: null,
  presence: "away",
  isAwayByClock: false,
  guides: [],
  promiseSeconds: 120,
  allOff: false,
  revision: 0,
  skewMs: 0,
  openedAtMs: null,
  conversations: {},
  records: {},
  selected: null,
  panel: null,
  unread: {},
  typing: {},
  colleagues: {},
  pending: [],
  texts: {},
  problem: null,
  connection: "connecting",
  stopped: null,
};

/** `id` is that of the conversation, or of the draft for `edit`. */
export function textKey(field: Field, id: string): string {
  return `${field}:${id}`;
}

export function selectedSummary(state: ConsoleState): ConversationSummary | undefined {
  return state.selected === null ? undefined : state.conversations[state.selected];
}
