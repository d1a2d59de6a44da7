/** The promise to those who wait: an answer within so many seconds. */

/** How much of it is left: plenty, under a minute, under twenty seconds, nothing. */
export type Urgency = "calm" | "soon" | "urgent" | "over";

const SOON_MS = 60_000;
const URGENT_MS = 20_000;

/** Returns what is left of the promise, in milliseconds; below zero it is broken. */
export function leftOfPromise(waitingSince: string, nowMs: number, promiseSeconds: number): number {
  return Date.parse(waitingSince) + promiseSeconds * 1_000 - nowMs;
}

export function urgencyOf(leftMs: number): Urgency {
  if (leftMs < 0) return "over";
  if (leftMs < URGENT_MS) return "urgent";
  return leftMs < SOON_MS ? "soon" : "calm";
}
