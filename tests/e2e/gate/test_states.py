"""The gate: every state of widget and portal, in two languages, on phone and desktop, in all colours."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.gate.checks import AXE_CHECK, COLOURS, FOCUS, KEYBOARD, ORDER, REFLOW, SPACING, TARGETS, Examiner
from tests.e2e.gate.portal_states import PORTAL_STATES
from tests.e2e.gate.record import Record
from tests.e2e.gate.stage import Stage, staged
from tests.e2e.gate.states import SWEDISH, WIDGET, State
from tests.e2e.gate.widget_states import WIDGET_STATES

pytestmark = pytest.mark.browser
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
#: The smallest phone of WCAG 1.4.10, and 1 280 by 1 024 at 400 %.
SMALL, AT_400_PERCENT = {"width": 320, "height": 568}, {"width": 320, "height": 256}
#: The colours that a person may have chosen, as the browser is told.
LIGHT = {"color_scheme": "light", "forced_colors": "none"}
DARK = {"color_scheme": "dark", "forced_colors": "none"}
FORCED = {"color_scheme": "light", "forced_colors": "active"}
STATES = (*WIDGET_STATES, *PORTAL_STATES)


class Visit:
    """One state in one language, looked at from all sides; notes what it finds."""

    def __init__(self, stage: Stage, state: State, language: str, record: Record) -> None:
        self._stage, self._state, self._language, self._record = stage, state, language, record
        self._page = stage.page
        self._examiner = Examiner(stage.page, chat_only=state.surface == WIDGET and state.name != "launcher")

    def look_from_all_sides(self) -> None:
        """Make every check."""
        self._examiner.prepare()
        for name, screen in (("desktop", DESKTOP), ("phone", PHONE)):
            self._turn_to(screen, LIGHT)
            self._note(AXE_CHECK, f"{name}, light", self._examiner.axe())
            self._note(TARGETS, name, self._examiner.ask("targets"))
            self._note(ORDER, name, self._examiner.ask("readingOrder"))
            self._turn_to(screen, DARK)
            self._note(AXE_CHECK, f"{name}, dark", self._examiner.axe())
            self._turn_to(screen, FORCED)
            self._note(AXE_CHECK, f"{name}, forced colours", self._examiner.axe())
            self._note(COLOURS, name, self._examiner.ask("edges"))
            self._walk(f"{name}, forced colours")
        for name, screen in (("320 × 568", SMALL), ("400 %", AT_400_PERCENT)):
            self._turn_to(screen, LIGHT)
            self._note(REFLOW, name, self._examiner.ask("reflow"))
            # Letters are not spaced out in a script that joins them.
            if self._language == SWEDISH:
                self._note(SPACING, name, self._examiner.spaced())
        self._walk("400 %")
        self._picture()

    def _walk(self, where: str) -> None:
        stuck, unseen = self._examiner.walk()
        self._note(KEYBOARD, where, stuck)
        self._note(FOCUS, where, unseen)

    def _turn_to(self, screen: dict[str, int], colours: dict[str, str]) -> None:
        self._page.set_viewport_size(screen)  # type: ignore[arg-type]
        self._page.emulate_media(**colours)  # type: ignore[arg-type]
        if self._state.renew is not None:
            self._state.renew(self._stage)

    def _note(self, check: object, where: str, findings: list[str]) -> None:
        self._record.note(check, self._state.id, [f"{self._language}, {where}: {one}" for one in findings])  # type: ignore[arg-type]

    def _picture(self) -> None:
        folder = SCREENSHOTS / "gate"
        folder.mkdir(parents=True, exist_ok=True)
        for name, screen, colours in (("phone", PHONE, LIGHT), ("400", AT_400_PERCENT, FORCED)):
            self._turn_to(screen, colours)
            self._page.screenshot(path=folder / f"{self._state.id}-{self._language}-{name}.png")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.id)
def test_state_is_accessible(state: State, record: Record, new_page: NewPage, request: pytest.FixtureRequest) -> None:
    room, guide = request.getfixturevalue("open_desk")
    if state.closed:
        room = request.getfixturevalue("closed_desk")
    record.titles[state.id] = state.title
    record.not_reached[state.id] = "not brought about"
    with staged(room, guide, new_page) as stage:
        state.reach(stage)
        for language in state.languages:
            if language != SWEDISH and state.speak is not None:
                state.speak(stage, language)
            Visit(stage, state, language, record).look_from_all_sides()
    del record.not_reached[state.id]
    assert record.findings(state.id) == []
