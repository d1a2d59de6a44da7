"""The guides' desk in a real browser, by keyboard alone, against the real service with the engine double."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.people import GuideAtDesk
from tests.e2e.room import FEE, Room
from tests.support.proxy import cuttable_line

pytestmark = pytest.mark.browser


def open_draft(page: Page) -> None:
    """Open the one draft that waits, by keyboard."""
    expect(page.get_by_role("list", name="Utkast att granska").get_by_role("button")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Utkast från assistenten")).to_be_visible()


def test_a_conversation_goes_from_the_queue_to_its_end_by_keyboard_alone(room: Room, new_page: NewPage) -> None:
    citizen = room.waiting()
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    keys = page.keyboard
    row = guide.waiting()
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Vill prata med en människa")
    expect(row).to_contain_text("Vad kostar ett bygglov? 64 %")
    expect(row).to_contain_text("Bygglov · svenska · Medborgare")
    expect(row).to_contain_text(re.compile(r"01:\d\d kvar"))
    check_state(page, "queue")

    keys.press("j")
    expect(row).to_be_focused()
    keys.press("c")
    reply = page.get_by_role("textbox", name="Svar till medborgaren")
    expect(reply).to_be_focused()
    expect(page.get_by_role("heading", name="Bygglov")).to_be_visible()
    expect(page.get_by_role("list", name="Svar ur katalogen").get_by_text("Vad kostar ett bygglov?")).to_be_visible()
    check_state(page, "own")

    keys.type("/")
    expect(page.get_by_role("combobox", name="Sök bland färdiga svar")).to_be_focused()
    keys.type("hej")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text("Hälsning")
    check_state(page, "canned")
    keys.press("Enter")
    expect(reply).to_be_focused()
    expect(reply).to_have_value(re.compile("Jag heter Demo Servicevägledare"))
    keys.press("Control+Enter")
    expect(guide.log.get_by_text("Jag heter Demo Servicevägledare")).to_be_visible()
    room.do(citizen.wait_for("message", sender="guide"))

    keys.press("Escape")
    keys.press("1")
    expect(reply).to_have_value(re.compile("bygg", re.IGNORECASE))
    keys.press("Control+Enter")
    expect(reply).to_have_value("")

    keys.press("Escape")
    keys.press("n")
    expect(page.get_by_role("textbox", name="Intern anteckning")).to_be_focused()
    keys.type("Vill bygga en altan.")
    keys.press("Control+Enter")
    expect(page.get_by_text("Vill bygga en altan.")).to_be_visible()
    keys.press("Escape")

    keys.press("v")
    expect(page.get_by_role("combobox", name="Kollega, område eller språk")).to_be_focused()
    keys.type("bygglov")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    check_state(page, "transfer")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Koppla till Bygglov")).to_be_focused()
    keys.press("Enter")
    expect(row).to_contain_text("Kopplat till Bygglov")

    keys.press("c")
    expect(reply).to_be_focused()
    keys.press("Escape")
    keys.press("s")
    expect(page.get_by_label("Utfall")).to_be_focused()
    check_state(page, "end")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("Samtalet avslutades: löst")).to_be_visible()
    room.do(citizen.wait_for("closed"))


def test_a_draft_is_approved_by_one_key(room: Room, new_page: NewPage) -> None:
    citizen = room.citizen()
    room.draft(citizen)
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    open_draft(page)
    expect(page.get_by_text(re.compile(r"Granska inom 00:\d\d"))).to_be_visible()
    check_state(page, "draft")
    page.keyboard.press("x")
    expect(page.get_by_label("Orsak")).to_be_focused()
    check_state(page, "reject")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    room.do(citizen.wait_for("message", sender="bot", text=FEE))
    expect(guide.log.get_by_text("Utkastet godkändes")).to_be_visible()


def test_an_edited_draft_is_sent_and_survives_a_reload(room: Room, new_page: NewPage) -> None:
    citizen = room.citizen()
    room.draft(citizen)
    page = new_page(viewport=WIDE)
    GuideAtDesk.of(room, page)

    def open_edit() -> Locator:
        open_draft(page)
        page.keyboard.press("e")
        return page.get_by_role("textbox", name="Ändrad text")

    field = open_edit()
    expect(field).to_be_focused()
    field.fill("Det kostar 5 000 kronor.")
    page.reload()
    field = open_edit()
    expect(field).to_have_value("Det kostar 5 000 kronor.")
    check_state(page, "edit")
    page.keyboard.press("Control+Enter")
    room.do(citizen.wait_for("message", sender="bot", text="Det kostar 5 000 kronor."))
    expect(field).to_have_count(0)


def test_who_approves_too_late_is_told_so_and_loses_nothing(room: Room, new_page: NewPage) -> None:
    citizen = room.citizen()
    draft = room.draft(citizen)
    page = new_page(viewport=WIDE)
    with cuttable_line(room.port) as line:
        guide = GuideAtDesk(page, f"http://127.0.0.1:{line.port}", "guide", room.passwords["guide"])
        open_draft(page)
        page.keyboard.press("e")
        page.get_by_role("textbox", name="Ändrad text").fill("Mitt eget svar")
        line.cut()
        page.keyboard.press("Control+Enter")
        colleague = room.do(room.kontakt.guide("guide2"))
        room.do(colleague.act("reject", citizen.conversation_id, draft_id=draft, label="tone"))
        line.mend()
        expect(page.get_by_role("alert").get_by_text("En kollega har redan avgjort utkastet.")).to_be_visible()
        expect(guide.log.get_by_text("Utkastet avvisades: fel ton")).to_be_visible()
        page.screenshot(path=SCREENSHOTS / "desk-too-late.png")
        page.get_by_role("button", name="Ta samtalet").click()
        page.get_by_text("Din ändring av utkastet hann inte skickas.").wait_for()
        page.get_by_role("button", name="Infoga", exact=True).first.click()
        expect(page.get_by_role("textbox", name="Svar till medborgaren")).to_have_value("Mitt eget svar")


def test_a_gap_in_a_ready_made_answer_stops_the_reply(room: Room, new_page: NewPage) -> None:
    room.waiting()
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    guide.claims_first()
    reply = page.get_by_role("textbox", name="Svar till medborgaren")
    reply.fill("Vi ringer dig {{time}}.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text("Fyll i {{time}} innan du skickar.")).to_be_visible()
    expect(reply).to_have_value("Vi ringer dig {{time}}.")
    check_state(page, "gap")
    page.keyboard.type("i morgon")
    page.keyboard.press("Control+Enter")
    expect(guide.log.get_by_text("Vi ringer dig i morgon.")).to_be_visible()


def test_what_the_citizen_does_not_see_is_marked(room: Room, new_page: NewPage) -> None:
    citizen = room.citizen()
    room.draft(citizen, mode="shadow")
    room.do(citizen.do("ask_human"))
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    guide.claims_first()
    lead = room.do(room.kontakt.guide("lead"))
    room.do(lead.act("whisper", citizen.conversation_id, text="Fråga om altanen är inglasad."))
    expect(guide.log.get_by_text("Fråga om altanen är inglasad.")).to_be_visible()
    expect(guide.log.get_by_text("Demo Ledare viskar – syns inte för medborgaren")).to_be_visible()
    expect(guide.log.get_by_text("Skuggsvar – visas inte för medborgaren")).to_be_visible()
    check_state(page, "unseen")
    page.get_by_role("button", name="Lämna tillbaka").click()
    page.keyboard.type("Hon vill veta vad det kostar.")
    check_state(page, "hand-back")
    page.keyboard.press("Control+Enter")
    expect(guide.log.get_by_text("Hon vill veta vad det kostar.")).to_be_visible()


def test_the_key_map_and_the_settings_are_dialogs_of_their_own(room: Room, new_page: NewPage) -> None:
    page = new_page(viewport=WIDE)
    GuideAtDesk.of(room, page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Kortkommandon")).to_be_visible()
    check_state(page, "keys")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Aviseringar").click()
    expect(page.get_by_role("dialog", name="Ljud och aviseringar")).to_be_visible()
    check_state(page, "notices")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Kollegor").click()
    expect(page.get_by_role("dialog", name="Kollegor")).to_be_visible()
    check_state(page, "colleagues")


def test_the_time_left_of_the_promise_is_told_in_words_and_danger_stands_first(room: Room, new_page: NewPage) -> None:
    room.waiting()
    page = new_page(viewport=WIDE)
    page.clock.install()
    guide = GuideAtDesk.of(room, page)
    row = guide.waiting().first
    expect(row).to_contain_text(re.compile(r"^Vill prata med en människa01:\d\d kvar"))
    page.clock.fast_forward(65_000)
    expect(row).to_contain_text(re.compile(r"Snart: 00:\d\d kvar"))
    page.clock.fast_forward(40_000)
    expect(row).to_contain_text(re.compile(r"Bråttom: 00:\d\d kvar"))
    page.clock.fast_forward(20_000)
    expect(row).to_contain_text(re.compile(r"Över tiden: 00:\d\d"))
    in_danger = room.do(room.kontakt.citizen())
    room.do(in_danger.say("Jag vill inte leva längre"))
    expect(guide.waiting()).to_have_count(2)
    expect(row).to_contain_text("Kris – går före")
    check_state(page, "promise")


def test_a_colleague_is_seen_and_is_given_a_conversation(room: Room, new_page: NewPage) -> None:
    citizen = room.waiting()
    colleague = GuideAtDesk.of(room, new_page(viewport=WIDE), "guide2")
    expect(colleague.waiting()).to_have_count(1)
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    guide.claims_first()
    page.get_by_role("button", name="Kollegor (1)").click()
    expect(page.get_by_role("dialog", name="Kollegor").get_by_text("Demo Kollega")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Koppla vidare").click()
    page.keyboard.type("kollega")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    check_state(page, "transfer-to-colleague")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Avbryt")).to_have_count(0)
    expect(colleague.list.get_by_text(re.compile("Kopplat till dig|Mina samtal"))).to_be_visible()
    colleague.page.screenshot(path=SCREENSHOTS / "desk-given.png")
    assert room.do(citizen.wait_for("transferred"))
