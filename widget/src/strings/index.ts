/** The language tables. A key that is missing in one of them does not compile. */
import { en } from "./en";
import { sv } from "./sv";

type Shape<T> = T extends string
  ? string
  : T extends (...given: infer G) => string
    ? (...given: G) => string
    : T extends string[]
      ? string[]
      : { [K in keyof T]: Shape<T[K]> };

export type Strings = Shape<typeof sv>;

const tables = { sv, en };
const directions: Record<Language, "ltr" | "rtl"> = { sv: "ltr", en: "ltr" };

export type Language = keyof typeof tables;

export const languages = Object.keys(tables) as Language[];

export function stringsOf(language: Language): Strings {
  return tables[language];
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return directions[language];
}

/** Returns the language that a tag such as "sv-SE" stands for, or null where there is no table. */
export function findLanguage(tag: string | null | undefined): Language | null {
  const primary = tag?.toLowerCase().split("-")[0] ?? "";
  return languages.find((language) => language === primary) ?? null;
}

/** The sentence for an error code; what is unknown gets the general one. */
export function errorSentence(strings: Strings, code: string): string {
  return (strings.errors as Record<string, string>)[code] ?? strings.error;
}
