// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { sentenceOf } from "../src/api";
import { Knowledge } from "../src/knowledge";

afterEach(() => vi.unstubAllGlobals());

function serve(status: number, body: object): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: URL) => {
    asked.push(`${url.pathname}${url.search}`);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}

const signal = new AbortController().signal;

test("a question is asked once, with what is known of it", async () => {
  const asked = serve(200, { answers: [] });
  const knowledge = new Knowledge();
  const params = { language: "sv", service: null, q: "hej då" };
  await knowledge.ask("canned", params, signal);
  await knowledge.ask("canned", params, signal);
  await knowledge.ask("canned", { ...params, q: "" }, signal);
  expect(asked).toEqual([
    "/api/v1/canned?language=sv&q=hej+d%C3%A5",
    "/api/v1/canned?language=sv&q=",
  ]);
});

test("a refusal is told in the server's words, and asked again the next time", async () => {
  const refusal = { type: "error", code: "service_unknown", message: "Tjänsten finns inte." };
  const asked = serve(404, refusal);
  const knowledge = new Knowledge();
  for (let times = 0; times < 2; times++) {
    const failed = knowledge.ask("catalogue/services/x", {}, signal);
    await failed.catch((error: unknown) => expect(sentenceOf(error)).toBe(refusal.message));
    await expect(failed).rejects.toThrow();
  }
  expect(asked).toHaveLength(2);
});
