import type { Clock } from "./clock";

/** Shorter than what a network forgets a silent connection after, and than what the server waits. */
export const QUIET_MS = 25_000;
export const ANSWER_DEADLINE_MS = 10_000;

/**
 * Watches over a line on which nothing is heard when it dies: after a while of quiet it asks, and
 * where no answer comes the line is `dead`.
 */
export class Pulse {
  private cancelTimer = (): void => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ask: () => void,
    private readonly dead: () => void,
  ) {}

  /** Something was heard. */
  heard(): void {
    this.stop();
    this.cancelTimer = this.clock.after(QUIET_MS, () => {
      this.cancelTimer = this.clock.after(ANSWER_DEADLINE_MS, this.dead);
      this.ask();
    });
  }

  stop(): void {
    this.cancelTimer();
  }
}
