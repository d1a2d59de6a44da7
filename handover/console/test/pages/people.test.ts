import { expect, test } from "vitest";
import { choicesOf, toggled } from "../../src/pages/people/choices";

const all = ["sv", "en", "ar"];

test("what is chosen stands in the order of what can be chosen", () => {
  expect(toggled(["ar"], "sv", all)).toEqual(["sv", "ar"]);
  expect(toggled(["sv", "ar"], "sv", all)).toEqual(["ar"]);
  expect(toggled(["ar"], "ar", all)).toEqual([]);
});

test("what was chosen and is not offered any more can still be taken away", () => {
  expect(choicesOf(all, ["so", "sv"])).toEqual(["sv", "en", "ar", "so"]);
});
