import { directionOf, type Language, type Plural, type Table } from "./index";

type Values = Record<string, string | number>;

/** Around what is filled in, so that a Swedish name keeps its order in an Arabic sentence. */
const ISOLATE = "\u2068";
const END_OF_ISOLATE = "\u2069";

const SIX_DAYS_MS = 6 * 86_400_000;

/** A language's table, with what `Intl` knows of the language. */
export class Words {
  readonly direction: "ltr" | "rtl";
  /** Not every browser knows every language; it would take its own in the place of one. */
  private readonly locales: string[];
  private readonly numbers: Intl.NumberFormat;
  private readonly plurals: Intl.PluralRules;

  constructor(
    readonly language: Language,
    readonly t: Table,
  ) {
    this.direction = directionOf(language);
    this.locales = [language, "sv"];
    this.numbers = new Intl.NumberFormat(this.locales);
    this.plurals = new Intl.PluralRules(this.locales);
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  /** The text with its digits as the language writes them. */
  digits(text: string): string {
    return text.replace(/\d/g, (digit) => this.number(Number(digit)));
  }

  /** The text with `{name}` and the like filled in. */
  fill(text: string, values: Values): string {
    return text.replace(/\{(\w+)\}/g, (gap, name: string) => {
      const value = values[name];
      if (value === undefined) return gap;
      if (typeof value === "number") return this.number(value);
      return this.direction === "rtl" ? ISOLATE + value + END_OF_ISOLATE : value;
    });
  }

  /** The form of `plural` for `count`, filled in. */
  count(plural: Plural, count: number, values: Values = {}): string {
    const text = plural[this.plurals.select(count)] ?? plural.other;
    return this.fill(text, { ...values, count });
  }

  /** The time of day, with the date when it is another day than today; empty for what is no time. */
  time(at: string, now = new Date()): string {
    const then = new Date(at);
    if (Number.isNaN(then.getTime())) return "";
    const sameDay = then.toDateString() === now.toDateString();
    return this.format(then, {
      ...(!sameDay && { day: "numeric", month: "short" }),
      hour: "2-digit",
      minute: "2-digit",
    });
  }

  /** Date and time in full, for what is kept on paper or in a file. */
  fullTime(at: string | Date): string {
    const then = new Date(at);
    if (Number.isNaN(then.getTime())) return "";
    return this.format(then, { dateStyle: "medium", timeStyle: "short" });
  }

  /** When it opens, as clocks in Sweden show it; null for what is no time. */
  opening(at: string, now = new Date()): { day: string; time: string } | null {
    const then = new Date(at);
    if (Number.isNaN(then.getTime())) return null;
    const isFar = then.getTime() - now.getTime() > SIX_DAYS_MS;
    const zone = { timeZone: "Europe/Stockholm", calendar: "gregory" };
    return {
      day: this.format(then, {
        ...zone,
        weekday: "long",
        // The day of the week alone would be understood as that of this week.
        ...(isFar && { day: "numeric", month: "long" }),
      }),
      // As the service writes it: 08:00 in Swedish, 8.00 in Finnish.
      time: this.format(then, { ...zone, timeStyle: "short" }),
    };
  }

  private format(date: Date, options: Intl.DateTimeFormatOptions): string {
    // In Sweden the clock has 24 hours, whatever the language.
    return new Intl.DateTimeFormat(this.locales, { ...options, hourCycle: "h23" }).format(date);
  }
}

/** The sentence for an error code; what is unknown gets the general one. */
export function errorSentence(t: Table, code: string): string {
  if (code === "rating_invalid") return t.scoreMissing;
  return Object.hasOwn(t.errors, code) ? t.errors[code as keyof Table["errors"]] : t.error;
}
