import type { Clock } from "../../src/wire/clock";

/** A clock that goes only when it is told to. */
export class HandClock implements Clock {
  private now = 0;
  private timers: { due: number; task: () => void }[] = [];

  after(ms: number, task: () => void): () => void {
    const timer = { due: this.now + ms, task };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  random(): number {
    return 0.5;
  }

  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.now = next.due;
      next.task();
    }
    this.now = end;
  }

  get pending(): number {
    return this.timers.length;
  }
}
