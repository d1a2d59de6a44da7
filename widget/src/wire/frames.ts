/**
 * Frames as the browser uses them, parsed once at the edge.
 *
 * The record may hold kinds that are internal or newer than this code: both become `hidden`, so
 * that `seq` goes on without gaps.
 */
import type * as wire from "./protocol";

export type RecordEvent =
  | wire.Event
  | { kind: "hidden" }
  /** Somebody looks at the assistant's answer before it is sent; all that a citizen hears of it. */
  | { kind: "checking" };

export interface EventFrame extends Omit<wire.EventFrame, "event"> {
  event: RecordEvent;
}

export type CitizenServerFrame =
  wire.Welcome | wire.Accepted | EventFrame | wire.TypingNow | wire.QueuePlace | wire.ErrorFrame;

export type GuideServerFrame =
  | wire.GuideWelcome
  | wire.Accepted
  | EventFrame
  | wire.TypingNow
  | wire.SummaryFrame
  | wire.GuidesFrame
  | wire.PresenceFrame
  | wire.SupervisionFrame
  | wire.ErrorFrame;

export type ServerFrame = CitizenServerFrame | GuideServerFrame;

/** What is kept and sent again until the server has answered it. */
export interface Command {
  type: string;
  id: string;
}

type Fields = Record<string, unknown>;

const KNOWN_KINDS: Record<RecordEvent["kind"], true> = {
  opened: true,
  message: true,
  draft: true,
  draft_decided: true,
  escalated: true,
  claimed: true,
  released: true,
  transferred: true,
  wish_dropped: true,
  handed_back: true,
  note: true,
  whispered: true,
  shadow_compared: true,
  reviewed: true,
  rated: true,
  closed: true,
  redacted: true,
  hidden: true,
  checking: true,
};

const SHAPES: Record<ServerFrame["type"], (frame: Fields) => boolean> = {
  welcome: (frame) => isSeq(frame.seq) || Array.isArray(frame.conversations),
  accepted: (frame) => isText(frame.id),
  event: (frame) => isSeq(frame.seq) && isText(frame.at) && isFields(frame.event),
  typing: (frame) => isText(frame.from),
  queue: ({ position, guides_on_duty, wait_seconds, opens_at }) =>
    isSeq(position) &&
    isSeq(guides_on_duty) &&
    (opens_at == null || isText(opens_at)) &&
    (wait_seconds == null || (Array.isArray(wait_seconds) && wait_seconds.every(Number.isFinite))),
  conversation: (frame) =>
    isFields(frame.conversation) && isText(frame.conversation.conversation_id),
  guides: (frame) => Array.isArray(frame.guides),
  presence: (frame) => isText(frame.presence),
  supervision: (frame) => typeof frame.all_off === "boolean" && isSeq(frame.revision),
  error: (frame) => isText(frame.code) && isText(frame.message),
};

const hasChoices = ({ choices }: Fields): boolean => isListOf(choices, "title", "payload");

/** What is drawn of an event must be there, and of its kind. */
const EVENTS: Partial<Record<RecordEvent["kind"], (event: Fields) => boolean>> = {
  opened: hasChoices,
  message: (event) =>
    isText(event.text) && hasChoices(event) && isListOf(event.links, "title", "url"),
  escalated: (event) => isText(event.reason),
  claimed: (event) => isText(event.guide_name),
};

/** Returns the frame, or null for what is not a frame that this version knows. */
export function parseFrame(text: string): ServerFrame | null {
  try {
    return readFrame(JSON.parse(text));
  } catch {
    return null;
  }
}

/** As `parseFrame`, for JSON that is already read. */
export function readFrame(body: unknown): ServerFrame | null {
  if (!isFields(body) || !isText(body.type) || !Object.hasOwn(SHAPES, body.type)) return null;
  const frame = body as unknown as ServerFrame;
  if (!SHAPES[frame.type](body)) return null;
  return frame.type === "event" ? { ...frame, event: readEvent(frame.event) } : frame;
}

function readEvent(event: RecordEvent): RecordEvent {
  const known = Object.hasOwn(KNOWN_KINDS, event.kind);
  const whole = EVENTS[event.kind]?.(event as unknown as Fields) ?? true;
  return known && whole ? event : { kind: "hidden" };
}

/** Whether `value` is absent, or a list of objects whose fields of these names are texts. */
export function isListOf(value: unknown, ...names: string[]): boolean {
  if (value === undefined) return true;
  if (!Array.isArray(value)) return false;
  return value.every((one) => isFields(one) && names.every((name) => isText(one[name])));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isSeq(value: unknown): value is number {
  return Number.isInteger(value);
}
