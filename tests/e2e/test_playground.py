"""The story of the playground: a sentence is tried by keyboard, explained, and shared as a link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles
from tests.e2e.conftest import NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.room import Room, open_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser
SENTENCE = "Bygglov för en altan & ett staket?"


@pytest.fixture
def room(sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path) -> Iterator[Room]:
    """The service, its engine a double."""
    with open_room(sqlite_template, catalogue_files, tmp_path) as opened:
        yield opened


def signed_in(room: Room, page: Page, place: str) -> Page:
    """Sign an editor in at an address."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{room.url}/console/{place}")
    page.get_by_role("textbox", name="Användarnamn").fill("editor")
    page.get_by_label("Lösenord").fill(room.passwords["editor"])
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", name="Prova")).to_be_visible()
    return page


def test_a_sentence_is_tried_explained_and_shared(room: Room, new_page: NewPage) -> None:
    page = signed_in(room, new_page(), "#/prova")
    check_state(page, "playground")
    page.get_by_label("Mening").fill(f"{SENTENCE} Ring 070-174 06 35")
    page.get_by_label("Mening").press("Enter")
    expect(page.get_by_role("heading", name="Svaret")).to_be_visible()
    expect(page.get_by_text("Avgiften beror på vad du bygger.")).to_be_visible()
    expect(page.get_by_role("table", name="Mest troliga frågor")).to_contain_text("bygglov.behovs")
    expect(page.get_by_role("table", name="Orden som vägde mest").first).to_contain_text("bygglov")
    expect(page.get_by_role("table", name="Närmaste exempel")).to_contain_text("Behöver jag bygglov för en altan?")
    check_state(page, "playground-explained")
    assert "070" not in page.url
    assert all("070" not in body["text"] for body in room.kontakt.engine.consulted)
    other = signed_in(room, new_page(), page.url.partition("/console/")[2])
    expect(other.get_by_text(f"Lästes som: {SENTENCE}")).to_be_visible()
    expect(other.get_by_label("Mening")).to_have_value(page.url and SENTENCE + " Ring [telefon]")
