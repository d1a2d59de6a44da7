/** The console's pages and their addresses, which stand behind the `#` of the one page that is served. */
import { useEffect, useState } from "preact/hooks";
import type { Right } from "@wire/protocol";

export type PageName =
  | "desk"
  | "reviews"
  | "rollout"
  | "live"
  | "inbox"
  | "content"
  | "trainings"
  | "models"
  | "playground"
  | "people";

interface Place {
  hash: string;
  /** One of these rights opens the page. */
  rights: readonly Right[];
}

const PLACES: Record<PageName, Place> = {
  desk: { hash: "#/", rights: ["desk"] },
  reviews: { hash: "#/granska", rights: ["review"] },
  rollout: { hash: "#/inforande", rights: ["read_rollout"] },
  live: { hash: "#/direkt", rights: ["live"] },
  inbox: { hash: "#/inkorg", rights: ["tune"] },
  content: { hash: "#/innehall", rights: ["tune"] },
  trainings: { hash: "#/traning", rights: ["tune"] },
  models: { hash: "#/modeller", rights: ["tune"] },
  playground: { hash: "#/prova", rights: ["tune"] },
  people: { hash: "#/personer", rights: ["keep_guides", "keep_accounts"] },
};

const NAMES = Object.keys(PLACES) as PageName[];

/** Returns the pages that somebody with these rights may open, in the order of the navigation. */
export function pagesFor(rights: readonly Right[]): PageName[] {
  return NAMES.filter((name) => PLACES[name].rights.some((right) => rights.includes(right)));
}

export function hashOf(name: PageName): string {
  return PLACES[name].hash;
}

/** Returns the page that an address names, by its first part; unknown ones name none. */
export function findPage(hash: string): PageName | null {
  const [, first = ""] = hash.split("/");
  return NAMES.find((name) => PLACES[name].hash === `#/${first}`) ?? null;
}

export function goTo(name: PageName): void {
  location.hash = hashOf(name);
}

/** Returns the page to show: the one of the address, else the first that may be opened. */
export function usePage(open: readonly PageName[]): PageName | null {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const asked = findPage(hash);
  return asked !== null && open.includes(asked) ? asked : (open[0] ?? null);
}
