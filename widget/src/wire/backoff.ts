const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * Growing delays with jitter: after a restart of the server its clients do not come back in step.
 * The n-th delay lies between half of and the whole of `500 ms · 2ⁿ`, at most 30 s.
 */
export class Backoff {
  private attempt = 0;

  constructor(private readonly random: () => number) {}

  next(): number {
    const whole = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.attempt);
    this.attempt += 1;
    return Math.round((whole / 2) * (1 + this.random()));
  }

  reset(): void {
    this.attempt = 0;
  }
}
