"""Stories of guides who are several: races, capacity, who writes, who is away, and what is told out of sight."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.looks import WIDE, check_state
from tests.e2e.people import GuideAtDesk
from tests.e2e.room import Room, open_room
from tests.support.clients import CitizenClient
from tests.support.databases import Template
from tests.support.proxy import cuttable_line

pytestmark = pytest.mark.browser

SECRET = "Mitt personliga bekymmer"
#: Keeps what the page would have shown as notices of the system.
RECORD_NOTICES = """
window.shown = [];
window.Notification = class {
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
  constructor(title, options) { window.shown.push(JSON.stringify([title, options])); }
};
"""


def test_of_two_guides_who_take_one_chat_the_second_is_told_so(room: Room, new_page: NewPage) -> None:
    room.waiting()
    late = new_page(viewport=WIDE)
    first = GuideAtDesk.of(room, new_page(viewport=WIDE))
    with cuttable_line(room.port) as line:
        guide = GuideAtDesk(late, f"http://127.0.0.1:{line.port}", "guide2", room.passwords["guide2"])
        guide.waiting().first.click()
        expect(guide.log.get_by_text("Till kön")).to_be_visible()
        line.cut()
        late.keyboard.press("c")
        first.claims_first()
        line.mend()
        told = late.get_by_role("alert").filter(has_text="Samtalet har redan tagits av en kollega.")
        expect(told).to_be_visible()
        expect(late.get_by_text("Hos Demo Servicevägledare").first).to_be_visible()
        expect(late.get_by_role("textbox", name="Svar till medborgaren")).to_have_count(0)
        check_state(late, "race")


def test_who_has_enough_is_told_so_and_keeps_what_was_had(room: Room, new_page: NewPage) -> None:
    for _ in range(4):
        room.waiting()
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    own = guide.list.get_by_role("list", name="Mina samtal").get_by_role("button")
    for count in range(1, 4):
        guide.waiting().first.click()
        page.keyboard.press("c")
        expect(own).to_have_count(count)
        page.keyboard.press("Escape")
    guide.waiting().first.click()
    page.keyboard.press("c")
    expect(page.get_by_role("alert").filter(has_text="Du har redan så många samtal")).to_be_visible()
    expect(own).to_have_count(3)
    expect(guide.waiting()).to_have_count(1)
    check_state(page, "capacity")


def test_a_colleague_who_writes_in_the_same_draft_is_seen(room: Room, new_page: NewPage) -> None:
    room.draft(room.citizen())
    pages = [new_page(viewport=WIDE), new_page(viewport=WIDE)]
    for page, name in zip(pages, ("guide", "guide2"), strict=True):
        desk = GuideAtDesk.of(room, page, name)
        desk.list.get_by_role("list", name="Utkast att granska").get_by_role("button").click()
        expect(page.get_by_role("heading", name="Utkast från assistenten")).to_be_visible()
    one, other = pages
    one.keyboard.press("e")
    one.keyboard.type("Ja. ")
    seen = other.get_by_role("status").filter(has_text="Demo Servicevägledare skriver i samtalet just nu.")
    expect(seen).to_be_visible()
    expect(one.get_by_text("skriver i samtalet just nu")).to_have_count(0)
    other.screenshot(path=SCREENSHOTS / "desk-colleague-writes.png")


def test_who_does_nothing_for_long_is_away_and_comes_back_by_a_click(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path, new_page: NewPage
) -> None:
    with open_room(sqlite_template, catalogue_files, tmp_path, auto_away_seconds=2.0) as room:
        page = new_page(viewport=WIDE)
        GuideAtDesk.of(room, page)
        away = page.get_by_role("status").filter(has_text="Du är borta (automatiskt)")
        expect(away).to_be_visible(timeout=20_000)
        expect(page.get_by_label("Närvaro")).to_have_value("away")
        page.screenshot(path=SCREENSHOTS / "desk-away.png")
        page.get_by_role("button", name="Jag är här").click()
        expect(page.get_by_label("Närvaro")).to_have_value("available")


def test_a_chat_whose_guide_vanished_is_first_in_the_queue_and_says_why(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path, new_page: NewPage
) -> None:
    with open_room(sqlite_template, catalogue_files, tmp_path, guide_lease_seconds=6.0) as room:
        citizen = room.waiting()
        gone = room.do(room.kontakt.guide("guide2"))
        room.do(gone.act("claim", citizen.conversation_id))
        room.do(gone.close())
        room.waiting()
        guide = GuideAtDesk.of(room, new_page(viewport=WIDE))
        expect(guide.waiting()).to_have_count(2, timeout=30_000)
        expect(guide.waiting().first).to_contain_text("Tillbaka i kön: tappade anslutningen")
        guide.waiting().first.click()
        expect(guide.log.get_by_text("servicevägledaren tappade anslutningen")).to_be_visible()
        check_state(guide.page, "lost-connection")


def test_what_an_employee_asked_before_stands_beside_and_can_be_looked_into(room: Room, new_page: NewPage) -> None:
    room.do(_employee_asks(room, "Hur beställer jag en dator?"))
    citizen = room.do(_employee_asks(room, "Nu är datorn här"))
    room.do(citizen.do("ask_human"))
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    guide.waiting().first.click()
    page.get_by_role("heading", name="Tidigare samtal 1").click()
    earlier = page.get_by_role("complementary").get_by_role("button", name=re.compile("meddelanden"))
    expect(earlier).to_have_count(1)
    check_state(page, "earlier")
    earlier.click()
    expect(guide.log.get_by_text("Hur beställer jag en dator?")).to_be_visible()


async def _employee_asks(room: Room, text: str) -> CitizenClient:
    cookie = await room.kontakt.session("staff")
    answer = await room.kontakt.http.post(
        "/api/v1/conversations", json={"audience": "staff"}, headers={"Cookie": f"kontakt_session={cookie}"}
    )
    opened = answer.json()
    citizen = CitizenClient(room.url, opened["conversation_id"], opened["token"])
    await room.kontakt.keep(citizen)
    await citizen.say(text)
    await citizen.wait_for("message", sender="bot")
    return citizen


def test_notices_come_out_of_sight_only_when_wanted_and_tell_no_words(room: Room, new_page: NewPage) -> None:
    page = new_page(viewport=WIDE)
    page.add_init_script(RECORD_NOTICES)
    guide = GuideAtDesk.of(room, page)
    citizen = room.waiting(SECRET)
    expect(guide.waiting()).to_have_count(1)
    assert _shown(page) == []

    page.get_by_role("button", name="Aviseringar").click()
    page.get_by_label("Visa en avisering på skrivbordet").check()
    page.keyboard.press("Escape")
    other = room.waiting(SECRET)
    expect(guide.waiting()).to_have_count(2)
    assert "Någon väntar i kön" in _shown(page)[-1]

    guide.claims_first()
    before = len(_shown(page))
    room.do(citizen.say(SECRET))
    expect(guide.log.get_by_text(SECRET)).to_have_count(2)
    assert len(_shown(page)) == before, "told of what was looked at"

    guide.waiting().first.click()
    expect(page.get_by_role("button", name="Ta samtalet")).to_be_visible()
    room.do(citizen.say(SECRET))
    expect(guide.list.get_by_text("1 nytt meddelande")).to_be_visible()
    assert "Nytt meddelande i ditt samtal" in _shown(page)[-1]
    assert SECRET not in repr(_shown(page))
    assert other.conversation_id in repr(_shown(page))


def _shown(page: Page) -> list[str]:
    shown: list[str] = page.evaluate("window.shown")
    return shown


def test_guide_who_loses_the_role_is_told_so_and_what_was_written_is_kept(room: Room, new_page: NewPage) -> None:
    room.waiting()
    page = new_page(viewport=WIDE)
    guide = GuideAtDesk.of(room, page)
    guide.claims_first()
    page.get_by_role("textbox", name="Svar till medborgaren").fill("Ett halvt svar")
    room.do(_set_roles(room, "guide", ["staff"]))
    expect(page.get_by_role("alert").filter(has_text="Du har inte behörighet till detta.")).to_be_visible()
    check_state(page, "role-lost")
    room.do(_set_roles(room, "guide", ["guide"]))
    page.reload()
    guide.list.get_by_role("list", name="Mina samtal").get_by_role("button").click()
    expect(page.get_by_role("textbox", name="Svar till medborgaren")).to_have_value("Ett halvt svar")


async def _set_roles(room: Room, username: str, roles: list[str]) -> None:
    """Let an admin change somebody's roles."""
    http = room.kontakt.http
    headers = {"Cookie": f"kontakt_session={await room.kontakt.session('admin')}"}
    accounts = (await http.get("/api/v1/accounts", headers=headers)).json()["accounts"]
    account = next(one for one in accounts if one["username"] == username)
    answer = await http.post(f"/api/v1/accounts/{account['id']}/roles", json={"roles": roles}, headers=headers)
    assert answer.status_code == 200, answer.text
