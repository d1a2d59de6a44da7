"""Stories of the inbox: what was missed is labelled by keyboard, one text or one group at a time, by two at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from handover.core.supervision import Level
from handover.store import redaction
from tests.api.missed import INBOX, ask, ask_each, begin, texts_of
from tests.api.supervised import FAQ, OTHER, Person
from tests.e2e.conftest import NewPage
from tests.e2e.labelling import label_inbox
from tests.e2e.supervised_room import SupervisedRoom, check_state, percent, supervised_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser

BOD = "Får man sätta upp en bod på gården?"
FEES = ("Menar ni att altanen kostar något?", "Menar ni samma avgift för friggebod?", "Menar ni att jag ska betala?")


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room, with an assistant that misses everything that is not chosen."""
    with supervised_room(sqlite_template, tmp_path, Level.AUTO) as running:
        begin(running.people, running.double)
        yield running


def at_inbox(room: SupervisedRoom, page: Page, username: str = "editor") -> Page:
    """Return somebody at the inbox."""
    return room.at_console(page, username, "Inkorg")


def labels(page: Page, *keys: str) -> None:
    """Press the keys of a label, and wait until the server has answered it."""
    with page.expect_response("**/api/v1/tuning/inbox/labels"):
        for key in keys:
            page.keyboard.press(key)


def check_narrow(page: Page) -> None:
    """Fail where anything sticks out sideways on the narrowest telephone."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size(before)  # type: ignore[arg-type]


def given(room: SupervisedRoom) -> list[dict[str, Any]]:
    """Return the labels that stand, the oldest first."""
    found = room.do(room.people.lead.get, f"{INBOX}/labels")["labels"]
    return [one for one in reversed(found) if not one["undone"]]


def test_misses_are_labelled_by_keyboard_alone(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(ask, room.people, FEES[0], OTHER)
    room.do(ask_each, room.people, [*FEES[1:], BOD, BOD.upper(), "Var är biblioteket?", "Vilken dag är det?"])
    editor = at_inbox(room, new_page())
    expect(editor.get_by_text("0 av 6 märkta")).to_be_visible()
    article = editor.get_by_role("article")
    expect(article.get_by_text("Får man sätta upp en bod på gården?", exact=False).first).to_be_visible()
    expect(article.get_by_text("Ingen fråga i katalogen passar.")).to_be_visible()
    expect(editor.get_by_role("button", name="Visa samtalet")).to_have_count(0)
    check_state(editor, "inbox-new")

    editor.keyboard.press("n")
    name = editor.get_by_role("textbox", name="Arbetsnamn på den nya frågan")
    expect(name).to_be_focused()
    expect(name).to_have_value(re.compile("bod"))
    check_state(editor, "inbox-name")
    labels(editor, "Enter")
    expect(editor.get_by_text("1 av 6 märkta")).to_be_visible()
    expect(editor.get_by_role("heading", name=re.compile("Vad kostar ett bygglov. – text 1 av 3"))).to_be_focused()
    expect(article.get_by_text(percent("Vad kostar ett bygglov? (67 %)"))).to_be_visible()
    check_state(editor, "inbox-group")
    check_narrow(editor)

    editor.keyboard.press("f")
    search = editor.get_by_role("combobox", name="Vilken fråga hör texten till?")
    expect(search).to_be_focused()
    expect(editor.get_by_role("option", selected=True)).to_contain_text("Vad kostar ett bygglov?")
    check_state(editor, "inbox-faq")
    editor.keyboard.press("Escape")
    expect(search).to_have_count(0)
    labels(editor, "f", "Enter")
    editor.keyboard.press("f")
    editor.keyboard.type("altan")
    labels(editor, "Enter")
    labels(editor, "r")
    labels(editor, "o")
    labels(editor, "s")
    expect(editor.get_by_text("6 av 6 märkta")).to_be_visible()
    expect(editor.get_by_text("Inkorgen är tom: inget väntar på märkning.")).to_be_visible()
    kept = [(one["label"], one.get("faq")) for one in given(room)]
    assert kept == [
        ("new_faq", None),
        ("faq", OTHER),
        ("faq", FAQ),
        ("right", None),
        ("out_of_scope", None),
        ("skip", None),
    ]
    check_state(editor, "inbox-empty")

    with editor.expect_response(lambda response: response.request.method == "DELETE"):
        editor.keyboard.press("z")
    expect(editor.get_by_text("5 av 6 märkta")).to_be_visible()
    expect(editor.get_by_role("status").filter(has_text="Märkningen är ångrad.")).to_be_visible()
    assert len(given(room)) == 5
    editor.reload()
    expect(editor.get_by_text("0 av 1 märkta")).to_be_visible()


def test_group_is_labelled_in_one_go_but_for_what_does_not_belong(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(ask_each, room.people, FEES)
    lead = at_inbox(room, new_page(), "lead")
    expect(lead.get_by_text("0 av 3 märkta")).to_be_visible()
    lead.keyboard.press("a")
    expect(lead.get_by_text("Märkningen gäller 3 texter.")).to_be_visible()
    lead.keyboard.press("j")
    lead.keyboard.press("x")
    expect(lead.get_by_text("Märkningen gäller 2 texter.")).to_be_visible()
    check_state(lead, "inbox-whole")
    check_narrow(lead)
    labels(lead, "f", "Enter")
    expect(lead.get_by_text("2 av 3 märkta")).to_be_visible()
    assert [one["faq"] for one in given(room)] == [OTHER, OTHER]

    with lead.expect_response("**/inbox/context/**"):
        lead.keyboard.press("c")
    context = lead.get_by_role("region", name="Samtalet runt texten")
    expect(context.get_by_text("Menade du?")).to_be_visible()
    check_state(lead, "inbox-context")


def test_two_at_once_are_kept_apart(room: SupervisedRoom, new_page: NewPage) -> None:
    """Each has groups of one's own; what a colleague has is shown as such, and is free again when that one leaves."""
    others = [
        f"Vart vänder jag mig om {word}?" for word in ("hunden", "vägsalt", "simhallen", "parkbänken", "kajakhyra")
    ]
    room.do(ask_each, room.people, others)
    one = at_inbox(room, new_page())
    expect(one.get_by_text("0 av 5 märkta")).to_be_visible()
    with one.expect_response("**/inbox/holds"):
        one.keyboard.press("j")
    other = at_inbox(room, new_page(), "lead")
    held = other.get_by_text("hanteras av Demo Redaktör")
    expect(held.first).to_be_visible()
    mine = one.get_by_role("article").locator(".asked").inner_text()
    theirs = other.get_by_role("article").locator(".asked").inner_text()
    assert mine != theirs
    check_state(other, "inbox-held")
    for page in (one, other):
        labels(page, "o")
        expect(page.get_by_role("alert").filter(has_text=re.compile("."))).to_have_count(0)
    assert len(given(room)) == 2
    assert len({one["by_name"] for one in given(room)}) == 2


def test_text_that_is_gone_meanwhile_is_told_of_and_one_goes_on(room: SupervisedRoom, new_page: NewPage) -> None:
    citizen = room.do(ask, room.people, BOD)
    room.do(ask, room.people, "Var är biblioteket?")
    editor = at_inbox(room, new_page())
    expect(editor.get_by_text("0 av 2 märkta")).to_be_visible()
    while editor.get_by_role("article").locator(".asked").inner_text() != BOD:
        editor.keyboard.press("j")
    clock = room.services.conversations._clock
    room.do(
        room.services.database.write,
        lambda connection: redaction.redact_event(connection, citizen.conversation_id, 2, clock(), None),
    )
    labels(editor, "r")
    expect(editor.get_by_role("alert").filter(has_text="Texten finns inte kvar i inkorgen.")).to_be_visible()
    expect(editor.get_by_text("0 av 1 märkta")).to_be_visible()
    labels(editor, "r")
    expect(editor.get_by_text("1 av 1 märkta")).to_be_visible()


def test_label_without_network_is_taken_back_and_can_be_given_again(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(ask, room.people, BOD)
    editor = at_inbox(room, new_page())
    expect(editor.get_by_text("0 av 1 märkta")).to_be_visible()
    editor.context.set_offline(True)
    editor.keyboard.press("o")
    expect(editor.get_by_role("alert").filter(has_text="Servern svarar inte.")).to_be_visible()
    expect(editor.get_by_text("0 av 1 märkta")).to_be_visible()
    editor.context.set_offline(False)
    labels(editor, "o")
    expect(editor.get_by_text("1 av 1 märkta")).to_be_visible()


def test_examples_go_to_ones_own_change_set(room: SupervisedRoom, new_page: NewPage) -> None:
    room.do(ask_each, room.people, FEES[:2])
    editor = at_inbox(room, new_page())
    expect(editor.get_by_text("0 av 2 märkta")).to_be_visible()
    labels(editor, "f", "Enter")
    labels(editor, "f", "Enter")
    editor.reload()
    expect(editor.get_by_text("2 exempel väntar på en ändring.")).to_be_visible()
    editor.get_by_role("button", name="Lägg dem i min ändring").click()
    expect(editor.get_by_role("status").filter(has_text="2 exempel ligger i din ändring.")).to_be_visible()
    expect(editor.get_by_text("exempel väntar")).to_have_count(0)
    editor.get_by_role("link", name="Innehåll").click()
    expect(editor.get_by_role("rowheader", name="Från inkorgen")).to_be_visible()


def test_a_hundred_texts_take_at_most_two_keys_each(room: SupervisedRoom, new_page: NewPage) -> None:
    texts = [f"Menar ni nummer {'i' * number} i listan?" for number in range(60)]
    texts += [f"Vart går {word * 3}{number}a?" for number in range(4) for word in "bcdfghklmn"]
    room.do(ask_each, room.people, texts)
    editor = at_inbox(room, new_page())
    expect(editor.get_by_text("0 av 100 märkta")).to_be_visible()
    effort = label_inbox(editor, 100)
    expect(editor.get_by_text("100 av 100 märkta")).to_be_visible()
    assert max(effort.keys) <= 2
    assert len(effort.waits) == sum(effort.keys)
    editor.wait_for_load_state("networkidle")
    editor.reload()
    expect(editor.get_by_text("0 av 0 märkta")).to_be_visible()
    person: Person = room.do(room.people.person, "editor")
    assert room.do(texts_of, person) == []
    kept = given(room)
    assert len({one["key"] for one in kept}) == 100
