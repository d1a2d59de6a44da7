/**
 * The inbox as one person goes through it, text by text.
 *
 * A label is shown at once: its texts are gone and the next one is there. It is taken back if it is refused.
 */
import type { InboxPage, MissedGroup, MissedText } from "@wire/protocol";

/** Texts that were labelled by one key, as they stood in their group. */
export interface Act {
  id: string;
  group: MissedGroup;
  texts: readonly MissedText[];
}

export interface Inboxing {
  /** Null until the inbox was read. */
  groups: readonly MissedGroup[] | null;
  /** The key of the text that is looked at. */
  current: string | null;
  /** Whether a label is for all ticked texts of the group; else for the one that is looked at. */
  whole: boolean;
  /** Texts of the group that were ticked off. */
  left: readonly string[];
  /** How many texts wait in all, those that were not fetched too. */
  total: number;
  /** What was labelled here and stands, the newest last. */
  acts: readonly Act[];
  /** How many examples of one's own wait for a change set. */
  waiting: number;
  /** What was refused last, or empty; it stands until something else is done. */
  problem: string;
  /** Why the inbox could not be read, or empty. */
  unread: string;
}

export type Step =
  | { type: "read"; page: InboxPage }
  | { type: "unread"; sentence: string }
  | { type: "refused"; sentence: string }
  | { type: "go"; key: string }
  | { type: "move"; by: 1 | -1 }
  | { type: "whole" }
  | { type: "tick"; key: string }
  | { type: "label"; act: Act }
  /** A label does not stand: it was undone, or refused. Its texts are back unless they are not ours to label any more. */
  | { type: "back"; id: string; sentence: string; gone?: boolean };

export const NOTHING_READ: Inboxing = {
  groups: null,
  current: null,
  whole: false,
  left: [],
  total: 0,
  acts: [],
  waiting: 0,
  problem: "",
  unread: "",
};

/** Returns the inbox after a step. */
export function step(state: Inboxing, taken: Step): Inboxing {
  switch (taken.type) {
    case "read":
      return read(state, taken.page);
    case "unread":
      return { ...state, unread: taken.sentence };
    case "refused":
      return { ...state, problem: taken.sentence };
    case "go":
      return at(state, taken.key);
    case "move":
      return at(state, neighbour(state, taken.by) ?? state.current);
    case "whole":
      return { ...state, whole: !state.whole, left: [] };
    case "tick":
      return { ...state, left: toggled(state.left, taken.key) };
    case "label":
      return labelled(state, taken.act);
    case "back":
      return back(state, taken);
  }
}

/** Returns the group and the text that are looked at, or null. */
export function findCurrent(state: Inboxing): { group: MissedGroup; text: MissedText } | null {
  for (const group of state.groups ?? []) {
    const text = group.texts.find(({ key }) => key === state.current);
    if (text !== undefined) return { group, text };
  }
  return null;
}

/** Returns what a label would be for. */
export function findMeant(state: Inboxing): { group: MissedGroup; texts: MissedText[] } | null {
  const current = findCurrent(state);
  if (current === null) return null;
  const { group, text } = current;
  if (!state.whole) return { group, texts: [text] };
  const texts = group.texts.filter(({ key }) => !state.left.includes(key));
  return texts.length > 0 ? { group, texts } : null;
}

/** Returns the texts that one looks at now or soon, which colleagues are to leave alone. */
export function keysAhead(state: Inboxing, groups: number, most: number): string[] {
  const here = findCurrent(state)?.group;
  if (here === undefined) return [];
  const free = (state.groups ?? []).filter(({ held_by }) => !held_by);
  const ahead = free.slice(free.indexOf(here));
  return ahead
    .slice(0, groups)
    .flatMap(({ texts }) => texts.map(({ key }) => key))
    .slice(0, most);
}

/** How many texts are there to be looked at, and how many of them no colleague has. */
export function countTexts({ groups }: Inboxing): { fetched: number; free: number } {
  const fetched = groups?.reduce((sum, { texts }) => sum + texts.length, 0) ?? 0;
  return { fetched, free: freeKeys(groups).length };
}

export function countDone({ acts }: Inboxing): number {
  return acts.reduce((sum, { texts }) => sum + texts.length, 0);
}

/** What was labelled here stays away, though the list was read before the server knew. */
function read(state: Inboxing, page: InboxPage): Inboxing {
  const done = new Set(state.acts.flatMap(({ texts }) => texts.map(nameOf)));
  const kept = keepCurrent(page.groups, findCurrent(state));
  const groups = kept.map((group) => without(group, (text) => done.has(nameOf(text))));
  const gone = groups.reduce((sum, { size }, index) => sum + (kept[index]?.size ?? size) - size, 0);
  const next: Inboxing = {
    ...state,
    groups: groups.filter(({ texts }) => texts.length > 0),
    total: page.total_texts - gone,
    waiting: page.waiting,
    unread: "",
  };
  const current = findCurrent(next);
  return current !== null && !current.group.held_by ? next : at(next, firstFree(next));
}

/** What is looked at stays where it is, though others are worse by now: it is ours until we have labelled it. */
function keepCurrent(
  groups: readonly MissedGroup[],
  current: ReturnType<typeof findCurrent>,
): readonly MissedGroup[] {
  if (current === null) return groups;
  const { group, text } = current;
  if (groups.some(({ texts }) => texts.some(({ key }) => key === text.key))) return groups;
  const there = groups.find(({ key }) => key === group.key);
  if (there?.held_by) return groups;
  if (there === undefined) return [{ ...group, texts: [text] }, ...groups];
  return groups.map((each) => (each === there ? { ...each, texts: [text, ...each.texts] } : each));
}

function labelled(state: Inboxing, act: Act): Inboxing {
  const keys = new Set(act.texts.map(({ key }) => key));
  const known = state.groups?.flatMap(({ texts }) => texts).filter(({ key }) => keys.has(key)) ?? [];
  if (known.length < keys.size) return state;
  const after = nextFree(state, keys);
  const groups = (state.groups ?? []).map((group) => without(group, ({ key }) => keys.has(key)));
  const next: Inboxing = {
    ...state,
    groups: groups.filter(({ texts }) => texts.length > 0),
    total: state.total - keys.size,
    acts: [...state.acts, act],
    problem: "",
  };
  return at(next, after);
}

function back(state: Inboxing, { id, sentence, gone }: Extract<Step, { type: "back" }>): Inboxing {
  const act = state.acts.find((each) => each.id === id);
  const acts = state.acts.filter((each) => each !== act);
  if (act === undefined || gone) return { ...state, acts, problem: sentence };
  const groups = state.groups ?? [];
  const there = groups.find(({ key }) => key === act.group.key);
  const missing = act.texts.filter(({ key }) => !there?.texts.some((text) => text.key === key));
  const left = there ?? without(act.group, () => true);
  const merged = {
    ...left,
    texts: [...missing, ...left.texts],
    size: left.size + missing.length,
    count: left.count + timesOf(missing),
  };
  const next: Inboxing = {
    ...state,
    groups: [merged, ...groups.filter((group) => group !== there)],
    total: state.total + act.texts.length,
    acts,
    problem: sentence,
  };
  // Who takes back wants to see it; who was refused is busy with the next one.
  return sentence === "" || state.current === null ? at(next, act.texts[0]?.key ?? null) : next;
}

/** Looks at a text; a label is for one text again when the group is another. */
function at(state: Inboxing, key: string | null): Inboxing {
  const before = findCurrent(state)?.group.key;
  const next = { ...state, current: key };
  return findCurrent(next)?.group.key === before ? next : { ...next, whole: false, left: [] };
}

/** Returns the keys of the texts that may be looked at, in order. */
function freeKeys(groups: readonly MissedGroup[] | null): string[] {
  const free = (groups ?? []).filter(({ held_by }) => !held_by);
  return free.flatMap(({ texts }) => texts.map(({ key }) => key));
}

function firstFree({ groups }: Inboxing): string | null {
  return freeKeys(groups)[0] ?? null;
}

/** Returns the current text if it is not among `keys`, else the one after it that is not, else the one before it. */
function nextFree({ groups, current }: Inboxing, keys: ReadonlySet<string>): string | null {
  if (current !== null && !keys.has(current)) return current;
  const free = freeKeys(groups);
  const here = free.indexOf(current ?? "");
  const after = free.slice(here + 1).find((key) => !keys.has(key));
  return after ?? free.slice(0, Math.max(0, here)).findLast((key) => !keys.has(key)) ?? null;
}

function neighbour({ groups, current }: Inboxing, by: 1 | -1): string | null {
  const free = freeKeys(groups);
  const here = free.indexOf(current ?? "");
  return here < 0 ? null : (free[here + by] ?? null);
}

function without(group: MissedGroup, isGone: (text: MissedText) => boolean): MissedGroup {
  const texts = group.texts.filter((text) => !isGone(text));
  if (texts.length === group.texts.length) return group;
  const size = group.size - (group.texts.length - texts.length);
  return { ...group, texts, size, count: group.count - timesOf(group.texts) + timesOf(texts) };
}

function timesOf(texts: readonly MissedText[]): number {
  return texts.reduce((sum, { count }) => sum + count, 0);
}

/** A text that was missed again after its label is another one to label. */
function nameOf({ key, version }: MissedText): string {
  return `${key}/${version}`;
}

function toggled(keys: readonly string[], key: string): readonly string[] {
  return keys.includes(key) ? keys.filter((each) => each !== key) : [...keys, key];
}
