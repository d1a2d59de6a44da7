import type { Status } from "@wire/connection";
import type { EventFrame, GuideServerFrame } from "@wire/frames";
import { isPassing } from "@wire/outbox";
import type {
  Accepted,
  ConversationSummary,
  ErrorFrame,
  GuideWelcome,
  TypingNow,
} from "@wire/protocol";
import { textKey, type ConsoleState, type GuideCommand } from "./state";

export type Input =
  | GuideServerFrame
  | { type: "status"; status: Status }
  | { type: "sent"; command: GuideCommand }
  | { type: "select"; conversationId: string | null }
  | { type: "text"; key: string; text: string }
  | { type: "typing_over"; conversationId: string }
  | { type: "stopped"; sentence: string }
  /** The records are read again from the start. */
  | { type: "reset" };

/** Returns the state after `input`; `now` is this machine's clock in milliseconds. */
export function reduce(state: ConsoleState, input: Input, now: number): ConsoleState {
  switch (input.type) {
    case "welcome":
      return welcomed(state, input, now);
    case "conversation":
      return keepSummary(state, input.conversation);
    case "event":
      return record(state, input);
    case "accepted":
      return accepted(state, input);
    case "error":
      return refused(state, input);
    case "typing":
      return typing(state, input);
    case "presence":
      return { ...state, presence: input.presence };
    case "guides":
      return { ...state, guides: input.guides };
    case "supervision":
      return { ...state, allOff: input.all_off, revision: input.revision };
    case "typing_over":
      return { ...state, typing: omit(state.typing, input.conversationId) };
    case "status":
      return { ...state, connection: input.status };
    case "sent":
      return { ...state, pending: [...state.pending, input.command], problem: null };
    case "select":
      return { ...state, selected: input.conversationId, problem: null };
    case "text":
      return { ...state, texts: { ...omit(state.texts, input.key), ...written(input) } };
    case "stopped":
      return { ...state, stopped: input.sentence };
    case "reset":
      return { ...state, records: {} };
  }
}

/** The list is the server's; what is being looked at stays, though it may have left the list. */
function welcomed(state: ConsoleState, frame: GuideWelcome, now: number): ConsoleState {
  const shown = state.selected ? state.conversations[state.selected] : undefined;
  const listed = frame.conversations.map((each) => [each.conversation_id, each] as const);
  return {
    ...state,
    guide: frame.guide,
    presence: frame.presence,
    guides: frame.guides ?? [],
    promiseSeconds: frame.promise_seconds,
    allOff: frame.all_off,
    revision: frame.revision,
    skewMs: Date.parse(frame.server_time) - now,
    conversations: {
      ...(shown && { [shown.conversation_id]: shown }),
      ...Object.fromEntries(listed),
    },
  };
}

function keepSummary(state: ConsoleState, summary: ConversationSummary): ConsoleState {
  const { conversation_id: id } = summary;
  return { ...state, conversations: { ...state.conversations, [id]: summary } };
}

function record(state: ConsoleState, frame: EventFrame): ConsoleState {
  const id = frame.conversation_id ?? "";
  const { event } = frame;
  const said = event.kind === "message" ? event.id : null;
  return {
    ...state,
    records: { ...state.records, [id]: [...(state.records[id] ?? []), frame] },
    typing: said === null ? state.typing : omit(state.typing, id),
    pending: state.pending.filter((command) => command.id !== said),
  };
}

/** A reply stays among what is pending until its message has come. */
function accepted(state: ConsoleState, { id, seq }: Accepted): ConsoleState {
  const command = state.pending.find((sent) => sent.id === id);
  if (command === undefined) return state;
  if (command.type === "reply" && !hasRead(state, command.conversation_id, seq)) return state;
  return {
    ...state,
    presence: command.type === "set_presence" ? command.presence : state.presence,
    pending: without(state, id),
  };
}

function hasRead(state: ConsoleState, id: string, seq: number | null | undefined): boolean {
  return (state.records[id]?.at(-1)?.seq ?? 0) >= (seq ?? 0);
}

/** What was written comes back to its field when it is refused, unless something new stands there. */
function refused(state: ConsoleState, { id, code, message }: ErrorFrame): ConsoleState {
  const command = state.pending.find((sent) => sent.id === id);
  const conversationId = command && "conversation_id" in command ? command.conversation_id : null;
  const problem = { conversationId, sentence: message };
  if (command === undefined || isPassing(code)) return { ...state, problem };
  return {
    ...state,
    problem,
    pending: without(state, command.id),
    texts:
      command.type === "reply" || command.type === "note" ? returned(state, command) : state.texts,
  };
}

function returned(
  { texts }: ConsoleState,
  command: { type: "reply" | "note"; conversation_id: string; text: string },
): ConsoleState["texts"] {
  return { [textKey(command.type, command.conversation_id)]: command.text, ...texts };
}

function typing(state: ConsoleState, { from, conversation_id: id }: TypingNow): ConsoleState {
  if (from === "guide" || !id) return state;
  return { ...state, typing: { ...state.typing, [id]: from } };
}

function without({ pending }: ConsoleState, id: string): GuideCommand[] {
  return pending.filter((command) => command.id !== id);
}

function written({ key, text }: { key: string; text: string }): Record<string, string> {
  return text === "" ? {} : { [key]: text };
}

function omit<T>(from: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = from;
  return rest;
}
