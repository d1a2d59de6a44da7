/** What the charts of the rollout draw. */
import type { Level, LevelChange, ServiceRollout } from "@wire/protocol";
import { LEVELS } from "../words";

export interface Bar {
  name: string;
  low: number;
  high: number;
  share: number;
}

/** Returns the intervals of the services that were reviewed, those that are surest of the least first. */
export function barsOf(services: readonly ServiceRollout[]): Bar[] {
  return services
    .filter(({ evidence }) => evidence.reviewed > 0)
    .map(({ name, evidence: { reviewed, approved, low, high } }) => ({
      name,
      low,
      high,
      share: approved / reviewed,
    }))
    .sort((one, other) => one.low - other.low);
}

export interface History {
  /** In seconds since 1970, rising. */
  times: number[];
  /** The level from that time on, as its place among the five. */
  steps: number[];
}

/** Returns the level over time, from the changes (the newest first) and the level now. */
export function historyOf(changes: readonly LevelChange[], level: Level, now: number): History {
  const moves = changes
    .flatMap(({ at, from_level: from, to_level: to }) => (from && to && from !== to ? [{ at, from, to }] : []))
    .toReversed();
  const first = moves[0];
  if (first === undefined) return { times: [], steps: [] };
  const started = seconds(Date.parse(first.at));
  return {
    times: [started - 1, ...moves.map(({ at }) => seconds(Date.parse(at))), seconds(now)],
    steps: [first.from, ...moves.map(({ to }) => to), level].map((each) => LEVELS.indexOf(each)),
  };
}

function seconds(ms: number): number {
  return ms / 1_000;
}
