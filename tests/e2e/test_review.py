"""Stories of the review list: answers are judged one by one, by keyboard alone, also by two people at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handover.core.supervision import Level
from tests.api.supervised import ANSWER, FAQ
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, percent, supervised_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser

OWN_WORDS = "Det beror på hur hög altanen är."
FIRST_ASKED = f"Jag undrar om {FAQ}"


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room, where every answer is sent and every one is reviewed."""
    with supervised_room(sqlite_template, tmp_path, Level.SAMPLED, sampled_share=1.0) as running:
        yield running


def at_reviews(room: SupervisedRoom, page: Page, username: str = "guide2") -> Page:
    """Return somebody at the review list."""
    return room.at_console(page, username, "Granska")


def judges(page: Page, key: str) -> None:
    """Press the key of a verdict, and wait until the server has answered it."""
    with page.expect_response("**/api/v1/reviews/*"):
        page.keyboard.press(key)


def test_answers_are_judged_by_keyboard_alone(room: SupervisedRoom, new_page: NewPage) -> None:
    for _ in range(4):
        room.do(room.people.ask)
    guide = at_reviews(room, new_page())
    expect(guide.get_by_text("4 svar kvar")).to_be_visible()
    expect(guide.get_by_role("article").get_by_text(ANSWER)).to_be_visible()
    expect(guide.get_by_text(re.compile("Stickprov · Behöver jag bygglov för altan?"))).to_be_visible()
    check_state(guide, "review-sampled")

    guide.keyboard.press("j")
    expect(guide.get_by_role("heading", name="Svar 2 av 4")).to_be_focused()
    guide.keyboard.press("k")
    expect(guide.get_by_role("heading", name="Svar 1 av 4")).to_be_focused()
    guide.keyboard.down("j")
    guide.keyboard.down("j")
    guide.keyboard.up("j")
    expect(guide.get_by_role("heading", name="Svar 3 av 4")).to_be_focused()
    with guide.expect_response("**/api/v1/reviews/*"):
        guide.keyboard.down("g")
    guide.keyboard.down("g")
    guide.keyboard.up("g")
    expect(guide.get_by_text("3 svar kvar · Du har bedömt 1: 1 rätt")).to_be_visible()
    for key, said in (("g", "Rätt"), ("f", "Fel"), ("o", "Oklart")):
        judges(guide, key)
        expect(guide.get_by_role("status").filter(has_text=f"Bedömt: {said}.")).to_be_visible()
    expect(guide.get_by_text("0 svar kvar · Du har bedömt 4: 2 rätt, 1 fel, 1 oklart")).to_be_visible()
    expect(guide.get_by_text("Inga svar väntar på bedömning.")).to_be_visible()

    guide.reload()
    expect(guide.get_by_text("Inga svar väntar på bedömning.")).to_be_visible()
    evidence = room.do(room.people.lead.faq)["evidence"]
    assert evidence["approved"] == 2
    check_state(guide, "review-empty")


def test_unseen_answer_stands_beside_what_the_guide_wrote(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(room.people.lead.set_level, "shadow")
    citizen = room.do(room.people.ask)
    room.do(room.people.guide.act, "claim", citizen.conversation_id)
    room.do(room.people.guide.act, "reply", citizen.conversation_id, text=OWN_WORDS)

    guide = at_reviews(room, new_page())
    unseen = guide.get_by_role("region", name="Assistentens svar, visades inte")
    written = guide.get_by_role("region", name="Vägledarens svar")
    expect(unseen).to_contain_text(ANSWER)
    expect(written).to_contain_text(OWN_WORDS)
    expect(unseen.get_by_text("stor", exact=True)).to_be_visible()
    expect(written.get_by_text("hög", exact=True)).to_be_visible()
    expect(guide.get_by_text(percent("Nästan lika: 86 % av orden är gemensamma."))).to_be_visible()
    check_state(guide, "review-shadow")
    guide.get_by_role("button", name="Rätt").click()
    expect(guide.get_by_text("Inga svar väntar på bedömning.")).to_be_visible()


def test_of_two_who_judge_at_once_the_second_is_told_and_goes_on(room: SupervisedRoom, new_page: NewPage) -> None:
    for _ in range(2):
        room.do(room.people.ask)
    one, other = at_reviews(room, new_page()), at_reviews(room, new_page(), "lead")
    for page in (one, other):
        expect(page.get_by_text("2 svar kvar")).to_be_visible()
    judges(one, "g")
    expect(one.get_by_text("Du har bedömt 1: 1 rätt")).to_be_visible()
    expect(one.get_by_role("alert")).to_have_count(0)
    judges(other, "w")
    expect(other.get_by_role("alert").filter(has_text="En kollega har redan bedömt svaret.")).to_be_visible()
    expect(other.get_by_text("1 svar kvar")).to_be_visible()
    expect(other.get_by_text(re.compile("Du har bedömt"))).to_have_count(0)
    expect(other.get_by_role("heading", name="Svar 1 av 1")).to_be_visible()
    check_state(other, "review-race")
    evidence = room.do(room.people.lead.faq)["evidence"]
    assert (evidence["reviewed"], evidence["approved"]) == (1, 1)


def test_verdict_without_network_is_taken_back_and_can_be_given_again(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(room.people.ask)
    guide = at_reviews(room, new_page())
    expect(guide.get_by_text("1 svar kvar")).to_be_visible()
    guide.context.set_offline(True)
    guide.keyboard.press("g")
    expect(guide.get_by_role("alert").filter(has_text="Servern svarar inte.")).to_be_visible()
    expect(guide.get_by_text("1 svar kvar")).to_be_visible()
    guide.context.set_offline(False)
    judges(guide, "g")
    expect(guide.get_by_text("Inga svar väntar på bedömning.")).to_be_visible()
    assert room.do(room.people.lead.faq)["evidence"]["approved"] == 1


def test_harmful_answer_takes_its_faq_down_at_once(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(room.people.ask)
    guide = at_reviews(room, new_page())
    expect(guide.get_by_role("article").get_by_text(FIRST_ASKED)).to_be_visible()
    judges(guide, "h")
    expect(guide.get_by_text("Du har bedömt 1: 1 skadligt")).to_be_visible()
    guide.get_by_role("navigation", name="Sidor").get_by_role("link", name="Införande").click()
    guide.locator("details").filter(has_text="Tjänsten bygglov").locator("summary").click()
    faq = guide.get_by_role("row", name=re.compile("Behöver jag bygglov för altan"))
    expect(faq.get_by_role("img", name=re.compile("^(Av|Skugga), steg"))).to_be_visible()
    expect(faq.get_by_text("regeln")).to_be_visible()
