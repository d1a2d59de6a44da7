/** The questions of the catalogue to choose from, and what they are called. */
import type { InboxFaq, InboxFaqs, LikelyFaq } from "@wire/protocol";
import type { Choice } from "../../views/picker";

const MOST_SHOWN = 8;

export class Faqs {
  private readonly byId: ReadonlyMap<string, InboxFaq>;

  constructor(private readonly list: InboxFaqs | null) {
    this.byId = new Map((list?.faqs ?? []).map((faq) => [faq.id, faq]));
  }

  /** Returns the question of a FAQ; its id until the catalogue has come, and where it is not there. */
  question(id: string): string {
    return this.byId.get(id)?.question ?? id;
  }

  /** Returns what fits all words, the likely ones first; the likely ones alone where nothing is written. */
  choices(search: string, likely: readonly LikelyFaq[]): Choice[] {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const first = likely.flatMap(({ faq }) => this.byId.get(faq) ?? []);
    const rest = (this.list?.faqs ?? []).filter((faq) => !first.includes(faq));
    return [...first, ...rest]
      .filter((faq) => words.every((word) => wordsOf(faq).includes(word)))
      .slice(0, MOST_SHOWN)
      .map(({ id, question, service_name }) => ({ value: id, label: question, detail: service_name }));
  }
}

function wordsOf({ id, question, service_name }: InboxFaq): string {
  return `${question} ${service_name} ${id}`.toLowerCase();
}
