"""Stories of the live view: a lead sees what the assistant has, looks in, whispers to a guide and takes over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from handover.core.supervision import Level
from tests.api.supervised import ANSWER, FAQ, OTHER
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, supervised_room
from tests.support.databases import Template
from tests.support.engine_double import Body, faq_reply, turn_answer

pytestmark = pytest.mark.browser

#: The questions of these FAQs, by which the page names what the assistant understood.
SURELY, UNSURELY = "Behöver jag bygglov för altan?", "Vad kostar ett bygglov?"
SURE, UNSURE = f"Säker fråga om {FAQ}", f"Osäker fråga om {OTHER}"


def answer(body: Body) -> Body:
    """Answer surely or unsurely, as the text says."""
    unsure = "Osäker" in (body.get("text") or "")
    faq = OTHER if unsure else FAQ
    return turn_answer(faq_reply(faq, ANSWER), intent=faq, confidence=0.71 if unsure else 0.97)


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room, where the assistant answers."""
    with supervised_room(sqlite_template, tmp_path, Level.AUTO) as running:
        running.double.answer = answer
        yield running


def asks(room: SupervisedRoom, text: str) -> str:
    """Let a citizen ask and be answered; return the conversation."""
    citizen = room.do(room.people.kontakt.citizen)
    room.do(citizen.say, text)
    room.do(citizen.wait_for, "message", sender="bot", text=ANSWER)
    return str(citizen.conversation_id)


def rows(page: Page) -> Locator:
    """The rows of the table, without its head."""
    return page.get_by_role("table", name="Hos assistenten").get_by_role("row").filter(has=page.get_by_role("cell"))


def test_lead_sees_the_least_sure_first_looks_in_and_takes_over(room: SupervisedRoom, new_page: NewPage) -> None:
    asks(room, UNSURE)
    asks(room, SURE)
    lead = room.at_console(new_page(), "lead", "Direkt")
    expect(rows(lead)).to_have_text([re.compile(re.escape(UNSURELY)), re.compile(re.escape(SURELY))])
    expect(rows(lead).first).to_contain_text("71")
    expect(rows(lead).first).to_contain_text("svenska")

    lead.get_by_role("button", name=f"Titta på samtalet: {UNSURELY}").press("Enter")
    expect(lead.get_by_role("heading", name=re.compile(re.escape(UNSURELY)))).to_be_focused()
    pane = lead.get_by_role("region", name=re.compile(re.escape(UNSURELY)))
    expect(pane.get_by_role("log", name="Samtalet").get_by_text(UNSURE)).to_be_visible()
    check_state(lead, "live-look")
    pane.get_by_role("button", name="Ta över").press("Enter")
    expect(pane.get_by_text("Ditt samtal")).to_be_visible()
    lead.get_by_role("button", name="Stäng samtalet").press("Enter")
    expect(rows(lead)).to_have_count(1)


def test_list_is_alive_and_stands_still_while_the_pointer_is_in_it(room: SupervisedRoom, new_page: NewPage) -> None:
    lead = room.at_console(new_page(), "lead", "Direkt")
    expect(lead.get_by_text("Assistenten har inga samtal just nu.")).to_be_visible()
    check_state(lead, "live-empty")
    asks(room, SURE)
    expect(rows(lead)).to_have_count(1)
    rows(lead).first.hover()
    asks(room, UNSURE)
    expect(rows(lead)).to_have_text([re.compile(re.escape(SURELY)), re.compile(re.escape(UNSURELY))])
    lead.mouse.move(1, 1)
    expect(rows(lead)).to_have_text([re.compile(re.escape(UNSURELY)), re.compile(re.escape(SURELY))])

    lead.get_by_role("navigation", name="Sidor").get_by_role("link", name="Samtal").click()
    expect(lead.get_by_role("navigation", name="Samtal")).to_be_visible()
    lead.get_by_role("navigation", name="Sidor").get_by_role("link", name="Direkt").click()
    expect(rows(lead)).to_have_count(2)


def test_lead_whispers_to_the_guide_who_has_a_conversation(room: SupervisedRoom, new_page: NewPage) -> None:
    talk = asks(room, SURE)
    room.do(room.people.guide.act, "take_over", talk)
    lead = room.at_console(new_page(), "lead", "Direkt")
    with_guides = lead.get_by_role("region", name="Hos vägledare")
    with_guides.get_by_role("button").click()
    field = lead.get_by_role("textbox", name=re.compile("Viska"))
    field.fill("Nämn att avgiften ändras i juli")
    lead.get_by_role("button", name="Viska").click()
    whispered = room.do(room.people.guide.wait_for, "whispered", talk)
    assert whispered["text"] == "Nämn att avgiften ändras i juli"
    expect(lead.get_by_role("log", name="Samtalet").get_by_text("Nämn att avgiften ändras i juli")).to_be_visible()
    expect(field).to_have_value("")
    check_state(lead, "live-whisper")


def test_live_view_tells_who_waits_and_is_not_for_guides(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(room.people.kontakt.waiting_citizen)
    lead = room.at_console(new_page(), "lead", "Direkt")
    expect(lead.get_by_role("region", name="Just nu")).to_contain_text(re.compile(r"Väntar i kön\s*1"))
    expect(lead.get_by_role("region", name="Just nu")).to_contain_text(re.compile(r"Längsta väntan\s*00:\d\d"))
    guide = room.at_console(new_page(), "guide2")
    expect(guide.get_by_role("navigation", name="Sidor").get_by_role("link", name="Direkt")).to_have_count(0)
