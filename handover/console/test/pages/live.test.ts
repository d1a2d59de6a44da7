import { expect, test } from "vitest";
import type { ConversationSummary, GuideState } from "@wire/protocol";
import { standingOf } from "../../src/pages/live/duty";
import { byNeed, calmOrder } from "../../src/pages/live/order";

function summary(id: string, more: Partial<ConversationSummary> = {}): ConversationSummary {
  return {
    conversation_id: id,
    state: "bot",
    seq: 1,
    language: "sv",
    audience: "citizen",
    opened_at: "2026-01-01T12:00:00Z",
    ...more,
  };
}

test("the least sure come first, then the newest, and what is not understood yet last", () => {
  const shown = byNeed([
    summary("new", { confidence: null, opened_at: "2026-01-01T12:09:00Z" }),
    summary("sure", { confidence: 0.98 }),
    summary("older", { confidence: 0.402, opened_at: "2026-01-01T12:01:00Z" }),
    summary("newer", { confidence: 0.404, opened_at: "2026-01-01T12:02:00Z" }),
    summary("guided", { confidence: 0.1, state: "guide" }),
    summary("over", { confidence: 0.1, state: "closed" }),
  ]);
  expect(shown.map((each) => each.conversation_id)).toEqual(["newer", "older", "sure", "new"]);
});

test("a list that is held keeps every place and takes newcomers at its end", () => {
  expect(calmOrder(["a", "b", "c"], ["d", "c", "a"], true)).toEqual(["a", "b", "c", "d"]);
  expect(calmOrder(["a", "b"], ["b", "a"], true)).toEqual(["a", "b"]);
});

test("a list that is let go is sorted again, and the same list when nothing has changed", () => {
  expect(calmOrder(["a", "b", "c"], ["d", "c", "a"], false)).toEqual(["d", "c", "a"]);
  const before = ["a", "b"];
  expect(calmOrder(before, ["a", "b"], false)).toBe(before);
});

test("the standing counts who waits, the longest wait, and who is there", () => {
  const guide = { name: "Anna", load: 0, capacity: 3 };
  const guides: GuideState[] = [
    { ...guide, id: "g1", presence: "available" },
    { ...guide, id: "g2", presence: "busy" },
  ];
  const conversations = [
    summary("w1", { state: "waiting", waiting_since: "2026-01-01T12:00:00Z" }),
    summary("w2", { state: "waiting", waiting_since: "2026-01-01T12:01:00Z" }),
    summary("b"),
  ];
  const now = Date.parse("2026-01-01T12:03:00Z");
  expect(standingOf(conversations, guides, now)).toEqual({
    waiting: 2,
    longestWait: 180_000,
    withBot: 1,
    available: 1,
  });
  expect(standingOf([], [], now).longestWait).toBeNull();
});
