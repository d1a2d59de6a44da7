"""The story of a training: started from a change set, watched, judged, and read; and one that is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles
from tests.e2e.conftest import NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.room import Room, open_room
from tests.support.databases import Template
from tests.support.training import KeeperOfTrainings, keeper_of_trainings, ordinary
from tests.support.tuning import make_git, make_tuning_data

pytestmark = pytest.mark.browser
#: A training of scripts takes a second, on a busy machine many.
PATIENCE_MS = 60_000
TITLE = "Fler frågor om altaner"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[KeeperOfTrainings]:
    """A keeper that trains with scripts."""
    with in_thread(tmp_path) as running:
        yield running


@pytest.fixture
def room(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path, keeper: KeeperOfTrainings
) -> Iterator[Room]:
    """The service with that keeper, on a data folder that is a git repository."""
    data = make_git(make_tuning_data(tmp_path / "own"))
    with open_room(sqlite_template, catalogue_files, tmp_path, data=data, keeper_url=keeper.url) as opened:
        yield opened


@contextmanager
def in_thread(folder: Path) -> Iterator[KeeperOfTrainings]:
    """Run the keeper in a thread of its own until the block ends."""
    found: list[KeeperOfTrainings] = []
    ready, leave = threading.Event(), threading.Event()

    async def serve() -> None:
        async with keeper_of_trainings(folder) as running:
            found.append(running)
            ready.set()
            await asyncio.to_thread(leave.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="keeper")
    thread.start()
    ready.wait(30)
    try:
        yield found[0]
    finally:
        leave.set()
        thread.join()


def at_trainings(room: Room, page: Page, username: str = "editor") -> Page:
    """Sign somebody in, open a change set, and go to the page of trainings."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{room.url}/console/")
    page.get_by_role("textbox", name="Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(room.passwords[username])
    page.get_by_role("button", name="Logga in").click()
    navigation = page.get_by_role("navigation", name="Sidor")
    navigation.get_by_role("link", name="Innehåll").click()
    page.get_by_label("Vad ska ändras?").fill(TITLE)
    page.get_by_label("Vad ska ändras?").press("Enter")
    expect(page.get_by_role("region", name="Ändringspaketet du arbetar i")).to_be_visible()
    navigation.get_by_role("link", name="Träning").click()
    expect(page.get_by_role("heading", name="Träning")).to_be_visible()
    return page


def test_editor_trains_and_reads_what_came_of_it(room: Room, keeper: KeeperOfTrainings, new_page: NewPage) -> None:
    page = at_trainings(room, new_page())
    check_state(page, "training-start")
    page.get_by_role("button", name="Träna").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Gör om exemplen")).to_be_visible(timeout=PATIENCE_MS)
    check_state(page, "training-runs")
    keeper.let_go()
    expect(page.get_by_role("heading", name="Får den tas i drift?")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Ja. Inget krav är brutet.")).to_be_visible()
    expect(page.get_by_text("Av 41 testfrågor blev 6 rätt som var fel, och 2 fel som var rätt.")).to_be_visible()
    expect(page.get_by_role("img", name="Risk och täckning")).to_be_visible()
    check_state(page, "training-figures")
    page.get_by_role("heading", name="Risk och täckning").scroll_into_view_if_needed()
    page.get_by_role("img", name="Säker och rätt").scroll_into_view_if_needed()
    check_state(page, "training-charts")
    faqs = page.get_by_role("table", name="Varje fråga för sig")
    before = faqs.get_by_role("rowheader").first.text_content()
    page.get_by_role("button", name="Sortera efter fråga").first.press("Enter")
    page.get_by_role("group", name="Varje fråga för sig. Testfrågor").get_by_role(
        "button", name="Sortera efter f1"
    ).press("Enter")
    page.keyboard.press("Enter")
    assert faqs.get_by_role("rowheader").first.text_content() != before
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta som CSV").last.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")


def test_a_closed_gate_says_why(room: Room, keeper: KeeperOfTrainings, new_page: NewPage) -> None:
    keeper.judge([replace(one, right=number % 2 == 0, before=True) for number, one in enumerate(ordinary())])
    keeper.let_go()
    page = at_trainings(room, new_page())
    page.get_by_role("button", name="Träna").press("Enter")
    expect(page.get_by_text("Nej, inte utan att en ledare säger ja:")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("region", name="Får den tas i drift?").locator("summary").first.press("Enter")
    expect(page.get_by_text("Fråga 2 om bygglov.behovs?").first).to_be_visible()
    check_state(page, "training-gate-closed")


def test_a_training_is_cancelled(room: Room, new_page: NewPage) -> None:
    page = at_trainings(room, new_page())
    page.get_by_role("button", name="Träna").press("Enter")
    page.get_by_role("button", name="Avbryt träningen").press("Enter")
    expect(page.get_by_role("status").filter(has_text="avbruten")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("link", name="Alla träningar").press("Enter")
    expect(page.get_by_role("cell", name="Avbruten")).to_be_visible()
    expect(page.get_by_role("button", name="Träna")).to_be_visible()
