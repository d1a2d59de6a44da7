import { afterEach, expect, test, vi } from "vitest";
import type { ServerFrame } from "../../src/wire/frames";
import { pollingOf } from "../../src/wire/poll";
import { HandClock } from "./hand_clock";

afterEach(() => vi.unstubAllGlobals());

const target = { server: "https://example.se", conversationId: "c1", token: "secret" };

function setUp(answers: [status: number, body: unknown][]) {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    asked.push([String(url), init]);
    const next = answers.shift();
    if (next === undefined) return new Promise(() => undefined);
    return Promise.resolve(new Response(JSON.stringify(next[1]), { status: next[0] }));
  });
  const frames: ServerFrame[] = [];
  const codes: number[] = [];
  const clock = new HandClock();
  const channel = pollingOf(
    target,
    clock,
  )({
    opened: () => undefined,
    frame: (frame) => frames.push(frame),
    closed: (code) => codes.push(code),
  });
  return { asked, frames, codes, channel };
}

const event = { type: "event", seq: 1, at: "2026-01-01T00:00:00Z", event: { kind: "hidden" } };

test("a page becomes a welcome, its events and the queue, and the next is waited for", async () => {
  const queue = { type: "queue", position: 1, guides_on_duty: 2 };
  const page = { seq: 1, state: "waiting", events: [event], queue };
  const { asked, frames, channel } = setUp([[200, page]]);
  channel.send({ type: "hello", after: 0 });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(frames.map(({ type }) => type)).toEqual(["welcome", "event", "queue"]);
  expect(asked[1]?.[0]).toBe("https://example.se/api/v1/conversations/c1/events?after=1&wait=25");
  expect(asked[1]?.[1].headers).toMatchObject({ authorization: "Bearer secret" });
});

test("a command is posted and its refusal keeps the id", async () => {
  const refusal = { type: "error", code: "text_empty", message: "Skriv något först." };
  const { frames, codes, channel } = setUp([[422, refusal]]);
  channel.send({ type: "say", id: "say-1", text: "" });
  await vi.waitFor(() => expect(frames).toEqual([{ ...refusal, id: "say-1" }]));
  expect(codes).toEqual([]);
});

test.each([
  [401, 1008],
  [404, 1008],
  [503, 1006],
])("status %i closes the channel with %i", async (status, code) => {
  const { codes, channel } = setUp([[status, { type: "error", code: "x", message: "" }]]);
  channel.send({ type: "hello", after: 0 });
  await vi.waitFor(() => expect(codes).toEqual([code]));
});

test.each([null, "garbage", [], {}, { seq: "1", events: [] }, { seq: 1, events: "none" }])(
  "the page %j, which is none, closes the channel, so that it is tried again",
  async (page) => {
    const { frames, codes, channel } = setUp([[200, page]]);
    channel.send({ type: "hello", after: 0 });
    await vi.waitFor(() => expect(codes).toEqual([1006]));
    expect(frames).toEqual([]);
  },
);

test("a command waits for the one before it, so that none overtakes another", async () => {
  const { asked, channel } = setUp([]);
  const ids = () => asked.map(([, { body }]) => (JSON.parse(body as string) as { id: string }).id);
  channel.send({ type: "say", id: "say-1", text: "Först" });
  channel.send({ type: "say", id: "say-2", text: "Sedan" });
  await new Promise((done) => setTimeout(done, 0));
  expect(ids()).toEqual(["say-1"]);
});

test("what comes after an answer goes out", async () => {
  const { asked, channel } = setUp([[200, { type: "accepted", id: "say-1", seq: 2 }]]);
  channel.send({ type: "say", id: "say-1", text: "Först" });
  channel.send({ type: "say", id: "say-2", text: "Sedan" });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
});

test("typing is not sent", () => {
  const { asked, channel } = setUp([]);
  channel.send({ type: "typing" });
  expect(asked).toEqual([]);
});
