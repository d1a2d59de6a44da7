import { expect, test, vi } from "vitest";
import type { ReviewItem } from "@wire/protocol";
import { keysOf } from "../../src/pages/review/keys";
import { compare, likenessOf } from "../../src/pages/review/likeness";
import {
  countJudged,
  NOTHING_READ,
  review,
  type Reviewing,
  type Step,
} from "../../src/pages/review/state";

function item(id: string): ReviewItem {
  return {
    conversation_id: `talk-${id}`,
    item: "1",
    faqs: ["bygglov.avgift"],
    service: "bygglov",
    level: "sampled",
    at: "2026-01-01T12:00:00Z",
    language: "sv",
    question: "Vad kostar bygglov?",
    answer: "Det beror på.",
  };
}

const [a, b, c] = [item("a"), item("b"), item("c")];
const good = { verdict: "good", harmful: false } as const;
const read: Step = { type: "read", list: { total: 7, items: [a, b, c] } };

function after(...steps: Step[]): Reviewing {
  return steps.reduce(review, NOTHING_READ);
}

function ids({ items }: Reviewing): string[] {
  return (items ?? []).map((each) => each.conversation_id.replace("talk-", ""));
}

// Ids of answers are unique in their conversation only: here all are the first.
test("the first item is looked at first, and moving stays within the list", () => {
  expect(after(read).current).toBe("talk-a/1");
  expect(after(read, { type: "move", by: -1 }).current).toBe("talk-a/1");
  expect(after(read, { type: "move", by: 1 }, { type: "move", by: 1 }).current).toBe("talk-c/1");
  expect(after(read, { type: "go", item: c }, { type: "move", by: 1 }).current).toBe("talk-c/1");
});

test("a judged item is gone at once, and the next one is there", () => {
  const state = after(read, { type: "judge", item: a, judgement: good });
  expect(ids(state)).toEqual(["b", "c"]);
  expect(state.current).toBe("talk-b/1");
  expect(state.total).toBe(6);
});

test("after the last of the list comes the one before it, and then nothing", () => {
  const last = after(
    read,
    { type: "go", item: c },
    { type: "judge", item: c, judgement: good },
  );
  expect(last.current).toBe("talk-b/1");
  const none = [a, b].reduce<Reviewing>(
    (state, each) => review(state, { type: "judge", item: each, judgement: good }),
    last,
  );
  expect(none.current).toBeNull();
  expect(none.items).toEqual([]);
});

test("an item is judged once, however often the key is pressed", () => {
  const twice = after(
    read,
    { type: "judge", item: a, judgement: good },
    { type: "judge", item: a, judgement: { verdict: "wrong", harmful: false } },
  );
  expect(countJudged(twice)).toEqual({ good: 1, wrong: 0, unclear: 0, harmful: 0 });
  expect(twice.total).toBe(6);
});

test("what is judged here does not come back with the next reading, and the view stays", () => {
  const judged = after(
    read,
    { type: "judge", item: a, judgement: good },
    { type: "go", item: c },
  );
  const again = review(judged, { type: "read", list: { total: 7, items: [a, b, c, item("d")] } });
  expect(ids(again)).toEqual(["b", "c", "d"]);
  expect(again.total).toBe(6);
  expect(again.current).toBe("talk-c/1");
});

test("when a colleague was first, the sentence is shown and the next item stays", () => {
  const sentence = "En kollega har redan bedömt svaret.";
  const state = after(
    read,
    { type: "judge", item: a, judgement: good },
    { type: "refused", item: a, sentence, gone: true },
  );
  expect(state.problem).toBe(sentence);
  expect(ids(state)).toEqual(["b", "c"]);
  expect(state.current).toBe("talk-b/1");
  expect(state.total).toBe(6);
  expect(countJudged(state).good).toBe(0);
});

test("a verdict that did not reach the server leaves its item to be judged again", () => {
  const state = after(
    read,
    { type: "judge", item: a, judgement: good },
    { type: "refused", item: a, sentence: "Servern svarar inte.", gone: false },
  );
  expect(ids(state)).toEqual(["a", "b", "c"]);
  expect(state.current).toBe("talk-b/1");
  expect(state.total).toBe(7);
  const retried = review(state, { type: "judge", item: a, judgement: good });
  expect(countJudged(retried).good).toBe(1);
});

test("a harmful answer is counted as that alone", () => {
  const judgement = { verdict: "wrong", harmful: true } as const;
  const state = after(read, { type: "judge", item: a, judgement });
  expect(countJudged(state)).toEqual({ good: 0, wrong: 0, unclear: 0, harmful: 1 });
});

test("keys judge and move", () => {
  const judge = vi.fn();
  const move = vi.fn();
  const keys = keysOf(judge, move);
  for (const key of ["g", "w", "f", "o", "h"]) keys[key]?.();
  expect(judge.mock.calls.map(([{ verdict, harmful }]) => [verdict, harmful])).toEqual([
    ["good", false],
    ["wrong", false],
    ["wrong", false],
    ["unclear", false],
    ["wrong", true],
  ]);
  keys.j?.();
  keys.k?.();
  expect(move.mock.calls).toEqual([[1], [-1]]);
  expect(Object.keys(keys).sort()).toEqual(["f", "g", "h", "j", "k", "o", "w"]);
});

test("words that only one of two answers has are marked, and both stay whole", () => {
  const bot = "Bygglov kostar 900 kronor.\nAnsök på webben.";
  const guide = "Bygglov kostar 1200 kronor.\nAnsök på webben.";
  const { one, other } = compare(bot, guide);
  expect(one.map(({ text }) => text).join("")).toBe(bot);
  expect(other.map(({ text }) => text).join("")).toBe(guide);
  expect(one.filter(({ only }) => only).map(({ text }) => text)).toEqual(["900"]);
  expect(other.filter(({ only }) => only).map(({ text }) => text)).toEqual(["1200"]);
});

test("likeness has three names", () => {
  expect([1, 0.8, 0.79, 0.5, 0.49, 0].map(likenessOf)).toEqual([
    "alike",
    "alike",
    "partly",
    "partly",
    "unlike",
    "unlike",
  ]);
});
