import { expect, test } from "vitest";
import type { RecordEvent } from "@wire/frames";
import type { ConversationSummary, GuideWelcome } from "@wire/protocol";
import { sectionsOf } from "../src/state/list";
import {
  findOpenDraft,
  findLastMessage,
  findQuestion,
  findUnderstanding,
  findUnsent,
  notesOf,
  pastDraftIds,
  redactedSeqs,
} from "../src/state/record";
import { reduce, type Input } from "../src/state/reduce";
import { emptyState, textKey, type ConsoleState } from "../src/state/state";

const at = "2026-01-01T12:00:00Z";
const now = Date.parse(at);

function after(...inputs: Input[]): ConsoleState {
  return inputs.reduce((state, input) => reduce(state, input, now), emptyState);
}

function summary(
  id: string,
  state: ConversationSummary["state"],
  more: Partial<ConversationSummary> = {},
): ConversationSummary {
  return { conversation_id: id, state, seq: 1, language: "sv", audience: "citizen", ...more };
}

function welcome(...conversations: ConversationSummary[]): GuideWelcome {
  const guide = { id: "g1", name: "Anna", role: "guide" as const };
  return {
    type: "welcome",
    guide: { ...guide, roles: ["guide"], rights: ["desk"] },
    presence: "available",
    conversations,
    promise_seconds: 120,
    all_off: false,
    revision: 0,
    server_time: at,
  };
}

function line(conversation: ConversationSummary): Input {
  return { type: "conversation", conversation };
}

function event(seq: number, body: RecordEvent): Input & { type: "event" } {
  return { type: "event", conversation_id: "c1", seq, at, event: body };
}

const idsOf = (list: ConversationSummary[]): string[] => list.map((each) => each.conversation_id);
const reply = { type: "reply", id: "reply-1", conversation_id: "c1", text: "Hej!" } as const;
const draft: RecordEvent = { kind: "draft", id: "d1", text: "Svar", reply_to: 1 };

test("the list has own conversations, drafts by deadline, and the queue as it will be served", () => {
  const { own, drafts, queue } = sectionsOf(
    after(
      welcome(
        summary("late", "waiting", { waiting_since: "2026-01-01T11:59:00Z" }),
        summary("early", "waiting", { waiting_since: "2026-01-01T11:00:00Z" }),
        summary("crisis", "waiting", { waiting_since: at, priority: 1 }),
        summary("mine", "guide", { owner_id: "g1" }),
        summary("theirs", "guide", { owner_id: "g2" }),
        summary("later", "bot", { draft_id: "d2", draft_deadline: "2026-01-01T12:09:00Z" }),
        summary("sooner", "bot", { draft_id: "d1", draft_deadline: "2026-01-01T12:01:00Z" }),
      ),
    ),
  );
  expect(idsOf(own)).toEqual(["mine"]);
  expect(idsOf(drafts)).toEqual(["sooner", "later"]);
  expect(idsOf(queue)).toEqual(["crisis", "early", "late"]);
});

test.each([
  summary("c1", "closed"),
  summary("c1", "bot"),
  summary("c1", "guide", { owner_id: "g2" }),
])("a conversation leaves the list when it becomes %j", (changed) => {
  const { own, drafts, queue } = sectionsOf(
    after(welcome(summary("c1", "waiting")), line(changed)),
  );
  expect([...own, ...drafts, ...queue]).toEqual([]);
});

test("a new welcome replaces the list but keeps what is being looked at", () => {
  const select: Input = { type: "select", conversationId: "c1" };
  const state = after(
    welcome(summary("c1", "waiting"), summary("c2", "waiting")),
    select,
    welcome(),
  );
  expect(Object.keys(state.conversations)).toEqual(["c1"]);
});

test("the server's clock is known from its welcome", () => {
  const late = { ...welcome(), server_time: "2026-01-01T12:00:05Z" };
  expect(after(late).skewMs).toBe(5_000);
});

test("a reply is pending until its message stands in the record", () => {
  const accepted: Input = { type: "accepted", id: "reply-1", seq: 1 };
  const said: RecordEvent = { kind: "message", id: "reply-1", from: "guide", text: "Hej!" };
  expect(after({ type: "sent", command: reply }, accepted).pending).toHaveLength(1);
  expect(after({ type: "sent", command: reply }, accepted, event(1, said)).pending).toEqual([]);
});

test("a refused reply comes back to its field, unless something new stands there", () => {
  const refusal: Input = { type: "error", id: "reply-1", code: "not_owner", message: "Nej." };
  const key = textKey("reply", "c1");
  const state = after({ type: "sent", command: reply }, refusal);
  expect(state.texts[key]).toBe("Hej!");
  expect(state.problem).toEqual({ conversationId: "c1", command: "reply", sentence: "Nej." });
  const written = after(
    { type: "sent", command: reply },
    { type: "text", key, text: "Nytt" },
    refusal,
  );
  expect(written.texts[key]).toBe("Nytt");
});

test("presence changes when it is accepted", () => {
  const command = { type: "set_presence", id: "presence-1", presence: "away" } as const;
  const asked = after(welcome(), { type: "sent", command });
  expect(asked.presence).toBe("available");
  expect(reduce(asked, { type: "accepted", id: "presence-1" }, now).presence).toBe("away");
});

test("who writes is forgotten when the message comes", () => {
  const typing: Input = { type: "typing", from: "citizen", conversation_id: "c1" };
  const said: RecordEvent = { kind: "message", id: "m1", from: "citizen", text: "Hej" };
  expect(after(typing).typing).toEqual({ c1: "citizen" });
  expect(after(typing, event(1, said)).typing).toEqual({});
});

test.each<[string, RecordEvent[], string | null]>([
  ["waits", [draft], "d1"],
  ["was decided", [draft, { kind: "draft_decided", draft_id: "d1", decision: "approved" }], null],
  ["is only a shadow", [{ ...draft, shadow: true } as RecordEvent], null],
])("a draft that %s", (_, events, open) => {
  const frames = events.map((body, index) => event(index + 1, body));
  expect(findOpenDraft(frames)?.draft.id ?? null).toBe(open);
});

test("the record tells the latest understanding, the notes and what was redacted", () => {
  const understood = (intent: string): RecordEvent => ({
    kind: "message",
    id: intent,
    from: "bot",
    text: "",
    understanding: { intent, confidence: 0.5, decision: "answer" },
  });
  const frames = [
    event(1, understood("a")),
    event(2, understood("b")),
    event(3, { kind: "note", guide_id: "g1", guide_name: "Anna", text: "Ring" }),
    event(4, { kind: "redacted", target_seq: 1 }),
  ];
  expect(findUnderstanding(frames)?.intent).toBe("b");
  expect(notesOf(frames).map(({ text }) => text)).toEqual(["Ring"]);
  expect([...redactedSeqs(frames)]).toEqual([1]);
});

const own = summary("c1", "guide", { owner_id: "g1" });
const later = "2026-01-01T12:00:09Z";

function asked(id: string, when = later): Input {
  const said: RecordEvent = { kind: "message", id, from: "citizen", text: "Hej" };
  return { type: "event", conversation_id: "c1", seq: 1, at: when, event: said };
}

test("a new message in an own conversation is unread until one looks at it", () => {
  const select: Input = { type: "select", conversationId: "c1" };
  expect(after(welcome(own), asked("m1"), asked("m2")).unread).toEqual({ c1: 2 });
  expect(after(welcome(own), asked("m1"), select).unread).toEqual({});
  expect(after(welcome(own), select, asked("m1")).unread).toEqual({});
  expect(after(welcome(own), asked("m1", "2026-01-01T11:00:00Z")).unread).toEqual({});
  expect(after(welcome(summary("c1", "waiting")), asked("m1")).unread).toEqual({});
});

test("a colleague who writes is named until the reply comes; oneself is not", () => {
  const typing = (guide_id: string): Input => ({
    type: "typing",
    from: "guide",
    conversation_id: "c1",
    guide_id,
    guide_name: "Bo",
  });
  const said: RecordEvent = { kind: "message", id: "m1", from: "guide", text: "Hej" };
  expect(after(welcome(own), typing("g2")).colleagues).toEqual({ c1: "Bo" });
  expect(after(welcome(own), typing("g1")).colleagues).toEqual({});
  expect(after(welcome(own), typing("g2"), event(1, said)).colleagues).toEqual({});
  const over: Input = { type: "typing_over", conversationId: "c1", from: "guide" };
  expect(after(welcome(own), typing("g2"), over).colleagues).toEqual({});
});

test("whom the clock made absent is told so until one says otherwise", () => {
  const away: Input = { type: "presence", presence: "away", automatic: true };
  const command = { type: "set_presence", id: "presence-1", presence: "available" } as const;
  const state = after(welcome(), away);
  expect(state).toMatchObject({ presence: "away", isAwayByClock: true });
  const back = after(
    welcome(),
    away,
    { type: "sent", command },
    { type: "accepted", id: "presence-1" },
  );
  expect(back).toMatchObject({ presence: "available", isAwayByClock: false });
});

test("a panel closes when what it is for is done, and stays open when it is refused", () => {
  const command = { type: "transfer", id: "transfer-1", conversation_id: "c1" } as const;
  const tried: Input[] = [
    welcome(own),
    { type: "select", conversationId: "c1" },
    { type: "open", panel: "transfer" },
    { type: "sent", command },
  ];
  expect(after(...tried, { type: "accepted", id: "transfer-1" }).panel).toBeNull();
  const refusal: Input = {
    type: "error",
    id: "transfer-1",
    code: "guide_unavailable",
    message: "Nej.",
  };
  const refused = after(...tried, refusal);
  expect(refused.panel).toBe("transfer");
  expect(refused.problem).toEqual({
    conversationId: "c1",
    command: "transfer",
    sentence: "Nej.",
  });
});

test("what was written in a draft is kept until the server has taken it", () => {
  const command = {
    type: "edit",
    id: "edit-1",
    conversation_id: "c1",
    draft_id: "d1",
    text: "Mitt",
  } as const;
  const key = textKey("edit", "d1");
  const tried: Input[] = [
    { type: "text", key, text: "Mitt" },
    { type: "sent", command },
  ];
  const late: Input = { type: "error", id: "edit-1", code: "draft_timed_out", message: "Sent." };
  expect(after(...tried, late).texts[key]).toBe("Mitt");
  expect(after(...tried, { type: "accepted", id: "edit-1" }).texts[key]).toBeUndefined();
});

const shadow: RecordEvent = { kind: "draft", id: "d1", text: "Svar", reply_to: 1, shadow: true };
const question: RecordEvent = { kind: "message", id: "m1", from: "citizen", text: "Hur?" };
const decided = (decision: "approved" | "rejected" | "superseded"): RecordEvent => ({
  kind: "draft_decided",
  draft_id: "d1",
  decision,
});

test.each<[string, RecordEvent[], string | null]>([
  ["that was only kept", [question, shadow], "d1"],
  ["that was overtaken", [question, draft, decided("superseded")], "d1"],
  ["that was sent", [question, draft, decided("approved")], null],
  ["that was found wanting", [question, draft, decided("rejected")], null],
  ["to an earlier question", [question, shadow, question], null],
])("an answer %s is suggested or not", (_, events, unsent) => {
  const frames = events.map((body, index) => event(index + 1, body));
  expect(findUnsent(frames)?.id ?? null).toBe(unsent);
});

test("the last question is what is looked up, unless its text was taken out", () => {
  const ask = (seq: number, text: string) => event(seq, { ...question, text } as RecordEvent);
  const frames = [ask(1, "Hur gör jag då?"), ask(2, "Och vad kostar det?")];
  expect(findQuestion(frames)).toBe("Och vad kostar det?");
  expect(findQuestion([...frames, ask(3, "Tack!")])).toBe("Och vad kostar det?");
  expect(findQuestion([ask(1, "Bygglov")])).toBe("Bygglov");
  const redacted = [...frames, event(3, { kind: "redacted", target_seq: 2 })];
  expect(findQuestion(redacted)).toBe("Hur gör jag då?");
  expect(findQuestion([])).toBeNull();
});

test("what was said last is shown in the list, whoever said it", () => {
  const answer: RecordEvent = { kind: "message", id: "m3", from: "guide", text: "Snart." };
  const frames = [event(1, question), event(2, answer)];
  expect(findLastMessage(frames)?.text).toBe("Snart.");
  const redacted = [...frames, event(3, { kind: "redacted", target_seq: 2 })];
  expect(findLastMessage(redacted)?.text).toBe("Hur?");
});

test("a draft is past once it is decided", () => {
  expect(pastDraftIds([event(1, draft)])).toEqual([]);
  expect(pastDraftIds([event(1, draft), event(2, decided("superseded"))])).toEqual(["d1"]);
});

test("a closed live view leaves what the desk shows, and what is being looked at", () => {
  const state = after(
    welcome(),
    line(summary("c-seen", "bot")),
    line(summary("c-drafted", "bot", { draft_id: "d1" })),
    line(summary("c-waiting", "waiting")),
    line(summary("c-looked", "bot")),
    { type: "select", conversationId: "c-looked" },
    { type: "live_over" },
  );
  expect(Object.keys(state.conversations)).toEqual(["c-drafted", "c-waiting", "c-looked"]);
});
