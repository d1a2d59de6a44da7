"""The guides' room with the small catalogue and people who judge, for the stories of the pages beside the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalogue.documents import read_catalogue
from handover.core.supervision import Level
from tests.api.supervised import Person, Supervised, answer_faq, example_service, sensitive_service
from tests.e2e.conftest import SCREENSHOTS
from tests.e2e.room import Room, open_room
from tests.support.databases import Template
from tests.support.small_catalogue import bygglov, lon, write_data

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Figures of the rule that a story reaches with a few reviews.
EASY = {"rollout_target": 0.4, "rollout_floor": 0.3, "rollout_min_samples": 4}
#: 1 280 points wide at 200 %, and a phone.
ZOOMED, PHONE = {"width": 640, "height": 400}, {"width": 400, "height": 800}


class SupervisedRoom:
    """A running room in which people judge."""

    def __init__(self, room: Room, people: Supervised) -> None:
        self._room = room
        self.people = people
        self.double = room.kontakt.engine
        self.services = room.kontakt.services

    def do[T](self, act: Callable[..., Coroutine[Any, Any, T]], *arguments: Any, **fields: Any) -> T:
        """Let somebody who is no browser do something."""
        return self._room.do(act(*arguments, **fields))

    def at_console(self, page: Page, username: str, place: str = "") -> Page:
        """Sign somebody in at the console and open one of its pages."""
        page.goto(f"{self._room.url}/console/")
        page.get_by_role("textbox", name="Användarnamn").fill(username)
        page.get_by_label("Lösenord").fill(self._room.passwords[username])
        page.get_by_role("button", name="Logga in").click()
        navigation = page.get_by_role("navigation", name="Sidor")
        expect(navigation).to_be_visible()
        if place:
            navigation.get_by_role("link", name=place).click()
            expect(page.get_by_role("heading", name=place, level=2)).to_be_visible()
        return page


@contextmanager
def supervised_room(template: Template, folder: Path, level: Level, **settings: Any) -> Iterator[SupervisedRoom]:
    """Run a room of the test's own, every FAQ at `level`."""
    small = write_data(folder / "small", bygglov(), lon(), sensitive_service(), example_service())
    with open_room(template, read_catalogue(small), folder, default_level=level, **EASY, **settings) as room:
        room.kontakt.engine.answer = answer_faq
        yield SupervisedRoom(room, room.do(_gather(room)))


async def _gather(room: Room) -> Supervised:
    kontakt = room.kontakt
    kontakt.services.knowledge.forget()
    await kontakt.services.supervision.refresh()
    lead = Person(kontakt, await kontakt.session("lead"))
    return Supervised(kontakt, lead, await kontakt.guide())


def check_state(page: Page, name: str) -> None:
    """Look at one state of a page, in light and dark: accessible, at home in small windows, and a picture of it."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}, {scheme}: {found.generate_report()}"
        page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png")
    for size in (ZOOMED, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name}: {width} wide at {size['width']}"
    page.screenshot(path=SCREENSHOTS / f"{name}-phone.png")
    if before is not None:
        page.set_viewport_size(before)


def percent(text: str) -> re.Pattern[str]:
    """Return a pattern of a text whose spaces may be such as no line ends at."""
    return re.compile(r"\s".join(re.escape(word) for word in text.split(" ")))
