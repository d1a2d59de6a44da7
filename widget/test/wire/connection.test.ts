import { describe, expect, test } from "vitest";
import type { ChannelHandlers, OpenChannel } from "../../src/wire/channel";
import { Connection, type Status } from "../../src/wire/connection";
import type { CitizenServerFrame, EventFrame } from "../../src/wire/frames";
import type { ErrorFrame } from "../../src/wire/protocol";
import { HandClock } from "./hand_clock";

interface Say {
  type: "say";
  id: string;
  text: string;
}

/** One side of a channel, as a server would see it. */
class Line {
  readonly sent: Record<string, unknown>[] = [];
  closedByClient = false;

  constructor(readonly handlers: ChannelHandlers) {}

  welcome(seq = 0): void {
    this.handlers.opened();
    this.handlers.frame({ type: "welcome", seq, state: "bot" });
  }

  event(seq: number): void {
    this.handlers.frame(eventFrame(seq));
  }
}

function setUp(withFallback = false) {
  const clock = new HandClock();
  const lines: Line[] = [];
  const polls: Line[] = [];
  const seen = { frames: [] as CitizenServerFrame[], statuses: [] as Status[], resets: 0 };
  const stopped: ErrorFrame[] = [];
  const connection = new Connection<Say, CitizenServerFrame>({
    open: opener(lines),
    ...(withFallback && { fallback: opener(polls) }),
    hello: (seqs) => ({ type: "hello", after: seqs.get() }),
    onFrame: (frame) => seen.frames.push(frame),
    onStatus: (status) => seen.statuses.push(status),
    onReset: () => (seen.resets += 1),
    onStopped: (refusal) => stopped.push(refusal),
    clock,
  });
  connection.start();
  return { clock, lines, polls, seen, stopped, connection, last: () => lines.at(-1)! };
}

function opener(lines: Line[]): OpenChannel {
  return (handlers) => {
    const line = new Line(handlers);
    lines.push(line);
    return {
      send: (frame) => line.sent.push(frame as Record<string, unknown>),
      close: () => (line.closedByClient = true),
    };
  };
}

function eventFrame(seq: number): EventFrame {
  return { type: "event", seq, at: "2026-01-01T00:00:00Z", event: { kind: "hidden" } };
}

const say = (id: string): Say => ({ type: "say", id, text: "Hej" });
const seqsOf = (frames: CitizenServerFrame[]): number[] =>
  frames.flatMap((frame) => (frame.type === "event" ? [frame.seq] : []));

describe("a connection", () => {
  test("that is taken up anew says nothing of it, and sends again what was under way", () => {
    const { last, lines, seen, connection } = setUp();
    last().welcome();
    last().event(1);
    connection.send(say("say-1"));
    connection.refresh();
    expect(lines[0]?.closedByClient).toBe(true);
    last().welcome(1);
    expect(last().sent).toEqual([{ type: "hello", after: 1 }, say("say-1")]);
    expect(seen.statuses).toEqual(["connecting", "online"]);
  });

  test("that is taken up anew and does not come is offline in the end", () => {
    const { clock, last, seen, connection } = setUp();
    last().welcome();
    connection.refresh();
    clock.advance(15_000);
    expect(seen.statuses.at(-1)).toBe("offline");
  });

  test("says hello first and is online when it is welcomed", () => {
    const { last, seen } = setUp();
    last().welcome();
    expect(last().sent).toEqual([{ type: "hello", after: 0 }]);
    expect(seen.statuses).toEqual(["connecting", "online"]);
  });

  test("resumes from the last seq and sends again what was not accepted, under the same id", () => {
    const { clock, last, lines, seen, connection } = setUp();
    last().welcome();
    last().event(1);
    last().event(2);
    connection.send(say("first"));
    connection.send(say("second"));
    last().handlers.frame({ type: "accepted", id: "first", seq: 3 });
    last().handlers.closed(1006);
    expect(seen.statuses.at(-1)).toBe("offline");
    clock.advance(1_000);
    expect(lines).toHaveLength(2);
    last().welcome(3);
    expect(last().sent).toEqual([{ type: "hello", after: 2 }, say("second")]);
  });

  test("keeps what is said while it is offline", () => {
    const { last, connection } = setUp();
    connection.send(say("early"));
    expect(last().sent).toEqual([]);
    last().welcome();
    expect(last().sent).toContainEqual(say("early"));
  });

  test("drops repeats and reconnects at a gap", () => {
    const { clock, last, seen } = setUp();
    last().welcome();
    last().event(1);
    last().event(1);
    last().event(3);
    expect(last().closedByClient).toBe(true);
    expect(seqsOf(seen.frames)).toEqual([1]);
    clock.advance(1_000);
    last().welcome(3);
    last().event(2);
    last().event(3);
    expect(seqsOf(seen.frames)).toEqual([1, 2, 3]);
  });

  test("comes back with growing delays", () => {
    const { clock, last, lines } = setUp();
    const waits = [375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500];
    for (const wait of waits) {
      const before = lines.length;
      last().handlers.closed(1006);
      clock.advance(wait - 1);
      expect(lines).toHaveLength(before);
      clock.advance(1);
      expect(lines).toHaveLength(before + 1);
    }
  });

  test("falls back to polling when two sockets failed without ever opening", () => {
    const { clock, last, lines, polls } = setUp(true);
    last().handlers.closed(1006);
    clock.advance(1_000);
    last().handlers.closed(1006);
    clock.advance(2_000);
    expect(lines).toHaveLength(2);
    expect(polls).toHaveLength(1);
  });

  test("stays with sockets when one has opened", () => {
    const { clock, last, polls } = setUp(true);
    last().welcome();
    for (let times = 0; times < 5; times += 1) {
      last().handlers.closed(1006);
      clock.advance(30_000);
    }
    expect(polls).toEqual([]);
  });

  test("stops for good when it is refused, with the reason that was given", () => {
    const { clock, last, lines, seen, stopped, connection } = setUp();
    last().handlers.opened();
    const refusal: ErrorFrame = { type: "error", code: "token_invalid", message: "Nej." };
    last().handlers.frame(refusal);
    last().handlers.closed(1008);
    clock.advance(60_000);
    connection.retryNow();
    expect(lines).toHaveLength(1);
    expect(stopped).toEqual([refusal]);
    expect(seen.statuses.at(-1)).toBe("offline");
  });

  test("does not send again what the server could not read", () => {
    const { clock, last, seen, connection } = setUp();
    last().welcome();
    connection.send(say("huge"));
    last().handlers.closed(1009);
    expect(seen.frames.at(-1)).toMatchObject({ type: "error", id: "huge" });
    clock.advance(1_000);
    last().welcome();
    expect(last().sent).toEqual([{ type: "hello", after: 0 }]);
  });

  test("sends again after a while what was refused for a reason that passes", () => {
    const { clock, last, connection } = setUp();
    last().welcome();
    connection.send(say("again"));
    last().handlers.frame({
      type: "error",
      id: "again",
      code: "database_unavailable",
      message: "",
    });
    clock.advance(5_000);
    expect(last().sent.filter(({ id }) => id === "again")).toHaveLength(2);
  });

  test("gives up a command that was refused", () => {
    const { clock, last, connection } = setUp();
    last().welcome();
    connection.send(say("empty"));
    last().handlers.frame({ type: "error", id: "empty", code: "text_empty", message: "" });
    last().handlers.closed(1001);
    clock.advance(1_000);
    last().welcome();
    expect(last().sent).toEqual([{ type: "hello", after: 0 }]);
  });

  test("takes a silent line for dead when nothing is accepted in time", () => {
    const { clock, last, lines, connection } = setUp();
    last().welcome();
    connection.send(say("lost"));
    clock.advance(16_000);
    expect(lines).toHaveLength(2);
  });

  test("reads the record from the start when it is ahead of the server", () => {
    const { clock, last, seen } = setUp();
    last().welcome();
    last().event(1);
    last().handlers.frame({ type: "error", code: "after_in_future", message: "" });
    clock.advance(1_000);
    last().handlers.opened();
    expect(seen.resets).toBe(1);
    expect(last().sent).toEqual([{ type: "hello", after: 0 }]);
  });

  test("leaves no timer behind when it is stopped", () => {
    const { clock, last, connection } = setUp();
    last().welcome();
    connection.send(say("open"));
    connection.stop();
    expect(clock.pending).toBe(0);
    expect(last().closedByClient).toBe(true);
  });
});
