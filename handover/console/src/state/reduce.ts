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
import { isOwn } from "./list";
import { textKey, type ConsoleState, type GuideCommand, type Panel } from "./state";

export type Input =
  | GuideServerFrame
  | { type: "status"; status: Status }
  | { type: "sent"; command: GuideCommand }
  | { type: "select"; conversationId: string | null }
  | { type: "open"; panel: Panel | null }
  /** Null takes the text away. */
  | { type: "text"; key: string; text: string | null }
  | { type: "typing_over"; conversationId: string; from: TypingNow["from"] }
  /** What only the live view shows is not told of any more. */
  | { type: "live_over" }
  /** What was tried cannot be done; nothing was sent. */
  | { type: "hindered"; sentence: string }
  | { type: "stopped"; sentence: string }
  /** The records are read again from the start. */
  | { type: "reset" };

/** What is done in a panel, which closes when it is done. */
const PANEL_OF: Partial<Record<GuideCommand["type"], Panel>> = {
  edit: "edit",
  reject: "reject",
  hand_back: "hand_back",
  transfer: "transfer",
  close: "end",
};

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
      return { ...state, presence: input.presence, isAwayByClock: input.automatic ?? false };
    case "guides":
      return { ...state, guides: input.guides };
    case "supervision":
      return { ...state, allOff: input.all_off, revision: input.revision };
    case "typing_over":
      return quiet(state, input.conversationId, input.from);
    case "status":
      return { ...state, connection: input.status };
    case "sent":
      return { ...state, pending: [...state.pending, input.command], problem: null };
    case "select":
      return select(state, input.conversationId);
    case "open":
      return { ...state, panel: input.panel, problem: null };
    case "text":
      return { ...state, texts: { ...omit(state.texts, input.key), ...written(input) } };
    case "hindered":
      return { ...state, problem: problemOf(state.selected, null, input.sentence) };
    case "live_over":
      return { ...state, conversations: withoutLive(state) };
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
  const serverNow = Date.parse(frame.server_time);
  return {
    ...state,
    guide: frame.guide,
    presence: frame.presence,
    isAwayByClock: frame.presence === state.presence && state.isAwayByClock,
    guides: frame.guides ?? [],
    promiseSeconds: frame.promise_seconds,
    allOff: frame.all_off,
    revision: frame.revision,
    skewMs: serverNow - now,
    openedAtMs: state.openedAtMs ?? serverNow,
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

/** The queue, drafts, what guides have, and what is being looked at stay. */
function withoutLive({ conversations, selected }: ConsoleState): ConsoleState["conversations"] {
  const kept = Object.entries(conversations).filter(
    ([id, { state, draft_id }]) => state !== "bot" || draft_id || id === selected,
  );
  return Object.fromEntries(kept);
}

/** What is opened anew is seen; a panel of the conversation before is closed. */
function select(state: ConsoleState, id: string | null): ConsoleState {
  const unread = id === null ? state.unread : omit(state.unread, id);
  return { ...state, selected: id, panel: null, unread, problem: null };
}

function record(state: ConsoleState, frame: EventFrame): ConsoleState {
  const id = frame.conversation_id ?? "";
  const { event } = frame;
  const said = event.kind === "message" ? event : null;
  const spoken = said === null || said.from === "system" ? state : quiet(state, id, said.from);
  return {
    ...spoken,
    records: { ...state.records, [id]: [...(state.records[id] ?? []), frame] },
    unread: isUnread(state, id, frame)
      ? { ...state.unread, [id]: (state.unread[id] ?? 0) + 1 }
      : state.unread,
    pending: state.pending.filter((command) => command.id !== said?.id),
  };
}

function isUnread(state: ConsoleState, id: string, { at, event }: EventFrame): boolean {
  const summary = state.conversations[id];
  return (
    event.kind === "message" &&
    event.from === "citizen" &&
    id !== state.selected &&
    summary !== undefined &&
    isOwn(summary, state.guide?.id) &&
    Date.parse(at) > (state.openedAtMs ?? 0)
  );
}

/** A reply stays among what is pending until its message has come. */
function accepted(state: ConsoleState, { id, seq }: Accepted): ConsoleState {
  const command = state.pending.find((sent) => sent.id === id);
  if (command === undefined) return state;
  if (command.type === "reply" && !hasRead(state, command.conversation_id, seq)) return state;
  const closes = PANEL_OF[command.type] === state.panel && isLookedAt(state, command);
  return {
    ...state,
    ...(command.type === "set_presence" && { presence: command.presence, isAwayByClock: false }),
    panel: closes ? null : state.panel,
    texts: doneWith(state.texts, command),
    pending: without(state, id),
  };
}

/** What was written for a command that is done is not kept. */
function doneWith(texts: ConsoleState["texts"], command: GuideCommand): ConsoleState["texts"] {
  if ("draft_id" in command) return omit(texts, textKey("edit", command.draft_id));
  if (command.type === "hand_back") {
    return omit(texts, textKey("hand_back", command.conversation_id));
  }
  return texts;
}

function isLookedAt(state: ConsoleState, command: GuideCommand): boolean {
  return "conversation_id" in command && command.conversation_id === state.selected;
}

function hasRead(state: ConsoleState, id: string, seq: number | null | undefined): boolean {
  return (state.records[id]?.at(-1)?.seq ?? 0) >= (seq ?? 0);
}

/** What was written comes back to its field when it is refused, unless something new stands there. */
function refused(state: ConsoleState, { id, code, message }: ErrorFrame): ConsoleState {
  const command = state.pending.find((sent) => sent.id === id);
  const conversationId = command && "conversation_id" in command ? command.conversation_id : null;
  const problem = problemOf(conversationId, command?.type ?? null, message);
  if (command === undefined || isPassing(code)) return { ...state, problem };
  return {
    ...state,
    problem,
    pending: without(state, command.id),
    texts: isEmptiedWhenSent(command) ? returned(state, command) : state.texts,
  };
}

function problemOf(
  conversationId: string | null,
  command: GuideCommand["type"] | null,
  sentence: string,
): ConsoleState["problem"] {
  return { conversationId, command, sentence };
}

type Emptied = Extract<GuideCommand, { type: "reply" | "note" | "whisper" }>;

function isEmptiedWhenSent(command: GuideCommand): command is Emptied {
  return command.type === "reply" || command.type === "note" || command.type === "whisper";
}

function returned({ texts }: ConsoleState, command: Emptied): ConsoleState["texts"] {
  return { [textKey(command.type, command.conversation_id)]: command.text, ...texts };
}

function typing(state: ConsoleState, frame: TypingNow): ConsoleState {
  const { from, conversation_id: id, guide_id, guide_name } = frame;
  if (!id) return state;
  if (from !== "guide") return { ...state, typing: { ...state.typing, [id]: from } };
  if (!guide_name || guide_id === state.guide?.id) return state;
  return { ...state, colleagues: { ...state.colleagues, [id]: guide_name } };
}

/** Nobody of that kind is writing any more. */
function quiet(state: ConsoleState, id: string, from: TypingNow["from"]): ConsoleState {
  if (from === "guide") return { ...state, colleagues: omit(state.colleagues, id) };
  return { ...state, typing: omit(state.typing, id) };
}

function without({ pending }: ConsoleState, id: string): GuideCommand[] {
  return pending.filter((command) => command.id !== id);
}

function written({ key, text }: { key: string; text: string | null }): Record<string, string> {
  return text === null ? {} : { [key]: text };
}

function omit<T>(from: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = from;
  return rest;
}
