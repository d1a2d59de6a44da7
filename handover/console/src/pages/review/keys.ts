/** Keys of the review list: one moves, one judges. */
import type { Judgement } from "./state";

export const JUDGEMENTS: Record<string, Judgement> = {
  g: { verdict: "good", harmful: false },
  w: { verdict: "wrong", harmful: false },
  f: { verdict: "wrong", harmful: false },
  o: { verdict: "unclear", harmful: false },
  h: { verdict: "wrong", harmful: true },
};

export const MOVES: Record<string, 1 | -1> = { j: 1, k: -1 };

/** Returns the keys with what they do, as `runKey` takes them. */
export function keysOf(
  judge: (judgement: Judgement) => void,
  move: (by: 1 | -1) => void,
): Record<string, () => void> {
  const entries = [
    ...Object.entries(JUDGEMENTS).map(([key, each]) => [key, () => judge(each)] as const),
    ...Object.entries(MOVES).map(([key, by]) => [key, () => move(by)] as const),
  ];
  return Object.fromEntries(entries);
}
