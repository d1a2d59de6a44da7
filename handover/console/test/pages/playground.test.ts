import { describe, expect, it } from "vitest";
import { linkOf, NOTHING, sentenceIn } from "../../src/pages/playground/link";
import { gain, partOf, percent } from "../../src/pages/training/numbers";

describe("a shared sentence", () => {
  it.each([
    { text: "Behöver jag bygglov?", language: "sv", audience: "citizen" },
    { text: "50 % & mer / mindre # = +", language: "sv-easy", audience: "staff" },
    { text: "مرحبا 🙂", language: "ar", audience: "citizen" },
  ] as const)("comes back as it was: $text", (sentence) => {
    expect(sentenceIn(linkOf(sentence))).toEqual(sentence);
  });

  it("stands behind the page's own part of the address", () => {
    expect(linkOf(NOTHING).startsWith("#/prova/")).toBe(true);
  });

  it.each(["", "#/", "#/prova", "#/prova/", "#/prova/%", "#/granska/text=x"])(
    "is empty where the address holds none: %s",
    (hash) => {
      expect(sentenceIn(hash).text).toBe("");
    },
  );

  it("is a citizen's unless it says otherwise", () => {
    expect(sentenceIn("#/prova/text=hej&audience=admin").audience).toBe("citizen");
  });
});

describe("numbers", () => {
  it("are written in Swedish", () => {
    expect(percent(0.9125).replace(/\s/g, " ")).toBe("91,3 %");
    expect(percent(null)).toBe("–");
    expect(partOf(9, 10).replace(/\s/g, " ")).toBe("9 av 10 (90 %)");
    expect(partOf(0, 0)).toBe("–");
  });

  it("tell for and against", () => {
    expect([gain(0.4), gain(-0.25), gain(0)].map((one) => one.replace("−", "-"))).toEqual([
      "+0,40",
      "-0,25",
      "0,00",
    ]);
  });
});
