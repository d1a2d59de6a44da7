// @vitest-environment happy-dom
import { openRoot as root } from "./open_root";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount, mounted } from "../src/index";
import { tables } from "../src/strings/tables";

beforeEach(() => sessionStorage.clear());
afterEach(() => {
  mounted()?.unmount();
  vi.unstubAllGlobals();
});

const server = "https://example.se";
const launcher = async (): Promise<HTMLButtonElement> =>
  vi.waitFor(() => root().querySelector<HTMLButtonElement>(".launcher") ?? Promise.reject());

/** A server that answers every request with `body`, or with what `body` makes of its address. */
function serverThatSays(body: unknown): void {
  const say = typeof body === "function" ? (body as (url: URL) => unknown) : () => body;
  vi.stubGlobal("fetch", async (url: URL) => {
    const said = say(url);
    return new Response(typeof said === "string" ? said : JSON.stringify(said));
  });
}

test("the chat opens with the focus in the field and closes on Escape, back to the button", async () => {
  const told: string[] = [];
  for (const name of ["open", "close"]) {
    document.addEventListener(`kontakt:${name}`, () => told.push(name), { once: true });
  }
  mount({ server, language: "sv" });
  (await launcher()).click();
  await vi.waitFor(() => expect(root().activeElement?.id).toBe("message"));
  const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true });
  root().querySelector("#message")!.dispatchEvent(escape);
  await vi.waitFor(() => expect(root().activeElement?.className).toBe("launcher"));
  expect(told).toEqual(["open", "close"]);
});

test("a second mount throws", () => {
  mount({ server });
  expect(() => mount({ server })).toThrow("already mounted");
});

test("unmounting leaves nothing behind, and the chat can be mounted again", async () => {
  const before = document.documentElement.innerHTML;
  const added: string[] = [];
  const removed: string[] = [];
  for (const target of [window, document]) {
    vi.spyOn(target, "addEventListener").mockImplementation((name) => void added.push(name));
    vi.spyOn(target, "removeEventListener").mockImplementation((name) => void removed.push(name));
  }
  const set = vi.spyOn(globalThis, "setInterval");
  const clear = vi.spyOn(globalThis, "clearInterval");
  const handle = mount({ server });
  await launcher();
  handle.unmount();
  const ticking = set.mock.results.map(({ value }) => value as number);
  expect(ticking).not.toEqual([]);
  expect(clear.mock.calls.flat()).toEqual(ticking);
  vi.restoreAllMocks();
  expect(document.documentElement.innerHTML).toBe(before);
  expect(mounted()).toBeNull();
  expect(added.length).toBeGreaterThan(0);
  expect(removed.sort()).toEqual(added.sort());
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

test("blocked storage does not stop the chat, which says what that means and keeps the text", async () => {
  const blocked = (): never => {
    throw new DOMException("blocked", "SecurityError");
  };
  vi.stubGlobal("sessionStorage", { getItem: blocked, setItem: blocked, removeItem: blocked });
  const handle = mount({ server, language: "sv" });
  handle.open();
  await vi.waitFor(() => expect(root().querySelector("h2")?.textContent).toBe("Kontakt Linköping"));
  expect(root().querySelector(".privacy")?.textContent).toContain(tables.sv.notKept);
  const field = () => root().querySelector<HTMLTextAreaElement>("#message")!;
  field().value = "Inte skickat";
  field().dispatchEvent(new Event("input", { bubbles: true }));
  handle.close();
  await launcher();
  handle.open();
  await vi.waitFor(() => expect(field().value).toBe("Inte skickat"));
});

test("a language that is not built in is fetched before the button shows", async () => {
  serverThatSays(({ pathname }: URL) => {
    expect(pathname).toMatch(/^\/widget\/strings\/ar-[0-9a-f]{12}\.json$/);
    return tables.ar;
  });
  mount({ server, language: "ar" });
  expect(root().querySelector(".launcher")).toBeNull();
  expect((await launcher()).textContent).toBe(tables.ar.openChat);
  expect(root().querySelector(".widget")?.getAttribute("dir")).toBe("rtl");
  expect(root().querySelector(".widget")?.getAttribute("lang")).toBe("ar");
});

test.each([
  ["ar", "<!doctype html>", tables.en],
  ["ar", { name: "half a table" }, tables.en],
  ["ar", { ...tables.ar, privacy: "not a list" }, tables.en],
  ["sv-x-easy", null, tables.sv],
])("where the table of %s does not come, the chat says so and goes on", async (language, body, standIn) => {
  serverThatSays(body);
  const handle = mount({ server, language });
  await launcher();
  handle.open();
  await vi.waitFor(() => {
    const said = root().querySelector('[role="alert"]')?.textContent;
    expect(said).toContain(standIn.tableMissing.split("{language}")[1]);
  });
  expect(root().querySelector("select")?.value).toBe(language);
});

test("a fault in drawing leaves the person with a sentence, and a way out", async () => {
  mount({ server, language: "sv" });
  vi.stubGlobal("matchMedia", () => {
    throw new Error("not here");
  });
  (await launcher()).click();
  await vi.waitFor(() => {
    expect(root().querySelector('[role="alert"]')?.textContent).toBe(tables.sv.error);
  });
  vi.unstubAllGlobals();
  root().querySelector<HTMLButtonElement>(".panel button")!.click();
  await launcher();
});

test.each([
  ["https://chat.example", "closed"],
  [location.origin, "open"],
])("a page's script cannot reach into the tree, unless it came first or the page is ours: %s", (server, mode) => {
  const modes: string[] = [];
  const opened = Element.prototype.attachShadow;
  const spy = vi.spyOn(Element.prototype, "attachShadow").mockImplementation(function (
    this: Element,
    init: ShadowRootInit,
  ) {
    modes.push(init.mode);
    return opened.call(this, init);
  });
  mount({ server });
  spy.mockRestore();
  expect(modes).toEqual([mode]);
});
