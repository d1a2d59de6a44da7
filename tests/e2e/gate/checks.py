"""What is asked of a state: each check by name, with the criteria of WCAG 2.2 that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
CHECKS_SCRIPT = Path(__file__).with_name("checks.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHAT = [["[data-kontakt-host]"]]
_RUN_AXE = """([include, runOnly]) => axe
  .run(include ? { include } : document, { runOnly, resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" ")}: ${failureSummary}`)))"""


@dataclass(frozen=True, slots=True)
class Check:
    """One check; its name is also the key of its words in the accessibility statement."""

    name: str
    criteria: tuple[str, ...]
    #: Whether it is made by stories of its own, not in every state.
    has_stories: bool = False


#: axe covers what a program can judge of many criteria; those are not listed one by one.
AXE_CHECK = Check("axe", ())
REFLOW = Check("reflow", ("1.4.4", "1.4.10"))
SPACING = Check("text_spacing", ("1.4.12",))
TARGETS = Check("target_size", ("2.5.8",))
ORDER = Check("focus_order", ("1.3.2", "2.4.3"))
KEYBOARD = Check("keyboard", ("2.1.1", "2.1.2"))
FOCUS = Check("focus_visible", ("2.4.7", "2.4.11"))
COLOURS = Check("forced_colours", ("1.4.11",))
ANNOUNCED = Check("announcements", ("4.1.3",), has_stories=True)
CHECKS = (AXE_CHECK, REFLOW, SPACING, TARGETS, ORDER, KEYBOARD, FOCUS, COLOURS, ANNOUNCED)


class Examiner:
    """Asks a page; every method returns sentences, none when all is well."""

    def __init__(self, page: Page, *, chat_only: bool) -> None:
        self._page = page
        self._include = CHAT if chat_only else None

    def prepare(self) -> None:
        """Bring the tools to the page, where they are not there yet."""
        if not self._page.evaluate("Boolean(globalThis.kontaktChecks)"):
            self._page.evaluate(AXE)
            self._page.evaluate(CHECKS_SCRIPT)

    def axe(self) -> list[str]:
        """Ask axe, in the page's present look."""
        return list(self._page.evaluate(_RUN_AXE, [self._include, TAGS]))

    def ask(self, function: str) -> list[str]:
        """Ask one of the functions of `checks.js`."""
        return list(self._page.evaluate(f"kontaktChecks.{function}()"))

    def spaced(self) -> list[str]:
        """Ask whether all can be read when a person sets the text wider."""
        self._page.evaluate("kontaktChecks.space(true)")
        found = self.ask("reflow")
        self._page.evaluate("kontaktChecks.space(false)")
        return found

    def walk(self) -> tuple[list[str], list[str]]:
        """Go once around with Tab; return what cannot be reached or left by keys, and what is wrong with the focus."""
        count = self._page.evaluate("kontaktChecks.beginWalk()")
        visited: list[tuple[int, str]] = []
        unseen: list[str] = []
        # Once more than there are stops: whoever is back where the walk began has been everywhere.
        for _ in range(count + 2):
            self._page.keyboard.press("Tab")
            step = self._page.evaluate("kontaktChecks.step()")
            if step["at"] is not None:
                visited.append((step["at"], step["name"]))
            unseen += step["found"]
        return keyboard_findings(count, visited), list(dict.fromkeys(unseen))


def keyboard_findings(count: int, visited: list[tuple[int, str]]) -> list[str]:
    """Return what is wrong with a walk of Tab over `count` stops: number and name of each, -1 is no stop."""
    found = [f"Tab stops at what is no stop: {name}" for at, name in visited if at < 0]
    stops = [at for at, _ in visited if at >= 0]
    missed = sorted(set(range(count)) - set(stops))
    if missed:
        names = [name for _, name in visited[:12]]
        found.append(f"Tab does not reach {len(missed)} of {count} stops, as number {missed[0]}; it went to {names}")
    for before, after in pairwise(stops):
        if count > 1 and after != (before + 1) % count:
            found.append(f"Tab goes from stop {before} to stop {after}")
            break
    return found
