import { describe, expect, test } from "vitest";
import { ANSWER_DEADLINE_MS, Pulse, QUIET_MS } from "../../src/wire/pulse";
import { HandClock } from "./hand_clock";

function setUp() {
  const clock = new HandClock();
  const told: string[] = [];
  const pulse = new Pulse(
    clock,
    () => told.push("asked"),
    () => told.push("dead"),
  );
  pulse.heard();
  return { clock, told, pulse };
}

describe("a pulse", () => {
  test("asks nothing of a line on which there is something to hear", () => {
    const { clock, told, pulse } = setUp();
    for (let times = 0; times < 10; times += 1) {
      clock.advance(QUIET_MS - 1);
      pulse.heard();
    }
    expect(told).toEqual([]);
  });

  test("asks when it has been quiet, and goes on when it is answered", () => {
    const { clock, told, pulse } = setUp();
    clock.advance(QUIET_MS);
    expect(told).toEqual(["asked"]);
    clock.advance(ANSWER_DEADLINE_MS - 1);
    pulse.heard();
    clock.advance(QUIET_MS);
    expect(told).toEqual(["asked", "asked"]);
  });

  test("calls a line dead that does not answer, once", () => {
    const { clock, told } = setUp();
    clock.advance(QUIET_MS + ANSWER_DEADLINE_MS);
    expect(told).toEqual(["asked", "dead"]);
    clock.advance(10 * QUIET_MS);
    expect(told).toEqual(["asked", "dead"]);
    expect(clock.pending).toBe(0);
  });

  test("leaves no timer behind when it is stopped, asked or not", () => {
    for (const quiet of [0, QUIET_MS]) {
      const { clock, told, pulse } = setUp();
      clock.advance(quiet);
      pulse.stop();
      expect(clock.pending).toBe(0);
      clock.advance(10 * QUIET_MS);
      expect(told).not.toContain("dead");
    }
  });
});
