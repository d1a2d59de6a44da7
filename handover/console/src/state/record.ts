/** What the events of one conversation tell. */
import type { EventFrame } from "@wire/frames";
import type { Draft, Note, Understanding } from "@wire/protocol";

/** Returns the draft that waits for a guide, or null. */
export function findOpenDraft(events: readonly EventFrame[]): Draft | null {
  let open: Draft | null = null;
  for (const { event } of events) {
    if (event.kind === "draft" && !event.shadow) open = event;
    if (event.kind === "draft_decided" && event.draft_id === open?.id) open = null;
    if (event.kind === "claimed" || event.kind === "closed") open = null;
  }
  return open;
}

/** Returns what the engine understood last, or null. */
export function findUnderstanding(events: readonly EventFrame[]): Understanding | null {
  for (const { event } of events.toReversed()) {
    if ("understanding" in event && event.understanding) return event.understanding;
  }
  return null;
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
