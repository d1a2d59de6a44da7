/** What the events of one conversation tell. */
import type { EventFrame } from "@wire/frames";
import type { Draft, DraftDecided, Message, Note, Understanding } from "@wire/protocol";

export interface OpenDraft {
  draft: Draft;
  at: string;
}

/** Returns the draft that waits for a guide, or null. */
export function findOpenDraft(events: readonly EventFrame[]): OpenDraft | null {
  let open: OpenDraft | null = null;
  for (const { at, event } of events) {
    if (event.kind === "draft" && !event.shadow) open = { draft: event, at };
    if (event.kind === "draft_decided" && event.draft_id === open?.draft.id) open = null;
    if (event.kind === "claimed" || event.kind === "closed") open = null;
  }
  return open;
}

/** Returns what the assistant would have answered to what was asked last, but did not send, or null. */
export function findUnsent(events: readonly EventFrame[]): Draft | null {
  let unsent: Draft | null = null;
  for (const { event } of events) {
    if (event.kind === "message" && event.from === "citizen") unsent = null;
    if (event.kind === "draft") unsent = event;
    if (event.kind === "draft_decided" && SETTLED.has(event.decision)) unsent = null;
  }
  return unsent;
}

/** A draft that was sent, or found wanting, is no suggestion. */
const SETTLED = new Set<DraftDecided["decision"]>(["approved", "edited", "rejected"]);

/** Returns what the engine understood last, or null. */
export function findUnderstanding(events: readonly EventFrame[]): Understanding | null {
  for (const { event } of events.toReversed()) {
    if ("understanding" in event && event.understanding) return event.understanding;
  }
  return null;
}

/** Returns what was said last, or null; a text that was taken out is not told. */
export function findLastMessage(events: readonly EventFrame[]): Message | null {
  return messagesOf(events).at(-1) ?? null;
}

/** Returns what the citizen asked last, or null; "yes" and "thank you" are no questions while there are others. */
export function findQuestion(events: readonly EventFrame[]): string | null {
  const texts = messagesOf(events)
    .filter(({ from }) => from === "citizen")
    .map(({ text }) => text);
  const isQuestion = (text: string): boolean => text.trim().split(/\s+/).length >= QUESTION_WORDS;
  return texts.findLast(isQuestion) ?? texts.at(-1) ?? null;
}

const QUESTION_WORDS = 3;

function messagesOf(events: readonly EventFrame[]): Message[] {
  const redacted = redactedSeqs(events);
  return events.flatMap(({ seq, event }) =>
    event.kind === "message" && !redacted.has(seq) ? [event] : [],
  );
}

/** Returns the ids of the drafts that wait no more. */
export function pastDraftIds(events: readonly EventFrame[]): string[] {
  const open = findOpenDraft(events)?.draft.id;
  return events.flatMap(({ event }) =>
    event.kind === "draft" && !event.shadow && event.id !== open ? [event.id] : [],
  );
}

/** Returns the ids of the drafts that were sent as they stood. */
export function approvedDraftIds(events: readonly EventFrame[]): Set<string> {
  return new Set(
    events.flatMap(({ event }) =>
      event.kind === "draft_decided" && event.decision === "approved" ? [event.draft_id] : [],
    ),
  );
}

export function notesOf(events: readonly EventFrame[]): (Note & { seq: number; at: string })[] {
  return events.flatMap(({ seq, at, event }) =>
    event.kind === "note" ? [{ ...event, seq, at }] : [],
  );
}

/** Returns the seqs of the events whose text was taken out afterwards. */
export function redactedSeqs(events: readonly EventFrame[]): Set<number> {
  return new Set(
    events.flatMap(({ event }) => (event.kind === "redacted" ? [event.target_seq] : [])),
  );
}
