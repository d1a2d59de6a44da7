"""Stories of the rollout: a lead lets the assistant answer more, FAQ by FAQ, and takes everything back in one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from handover.core.supervision import Level
from handover.settings import ROOT
from tests.api.supervised import FAQ, SENSITIVE
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, percent, supervised_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser

QUESTION = "Behöver jag bygglov för altan?"
SENSITIVE_QUESTION = "Var får jag stöd?"


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room, every FAQ at `approve`."""
    with supervised_room(sqlite_template, tmp_path, Level.APPROVE) as running:
        yield running


def row(page: Page, question: str, service: str) -> Locator:
    """Open a service and return the row of one of its questions."""
    details = page.locator("details").filter(has_text=service)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return page.get_by_role("row", name=re.compile(re.escape(question)))


def section(page: Page, name: str) -> Locator:
    """Return one of the forms in which a FAQ is changed."""
    return page.get_by_role("form", name=name)


def test_lead_raises_a_faq_when_its_evidence_suffices(room: SupervisedRoom, new_page: NewPage) -> None:
    lead = room.at_console(new_page(), "lead", "Införande")
    faq = row(lead, QUESTION, "Tjänsten bygglov")
    expect(faq.get_by_role("img", name="Godkänns, steg 3 av 5")).to_be_visible()
    expect(faq.get_by_role("img", name=re.compile("Inget bedömt än"))).to_be_visible()
    expect(faq.get_by_role("button")).to_have_count(0)

    room.do(room.people.judge, "approve", 4)
    lead.reload()
    faq = row(lead, QUESTION, "Tjänsten bygglov")
    expect(faq.get_by_role("img", name=percent("100 % rätt av 4 bedömda, troligen 51 % till 100 %."))).to_be_visible()
    lead.get_by_text("Översikt per tjänst").click()
    expect(lead.get_by_role("img", name=re.compile("för 1 tjänst")).locator("canvas")).to_be_visible()
    check_state(lead, "rollout-overview")
    lead.get_by_text("Översikt per tjänst").click()
    check_state(lead, "rollout-ready")
    faq.get_by_role("button", name="Höj till Stickprov").click()
    expect(lead.get_by_role("status").filter(has_text="är höjd till Stickprov.")).to_be_visible()
    expect(faq.get_by_role("img", name="Stickprov, steg 4 av 5")).to_be_visible()

    faq.get_by_role("link", name=QUESTION).press("Enter")
    expect(lead.get_by_role("heading", name=QUESTION)).to_be_focused()
    history = lead.get_by_role("table", name="Historik")
    expect(
        history.get_by_role("row", name=re.compile("Höjd från Godkänns till Stickprov.*Demo Ledare"))
    ).to_be_visible()
    expect(lead.get_by_role("img", name=re.compile("nivån över tid")).locator("canvas")).to_be_visible()
    check_state(lead, "rollout-faq")
    lead.get_by_role("link", name="Alla frågor").press("Enter")
    expect(lead.get_by_role("link", name=QUESTION)).to_be_focused()


def test_every_change_by_hand_says_why(room: SupervisedRoom, new_page: NewPage) -> None:
    lead = room.at_console(new_page(), "lead", "Införande")
    row(lead, SENSITIVE_QUESTION, "Tjänsten familj").get_by_role("link").click()
    level = section(lead, "Sätt nivån för hand")
    level.get_by_label("Ny nivå").select_option("Skugga")
    level.get_by_role("button", name="Spara").click()
    expect(level.get_by_role("alert")).to_have_text("Skriv varför, så att andra kan förstå ändringen.")
    assert room.do(room.people.lead.faq, SENSITIVE)["level"] == "approve"

    level.get_by_label("Varför").fill("Vi lyssnar först")
    level.get_by_label("Ny nivå").select_option("Själv")
    level.get_by_role("button", name="Spara").click()
    expect(level.get_by_role("alert")).to_contain_text("En ledare måste häva spärren")
    expect(level.get_by_label("Varför")).to_have_value("Vi lyssnar först")
    check_state(lead, "rollout-refused")

    cap = section(lead, "Spärr för känslig tjänst")
    cap.get_by_label("Varför").fill("Verksamheten har prövat svaren")
    cap.get_by_role("button", name="Häv spärren").click()
    expect(cap.get_by_role("button", name="Återställ spärren")).to_be_visible()
    level.get_by_role("button", name="Spara").click()
    expect(level.get_by_role("alert")).to_have_text("Bedömningarna räcker inte för den nivån.")
    level.get_by_label("Ny nivå").select_option("Skugga")
    level.get_by_role("button", name="Spara").click()
    expect(lead.get_by_role("img", name="Skugga, steg 2 av 5")).to_be_visible()
    expect(level.get_by_role("alert")).to_have_count(0)

    bounds = section(lead, "Mål och golv")
    bounds.get_by_label("Mål", exact=True).fill("99")
    bounds.get_by_label("Varför").fill("Känsligt ämne")
    bounds.get_by_role("button", name="Spara").click()
    expect(bounds.get_by_text(percent("Mål 99 %, golv 30 %."))).to_be_visible()
    history = lead.get_by_role("table", name="Historik")
    for what, why in (("Mål och golv", "Känsligt ämne"), ("Spärren hävd", "Verksamheten"), ("Satt för", "Vi lyss")):
        expect(history.get_by_role("row", name=re.compile(f"{what}.*Demo Ledare.*{why}"))).to_be_visible()


def test_guide_reads_the_rollout_and_changes_nothing(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(room.people.judge, "approve", 4)
    guide = room.at_console(new_page(), "guide2", "Införande")
    faq = row(guide, QUESTION, "Tjänsten bygglov")
    expect(faq.get_by_text("Redo för Stickprov")).to_be_visible()
    expect(guide.get_by_role("button", name=re.compile("Höj till|Stäng av"))).to_have_count(0)
    faq.get_by_role("link").click()
    expect(guide.get_by_role("table", name="Historik").or_(guide.get_by_text("aldrig ändrats"))).to_be_visible()
    expect(guide.get_by_role("form")).to_have_count(0)


def test_switch_is_felt_at_once_by_a_colleague_and_by_a_waiting_draft(room: SupervisedRoom, new_page: NewPage) -> None:
    citizen, _ = room.do(room.people.drafted)
    colleague = room.at_console(new_page(), "guide2")
    lead = room.at_console(new_page(), "lead", "Införande")
    lead.get_by_label("Varför (frivilligt)").fill("Fel avgift i svaren")
    lead.get_by_role("button", name="Stäng av assistenten").click()
    banner = re.compile("avstängd sedan .* av Demo Ledare: alla frågor går till er. Skäl: Fel avgift i svaren")
    for page in (lead, colleague):
        expect(page.get_by_role("status").filter(has_text=banner)).to_be_visible()
    assert room.do(citizen.wait_for, "escalated")["reason"] == "policy"
    expect(lead.get_by_role("button", name="Slå på igen")).to_be_visible()
    check_state(lead, "rollout-all-off")
    check_state(colleague, "desk-all-off")

    lead.get_by_label("Varför", exact=True).fill("Avgiften är rättad")
    lead.get_by_label("Varför", exact=True).press("Enter")
    expect(lead.get_by_role("button", name="Stäng av assistenten")).to_be_visible()
    for page in (lead, colleague):
        expect(page.get_by_role("status").filter(has_text="avstängd")).to_have_count(0)


def test_switch_needs_one_click_and_no_reason(room: SupervisedRoom, new_page: NewPage) -> None:
    lead = room.at_console(new_page(), "lead", "Införande")
    lead.get_by_role("button", name="Stäng av assistenten").click()
    expect(lead.get_by_role("status").filter(has_text="av Demo Ledare: alla frågor går till er.")).to_be_visible()
    assert room.do(room.people.lead.get, "supervision")["all_off"] is True


def test_whole_catalogue_is_there_at_once_and_is_found_by_words(room: SupervisedRoom, new_page: NewPage) -> None:
    services = room.services
    files = read_catalogue(ROOT / "data")
    room.do(services.database.write, lambda connection: import_catalogue(connection, files))
    services.knowledge.forget()
    lead = room.at_console(new_page(), "lead")
    lead.get_by_role("navigation", name="Sidor").get_by_role("link", name="Införande").click()
    expect(lead.locator("details.service").nth(30)).to_be_attached()

    lead.get_by_role("searchbox").fill("bygglov")
    expect(lead.get_by_role("status").filter(has_text=re.compile(r"^\d+ fråg(a|or) i \d tjänst"))).to_be_visible()
    check_state(lead, "rollout-search")
    lead.get_by_role("searchbox").fill("")
    lead.get_by_role("combobox", name="Visa").select_option("Känsliga tjänster")
    expect(lead.get_by_role("status").filter(has_text="frågor i")).to_be_visible()
    expect(lead.get_by_role("row").nth(20)).to_be_attached()
    check_state(lead, "rollout-sensitive")


def test_a_harmful_draft_takes_its_faq_down_before_the_eyes_of_the_lead(
    room: SupervisedRoom, new_page: NewPage
) -> None:
    lead = room.at_console(new_page(), "lead", "Införande")
    faq = row(lead, QUESTION, "Tjänsten bygglov")
    room.do(room.people.judge, "reject", label="wrong_answer", harmful=True)
    expect(faq.get_by_role("img", name="Skugga, steg 2 av 5")).to_be_visible()
    expect(faq.get_by_text("regeln")).to_be_visible()
    assert room.do(room.people.lead.faq, FAQ)["level"] == "shadow"
