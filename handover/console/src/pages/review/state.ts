/** The review list as one person goes through it. A verdict is shown at once, and taken back only if it is refused. */
import type { JudgeAnswer, ReviewItem, ReviewList } from "@wire/protocol";

export type Judgement = Pick<JudgeAnswer, "verdict" | "harmful">;

export interface Reviewing {
  /** Null until the list was read. */
  items: readonly ReviewItem[] | null;
  /** The key of the item that is looked at; null where there is none. */
  current: string | null;
  /** How many there are in all, those that were not fetched too. */
  total: number;
  /** What was judged here and is not refused, by key; these never come back into the list. */
  judged: Readonly<Record<string, Judgement>>;
  /** What to tell about the last refusal, or empty. */
  problem: string;
}

export type Step =
  | { type: "read"; list: ReviewList }
  | { type: "failed"; sentence: string }
  | { type: "go"; item: ReviewItem }
  | { type: "move"; by: 1 | -1 }
  | { type: "judge"; item: ReviewItem; judgement: Judgement }
  /** `gone`: a colleague was first, it is not for us to judge any more. */
  | { type: "refused"; item: ReviewItem; sentence: string; gone: boolean };

export const NOTHING_READ: Reviewing = {
  items: null,
  current: null,
  total: 0,
  judged: {},
  problem: "",
};

/** Names an item among those of all conversations. */
export function keyOf({ conversation_id, item }: ReviewItem): string {
  return `${conversation_id}/${item}`;
}

/** Returns the list after a step. */
export function review(state: Reviewing, step: Step): Reviewing {
  switch (step.type) {
    case "read":
      return read(state, step.list);
    case "failed":
      return { ...state, problem: step.sentence };
    case "go":
      return { ...state, current: keyOf(step.item) };
    case "move":
      return { ...state, current: neighbour(state, step.by) ?? state.current };
    case "judge":
      return judged(state, step.item, step.judgement);
    case "refused":
      return refused(state, step);
  }
}

export function findCurrent({ items, current }: Reviewing): ReviewItem | null {
  return items?.find((item) => keyOf(item) === current) ?? null;
}

/** How many were judged each way; a harmful one counts as that alone. */
export function countJudged({ judged }: Reviewing): Record<JudgeAnswer["verdict"] | "harmful", number> {
  const counts = { good: 0, wrong: 0, unclear: 0, harmful: 0 };
  for (const { verdict, harmful } of Object.values(judged)) counts[harmful ? "harmful" : verdict]++;
  return counts;
}

/** What is being looked at stays in view, though the list is another. */
function read(state: Reviewing, { items, total }: ReviewList): Reviewing {
  const open = items.filter((item) => !Object.hasOwn(state.judged, keyOf(item)));
  const kept = open.some((item) => keyOf(item) === state.current);
  return {
    ...state,
    items: open,
    total: total - (items.length - open.length),
    current: kept ? state.current : keyOfMaybe(open[0]),
    problem: "",
  };
}

function judged(state: Reviewing, item: ReviewItem, judgement: Judgement): Reviewing {
  const key = keyOf(item);
  if (!state.items?.some((each) => keyOf(each) === key)) return state;
  return {
    ...without(state, key),
    judged: { ...state.judged, [key]: judgement },
    problem: "",
  };
}

/** An item that was not judged after all comes back to the front, where it can be judged again. */
function refused(state: Reviewing, step: Extract<Step, { type: "refused" }>): Reviewing {
  const { item, sentence, gone } = step;
  const key = keyOf(item);
  const { [key]: _, ...rest } = state.judged;
  if (gone) return { ...without(state, key), judged: rest, problem: sentence };
  return {
    ...state,
    items: [item, ...(state.items ?? [])],
    total: state.total + 1,
    current: state.current ?? key,
    judged: rest,
    problem: sentence,
  };
}

function without(state: Reviewing, key: string): Reviewing {
  const items = state.items ?? [];
  if (!items.some((item) => keyOf(item) === key)) return state;
  return {
    ...state,
    items: items.filter((item) => keyOf(item) !== key),
    total: state.total - 1,
    current:
      state.current === key ? (neighbour(state, 1) ?? neighbour(state, -1)) : state.current,
  };
}

/** Returns the key of the item beside the current one, or null at the end of the list. */
function neighbour({ items, current }: Reviewing, by: 1 | -1): string | null {
  const at = items?.findIndex((item) => keyOf(item) === current) ?? -1;
  return at < 0 ? null : keyOfMaybe(items?.[at + by]);
}

function keyOfMaybe(item: ReviewItem | undefined): string | null {
  return item === undefined ? null : keyOf(item);
}
