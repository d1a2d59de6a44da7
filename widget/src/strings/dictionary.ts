import { builtIn, type Fetched, type Language, type Table } from "./index";

/** File names of the tables that are fetched, with the hash of what they hold; made by the build. */
declare const WIDGET_TABLES: Record<Fetched, string>;

const DEADLINE_MS = 10_000;

/** The tables that are here, and how to get the others. */
export class Dictionary {
  private readonly tables = new Map<Language, Table>(Object.entries(builtIn) as [Language, Table][]);

  /** `folder` is the address of the folder that the script itself came from. */
  constructor(private readonly folder: string) {}

  find(language: Language): Table | null {
    return this.tables.get(language) ?? null;
  }

  /** Returns the table, fetched if need be; null where it does not come or is none. */
  async load(language: Language): Promise<Table | null> {
    const known = this.find(language);
    if (known !== null) return known;
    try {
      const url = new URL(`strings/${WIDGET_TABLES[language as Fetched]}`, this.folder);
      const response = await fetch(url, {
        credentials: "omit",
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      const body: unknown = response.ok ? await response.json() : null;
      if (!isTable(body)) return null;
      this.tables.set(language, body);
      return body;
    } catch {
      return null;
    }
  }
}

/** Whether `body` has all that the Swedish table has, each of its kind. */
export function isTable(body: unknown): body is Table {
  return hasShape(builtIn.sv, body);
}

function hasShape(model: unknown, value: unknown): boolean {
  if (typeof model !== "object" || model === null) return typeof value === typeof model;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(model).every(([key, part]) =>
    hasShape(part, (value as Record<string, unknown>)[key]),
  );
}
