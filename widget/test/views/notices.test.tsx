// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Chat } from "../../src/chat";
import { NoticesView } from "../../src/views/notices";
import type { ShownNotice } from "../../src/wire/protocol";

const notice: ShownNotice = {
  id: "notice-1",
  severity: "warning",
  text: "<b>Telefonerna</b> ligger nere.",
  language: "sv",
  from: "2026-03-01T09:00:00Z",
  until: "2026-03-01T18:00:00Z",
};
const findNotices = vi.fn<() => Promise<ShownNotice[]>>();
const chat = { language: "sv", findNotices } as unknown as Chat;

beforeEach(() => {
  vi.useFakeTimers();
  findNotices.mockReset();
});

afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

async function show(): Promise<Element> {
  await act(async () => {
    render(<NoticesView chat={chat} />, document.body);
    await Promise.resolve();
  });
  return document.querySelector("[role=status]")!;
}

async function pass(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}

test("a notice is text in a polite region that was there before it", async () => {
  findNotices.mockResolvedValue([notice]);
  const region = await show();
  expect(region.textContent).toBe(notice.text);
  expect(region.querySelector("p")?.lang).toBe("sv");
});

test("it is read anew, the element stays, and what was read last stays without an answer", async () => {
  findNotices.mockResolvedValueOnce([notice]).mockRejectedValueOnce(new Error());
  const region = await show();
  const told = region.querySelector("p");
  await pass(60_000);
  expect(findNotices).toHaveBeenCalledTimes(2);
  expect(region.querySelector("p")).toBe(told);
  findNotices.mockResolvedValueOnce([]);
  await pass(60_000);
  expect(region.textContent).toBe("");
});

test("nothing is asked for when the chat has been closed", async () => {
  findNotices.mockResolvedValue([notice]);
  await show();
  render(null, document.body);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(findNotices).toHaveBeenCalledTimes(1);
});
