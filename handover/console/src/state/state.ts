/** What the console knows. Views draw it; only `reduce` makes new ones. */
import type { Status } from "@wire/connection";
import type { EventFrame } from "@wire/frames";
import type {
  ConversationSummary,
  GuideFrame,
  SignedIn,
  Typing,
  Unwatch,
  Watch,
} from "@wire/protocol";

/** What is sent until it is answered. */
export type GuideCommand = Exclude<GuideFrame, Typing | Watch | Unwatch>;

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
