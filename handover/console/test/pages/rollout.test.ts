import { expect, test } from "vitest";
import type { FaqRollout, LevelChange, ServiceRollout } from "@wire/protocol";
import { EVERYTHING, filterServices, isBelowFloor, withFaq } from "../../src/pages/rollout/filter";
import { geometryOf } from "../../src/pages/rollout/geometry";
import { shareOf } from "../../src/pages/rollout/percent";
import { barsOf, historyOf } from "../../src/pages/rollout/series";
import { secondPart } from "../../src/pages/place";
import { changeSentence, evidenceSentence } from "../../src/pages/words";

const nothing = {
  reviewed: 0,
  approved: 0,
  low: 0,
  high: 1,
  recent_reviewed: 0,
  recent_approved: 0,
};
const some = { ...nothing, reviewed: 50, approved: 47, low: 0.838, high: 0.979 };

function faq(id: string, question: string, more: Partial<FaqRollout> = {}): FaqRollout {
  return {
    faq: id,
    question,
    level: "shadow",
    cap: "auto",
    example: false,
    cap_lifted: false,
    target: 0.95,
    floor: 0.85,
    min_samples: 50,
    evidence: nothing,
    waiting: 0,
    ...more,
  };
}

function service(id: string, name: string, sensitive: boolean, ...faqs: FaqRollout[]) {
  const shared = { audience: "citizen" as const, evidence: nothing, levels: {} };
  return { service: id, name, sensitive, faqs, ...shared } satisfies ServiceRollout;
}

const permit = faq("bygglov.ansokan", "Hur ansöker jag om bygglov?", { ready: "approve" });
const fee = faq("bygglov.avgift", "Vad kostar bygglov?", { level: "auto" });
const support = faq("familj.stod", "Var får jag stöd?", {
  evidence: { ...some, recent_reviewed: 20, recent_approved: 16 },
});
const services = [
  service("bygglov", "Bygglov", false, permit, fee),
  service("familj", "Familj och barn", true, support),
];

function found(filter: Partial<typeof EVERYTHING>): string[] {
  return filterServices(services, { ...EVERYTHING, ...filter }).flatMap(({ faqs }) =>
    faqs.map((each) => each.faq),
  );
}

test("words find the question and the service, whatever their order and case", () => {
  expect(found({})).toHaveLength(3);
  expect(found({ words: "BYGGLOV kostar" })).toEqual(["bygglov.avgift"]);
  expect(found({ words: "familj stöd" })).toEqual(["familj.stod"]);
  expect(found({ words: "bygglov familj" })).toEqual([]);
});

test("a selection shows one level, what is ready, what is below its floor, or what is sensitive", () => {
  expect(found({ level: "auto" })).toEqual(["bygglov.avgift"]);
  expect(found({ only: "ready" })).toEqual(["bygglov.ansokan"]);
  expect(found({ only: "below_floor" })).toEqual(["familj.stod"]);
  expect(found({ only: "sensitive" })).toEqual(["familj.stod"]);
  expect(found({ only: "ready", level: "auto" })).toEqual([]);
});

test("nothing reviewed lately is not below the floor", () => {
  expect(isBelowFloor(permit)).toBe(false);
  const at = { evidence: { ...some, recent_reviewed: 20, recent_approved: 17 } };
  expect(isBelowFloor({ ...permit, ...at })).toBe(false);
});

test("a changed FAQ takes the place of what was known of it", () => {
  const changed = withFaq(services, { ...permit, level: "approve" });
  expect(changed[0]?.faqs.map(({ level }) => level)).toEqual(["approve", "auto"]);
  expect(changed[1]).toBe(services[1]);
});

test("an interval's bar has its marks where the numbers are, and is never too narrow to see", () => {
  const { interval, target, floor } = geometryOf({ ...permit, evidence: some }, 200);
  expect(target).toBe(190);
  expect(floor).toBe(170);
  expect(interval?.x).toBeCloseTo(167.6);
  expect(interval?.width).toBeCloseTo(28.2);
  expect(interval?.share).toBeCloseTo(188);
  const sure = { ...some, approved: 50, low: 1, high: 1 };
  expect(geometryOf({ evidence: sure }, 200)).toEqual({
    interval: { x: 198, width: 2, share: 200 },
    target: null,
    floor: null,
  });
  expect(geometryOf(permit, 200).interval).toBeNull();
});

test("the bar says in words what it shows", () => {
  expect(evidenceSentence({ ...permit, evidence: some }).replaceAll("\u00a0", " ")).toBe(
    "94 % rätt av 50 bedömda, troligen 84 % till 98 %. Mål 95 %, golv 85 %.",
  );
  expect(evidenceSentence({ evidence: nothing })).toBe("Inget bedömt än.");
});

function change(at: string, from: LevelChange["from_level"], to: LevelChange["to_level"]) {
  return { at, action: "promoted", from_level: from, to_level: to, why: "" } as LevelChange;
}

test("the history goes in steps from before the first change until now", () => {
  const changes = [
    change("2026-01-03T00:00:00Z", "approve", "shadow"),
    { ...change("2026-01-02T12:00:00Z", null, null), action: "bounds_set" as const },
    change("2026-01-02T00:00:00Z", "shadow", "approve"),
  ];
  const now = Date.parse("2026-01-04T00:00:00Z");
  const { times, steps } = historyOf(changes, "shadow", now);
  expect(steps).toEqual([1, 2, 1, 1]);
  expect(times).toEqual([...times].sort());
  expect(times.at(-1)).toBe(now / 1_000);
  expect(historyOf([], "off", now)).toEqual({ times: [], steps: [] });
});

test("the overview leaves out what was not reviewed and begins with the least certain", () => {
  const reviewed = services.map((each, index) => ({
    ...each,
    evidence: index === 0 ? some : { ...some, low: 0.5 },
  }));
  expect(barsOf(reviewed).map(({ name }) => name)).toEqual(["Familj och barn", "Bygglov"]);
  expect(barsOf(services)).toEqual([]);
});

test("a change is told with its levels where it has any", () => {
  expect(changeSentence(change("", "shadow", "approve"))).toBe("Höjd från Skugga till Godkänns");
  expect(changeSentence({ at: "", action: "cap_lifted", why: "" })).toBe("Spärren hävd");
});

test("a field in percent is a share, and an empty one is the setting for all", () => {
  expect(shareOf("95")).toBe(0.95);
  expect(shareOf("97,5")).toBe(0.975);
  expect(shareOf(" ")).toBeNull();
});

test("an address names a FAQ behind the page", () => {
  expect(secondPart("#/inforande/bygglov.avgift")).toBe("bygglov.avgift");
  expect(secondPart("#/inforande")).toBeNull();
  expect(secondPart("#/inforande/%E0%A4%A")).toBeNull();
});
