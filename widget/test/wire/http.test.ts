import { afterEach, expect, test, vi } from "vitest";
import { fetchNewcomers, fetchNotices, openConversation, Refused } from "../../src/wire/http";

afterEach(() => vi.unstubAllGlobals());

const server = "https://example.se";

function answers(body: string): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body)));
}

test.each(["", "<!doctype html>", "null", "[]", "{}", '{"conversation_id":7,"token":"x"}'])(
  "a conversation is not opened by the answer %j",
  async (body) => {
    answers(body);
    const { signal } = new AbortController();
    await expect(openConversation(server, {}, signal)).rejects.toThrow(Refused);
  },
);

test.each(['{"questions":"none"}', '{"questions":[{"title":"x"}]}', "", "<html>", "null", "[]", "{}"])(
  "the menu %j is none",
  async (body) => {
    answers(body);
    await expect(fetchNewcomers(server, "ar")).rejects.toThrow(Refused);
  },
);

test("a menu without questions is empty", async () => {
  answers('{"questions":[]}');
  expect(await fetchNewcomers(server, "ar")).toEqual([]);
});

test.each(['{"notices":"none"}', '{"notices":[{"id":"x"}]}'])(
  "the notices %j are not shown",
  async (body) => {
    answers(body);
    await expect(fetchNotices(server, "sv")).rejects.toThrow(Refused);
  },
);
