// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { runKey } from "../src/keys";
import { minutesAndSeconds } from "../src/views/time";

function press(key: string, target: HTMLElement, more: KeyboardEventInit = {}): number {
  const action = vi.fn();
  document.body.append(target);
  target.addEventListener("keydown", (event) => runKey(event, { c: action, j: action }));
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  target.remove();
  return action.mock.calls.length;
}

test("a key acts outside fields only, without modifiers, and once while it is held down unless it moves", () => {
  expect(press("c", document.createElement("button"))).toBe(1);
  expect(press("x", document.createElement("button"))).toBe(0);
  expect(press("c", document.createElement("button"), { ctrlKey: true })).toBe(0);
  expect(press("c", document.createElement("button"), { repeat: true })).toBe(0);
  expect(press("j", document.createElement("button"), { repeat: true })).toBe(1);
  for (const field of ["input", "textarea", "select"]) {
    expect(press("c", document.createElement(field))).toBe(0);
  }
});

test("a length of time is written as minutes and seconds", () => {
  expect(minutesAndSeconds(187_400)).toBe("03:07");
  expect(minutesAndSeconds(-5)).toBe("00:00");
  expect(minutesAndSeconds(3_600_000)).toBe("60:00");
});
