import { describe, expect, test } from "vitest";
import { reduce, type Input } from "../../src/state/reduce";
import { emptyState, type ChatState, type CitizenCommand } from "../../src/state/state";
import type { RecordEvent } from "../../src/wire/frames";

const at = "2026-01-01T12:00:00Z";

function after(...inputs: Input[]): ChatState {
  return inputs.reduce(reduce, emptyState);
}

function record(...events: RecordEvent[]): Input[] {
  return events.map((event, index) => ({ type: "event", seq: index + 1, at, event }));
}

function sent(command: CitizenCommand, text = ""): Input {
  return { type: "sent", pending: { command, text, delivery: "sending" } };
}

const opened: RecordEvent = { kind: "opened", language: "sv", audience: "citizen" };
const hello: RecordEvent = { kind: "message", id: "say-1", from: "citizen", text: "Hej" };
const answer: RecordEvent = {
  kind: "message",
  id: "bot-1",
  from: "bot",
  text: "Menade du?",
  choices: [{ title: "Ja", payload: "yes" }],
};
const escalated: RecordEvent = { kind: "escalated", reason: "asked_for_human" };
const claimed: RecordEvent = { kind: "claimed", guide_id: "g1", guide_name: "Anna" };
const checking: RecordEvent = { kind: "checking" };
const closed: RecordEvent = { kind: "closed", by: "citizen" };
const say: CitizenCommand = { type: "say", id: "say-1", text: "Hej" };
const queue: Input = { type: "queue", position: 2, guides_on_duty: 1 };

describe("who owns the conversation", () => {
  test.each([
    ["bot", [opened]],
    ["waiting", [opened, escalated]],
    ["guide", [opened, escalated, claimed]],
    ["waiting", [opened, claimed, { kind: "released", guide_id: "g1", reason: "released" }]],
    ["waiting", [opened, claimed, { kind: "transferred", guide_id: "g1" }]],
    ["bot", [opened, claimed, { kind: "handed_back", guide_id: "g1" }]],
    ["closed", [opened, closed]],
  ] as [string, RecordEvent[]][])("is %s after its events", (state, events) => {
    expect(after(...record(...events)).state).toBe(state);
  });

  test("a guide is known by name, and only while they own it", () => {
    expect(after(...record(claimed)).guideName).toBe("Anna");
    expect(after(...record(claimed, { kind: "handed_back", guide_id: "g1" })).guideName).toBeNull();
  });
});

describe("the transcript", () => {
  test("holds what a person sees; the rest only counts", () => {
    const state = after(...record(opened, hello, { kind: "hidden" }, answer));
    expect(state.lines.map(({ event }) => event.kind)).toEqual(["message", "message"]);
    expect(state.seq).toBe(4);
  });

  test("offers the choices of the latest message only", () => {
    expect(after(...record(answer)).choices).toHaveLength(1);
    expect(after(...record(answer, hello)).choices).toEqual([]);
  });

  test("loses the text of a message that was redacted", () => {
    const state = after(...record(hello, { kind: "redacted", target_seq: 1 }));
    expect(state.lines[0]).toMatchObject({ redacted: true, event: { text: "" } });
  });
});

describe("a message on its way", () => {
  test("is sending, then delivered, and then stands once in the record", () => {
    const sending = after(sent(say, "Hej"));
    expect(sending.pending[0]?.delivery).toBe("sending");
    const delivered = reduce(sending, { type: "accepted", id: "say-1", seq: 1 });
    expect(delivered.pending[0]?.delivery).toBe("delivered");
    const stored = record(hello).reduce(reduce, delivered);
    expect(stored.pending).toEqual([]);
    expect(stored.lines).toHaveLength(1);
  });

  test("stands once though its event comes before it is accepted", () => {
    const state = after(sent(say), ...record(hello), { type: "accepted", id: "say-1", seq: 1 });
    expect(state.pending).toEqual([]);
  });

  test("stays as failed when it is refused, and can be tried again", () => {
    const state = after(sent(say), { type: "error", id: "say-1", code: "internal", message: "" });
    expect(state.pending[0]?.delivery).toBe("failed");
    expect(state.problem).toBe("internal");
    expect(reduce(state, sent(say))).toMatchObject({ problem: null, pending: [{}] });
  });

  test("is tried again by itself when the reason passes", () => {
    const code = "database_unavailable";
    const state = after(sent(say), { type: "error", id: "say-1", code, message: "" });
    expect(state.pending[0]?.delivery).toBe("retrying");
  });

  test("stays on its way when the record is read again", () => {
    const state = after(...record(opened, answer), sent(say), { type: "reset" });
    expect(state).toMatchObject({ seq: 0, lines: [], pending: [{ command: say }] });
  });
});

test("a refused choice is gone, with a reason", () => {
  const choose: CitizenCommand = { type: "choose", id: "choose-1", payload: "yes" };
  const refusal: Input = { type: "error", id: "choose-1", code: "choice_unknown", message: "" };
  expect(after(sent(choose), refusal)).toMatchObject({ pending: [], problem: "choice_unknown" });
});

test("a rating counts when it is accepted, and when it is read", () => {
  const rate: CitizenCommand = { type: "rate", id: "rate-1", score: 5 };
  expect(after(sent(rate), { type: "accepted", id: "rate-1", seq: 9 }).rated).toBe(true);
  expect(after(...record({ kind: "rated", score: 5 })).rated).toBe(true);
});

test("the place in the queue shows only while one waits", () => {
  expect(after(queue).queue).toBeNull();
  expect(after(...record(escalated), queue).queue).toMatchObject({ position: 2 });
  const claimedAfter: Input = { type: "event", seq: 2, at, event: claimed };
  expect(after(...record(escalated), queue, claimedAfter).queue).toBeNull();
});

test("who writes is forgotten when the message comes", () => {
  expect(after({ type: "typing", from: "bot" }).typing).toBe("bot");
  expect(after({ type: "typing", from: "bot" }, ...record(answer)).typing).toBeNull();
  expect(after({ type: "typing", from: "citizen" }).typing).toBeNull();
});

test("a new conversation starts empty", () => {
  expect(after(...record(opened, hello, closed), { type: "restart" })).toEqual(emptyState);
});

describe("a guide looks at an answer first", () => {
  test("until it comes, or something else does", () => {
    expect(after(...record(opened, hello, checking)).checking).toBe(true);
    for (const next of [answer, escalated, claimed, closed, hello]) {
      expect(after(...record(opened, hello, checking, next)).checking).toBe(false);
    }
  });
});

test("a trouble is over when something goes well, also when its event came first", () => {
  const trouble: Input = { type: "error", code: "internal", message: "" };
  const state = after(trouble, sent(say), trouble, ...record(hello));
  expect(state.problem).toBe("internal");
  expect(reduce(state, { type: "accepted", id: "say-1", seq: 1 }).problem).toBeNull();
});

test("what was offered at the opening can be chosen", () => {
  const choices = [{ title: "Var börjar jag?", payload: "ny_i_sverige.komma_igang" }];
  expect(after(...record({ ...opened, choices })).choices).toEqual(choices);
});
