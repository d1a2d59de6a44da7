import { isPassing } from "../wire/outbox";
import type { CitizenServerFrame, EventFrame, RecordEvent } from "../wire/frames";
import type { Status } from "../wire/connection";
import type { Accepted, ErrorFrame, Message } from "../wire/protocol";
import { emptyState, isSaid, type ChatState, type Line, type Pending, type VisibleEvent } from "./state";

export type Input =
  | CitizenServerFrame
  | { type: "status"; status: Status | null }
  | { type: "sent"; pending: Pending }
  | { type: "typing_over" }
  | { type: "stopped"; code: string }
  /** The record is read again from the start; what is on its way stays. */
  | { type: "reset" }
  /** A new conversation. */
  | { type: "restart" };

/** Returns the state after `input`. Events must come in order, without gaps. */
export function reduce(state: ChatState, input: Input): ChatState {
  switch (input.type) {
    case "welcome":
      return { ...state, target: Math.max(state.target, input.seq), stopped: false };
    case "event":
      return record(state, input);
    case "accepted":
      return accepted(state, input);
    case "error":
      return refused(state, input);
    case "queue":
      return state.state === "waiting" ? { ...state, queue: input } : state;
    case "typing":
      return input.from === "citizen" ? state : { ...state, typing: input.from };
    case "typing_over":
      return { ...state, typing: null };
    case "status":
      return { ...state, connection: input.status };
    case "sent":
      return {
        ...state,
        pending: [...without(state, input.pending), input.pending],
        problem: null,
      };
    case "stopped":
      return { ...state, stopped: true, problem: input.code, typing: null, queue: null };
    case "reset":
      return { ...emptyState, connection: state.connection, pending: state.pending };
    case "restart":
      return emptyState;
  }
}

function record(state: ChatState, frame: EventFrame): ChatState {
  const read = { ...state, seq: frame.seq };
  const line = visibleLine(frame);
  return fold(line === null ? read : { ...read, lines: [...read.lines, line] }, frame.event);
}

function visibleLine({ seq, at, event }: EventFrame): Line | null {
  return isVisible(event) ? { seq, at, event } : null;
}

function isVisible(event: RecordEvent): event is VisibleEvent {
  switch (event.kind) {
    case "message":
    case "escalated":
    case "claimed":
    case "released":
    case "transferred":
    case "handed_back":
    case "closed":
      return true;
    default:
      return false;
  }
}

/** Nobody writes, nobody looks at an answer, and there is no line to stand in. */
const QUIET = { queue: null, typing: null, checking: false } as const;

function fold(state: ChatState, event: RecordEvent): ChatState {
  switch (event.kind) {
    case "opened":
      return { ...state, choices: event.choices ?? [] };
    case "message":
      return said(state, event);
    case "escalated":
    case "released":
    case "transferred":
      return { ...state, state: "waiting", guideName: null, typing: null, checking: false };
    case "claimed":
      return { ...state, state: "guide", guideName: event.guide_name, ...QUIET };
    case "handed_back":
      return { ...state, state: "bot", guideName: null, queue: null, typing: null };
    case "closed":
      return { ...state, state: "closed", choices: [], ...QUIET };
    case "checking":
      return { ...state, typing: null, checking: true };
    case "rated":
      return { ...state, rated: true };
    case "redacted":
      return { ...state, lines: state.lines.map((line) => redact(line, event.target_seq)) };
    default:
      return state;
  }
}

function said(state: ChatState, message: Message): ChatState {
  return {
    ...state,
    choices: message.choices ?? [],
    typing: message.from === "citizen" ? state.typing : null,
    checking: false,
    pending: state.pending.filter(({ command }) => command.id !== message.id),
  };
}

function redact(line: Line, target: number): Line {
  if (line.seq !== target || line.event.kind !== "message") return line;
  return { ...line, event: { ...line.event, text: "" }, redacted: true };
}

function accepted(state: ChatState, { id }: Accepted): ChatState {
  const sent = state.pending.find(({ command }) => command.id === id);
  if (sent === undefined) return { ...state, problem: null };
  return {
    ...state,
    problem: null,
    rated: state.rated || sent.command.type === "rate",
    pending: isSaid(sent) ? deliver(state, id, "delivered") : without(state, sent),
  };
}

/** What was said and refused stays to be tried again; any other command that failed is gone. */
function refused(state: ChatState, { id, code }: ErrorFrame): ChatState {
  const sent = state.pending.find(({ command }) => command.id === id);
  if (sent === undefined) return { ...state, problem: code };
  const pending = isPassing(code)
    ? deliver(state, sent.command.id, "retrying")
    : sent.command.type === "say"
      ? deliver(state, sent.command.id, "failed")
      : without(state, sent);
  return { ...state, problem: code, pending };
}

function deliver(state: ChatState, id: string, delivery: Pending["delivery"]): Pending[] {
  return state.pending.map((sent) => (sent.command.id === id ? { ...sent, delivery } : sent));
}

function without(state: ChatState, { command }: Pending): Pending[] {
  return state.pending.filter((sent) => sent.command.id !== command.id);
}
