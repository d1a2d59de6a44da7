import { expect, test, vi } from "vitest";
import { builtIn, Words } from "../../src/strings";
import { tables } from "../../src/strings/tables";
import { queueSentences } from "../../src/views/status";
import type { QueuePlace } from "../../src/wire/protocol";

const sv = new Words("sv", builtIn.sv);
const place: QueuePlace = { type: "queue", position: 2, guides_on_duty: 1 };

test("nothing is said of the wait where there is nothing to judge by", () => {
  expect(queueSentences(place, sv)).toEqual(["Du har plats 2 i kön."]);
});

test.each([
  [[20, 50], "Väntetiden är under en minut."],
  [[40, 80], "Väntetiden är ungefär 1 minut."],
  [[120, 300], "Väntetiden är ungefär 2–5 minuter."],
] as [[number, number], string][])("a wait of %j seconds", (wait_seconds, sentence) => {
  expect(queueSentences({ ...place, wait_seconds }, sv)[1]).toBe(sentence);
});

test("no time is promised when no guide is on duty", () => {
  const sentences = queueSentences({ ...place, wait_seconds: [60, 120], guides_on_duty: 0 }, sv);
  expect(sentences).toEqual(["Du har plats 2 i kön.", sv.t.noGuides]);
});

const closed = { ...place, guides_on_duty: 0, opens_at: "2026-03-09T07:00:00+00:00" };

test.each([
  ["2026-03-07T22:00:00Z", "Vi öppnar måndag kl. 08:00. Skriv ditt ärende här, så svarar vi då."],
  ["2026-03-01T22:00:00Z", "Vi öppnar måndag 9 mars kl. 08:00. Skriv ditt ärende här, så svarar vi då."],
])("when it is closed the opening is told, at %s", (now, sentence) => {
  vi.useFakeTimers({ now: new Date(now) });
  expect(queueSentences(closed, sv)).toEqual(["Du har plats 2 i kön.", sentence]);
  vi.useRealTimers();
});

test("a guide who is there all the same is waited for, whatever the hours", () => {
  const sentences = queueSentences({ ...closed, guides_on_duty: 1, wait_seconds: [20, 50] }, sv);
  expect(sentences).toEqual(["Du har plats 2 i kön.", "Väntetiden är under en minut."]);
});

test("an opening that is no time promises none", () => {
  const sentences = queueSentences({ ...closed, opens_at: "soon" }, sv);
  expect(sentences[1]).toBe(sv.t.noGuides);
});

test("days are those of Sweden's calendar in Persian too", () => {
  const fa = new Words("fa", tables.fa);
  const sentence = queueSentences({ ...closed, opens_at: "2027-03-08T07:00:00Z" }, fa)[1];
  expect(sentence).toContain("مارس");
});
