import type { Clock } from "./clock";
import type { Command } from "./frames";

const RETRY_AFTER_MS = 5_000;
const PASSING = new Set(["database_unavailable", "slow_reader", "too_many_requests"]);

/** Whether a refusal passes by itself, so that the same command is sent again after a while. */
export function isPassing(code: string): boolean {
  return PASSING.has(code);
}

interface OutboxOptions<Sent> {
  clock: Clock;
  deadlineMs: number;
  transmit(command: Sent): void;
  /** Something that was sent has had no answer within the deadline. */
  overdue(): void;
}

/** The commands that the server has not answered, in order. */
export class Outbox<Sent extends Command> {
  private readonly waiting = new Map<string, Sent>();
  private readonly inFlight = new Set<string>();
  private flowing = false;
  private cancelDeadline = noTimer;
  private cancelRetry = noTimer;

  constructor(private readonly options: OutboxOptions<Sent>) {}

  add(command: Sent): void {
    this.waiting.set(command.id, command);
    if (this.flowing) this.transmit(command);
  }

  /** The connection is there: everything that waits is sent, again where need be. */
  resume(): void {
    this.pause();
    this.flowing = true;
    for (const command of this.waiting.values()) this.transmit(command);
  }

  /** The connection is gone; nothing is sent and no deadline runs. */
  pause(): void {
    this.flowing = false;
    this.inFlight.clear();
    this.cancelDeadline();
    this.cancelRetry();
  }

  settle(id: string): void {
    this.waiting.delete(id);
    this.landed(id);
  }

  refuse(id: string, code: string): void {
    if (!isPassing(code)) return this.settle(id);
    this.landed(id);
    this.cancelRetry();
    this.cancelRetry = this.options.clock.after(RETRY_AFTER_MS, () => this.resume());
  }

  /** Removes and returns what was sent and not answered. */
  takeInFlight(): Sent[] {
    const taken = [...this.waiting.values()].filter(({ id }) => this.inFlight.has(id));
    for (const { id } of taken) this.settle(id);
    return taken;
  }

  private transmit(command: Sent): void {
    this.inFlight.add(command.id);
    this.options.transmit(command);
    this.watch();
  }

  private landed(id: string): void {
    this.inFlight.delete(id);
    this.watch();
  }

  private watch(): void {
    this.cancelDeadline();
    if (this.inFlight.size === 0) return;
    const { clock, deadlineMs, overdue } = this.options;
    this.cancelDeadline = clock.after(deadlineMs, overdue);
  }
}

const noTimer = (): void => undefined;
