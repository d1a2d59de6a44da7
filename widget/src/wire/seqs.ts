export type Step = "next" | "repeat" | "gap";

/** How far each record has been read. A citizen's socket carries one record, under the key "". */
export class SeqBook {
  private readonly last = new Map<string, number>();

  /** Notes an event; it may be used only when the answer is `next`. */
  take(key: string, seq: number): Step {
    const last = this.get(key);
    if (seq <= last) return "repeat";
    if (seq > last + 1) return "gap";
    this.last.set(key, seq);
    return "next";
  }

  get(key = ""): number {
    return this.last.get(key) ?? 0;
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.last);
  }

  clear(): void {
    this.last.clear();
  }
}
