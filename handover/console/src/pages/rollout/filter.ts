/** Which FAQs the rollout page shows. */
import type { FaqRollout, Level, ServiceRollout } from "@wire/protocol";

export interface Filter {
  words: string;
  level: Level | "";
  only: "" | "ready" | "below_floor" | "sensitive";
}

export const EVERYTHING: Filter = { words: "", level: "", only: "" };

export function isEverything({ words, level, only }: Filter): boolean {
  return words.trim() === "" && level === "" && only === "";
}

/** Returns the services that have FAQs of the selection, each with those only. */
export function filterServices(
  services: readonly ServiceRollout[],
  filter: Filter,
): ServiceRollout[] {
  const words = fold(filter.words).split(/\s+/).filter(Boolean);
  return services
    .filter(({ sensitive }) => sensitive || filter.only !== "sensitive")
    .map((service) => ({
      ...service,
      faqs: service.faqs.filter((faq) => isWanted(faq, filter) && hasWords(service, faq, words)),
    }))
    .filter(({ faqs }) => faqs.length > 0);
}

/** Whether the recent reviews of a FAQ are worse than its floor. */
export function isBelowFloor({ evidence, floor }: FaqRollout): boolean {
  const { recent_reviewed: reviewed, recent_approved: approved } = evidence;
  return reviewed > 0 && approved / reviewed < floor;
}

export function countReady({ faqs }: ServiceRollout): number {
  return faqs.filter(({ ready }) => ready).length;
}

/** Returns the rollout's services with one FAQ as the server last told it. */
export function withFaq(services: readonly ServiceRollout[], changed: FaqRollout): ServiceRollout[] {
  return services.map((service) =>
    service.faqs.some(({ faq }) => faq === changed.faq)
      ? { ...service, faqs: service.faqs.map((faq) => (faq.faq === changed.faq ? changed : faq)) }
      : service,
  );
}

function isWanted(faq: FaqRollout, { level, only }: Filter): boolean {
  if (level !== "" && faq.level !== level) return false;
  if (only === "ready") return Boolean(faq.ready);
  return only !== "below_floor" || isBelowFloor(faq);
}

function hasWords(service: ServiceRollout, faq: FaqRollout, words: readonly string[]): boolean {
  const text = fold(`${service.name} ${faq.question} ${faq.faq}`);
  return words.every((word) => text.includes(word));
}

function fold(text: string): string {
  return text.toLocaleLowerCase("sv");
}
