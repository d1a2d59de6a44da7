"""Somebody who labels the whole inbox by keyboard, and what it takes: keys, and how soon the next text is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

#: The keys of each label in turn; the suggested question is taken with Enter.
LABELS: tuple[tuple[str, ...], ...] = (("f", "Enter"), ("r",), ("o",), ("n", "Enter"), ("s",))
#: Notes when a key went down, and when the page has drawn what came of it.
WATCH = """
() => {
  window.waits = [];
  document.addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - began), 0));
  }, true);
}
"""
_PROGRESS = ".inbox .progress"


@dataclass(slots=True)
class Effort:
    """What labelling took: the keys of each text, and the wait after each key in milliseconds."""

    keys: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


def label_inbox(page: Page, count: int, labels: Sequence[tuple[str, ...]] = LABELS) -> Effort:
    """Label `count` texts at an open inbox, one after the other, as fast as the page lets somebody."""
    page.evaluate(WATCH)
    effort = Effort()
    for number in range(count):
        page.locator("article h3").wait_for()  # Whoever is faster than the server waits for the next texts.
        keys = labels[number % len(labels)]
        for key in keys:
            page.keyboard.press(key)
        effort.keys.append(len(keys))
        expect(page.locator(_PROGRESS)).to_contain_text(f"{number + 1} av ")
    page.wait_for_function("(keys) => window.waits.length === keys", arg=sum(effort.keys))
    effort.waits = page.evaluate("() => window.waits")
    return effort
