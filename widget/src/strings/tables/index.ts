/** Every table, for the build and the tests; the script itself imports the built-in ones alone. */
import type { Language, Table } from "../index";
import { ar } from "./ar";
import { bs } from "./bs";
import { en } from "./en";
import { es } from "./es";
import { fa } from "./fa";
import { fi } from "./fi";
import { pl } from "./pl";
import { so } from "./so";
import { sv } from "./sv";
import { easySwedish } from "./sv-x-easy";
import { ti } from "./ti";
import { uk } from "./uk";

export const tables: Record<Language, Table> = {
  sv,
  "sv-x-easy": easySwedish,
  en,
  ar,
  fa,
  so,
  ti,
  fi,
  uk,
  pl,
  bs,
  es,
};
