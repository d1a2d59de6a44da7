/** What survives a reload of the page: only in this tab, and gone with it. */
import type { Pending } from "./state/state";
import type { Language } from "./strings";
import type { ConversationOpened } from "./wire/protocol";

interface Kept {
  conversation: ConversationOpened;
  pending: Pending[];
  draft: string;
  language: Language;
  /** Up to which seq the person has seen the transcript. */
  seen: number;
  /** Which of the text sizes the person has chosen. */
  size: number;
}

/** A few values under a prefix. Where storage is blocked or full they last as long as the page. */
export class Storage {
  private readonly memory = new Map<keyof Kept, unknown>();
  /** Whether what is kept survives a reload. */
  readonly lasts: boolean;

  constructor(private readonly prefix: string) {
    this.lasts = this.probe();
  }

  find<K extends keyof Kept>(key: K): Kept[K] | null {
    if (this.memory.has(key)) return this.memory.get(key) as Kept[K];
    try {
      const text = sessionStorage.getItem(`${this.prefix}.${key}`);
      return text === null ? null : (JSON.parse(text) as Kept[K]);
    } catch {
      return null;
    }
  }

  keep<K extends keyof Kept>(key: K, value: Kept[K]): void {
    this.memory.set(key, value);
    try {
      sessionStorage.setItem(`${this.prefix}.${key}`, JSON.stringify(value));
    } catch {
      // The person may have blocked storage: then a reload starts afresh.
    }
  }

  forget(...keys: (keyof Kept)[]): void {
    for (const key of keys) this.memory.delete(key);
    try {
      for (const key of keys) sessionStorage.removeItem(`${this.prefix}.${key}`);
    } catch {
      // As above.
    }
  }

  private probe(): boolean {
    const probe = `${this.prefix}.probe`;
    try {
      sessionStorage.setItem(probe, "1");
      sessionStorage.removeItem(probe);
      return true;
    } catch {
      return false;
    }
  }
}
