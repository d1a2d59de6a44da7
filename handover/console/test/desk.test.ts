import { expect, test } from "vitest";
import type { ConversationSummary, GuideState, GuideWelcome, SignedIn } from "@wire/protocol";
import { findPage, pagesFor } from "../src/router";
import { findGaps } from "../src/state/gaps";
import { newsOf } from "../src/state/news";
import { DRAFT_SOON_MS, leftOfPromise, urgencyOf } from "../src/state/promise";
import { reduce, type Input } from "../src/state/reduce";
import { emptyState, type ConsoleState } from "../src/state/state";
import { addressOf, canTake, targetsOf } from "../src/state/targets";

const at = "2026-01-01T12:00:00Z";
const now = Date.parse(at);

test.each([
  [120_000, "calm"],
  [60_000, "calm"],
  [59_999, "soon"],
  [20_000, "soon"],
  [19_999, "urgent"],
  [0, "urgent"],
  [-1, "over"],
] as const)("with %i ms left of the promise it is %s", (left, urgency) => {
  expect(urgencyOf(left)).toBe(urgency);
});

test("the promise runs from when one began to wait; a draft's time is short from the start", () => {
  expect(leftOfPromise(at, now + 30_000, 120)).toBe(90_000);
  expect(leftOfPromise(at, now + 130_000, 120)).toBe(-10_000);
  expect(urgencyOf(45_000, DRAFT_SOON_MS)).toBe("calm");
  expect(urgencyOf(29_000, DRAFT_SOON_MS)).toBe("soon");
});

test.each([
  ["Vi ringer {{time}}.", ["time"]],
  ["{{ a }} och {{b}}", ["a", "b"]],
  ["{{}}", [""]],
  ["Kod: {x} och { {y} }", []],
  ["Utan", []],
])("the gaps of %j are %j", (text, names) => {
  const gaps = findGaps(text);
  expect(gaps.map(({ name }) => name)).toEqual(names);
  for (const { start, end } of gaps) expect(text.slice(start, end)).toMatch(/^{{.*}}$/);
});

test("the pages are those that the rights open", () => {
  expect(pagesFor(["desk", "review", "read_rollout"])).toEqual(["desk", "reviews", "rollout"]);
  expect(pagesFor(["read_rollout"])).toEqual(["rollout"]);
  expect(pagesFor(["keep_accounts"])).toEqual(["people"]);
  expect(pagesFor(["ask_as_staff"])).toEqual([]);
});

test("an address names a page by its first part", () => {
  expect(findPage("")).toBe("desk");
  expect(findPage("#/")).toBe("desk");
  expect(findPage("#/granska/bygglov")).toBe("reviews");
  expect(findPage("#/finns-inte")).toBeNull();
});

function guide(id: string, more: Partial<GuideState> = {}): GuideState {
  return { id, name: id, presence: "available", load: 0, capacity: 4, ...more };
}

test("colleagues who can take a conversation stand first, the least loaded before the rest", () => {
  const guides = [
    guide("away", { presence: "away" }),
    guide("full", { load: 4 }),
    guide("some", { load: 2, services: ["bygglov"], languages: ["fi"] }),
    guide("free", { languages: ["fi", "ar"] }),
    guide("me"),
  ];
  const service = {
    id: "bygglov",
    name: { text: "Bygglov", language: "sv" },
    audience: "citizen" as const,
    sensitive: false,
    topic: "bygga_bo",
  };
  const targets = targetsOf(guides, [service], "me");
  expect(targets.map(addressOf)).toEqual([
    { to_guide: "free" },
    { to_guide: "some" },
    { to_guide: "away" },
    { to_guide: "full" },
    { to_service: "bygglov" },
    { to_language: "ar" },
    { to_language: "fi" },
  ]);
  const available = targets.flatMap((each) => (each.kind === "guide" ? [] : [each.available]));
  expect(available).toEqual([1, 1, 2]);
  expect(guides.filter(canTake).map(({ id }) => id)).toEqual(["some", "free", "me"]);
});

const who: SignedIn = { id: "g1", name: "Anna", role: "guide", roles: ["guide"], rights: ["desk"] };

function summary(state: ConversationSummary["state"], owner_id?: string): ConversationSummary {
  const owner = owner_id ? { owner_id } : {};
  return { conversation_id: "c1", state, seq: 1, language: "sv", audience: "citizen", ...owner };
}

function welcome(...conversations: ConversationSummary[]): GuideWelcome {
  const figures = { promise_seconds: 120, all_off: false, revision: 0, server_time: at };
  return { type: "welcome", guide: who, presence: "available", conversations, ...figures };
}

function newsAfter(before: Input[], input: Input): string[] {
  const fold = (state: ConsoleState, each: Input): ConsoleState => reduce(state, each, now);
  const state = before.reduce(fold, emptyState);
  return newsOf(state, fold(state, input)).map(({ kind }) => kind);
}

const line = (conversation: ConversationSummary): Input => ({ type: "conversation", conversation });
const said = (from: "citizen" | "bot", when: string): Input => ({
  type: "event",
  conversation_id: "c1",
  seq: 1,
  at: when,
  event: { kind: "message", id: "m1", from, text: "Hemligt" },
});

test("what comes to the list is news, but not what stood there at the first welcome", () => {
  expect(newsAfter([], welcome(summary("waiting")))).toEqual([]);
  expect(newsAfter([welcome()], line(summary("waiting")))).toEqual(["waiting"]);
  expect(newsAfter([welcome(summary("waiting"))], line(summary("waiting")))).toEqual([]);
  const drafted = { ...summary("bot"), draft_id: "d1" };
  expect(newsAfter([welcome()], line(drafted))).toEqual(["draft"]);
});

test("a conversation that one was given is news, but not one that one has taken", () => {
  const waiting = welcome(summary("waiting"));
  const mine = line(summary("guide", "g1"));
  const command = { type: "claim", id: "claim-01", conversation_id: "c1" } as const;
  expect(newsAfter([waiting], mine)).toEqual(["mine"]);
  expect(newsAfter([waiting, { type: "sent", command }], mine)).toEqual([]);
});

test("a citizen's new message in an own conversation is news, and nobody else's", () => {
  const later = "2026-01-01T12:00:09Z";
  const own = welcome(summary("guide", "g1"));
  expect(newsAfter([own], said("citizen", later))).toEqual(["message"]);
  expect(newsAfter([own], said("bot", later))).toEqual([]);
  expect(newsAfter([own], said("citizen", "2026-01-01T11:00:00Z"))).toEqual([]);
  expect(newsAfter([welcome(summary("guide", "g2"))], said("citizen", later))).toEqual([]);
});
