import { expect, test } from "vitest";
import { emptyState, type ChatState, type Line } from "../../src/state/state";
import { builtIn, Words } from "../../src/strings";
import { entriesOf } from "../../src/views/keep";
import type { Message } from "../../src/wire/protocol";

const sv = new Words("sv", builtIn.sv);
const at = "2026-01-02T12:34:00";

function message(from: Message["from"], text: string, more: Partial<Message> = {}): Line {
  return { seq: 1, at, event: { kind: "message", id: "m", from, text, ...more } };
}

test("the transcript says who wrote what and when, and what AI wrote", () => {
  const answer = { service: "bygglov", faq: "bygglov.avgift", language: "sv" };
  const state: ChatState = {
    ...emptyState,
    lines: [
      message("citizen", "Hej\n<b>du</b>"),
      message("bot", "Svar", {
        answer: { ...answer, approved_by_human: true },
        links: [
          { title: "Bygglov", url: "https://example.se/" },
          { title: "Fel", url: "javascript:alert(1)" },
        ],
      }),
      message("bot", "Ett till", { answer }),
      { seq: 2, at, event: { kind: "claimed", guide_id: "g", guide_name: "Anna" } },
      message("guide", "Hej!", { author: "Anna" }),
      { ...message("citizen", ""), redacted: true },
    ],
    pending: [
      { command: { type: "say", id: "12345678", text: "Och" }, text: "Och", delivery: "failed" },
      { command: { type: "ask_human", id: "12345679" }, text: "", delivery: "sending" },
    ],
  };
  const time = sv.fullTime(at);
  expect(time).toContain("12:34");
  expect(entriesOf(state, sv)).toEqual([
    { head: `${time} · Du`, text: "Hej\n<b>du</b>" },
    {
      head: `${time} · Skrivet av AI, granskat av en servicevägledare`,
      text: "Svar\nBygglov: https://example.se/",
    },
    { head: `${time} · Skrivet av AI`, text: "Ett till" },
    { head: `${time} · Anna har tagit över chatten.`, text: "" },
    { head: `${time} · Anna, servicevägledare`, text: "Hej!" },
    { head: `${time} · Du`, text: "Texten är borttagen." },
    { head: "Du · Inte skickat", text: "Och" },
  ]);
});
