/** What survives a reload of the page: only in this tab, and gone with it. */
import type { Pending } from "./state/state";
import type { ConversationOpened } from "./wire/protocol";
import type { Language } from "./strings";

interface Kept {
  conversation: ConversationOpened;
  pending: Pending[];
  draft: string;
  language: Language;
  /** Up to which seq the person has seen the transcript. */
  seen: number;
}

/** A few values under a prefix. Blocked or full storage makes it forgetful, not broken. */
export class Storage {
  constructor(private readonly prefix: string) {}

  find<K extends keyof Kept>(key: K): Kept[K] | null {
    try {
      const text = sessionStorage.getItem(`${this.prefix}.${key}`);
      return text === null ? null : (JSON.parse(text) as Kept[K]);
    } catch {
      return null;
    }
  }

  keep<K extends keyof Kept>(key: K, value: Kept[K]): void {
    try {
      sessionStorage.setItem(`${this.prefix}.${key}`, JSON.stringify(value));
    } catch {
      // The person may have blocked storage: then a reload starts afresh.
    }
  }

  forget(...keys: (keyof Kept)[]): void {
    try {
      for (const key of keys) sessionStorage.removeItem(`${this.prefix}.${key}`);
    } catch {
      // As above.
    }
  }
}
