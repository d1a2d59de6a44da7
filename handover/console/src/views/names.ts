/** What guides read in place of ids: the names of services, the questions that intents stand for. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { CatalogueServiceLine, CatalogueServices } from "@wire/protocol";
import { sv } from "../strings/sv";

export interface Names {
  services: readonly CatalogueServiceLine[];
  service(id: string): string;
  intent(id: string | null | undefined): string;
}

/** Returns the names of the catalogue; ids stand for themselves until it has come. */
export function namesOf(catalogue: CatalogueServices | null): Names {
  const services = catalogue?.services ?? [];
  const names = new Map(services.map(({ id, name }) => [id, name.text]));
  const questions: Readonly<Record<string, string>> = catalogue?.questions ?? {};
  return {
    services,
    service: (id) => names.get(id) ?? id,
    intent: (id) => (id ? (questions[id] ?? sv.intents[id] ?? id) : sv.unknownIntent),
  };
}

export const NamesContext = createContext(namesOf(null));

export function useNames(): Names {
  return useContext(NamesContext);
}
