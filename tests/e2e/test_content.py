"""The story of an editor: an example and an answer are changed in the browser, and become commits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.room import Room, open_room
from tests.support.databases import Template
from tests.support.tuning import git

pytestmark = pytest.mark.browser
#: The whole check computes for seconds, on a busy machine for many.
CHECK_MS = 150_000
CRY = "Säg hej då till katten från mig, jag kommer inte hem mer"
PERGOLA = "Får jag resa en pergola vid poolen utan att ansöka?"


@pytest.fixture
def room(sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path) -> Iterator[Room]:
    """The service on the product's own data, which is in no repository here."""
    with open_room(sqlite_template, catalogue_files, tmp_path) as opened:
        yield opened


def at_content(room: Room, page: Page, username: str = "editor") -> Page:
    """Sign somebody in and open the page."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{room.url}/console/")
    page.get_by_role("textbox", name="Användarnamn").fill(username)
    page.get_by_label("Lösenord").fill(room.passwords[username])
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("navigation", name="Sidor").get_by_role("link", name="Innehåll").click()
    expect(page.get_by_role("heading", name="Innehåll")).to_be_visible()
    return page


def open_set(page: Page, title: str = "Fler frågor om altaner") -> None:
    """Open a change set by keyboard."""
    page.get_by_label("Vad ska ändras?").fill(title)
    page.get_by_label("Vad ska ändras?").press("Enter")
    expect(page.get_by_role("region", name="Ändringspaketet du arbetar i")).to_be_visible()


def open_question(page: Page) -> None:
    """Search for the question and open it by keyboard."""
    page.get_by_label("Sök fråga eller tjänst").fill("bygglov.behovs")
    page.get_by_role("link", name="Behöver jag bygglov").press("Enter")
    expect(page.get_by_role("heading", level=3, name="Behöver jag bygglov")).to_be_focused()


def said(page: Page, text: str, patience_ms: int = 15_000) -> None:
    """Wait for what is read out."""
    expect(page.get_by_role("status").filter(has_text=text).first).to_be_visible(timeout=patience_ms)


def test_editor_adds_an_example_and_sees_it_as_a_commit(room: Room, new_page: NewPage, tmp_path: Path) -> None:
    page = at_content(room, new_page())
    check_state(page, "content-sets")
    open_set(page)
    check_state(page, "content-services")
    open_question(page)
    page.locator("summary").filter(has_text="Vardagligt").press("Enter")
    field = page.get_by_label("Nytt exempel, vardagligt")
    field.fill("Ring mig på 070-174 06 35 om altanen")
    said(page, "Personuppgifter hör inte hemma i ett exempel")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("Behöver man bygglov för en carport")
    said(page, "Finns redan hos bygglov.behovs")
    field.fill(PERGOLA)
    expect(field).to_have_attribute("aria-invalid", "false")
    field.press("Enter")
    said(page, f"Tillagt: {PERGOLA}")
    expect(page.get_by_role("listitem").filter(has_text=PERGOLA)).to_be_visible()
    bar = page.get_by_role("region", name="Ändringspaketet du arbetar i")
    expect(bar.get_by_text("1 ändring", exact=True)).to_be_visible()
    bar.get_by_text("Visa skillnad").press("Enter")
    expect(bar.get_by_role("region", name="Visa skillnad")).to_contain_text(f"+    - {PERGOLA}")
    check_state(page, "content")
    page.set_viewport_size({"width": 1280, "height": 1500})
    page.screenshot(path=SCREENSHOTS / "content.png")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.screenshot(path=SCREENSHOTS / "content-320.png")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    bar.get_by_role("button", name="Kontrollera allt").press("Enter")
    said(page, "Kontrollen hittade inga fel.", CHECK_MS)
    own = tmp_path / "tuning" / "repository.git"
    branch = git(own, "branch", "--list", "tuning/*", "--format=%(refname:short)").strip()
    assert git(own, "diff", "--numstat", "main", branch).split() == ["1", "0", "nlu/bygglov.yml"]


def test_editor_changes_an_answer_and_sees_what_is_left_behind(room: Room, new_page: NewPage) -> None:
    page = at_content(room, new_page())
    open_set(page)
    open_question(page)
    answer = page.get_by_role("form", name="svenska", exact=True)
    answer.get_by_label("Svar").fill("Det beror på vad du bygger. Ring {{telefon_kontakt}}.")
    preview = answer.get_by_role("figure")
    expect(preview.get_by_text("Det beror på vad du bygger. Ring numret på kommunens webbplats.")).to_be_visible()
    answer.get_by_role("button", name="Spara").press("Enter")
    said(page, "Svaret på svenska är sparat.")
    english = page.get_by_role("form", name="engelska")
    expect(english.get_by_text("Gjord från en äldre svensk text")).to_be_visible()
    check_state(page, "content-answers")
    bar = page.get_by_role("region", name="Ändringspaketet du arbetar i")
    bar.get_by_role("button", name="Kontrollera allt").press("Enter")
    expect(bar.get_by_text("Gjord från en äldre svensk text", exact=False).first).to_be_visible(timeout=CHECK_MS)
    english.get_by_role("button", name="Stämmer fortfarande").press("Enter")
    said(page, "Svaret på engelska är bekräftat.")
    expect(english.get_by_text("Gjord från en äldre svensk text")).to_have_count(0)


def test_editor_keeps_a_regression_question(room: Room, new_page: NewPage) -> None:
    page = at_content(room, new_page())
    open_set(page)
    open_question(page)
    section = page.get_by_role("region", name="Provfrågor")
    expect(section.get_by_text("Inga provfrågor än.")).to_be_visible()
    field = section.get_by_label("Ny provfråga")
    field.fill("Behöver man bygglov för en carport")
    field.press("Enter")
    expect(section.get_by_role("alert")).to_contain_text("Den står hos bygglov.behovs, i nlu/bygglov.yml, rad")
    field.fill(PERGOLA)
    field.press("Enter")
    said(page, f"Tillagt: {PERGOLA}")
    line = section.get_by_role("listitem").filter(has_text=PERGOLA)
    expect(line).to_be_visible()
    field.fill("Do I need a permit for a pergola by the pool?")
    section.get_by_label("Språk").select_option("en")
    field.press("Enter")
    expect(section.get_by_text("engelska")).to_be_visible()
    check_state(page, "content-questions")
    section.screenshot(path=SCREENSHOTS / "content-questions.png")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    section.screenshot(path=SCREENSHOTS / "content-questions-320.png")
    line.get_by_role("button", name=f"Ta bort: {PERGOLA}").press("Enter")
    said(page, f"Borttagen: {PERGOLA}")
    expect(section.get_by_role("listitem")).to_have_count(1)


def test_editor_keeps_a_cry_for_help_that_no_model_may_miss(room: Room, new_page: NewPage) -> None:
    page = at_content(room, new_page())
    open_set(page)
    page.get_by_text("Hälsningar, önskemål och annat som inte är frågor").click()
    page.get_by_role("link", name="danger.suicide").press("Enter")
    section = page.get_by_role("region", name="Provfrågor")
    field = section.get_by_label("Ny provfråga")
    field.fill(CRY)
    section.get_by_label("Får aldrig missas").check()
    field.press("Enter")
    said(page, f"Tillagt: {CRY}")
    expect(section.get_by_role("listitem").filter(has_text=CRY)).to_contain_text("Får aldrig missas")
    field.fill("Är det inte bättre för alla om man slipper se mig?")
    expect(section.get_by_label("Får aldrig missas")).not_to_be_checked()
    check_state(page, "content-must-catch")


def test_second_editor_is_told_what_the_first_wrote(room: Room, new_page: NewPage) -> None:
    first, second = at_content(room, new_page()), at_content(room, new_page(), "lead")
    open_set(first)
    second.reload()
    second.get_by_role("button", name="Arbeta i Fler frågor om altaner").press("Enter")
    for page in (first, second):
        open_question(page)
    for page, text in ((first, "Ring oss först."), (second, "Läs på webbplatsen.")):
        answer = page.get_by_role("form", name="svenska", exact=True)
        answer.get_by_label("Svar").fill(text)
        answer.get_by_role("button", name="Spara").press("Enter")
    said(first, "Svaret på svenska är sparat.")
    alert = second.get_by_role("alert").filter(has_text="hann före")
    expect(alert).to_contain_text("Ring oss först.")
    check_state(second, "content-conflict")
