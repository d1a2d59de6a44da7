/** Numbers and times as a person at the desk reads them. */
import type { FaqRollout, Level, LevelChange, Right } from "@wire/protocol";
import type { ConsoleState } from "../state/state";
import { pages } from "../strings/pages";

/** From never answering to answering alone. */
export const LEVELS: readonly Level[] = ["off", "shadow", "approve", "sampled", "auto"];

export const MOMENT = new Intl.DateTimeFormat("sv", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

export function moment(at: string): string {
  return MOMENT.format(new Date(at));
}

/** Writes a share of 1 as whole percent, "94 %", that no line ends within. */
export function share(of: number): string {
  return `${Math.round(of * 100)}\u00a0%`;
}

export function can({ guide }: ConsoleState, right: Right): boolean {
  return guide?.rights.includes(right) ?? false;
}

/** What is known of an approved share: how sure it is, and what is asked for. */
export function evidenceSentence({ evidence, target, floor }: Bounded): string {
  const { reviewed, approved, low, high } = evidence;
  const { notReviewed, found, asked } = pages.rollout;
  const told =
    reviewed === 0
      ? notReviewed
      : found(share(approved / reviewed), reviewed, share(low), share(high));
  if (target === undefined || floor === undefined) return told;
  return `${told} ${asked(share(target), share(floor))}`;
}

/** What reviews say, and for a single FAQ what is asked of them. */
export type Bounded = Pick<FaqRollout, "evidence"> & Partial<Pick<FaqRollout, "target" | "floor">>;

/** What happened, in a few words: "Höjd från Skugga till Godkänns". */
export function changeSentence({ action, from_level: from, to_level: to }: LevelChange): string {
  const { actions, levels, between } = pages.rollout;
  return from && to && from !== to ? `${actions[action]} ${between(levels[from], levels[to])}` : actions[action];
}

export function changedBy({ by_name }: LevelChange): string {
  return by_name ?? pages.rollout.byRule;
}
