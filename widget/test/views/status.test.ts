import { expect, test } from "vitest";
import { builtIn, Words } from "../../src/strings";
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
