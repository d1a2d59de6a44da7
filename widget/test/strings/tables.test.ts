import { describe, expect, test } from "vitest";
import { tableFiles } from "../../build/tables";
import { directionOf, findLanguage, languages, Words, type Language, type Table } from "../../src/strings";
import { isTable } from "../../src/strings/dictionary";
import { tables } from "../../src/strings/tables";

type Leaf = [path: string, text: string];

/** All texts of a table with where they stand. */
function texts(part: unknown, path = ""): Leaf[] {
  if (typeof part === "string") return [[path, part]];
  return Object.entries(part as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const gaps = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();
const isPlural = (part: unknown): part is Record<string, string> =>
  typeof part === "object" && part !== null && "other" in part;
const plurals = (table: Table) => Object.entries(table).filter(([, part]) => isPlural(part));

describe.each(languages)("the table of %s", (language: Language) => {
  const table = tables[language];

  test("has every text that the Swedish one has, and none is empty", () => {
    expect(isTable(table)).toBe(true);
    expect(texts(table).filter(([, text]) => text.trim() === "")).toEqual([]);
    expect(Object.keys(table).sort()).toEqual(Object.keys(tables.sv).sort());
  });

  test("has a form for each plural of the language, and no other", () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [name, forms] of plurals(table)) {
      expect([name, Object.keys(forms as object).sort()]).toEqual([name, [...categories].sort()]);
    }
  });

  test("has the gaps that are filled in, and no other", () => {
    const swedish = new Map(texts(tables.sv));
    for (const [path, text] of texts(table)) {
      const model = swedish.get(path) ?? swedish.get(path.replace(/\.\w+$/, ".other")) ?? "";
      const allowed = gaps(model);
      // "One message" and "two messages" need no figure.
      const figure = /\.(zero|one|two)$/.test(path) ? ["{count}", "{low}", "{max}"] : [];
      const lacks = allowed.filter((gap) => !gaps(text).includes(gap) && !figure.includes(gap));
      expect([path, lacks, gaps(text).filter((gap) => !allowed.includes(gap))]).toEqual([path, [], []]);
    }
  });

  test("keeps the limit of a message in every form that says a text is too long", () => {
    for (const form of Object.values(table.tooLong)) expect(form).toContain("{max}");
  });

  test("is written in its own direction, as Intl knows it", () => {
    const locale = new Intl.Locale(language) as Intl.Locale & {
      getTextInfo?(): { direction: string };
      textInfo?: { direction: string };
    };
    const known = locale.getTextInfo?.() ?? locale.textInfo;
    expect(directionOf(language)).toBe(known?.direction ?? "ltr");
  });
});

test("no two languages say the same, so that none was forgotten in another's words", () => {
  const same = languages.flatMap((one, place) =>
    languages.slice(place + 1).filter((other) => tables[one].privacy[0] === tables[other].privacy[0]),
  );
  expect(same).toEqual([]);
});

test("each language that is not built in is a file of its own", () => {
  expect(tableFiles.map(({ language }) => language)).toEqual(
    languages.filter((language) => !["sv", "en"].includes(language)),
  );
  for (const { language, source } of tableFiles) expect(JSON.parse(source)).toEqual(tables[language]);
});

test.each([
  ["sv-SE", "sv"],
  ["sv-x-easy", "sv-x-easy"],
  ["SV-X-EASY", "sv-x-easy"],
  ["en-GB", "en"],
  ["hr", "bs"],
  ["sr-Latn", "bs"],
  ["fa-AF", "fa"],
  ["prs", "fa"],
  ["de", null],
  ["", null],
  [undefined, null],
])("the tag %s means %s", (tag, language) => {
  expect(findLanguage(tag)).toBe(language);
});

describe("words", () => {
  const of = (language: Language) => new Words(language, tables[language]);

  test.each([
    ["pl", 1, "1 nowa wiadomość"],
    ["pl", 3, "3 nowe wiadomości"],
    ["pl", 5, "5 nowych wiadomości"],
    ["uk", 21, "21 нове повідомлення"],
    ["bs", 2, "2 nove poruke"],
    ["ar", 2, "رسالتان جديدتان"],
    ["sv-x-easy", 2, "2 nya meddelanden"],
  ] as [Language, number, string][])("in %s, %i messages", (language, count, text) => {
    expect(of(language).count(tables[language].unread, count)).toBe(text);
  });

  test("numbers are grouped and written as the language does", () => {
    expect(of("sv").count(tables.sv.tooLong, 16_000, { max: 4_000 })).toMatch(/16\s000 tecken .* 4\s000 tecken/);
    expect(of("fa").number(12)).toBe(new Intl.NumberFormat("fa").format(12));
    expect(of("fa").digits("5 = x")).toBe(`${of("fa").number(5)} = x`);
  });

  test("a name keeps its own direction within a sentence that runs from the right", () => {
    expect(of("ar").fill(tables.ar.claimed, { name: "Anna" })).toContain("\u2068Anna\u2069");
    expect(of("sv").fill(tables.sv.claimed, { name: "Anna" })).toBe("Anna har tagit över chatten.");
  });

  test("a name that looks like a gap is not filled in again", () => {
    expect(of("sv").fill(tables.sv.claimed, { name: "{name} $& $1" })).toContain("{name} $& $1");
  });

  test("a time is of today, or has its date; what is no time is left out", () => {
    const now = new Date("2026-03-01T12:00:00");
    expect(of("sv").time("2026-03-01T09:05:00", now)).toBe("09:05");
    expect(of("sv").time("2026-02-27T09:05:00", now)).toContain("27 feb");
    expect(of("sv").time("yesterday", now)).toBe("");
    expect(of("sv").fullTime("yesterday")).toBe("");
  });
});
