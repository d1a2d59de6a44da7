import { expect, test } from "vitest";
import { holdsPersonnummer } from "../../src/state/personnummer";

test.each([
  "811218-9876",
  "8112189876",
  "19811218-9876",
  "198112189876",
  "1981 12 18 98 76",
  "Jag heter Anna, 811218-9876, och",
  "811218+9876",
  "811218–9876",
  // A coordination number: 60 added to the day.
  "701063-2391",
  "٨١١٢١٨-٩٨٧٦",
  "۸۱۱۲۱۸-۹۸۷۶",
])("%s is warned about", (text) => {
  expect(holdsPersonnummer(text)).toBe(true);
});

test.each([
  "",
  "Hej",
  "811218-9877",
  "811318-9876",
  "811200-9876",
  "990231-0000",
  "070-123 45 67",
  "1234567890123456",
  "Diarienummer 2026-00123",
  "kl. 08.15-16.30",
])("%s is not", (text) => {
  expect(holdsPersonnummer(text)).toBe(false);
});

test("a text of twenty thousand characters is judged at once", () => {
  const began = performance.now();
  holdsPersonnummer("811218 ".repeat(3_000));
  holdsPersonnummer("1".repeat(20_000));
  expect(performance.now() - began).toBeLessThan(200);
});
