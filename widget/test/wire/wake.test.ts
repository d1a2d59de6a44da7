// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onWake } from "../../src/wire/wake";

let hidden = false;
let stop: () => void;
const woken = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  stop = onWake(woken);
});

afterEach(() => {
  stop();
  woken.mockReset();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets the machine sleep: time goes on, and no timer runs. */
function sleep(ms: number): void {
  const slept = performance.now() + ms;
  vi.spyOn(performance, "now").mockImplementation(() => slept);
}

function show(shown: boolean): void {
  hidden = !shown;
  document.dispatchEvent(new Event("visibilitychange"));
}

test("timers that come on time wake nobody", () => {
  vi.advanceTimersByTime(600_000);
  expect(woken).not.toHaveBeenCalled();
});

test("a timer that comes late by half a minute tells that the machine has slept, once", () => {
  vi.advanceTimersByTime(10_000);
  sleep(45_000);
  vi.advanceTimersByTime(10_000);
  expect(woken).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(10_000);
  expect(woken).toHaveBeenCalledTimes(1);
});

test("a machine that sleeps behind another tab is heard of when the page is shown", () => {
  show(false);
  sleep(45_000);
  vi.advanceTimersByTime(10_000);
  expect(woken).not.toHaveBeenCalled();
  show(true);
  expect(woken).toHaveBeenCalledTimes(1);
});

test("a page that was hidden for a moment is not woken", () => {
  show(false);
  vi.advanceTimersByTime(20_000);
  show(true);
  expect(woken).not.toHaveBeenCalled();
});

test("the network that is back wakes, and so does a page out of the browser's cache", () => {
  window.dispatchEvent(new Event("online"));
  expect(woken).toHaveBeenCalledTimes(1);
  for (const persisted of [true, false]) {
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  }
  expect(woken).toHaveBeenCalledTimes(2);
});

test("nothing wakes after the end", () => {
  stop();
  window.dispatchEvent(new Event("online"));
  sleep(100_000);
  vi.advanceTimersByTime(100_000);
  expect(woken).not.toHaveBeenCalled();
});
