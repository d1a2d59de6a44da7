/** How things stand at the desk as a whole. */
import type { ConversationSummary, GuideState } from "@wire/protocol";

export interface Standing {
  waiting: number;
  /** In milliseconds; null when nobody waits. */
  longestWait: number | null;
  withBot: number;
  available: number;
}

/** Returns the numbers of the moment `now`, by the server's clock. */
export function standingOf(
  conversations: readonly ConversationSummary[],
  guides: readonly GuideState[],
  now: number,
): Standing {
  const waits = conversations.filter(({ state }) => state === "waiting");
  const since = waits.flatMap(({ waiting_since: at }) => (at ? [Date.parse(at)] : []));
  return {
    waiting: waits.length,
    longestWait: since.length === 0 ? null : Math.max(0, now - Math.min(...since)),
    withBot: conversations.filter(({ state }) => state === "bot").length,
    available: guides.filter(({ presence }) => presence === "available").length,
  };
}
