// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount, mounted } from "../src/index";

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  mounted()?.unmount();
  vi.unstubAllGlobals();
});

const server = "https://example.se";
const root = (): ShadowRoot =>
  document.querySelector<HTMLElement>("[data-kontakt-host]")!.shadowRoot!;

test("the chat opens with the focus in the field and closes on Escape, back to the button", async () => {
  const told: string[] = [];
  for (const name of ["open", "close"]) {
    document.addEventListener(`kontakt:${name}`, () => told.push(name), { once: true });
  }
  mount({ server, language: "sv" });
  root().querySelector<HTMLButtonElement>(".launcher")!.click();
  await vi.waitFor(() => expect(root().activeElement?.id).toBe("message"));
  const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
  root().querySelector("#message")!.dispatchEvent(escape);
  await vi.waitFor(() => expect(root().activeElement?.className).toBe("launcher"));
  expect(told).toEqual(["open", "close"]);
});

test("a second mount throws", () => {
  mount({ server });
  expect(() => mount({ server })).toThrow("already mounted");
});

test("unmounting leaves nothing behind, and the chat can be mounted again", () => {
  const before = document.body.innerHTML;
  const listeners = vi.spyOn(window, "removeEventListener");
  const handle = mount({ server });
  handle.unmount();
  expect(document.body.innerHTML).toBe(before);
  expect(mounted()).toBeNull();
  expect(listeners).toHaveBeenCalledWith("online", expect.any(Function));
  expect(mount({ server })).not.toBe(handle);
});

test.each([
  { server: "javascript:x" },
  { language: "xx" },
  { service: "Parkering!" },
  { audience: "boss" as "staff" },
])("the option %j is refused", (options) => {
  expect(() => mount({ server, ...options })).toThrow(TypeError);
  expect(mounted()).toBeNull();
});

test("blocked storage does not stop the chat", () => {
  const blocked = (): never => {
    throw new DOMException("blocked", "SecurityError");
  };
  vi.stubGlobal("sessionStorage", { getItem: blocked, setItem: blocked, removeItem: blocked });
  mount({ server }).open();
  expect(root().querySelector("h2")?.textContent).toBe("Kontakt Linköping");
});
