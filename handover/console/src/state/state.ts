/** What the console knows. Views draw it; only `reduce` makes new ones. */
import type { Status } from "@wire/connection";
import type { EventFrame } from "@wire/frames";
import type {
  Active,
  ConversationSummary,
  GuideFrame,
  GuideState,
  Live,
  SignedIn,
  Typing,
  Unwatch,
  Watch,
} from "@wire/protocol";

/** What is sent until it is answered. */
export type GuideCommand = Exclude<GuideFrame, Typing | Watch | Unwatch | Active | Live>;

/** The fields in which a guide writes; their unsent text is kept per conversation. */
export type Field = "reply" | "note";

export interface Problem {
  /** Null for what concerns no conversation. */
  conversationId: string | null;
  sentence: string;
}

export interface ConsoleState {
  guide: SignedIn | null;
  presence: string;
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
  conversations: Readonly<Record<string, ConversationSummary>>;
  /** The events of each conversation that has been looked at, in order. */
  records: Readonly<Record<string, readonly EventFrame[]>>;
  selected: string | null;
  /** Who is writing, per conversation. */
  typing: Readonly<Record<string, "citizen" | "bot">>;
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
  guides: [],
  promiseSeconds: 120,
  allOff: false,
  revision: 0,
  skewMs: 0,
  conversations: {},
  records: {},
  selected: null,
  typing: {},
  pending: [],
  texts: {},
  problem: null,
  connection: "connecting",
  stopped: null,
};

export function textKey(field: Field, conversationId: string): string {
  return `${field}:${conversationId}`;
}
