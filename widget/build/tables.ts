/** The tables that are fetched, as files whose names change with what they hold. */
import { createHash } from "node:crypto";
import { builtIn, type Fetched, type Language } from "../src/strings";
import { tables } from "../src/strings/tables";

interface TableFile {
  language: Fetched;
  name: string;
  source: string;
}

export const tableFiles: TableFile[] = (Object.keys(tables) as Language[])
  .filter((language): language is Fetched => !(language in builtIn))
  .map((language) => {
    const source = JSON.stringify(tables[language]);
    const hash = createHash("sha256").update(source).digest("hex").slice(0, 12);
    return { language, name: `${language}-${hash}.json`, source };
  });

/** What the script knows of them. */
export const define = {
  WIDGET_TABLES: JSON.stringify(
    Object.fromEntries(tableFiles.map(({ language, name }) => [language, name])),
  ),
};
