/** In which order the live view shows conversations, and that they keep it while somebody reads. */
import type { ConversationSummary } from "@wire/protocol";

/** What the assistant has now: the least sure first, then the newest; what it has not understood yet last. */
export function byNeed(conversations: readonly ConversationSummary[]): ConversationSummary[] {
  return conversations
    .filter(({ state }) => state === "bot")
    .sort(
      (one, other) =>
        sureness(one) - sureness(other) ||
        (other.opened_at ?? "").localeCompare(one.opened_at ?? ""),
    );
}

/**
 * Returns the ids to show. While the list is `held`, each stays in its place, also one that has left, and
 * new ones come last: nothing jumps away under a pointer or a finger.
 */
export function calmOrder(
  before: readonly string[],
  wanted: readonly string[],
  held: boolean,
): readonly string[] {
  if (!held) return isSame(before, wanted) ? before : wanted;
  const known = new Set(before);
  const added = wanted.filter((id) => !known.has(id));
  return added.length === 0 ? before : [...before, ...added];
}

/** In whole percent: smaller differences are no reason to stand before another. */
function sureness({ confidence }: ConversationSummary): number {
  return typeof confidence === "number" ? Math.round(confidence * 100) : 101;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
