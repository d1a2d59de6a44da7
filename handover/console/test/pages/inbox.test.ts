import { expect, test, vi } from "vitest";
import type { InboxPage, MissedGroup, MissedText } from "@wire/protocol";
import { Faqs } from "../../src/pages/inbox/faqs";
import { keysOf, type Doings } from "../../src/pages/inbox/keys";
import {
  countDone,
  findCurrent,
  findMeant,
  keysAhead,
  NOTHING_READ,
  step,
  type Act,
  type Inboxing,
  type Step,
} from "../../src/pages/inbox/state";

function text(key: string, version = 0): MissedText {
  return {
    key,
    version,
    text: `Text ${key}`,
    language: "sv",
    audience: "citizen",
    count: 1,
    kinds: ["searched"],
    offered: [],
    at: "2026-01-01T12:00:00Z",
    conversation_id: `talk-${key}`,
    seq: 2,
  };
}

function group(key: string, texts: string[], more: Partial<MissedGroup> = {}): MissedGroup {
  return {
    key,
    suggestions: [],
    name: "bod",
    count: texts.length,
    size: texts.length,
    texts: texts.map((each) => text(each)),
    ...more,
  };
}

function page(...groups: MissedGroup[]): InboxPage {
  const total = groups.reduce((sum, { size }) => sum + size, 0);
  return { total_groups: groups.length, total_texts: total, waiting: 0, groups };
}

const TWO = page(group("one", ["a", "b", "c"]), group("two", ["d"]));
const READ: Step = { type: "read", page: TWO };

function after(...steps: Step[]): Inboxing {
  return steps.reduce(step, NOTHING_READ);
}

/** Labels what a label would be for now. */
function labelled(state: Inboxing, id: string): Inboxing {
  const meant = findMeant(state);
  return meant === null ? state : step(state, { type: "label", act: { id, ...meant } as Act });
}

function keys({ groups }: Inboxing): string[] {
  return (groups ?? []).flatMap(({ texts }) => texts.map(({ key }) => key));
}

test("the first text is looked at first, and moving stays within the list", () => {
  expect(after(READ).current).toBe("a");
  expect(after(READ, { type: "move", by: -1 }).current).toBe("a");
  expect(after(READ, { type: "go", key: "c" }, { type: "move", by: 1 }).current).toBe("d");
  expect(after(READ, { type: "go", key: "d" }, { type: "move", by: 1 }).current).toBe("d");
});

test("a label is for one text, which is gone at once, and the next one is there", () => {
  const state = labelled(after(READ), "1");
  expect(keys(state)).toEqual(["b", "c", "d"]);
  expect([state.current, state.total, countDone(state)]).toEqual(["b", 3, 1]);
  expect(state.groups?.[0]?.size).toBe(2);
});

test("after the last of the list comes the one before it, and then nothing", () => {
  let state = labelled(after(READ, { type: "go", key: "d" }), "1");
  expect(state.current).toBe("c");
  for (const id of ["2", "3", "4"]) state = labelled(state, id);
  expect([state.current, state.total, keys(state).length]).toEqual([null, 0, 0]);
  expect(labelled(state, "5")).toBe(state);
});

test("a group is labelled in one go, but for what was ticked off", () => {
  const whole = after(READ, { type: "whole" });
  expect(findMeant(whole)?.texts.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  const some = step(whole, { type: "tick", key: "b" });
  expect(findMeant(some)?.texts.map(({ key }) => key)).toEqual(["a", "c"]);
  expect(step(some, { type: "tick", key: "b" }).left).toEqual([]);
  const done = labelled(some, "1");
  expect(keys(done)).toEqual(["b", "d"]);
  expect([done.current, done.whole, countDone(done)]).toEqual(["b", false, 2]);
});

test("who looks at the text that was ticked off stays there", () => {
  const state = after(READ, { type: "whole" }, { type: "go", key: "c" }, { type: "tick", key: "c" });
  const done = labelled(state, "1");
  expect([done.current, keys(done)]).toEqual(["c", ["c", "d"]]);
});

test("with all ticked off a label is for nothing", () => {
  const none = ["a", "b", "c"].reduce<Inboxing>(
    (state, key) => step(state, { type: "tick", key }),
    after(READ, { type: "whole" }),
  );
  expect(findMeant(none)).toBeNull();
});

test("in the next group a label is for one text again", () => {
  const state = after(READ, { type: "whole" }, { type: "go", key: "d" });
  expect(state.whole).toBe(false);
});

test("what a colleague looks at is passed by", () => {
  const held = page(
    group("one", ["a"], { held_by: "Vera" }),
    group("two", ["b"]),
    group("three", ["c"], { held_by: "Vera" }),
    group("four", ["d"]),
  );
  const state = after({ type: "read", page: held });
  expect(state.current).toBe("b");
  expect(step(state, { type: "move", by: 1 }).current).toBe("d");
  expect(labelled(state, "1").current).toBe("d");
  expect(keysAhead(state, 2, 50)).toEqual(["b", "d"]);
  const all = after({ type: "read", page: page(group("one", ["a"], { held_by: "Vera" })) });
  expect([all.current, findCurrent(all)]).toEqual([null, null]);
});

test("a colleague who was faster to hold a group moves one on", () => {
  const later = page(group("one", ["a", "b", "c"], { held_by: "Vera" }), group("two", ["d"]));
  expect(after(READ, { type: "read", page: later }).current).toBe("d");
});

test("texts to come are held, so many groups and so many texts", () => {
  expect(keysAhead(after(READ), 1, 50)).toEqual(["a", "b", "c"]);
  expect(keysAhead(after(READ), 3, 50)).toEqual(["a", "b", "c", "d"]);
  expect(keysAhead(after(READ), 3, 2)).toEqual(["a", "b"]);
  expect(keysAhead(NOTHING_READ, 3, 50)).toEqual([]);
});

test("what was labelled here does not come back with the next reading, and the view stays", () => {
  const state = step(labelled(after(READ), "1"), { type: "go", key: "c" });
  const again = step(state, READ);
  expect(keys(again)).toEqual(["b", "c", "d"]);
  expect([again.current, again.total]).toEqual(["c", 3]);
});

test("a text that is missed again after its label comes back", () => {
  const state = labelled(after(READ), "1");
  const anew = page({ ...group("one", []), size: 1, texts: [text("a", 1)] });
  expect(keys(step(state, { type: "read", page: anew }))).toContain("a");
});

test("a label that is refused brings its texts back, and one goes on with the next", () => {
  const sentence = "Vera har redan märkt texten: Avgift.";
  const state = step(labelled(after(READ), "1"), { type: "back", id: "1", sentence });
  expect(keys(state)).toEqual(["a", "b", "c", "d"]);
  expect([state.current, state.total, countDone(state)]).toEqual(["b", 4, 0]);
  expect(state.problem).toBe(sentence);
  const read = step(state, { type: "read", page: page(group("one", ["b"]), group("two", ["d"])) });
  expect([read.problem, keys(read)]).toEqual([sentence, ["b", "d"]]);
  expect(labelled(read, "2").problem).toBe("");
});

test("a text that is not ours any more does not come back", () => {
  const sentence = "Texten finns inte kvar i inkorgen.";
  const refused = { type: "back", id: "1", sentence, gone: true } as const;
  const state = step(labelled(after(READ), "1"), refused);
  expect(keys(state)).toEqual(["b", "c", "d"]);
  expect([state.problem, countDone(state)]).toEqual([sentence, 0]);
});

test("what is looked at stays though the next reading leaves it out", () => {
  const looking = after(READ, { type: "go", key: "d" });
  const without = step(looking, { type: "read", page: page(group("one", ["a", "b"])) });
  expect([without.current, keys(without)]).toEqual(["d", ["d", "a", "b"]]);
  const within = step(looking, { type: "read", page: page(group("two", ["e"])) });
  expect([within.current, keys(within)]).toEqual(["d", ["d", "e"]]);
  const held = page(group("one", ["a"]), group("two", ["e"], { held_by: "Vera" }));
  expect(step(looking, { type: "read", page: held }).current).toBe("a");
});

test("what is undone is looked at again, also when its group is gone", () => {
  const state = labelled(after(READ, { type: "go", key: "d" }), "1");
  expect(state.groups?.length).toBe(1);
  const undone = step(state, { type: "back", id: "1", sentence: "" });
  expect(keys(undone)).toEqual(["d", "a", "b", "c"]);
  expect([undone.current, undone.total, countDone(undone)]).toEqual(["d", 4, 0]);
  expect(undone.groups?.[0]?.size).toBe(1);
});

test("what cannot be read is told until it can", () => {
  const state = after(READ, { type: "unread", sentence: "Servern svarar inte." });
  expect(state.unread).toBe("Servern svarar inte.");
  expect(step(state, READ).unread).toBe("");
});

test("every key does one thing", () => {
  const doings: Doings = {
    right: vi.fn(),
    faq: vi.fn(),
    newFaq: vi.fn(),
    outOfScope: vi.fn(),
    skip: vi.fn(),
    undo: vi.fn(),
    whole: vi.fn(),
    tick: vi.fn(),
    move: vi.fn(),
    context: vi.fn(),
  };
  const all = keysOf(doings);
  expect(Object.keys(all).sort().join("")).toBe("1acfjknorsxz");
  for (const key of Object.keys(all)) all[key]?.();
  expect(doings.right).toHaveBeenCalledTimes(2);
  expect(vi.mocked(doings.move).mock.calls).toEqual([[1], [-1]]);
  const once = [doings.faq, doings.newFaq, doings.outOfScope, doings.skip, doings.undo, doings.whole];
  for (const each of [...once, doings.tick, doings.context]) expect(each).toHaveBeenCalledOnce();
});

const FAQS = new Faqs({
  faqs: ["avgift", "behovs", "bod"].map((name) => ({
    id: `bygglov.${name}`,
    question: `Fråga om ${name}?`,
    service: "bygglov",
    service_name: "Bygglov",
    audience: "citizen",
  })),
});

test("the likeliest question is the first to choose, and words narrow down", () => {
  const likely = [{ faq: "bygglov.bod", likelihood: 0.5 }, { faq: "gone.away", likelihood: 0.2 }];
  expect(FAQS.choices("", likely).map(({ value }) => value)).toEqual([
    "bygglov.bod",
    "bygglov.avgift",
    "bygglov.behovs",
  ]);
  expect(FAQS.choices("BYGG avg", likely).map(({ value }) => value)).toEqual(["bygglov.avgift"]);
  expect(FAQS.choices("xyz", likely)).toEqual([]);
  expect(FAQS.question("bygglov.bod")).toBe("Fråga om bod?");
  expect(FAQS.question("gone.away")).toBe("gone.away");
});
