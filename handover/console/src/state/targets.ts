/** Whom a conversation can be passed on to: a colleague, whoever knows a service, or a language. */
import type { CatalogueServiceLine, GuideState, Transfer } from "@wire/protocol";

export type Target =
  | { kind: "guide"; guide: GuideState; canTake: boolean }
  | { kind: "service"; service: CatalogueServiceLine; available: number }
  | { kind: "language"; language: string; available: number };

/** Returns colleagues, services and languages; of each kind those first where somebody can take it. */
export function targetsOf(
  guides: readonly GuideState[],
  services: readonly CatalogueServiceLine[],
  me: string | undefined,
): Target[] {
  const others = guides.filter((guide) => guide.id !== me);
  const takers = others.filter(canTake);
  const languages = [...new Set(others.flatMap((guide) => guide.languages ?? []))].sort();
  return [
    ...others
      .map((guide): Target => ({ kind: "guide", guide, canTake: canTake(guide) }))
      .sort((one, other) => rank(one) - rank(other)),
    ...services
      .map((service) => ({
        kind: "service" as const,
        service,
        available: takers.filter((guide) => guide.services?.includes(service.id)).length,
      }))
      .sort(
        (one, other) =>
          other.available - one.available ||
          one.service.name.text.localeCompare(other.service.name.text, "sv"),
      ),
    ...languages.map((language): Target => ({
      kind: "language",
      language,
      available: takers.filter((guide) => guide.languages?.includes(language)).length,
    })),
  ];
}

export function canTake({ presence, load, capacity }: GuideState): boolean {
  return presence === "available" && load < capacity;
}

function rank(target: Target): number {
  if (target.kind !== "guide" || !target.canTake) return Infinity;
  return target.guide.load;
}

/** Returns what names a target among all, and in the frame. */
export function addressOf(
  target: Target,
): Pick<Transfer, "to_guide" | "to_service" | "to_language"> {
  switch (target.kind) {
    case "guide":
      return { to_guide: target.guide.id };
    case "service":
      return { to_service: target.service.id };
    case "language":
      return { to_language: target.language };
  }
}
