/**
 * The languages of the widget. Swedish and English are built in; the other tables are fetched when
 * somebody needs them, so that nobody downloads more than their own (`dictionary.ts`).
 */
import type { Table } from "./table";
import { en } from "./tables/en";
import { sv } from "./tables/sv";

export type { Plural, Table } from "./table";
export { Words } from "./words";

/** What each language calls itself, in the order of the list that people choose from. */
export const languageNames = {
  sv: "Svenska",
  "sv-x-easy": "Lätt svenska",
  en: "English",
  ar: "العربية",
  fa: "فارسی",
  so: "Soomaali",
  ti: "ትግርኛ",
  fi: "Suomi",
  uk: "Українська",
  pl: "Polski",
  bs: "Bosanski / Srpski / Hrvatski",
  es: "Español",
} as const;

export type Language = keyof typeof languageNames;
export type BuiltIn = keyof typeof builtIn;
export type Fetched = Exclude<Language, BuiltIn>;

export const languages = Object.keys(languageNames) as Language[];
export const builtIn = { sv, en } satisfies Partial<Record<Language, Table>>;

const RIGHT_TO_LEFT = new Set<Language>(["ar", "fa"]);
/** Tags of languages that are served by the table of another. */
const SAME_TABLE: Record<string, Language> = { sr: "bs", hr: "bs", sh: "bs", prs: "fa" };

export function directionOf(language: Language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/** The built-in language that stands in for one whose table did not come. */
export function standInFor(language: Language): BuiltIn {
  return language === "sv" || language === "sv-x-easy" ? "sv" : "en";
}

/** Returns the language that a tag such as "sv-SE" stands for, or null where there is no table. */
export function findLanguage(tag: string | null | undefined): Language | null {
  const wanted = tag?.toLowerCase() ?? "";
  const primary = wanted.split("-")[0] ?? "";
  return (
    languages.find((language) => language === wanted) ??
    languages.find((language) => language === primary) ??
    SAME_TABLE[primary] ??
    null
  );
}
