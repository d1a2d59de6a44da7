import type { ConversationSummary, Reason } from "@wire/protocol";
import { isOwn } from "../state/list";
import { sv } from "../strings/sv";
import type { Names } from "./names";

const LANGUAGES = new Intl.DisplayNames("sv", { type: "language" });

export function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

/** What a conversation is about for a guide: why it came to people, or where it is. */
export function reasonOf({ reason, draft_id, state }: ConversationSummary): string {
  if (reason) return sv.reasons[reason as Reason] ?? reason;
  return draft_id ? sv.draftWaits : sv.unasked[state];
}

export function languageName(tag: string): string {
  // Of a private tag the browser knows no name.
  if (tag === "sv-x-easy") return sv.easySwedish;
  try {
    return LANGUAGES.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** What the assistant took the question to be, and how sure it is. */
export function intentOf({ intent, confidence }: ConversationSummary, names: Names): string {
  const sure = typeof confidence === "number" ? ` ${percent(confidence)}` : "";
  return `${names.intent(intent)}${sure}`;
}

/** Who has the conversation now, as the guide `guideId` would say it. */
export function stateOf(summary: ConversationSummary, guideId: string | undefined): string {
  if (isOwn(summary, guideId)) return sv.yours;
  return summary.owner_name ? sv.ownedBy(summary.owner_name) : sv.states[summary.state];
}
