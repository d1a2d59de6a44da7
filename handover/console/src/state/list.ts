/** Which conversations the list shows, and in what order. */
import type { ConversationSummary } from "@wire/protocol";
import type { ConsoleState } from "./state";

export interface Sections {
  own: ConversationSummary[];
  drafts: ConversationSummary[];
  queue: ConversationSummary[];
}

/** Own conversations come first, then drafts by deadline, then the queue as it will be served. */
export function sectionsOf({ conversations, guide }: ConsoleState): Sections {
  const all = Object.values(conversations);
  return {
    own: all.filter((each) => isOwn(each, guide?.id)).sort(by((each) => each.opened_at ?? "")),
    drafts: all
      .filter((each) => each.state === "bot" && each.draft_id)
      .sort(by((each) => each.draft_deadline ?? "9")),
    queue: all
      .filter((each) => each.state === "waiting")
      .sort(by((each) => each.waiting_since ?? ""))
      .sort((one, other) => (other.priority ?? 0) - (one.priority ?? 0)),
  };
}

export function isOwn(summary: ConversationSummary, guideId: string | undefined): boolean {
  return summary.state === "guide" && summary.owner_id === guideId;
}

function by(key: (summary: ConversationSummary) => string) {
  return (one: ConversationSummary, other: ConversationSummary): number =>
    key(one) < key(other) ? -1 : Number(key(one) > key(other));
}
