// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Chat } from "../src/chat";
import { emptyState } from "../src/state/state";
import { HandClock } from "./wire/hand_clock";

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

const settings = { server: "https://example.se", language: "ar", service: null, audience: "citizen" } as const;
const question = { title: "من أين أبدأ؟", payload: "ny_i_sverige.komma_igang" };

/** Answers each request to open a conversation with the next of `bodies`; what was asked is returned. */
function server(...bodies: unknown[]): Record<string, unknown>[] {
  const asked: Record<string, unknown>[] = [];
  vi.stubGlobal("WebSocket", class {});
  vi.stubGlobal("fetch", (_: URL, init: RequestInit) => {
    asked.push(JSON.parse(init.body as string) as Record<string, unknown>);
    return Promise.resolve(new Response(JSON.stringify(bodies.shift() ?? null)));
  });
  return asked;
}

const opened = { conversation_id: "12345678", token: "secret" };

test("a question of the menu opens a conversation that offers the menu", async () => {
  const asked = server(opened);
  const chat = new Chat(settings, () => undefined, new HandClock());
  chat.choose(question);
  await vi.waitFor(() => expect(chat.storage.find("conversation")).toEqual(opened));
  expect(asked).toEqual([{ language: "ar", audience: "citizen", menu: "newcomers" }]);
  expect(chat.state.pending[0]).toMatchObject({ text: question.title, delivery: "sending" });
});

test("what is written opens one without", async () => {
  const asked = server(opened);
  const chat = new Chat(settings, () => undefined, new HandClock());
  chat.say("Hej");
  await vi.waitFor(() => expect(asked).toEqual([{ language: "ar", audience: "citizen" }]));
});

test("a server that answers garbage is told of, tried again, and nothing is lost", async () => {
  const asked = server("garbage", opened);
  const clock = new HandClock();
  const chat = new Chat(settings, () => undefined, clock);
  chat.say("Hej");
  await vi.waitFor(() => expect(chat.state.problem).toBe("internal"));
  expect(chat.state.pending).toMatchObject([{ text: "Hej" }]);
  expect(chat.storage.find("conversation")).toBeNull();
  clock.advance(30_000);
  await vi.waitFor(() => expect(chat.storage.find("conversation")).toEqual(opened));
  expect(asked).toHaveLength(2);
});

test("writing on while a try is put off opens one conversation, not two", async () => {
  const asked = server(null, opened, { conversation_id: "87654321", token: "other" });
  const clock = new HandClock();
  const chat = new Chat(settings, () => undefined, clock);
  chat.say("Hej");
  await vi.waitFor(() => expect(chat.state.problem).toBe("internal"));
  chat.say("Hallå?");
  await vi.waitFor(() => expect(chat.storage.find("conversation")).toEqual(opened));
  clock.advance(10_000);
  expect(asked).toHaveLength(2);
  expect(chat.storage.find("conversation")).toEqual(opened);
});

test("a try that nobody answers is given up and made again, and a late answer to it changes nothing", async () => {
  const answers: ((answer: Response) => void)[] = [];
  const givenUp: boolean[] = [];
  vi.stubGlobal("WebSocket", class { close() {} });
  vi.stubGlobal("fetch", (_: URL, { signal }: RequestInit) => {
    const number = answers.length;
    givenUp.push(false);
    return new Promise<Response>((resolve, reject) => {
      answers.push(resolve);
      signal?.addEventListener("abort", () => {
        givenUp[number] = true;
        reject(new DOMException("given up", "AbortError"));
      });
    });
  });
  const clock = new HandClock();
  const chat = new Chat(settings, () => undefined, clock);
  chat.say("Hej");
  clock.advance(14_000);
  expect(answers).toHaveLength(1);
  clock.advance(1_000);
  await vi.waitFor(() => expect(chat.state.connection).toBe("offline"));
  clock.advance(5_000);
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  expect(givenUp).toEqual([true, false]);
  answers[0]!(new Response(JSON.stringify({ conversation_id: "87654321", token: "late" })));
  answers[1]!(new Response(JSON.stringify(opened)));
  await vi.waitFor(() => expect(chat.storage.find("conversation")).toEqual(opened));
  clock.advance(30_000);
  expect(answers).toHaveLength(2);
});

test("what could not be sent before a reload is sent after it", async () => {
  const asked = server(null, opened);
  const before = new Chat(settings, () => undefined, new HandClock());
  before.say("Hej");
  before.stop();
  const after = new Chat(settings, () => undefined, new HandClock());
  after.resume();
  expect(after.state.pending).toMatchObject([{ text: "Hej", delivery: "sending" }]);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
});

test("ending tells the server, also while the page is left, and forgets at once", async () => {
  const calls: [string, RequestInit][] = [];
  vi.stubGlobal("WebSocket", class { close() {} });
  vi.stubGlobal("fetch", (url: URL, init: RequestInit) => {
    calls.push([url.pathname, init]);
    return calls.length === 1
      ? Promise.resolve(new Response(JSON.stringify(opened)))
      : Promise.reject(new TypeError("no network"));
  });
  const chat = new Chat(settings, () => undefined, new HandClock());
  chat.end();
  expect(calls).toEqual([]);
  chat.say("Hej");
  await vi.waitFor(() => expect(chat.storage.find("conversation")).toEqual(opened));
  chat.end();
  const [path, init] = calls[1]!;
  expect(path).toBe("/api/v1/conversations/12345678/commands");
  expect(init).toMatchObject({ method: "POST", keepalive: true, headers: { authorization: "Bearer secret" } });
  expect(JSON.parse(init.body as string)).toMatchObject({ type: "close" });
  expect([...Object.keys(sessionStorage)]).toEqual([]);
  expect(chat.state).toEqual(emptyState);
});

test("whoever comes next finds the language and the text size of the page", () => {
  server();
  const chat = new Chat(settings, () => undefined, new HandClock());
  chat.setLanguage("so");
  chat.setSize(2);
  chat.forget();
  expect([chat.language, chat.size]).toEqual(["ar", 0]);
});
