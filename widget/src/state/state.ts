/** What the widget knows of a conversation. Views draw it; only `reduce` makes new ones. */
import type { Status } from "../wire/connection";
import type {
  Claimed,
  Closed,
  Choice,
  CitizenFrame,
  Escalated,
  HandedBack,
  Message,
  Ping,
  QueuePlace,
  Released,
  State,
  Transferred,
  Typing,
} from "../wire/protocol";

export type CitizenCommand = Exclude<CitizenFrame, Typing | Ping>;

/** The kinds of event that a person sees. */
export type VisibleEvent =
  Message | Escalated | Claimed | Released | Transferred | HandedBack | Closed;

export interface Line {
  seq: number;
  at: string;
  event: VisibleEvent;
  /** The text was taken out of the record afterwards. */
  redacted?: true;
}

/**
 * A command on its way. `delivered` means accepted: it stays until its event has come.
 * `retrying` means refused for a reason that passes; `failed` waits for the person.
 */
export interface Pending {
  command: CitizenCommand;
  text: string;
  delivery: "sending" | "retrying" | "delivered" | "failed";
}

export interface ChatState {
  seq: number;
  /** Where the record stood at the last welcome: below it, history is being read. */
  target: number;
  state: State;
  guideName: string | null;
  lines: readonly Line[];
  pending: readonly Pending[];
  /** Quick replies of the latest message. */
  choices: readonly Choice[];
  queue: QueuePlace | null;
  typing: "bot" | "guide" | null;
  /** Whether a guide looks at the assistant's answer before it is sent. */
  checking: boolean;
  rated: boolean;
  /** Null until there is a conversation. */
  connection: Status | null;
  /** Code of the last refusal, until something goes well. */
  problem: string | null;
  /** The conversation cannot go on; a new one can be started. */
  stopped: boolean;
}

export const emptyState: ChatState = {
  seq: 0,
  target: 0,
  state: "bot",
  guideName: null,
  lines: [],
  pending: [],
  choices: [],
  queue: null,
  typing: null,
  checking: false,
  rated: false,
  connection: null,
  problem: null,
  stopped: false,
};

/** Whether it is something that stands in the transcript. */
export function isSaid({ command }: Pending): boolean {
  return command.type === "say" || command.type === "choose";
}

/** Whether anything has been said, or is about to be. */
export function isStarted(state: ChatState): boolean {
  return state.lines.length > 0 || state.pending.length > 0;
}

export function isClosed(state: ChatState): boolean {
  return state.state === "closed" || state.stopped;
}
