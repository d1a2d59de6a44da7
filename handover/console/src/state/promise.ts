/** The promise to those who wait: an answer within so many seconds. */

/** How much of a time is left: plenty, not much, under twenty seconds, nothing. */
export type Urgency = "calm" | "soon" | "urgent" | "over";

/** Below this little is left of the promise; a draft's time is short from the start. */
const PROMISE_SOON_MS = 60_000;
export const DRAFT_SOON_MS = 30_000;
const URGENT_MS = 20_000;

/** Returns what is left of the promise, in milliseconds; below zero it is broken. */
export function leftOfPromise(waitingSince: string, nowMs: number, promiseSeconds: number): number {
  return Date.parse(waitingSince) + promiseSeconds * 1_000 - nowMs;
}

export function urgencyOf(leftMs: number, soonMs = PROMISE_SOON_MS): Urgency {
  if (leftMs < 0) return "over";
  if (leftMs < URGENT_MS) return "urgent";
  return leftMs < soonMs ? "soon" : "calm";
}
