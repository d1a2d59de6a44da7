"""The gate's own checks find the faults that they are for, and leave alone what is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.conftest import NewPage
from tests.e2e.gate.checks import Examiner, keyboard_findings

pytestmark = pytest.mark.browser
SMALL = {"width": 320, "height": 256}
STYLE = """<style>
  :focus-visible { outline: 3px solid #0a5180; outline-offset: 2px; }
  button, input { min-height: 32px; }
  body { margin: 0; }
</style>"""
LONG = "Medborgarservicekontoret " * 8
Ask = Callable[[Examiner], list[str]]


def reflow(examiner: Examiner) -> list[str]:
    return examiner.ask("reflow")


def targets(examiner: Examiner) -> list[str]:
    return examiner.ask("targets")


def order(examiner: Examiner) -> list[str]:
    return examiner.ask("readingOrder")


def edges(examiner: Examiner) -> list[str]:
    return examiner.ask("edges")


def keyboard(examiner: Examiner) -> list[str]:
    return examiner.walk()[0]


def focus(examiner: Examiner) -> list[str]:
    return examiner.walk()[1]


#: A fault, the check that is for it, and what it says.
FAULTS: dict[str, tuple[str, Ask, str]] = {
    "contrast": ("<main><h1 style='color:#bbb'>Hej</h1></main>", Examiner.axe, "color-contrast"),
    "wide": ("<p style='width:400px'>Hej</p>", reflow, "sticks out sideways"),
    "cut": (f"<p style='height:20px;overflow:hidden'>{LONG}</p>", reflow, "is cut below"),
    "cut at the side": (f"<p style='white-space:nowrap;overflow:hidden'>{LONG}</p>", reflow, "is cut at its side"),
    "off the page": ("<button style='position:fixed;top:-90px'>Hej</button>", reflow, "cannot be brought into view"),
    "covered": ("<p>Hej</p><div style='position:fixed;inset:0;background:#fff'></div>", reflow, "is covered"),
    "no room for spaces": (
        "<p style='width:10em;height:2em;line-height:1;overflow:hidden'>Ett två tre fyra fem sex sju åtta</p>",
        Examiner.spaced,
        "is cut below",
    ),
    "crowded": ("<button style='all:unset'>a</button><button style='all:unset'>b</button>", targets, "and crowded"),
    "backwards": (
        "<div style='display:flex;flex-direction:column-reverse'><button>Ett</button><button>Två</button></div>",
        order,
        "but stands before it",
    ),
    "no edge": ("<button style='border:0;background:#0a5180;color:#fff'>Hej</button>", edges, "has no edge"),
    "trap": (
        "<button onkeydown=\"event.key === 'Tab' && event.preventDefault()\">Ett</button><button>Två</button>",
        keyboard,
        "Tab does not reach",
    ),
    "jumps": (
        "<button tabindex=2>Ett</button><button tabindex=1>Två</button><button>Tre</button>",
        keyboard,
        "Tab goes",
    ),
    "no focus": ("<button style='outline:none'>Hej</button>", focus, "does not show that it has the focus"),
    "faint focus": (
        "<button style='outline:2px solid #eee'>Hej</button>",
        focus,
        "does not show that it has the focus",
    ),
    "hidden focus": (
        "<button>Hej</button><div style='position:fixed;inset:0;background:#fff'></div>",
        focus,
        "has the focus under",
    ),
}
WELL = """<main><h1>Hej</h1><p>Läs <a href="#a">mer om det</a> här.</p>
  <div style="display:flex;flex-wrap:wrap;gap:8px"><button>Ett</button><button>Två</button><button>Tre</button></div>
  <label>Namn <input style="max-width:100%"></label></main>"""


def examine(new_page: NewPage, body: str) -> Examiner:
    """Return who asks a page with this body, in the small window."""
    page = new_page(viewport=SMALL)
    page.set_content(f"<!doctype html><html lang=sv><title>x</title>{STYLE}<body>{body}</body></html>")
    examiner = Examiner(page, chat_only=False)
    examiner.prepare()
    return examiner


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_found_by_the_check_that_is_for_it(new_page: NewPage, name: str) -> None:
    body, ask, says = FAULTS[name]
    found = ask(examine(new_page, body))
    assert any(says in one for one in found), found


@pytest.mark.parametrize("ask", [Examiner.axe, Examiner.spaced, reflow, targets, order, edges, keyboard, focus])
def test_what_is_well_is_left_alone(new_page: NewPage, ask: Ask) -> None:
    assert ask(examine(new_page, WELL)) == []


def test_walk_that_goes_around_once_from_anywhere_is_well() -> None:
    assert keyboard_findings(3, [(number, "") for number in (1, 2, 0, 1, 2)]) == []
    assert keyboard_findings(3, [(number, "") for number in (0, 1, 0, 1, 0)]) != []
    assert keyboard_findings(2, [(0, ""), (1, ""), (-1, "a"), (0, "")]) == ["Tab stops at what is no stop: a"]
