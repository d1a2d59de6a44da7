import { expect, test } from "vitest";
import { parseFrame } from "../../src/wire/frames";
import { safeLinks } from "../../src/wire/links";

test.each([
  "",
  "[]",
  "null",
  '{"type":"surprise"}',
  '{"type":"toString"}',
  '{"type":"event","seq":"1","at":"","event":{}}',
  '{"type":"accepted"}',
  '{"type":"error","code":"x"}',
  '{"type":"queue","position":1,"guides_on_duty":1,"wait_seconds":"long"}',
])("%s is not a frame", (text) => {
  expect(parseFrame(text)).toBeNull();
});

test.each([
  '{"kind":"newer"}',
  '{"kind":"message","id":"m","from":"bot"}',
  '{"kind":"message","id":"m","from":"bot","text":"Hej","choices":"many"}',
  '{"kind":"message","id":"m","from":"bot","text":"Hej","links":[{"title":"x"}]}',
  '{"kind":"opened","choices":[null]}',
  '{"kind":"claimed"}',
  '{"kind":"escalated","reason":7}',
  '{"kind":"hidden"}',
])(
  "the event %s counts but is hidden",
  (event) => {
    const frame = parseFrame(`{"type":"event","seq":7,"at":"2026-01-01","event":${event}}`);
    expect(frame).toMatchObject({ type: "event", seq: 7, event: { kind: "hidden" } });
  },
);

test("only https, mailto and tel may be followed", () => {
  const urls = ["https://a.se", "http://a.se", "mailto:a@a.se", "tel:+4613", "javascript:x", "/x"];
  const safe = safeLinks(urls.map((url) => ({ title: url, url })));
  expect(safe.map(({ url }) => url)).toEqual(["https://a.se", "mailto:a@a.se", "tel:+4613"]);
});
