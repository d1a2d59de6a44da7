"""A weekend and the Monday after it: what is told when nobody is there, who is first, and how long it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from catalogue.documents import CatalogueFiles
from catalogue.opening import ZONE
from handover.core.events import Rated
from handover.store import tables as t
from tests.e2e import looks
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.people import Citizen, GuideAtDesk
from tests.e2e.room import Room, open_room
from tests.support.clients import new_id
from tests.support.databases import Template
from tests.support.replica import GoingClock

pytestmark = pytest.mark.browser

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE_HOURS = {
    "source": "facts",
    "placeholder": "oppettider_kontakt",
    "weekly": {**{day: ["08:00-17:00"] for day in WEEKDAYS}, "saturday": [], "sunday": []},
}
SATURDAY = datetime(2026, 3, 7, 23, 0, tzinfo=ZONE).astimezone(UTC)
PHONE = {"width": 390, "height": 844}
ANSWER = "Avgiften beror på vad du bygger."
NOTICE = {"sv": "Telefonerna ligger nere. Chatten fungerar som vanligt.", "ar": "الهواتف معطلة. الدردشة تعمل."}


@pytest.fixture
def clock() -> GoingClock:
    """A clock that shows a Saturday night, and goes."""
    return GoingClock(SATURDAY)


@pytest.fixture
def room(
    sqlite_template: Template, catalogue_files: CatalogueFiles, clock: GoingClock, tmp_path: Path
) -> Iterator[Room]:
    """The service with office hours."""
    with open_room(sqlite_template, catalogue_files, tmp_path, OFFICE_HOURS, clock) as opened:
        yield opened


def look(page: Page, name: str) -> None:
    """Look at a state: accessible in light and dark, with a picture."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    looks.check_accessible(page, name)
    page.screenshot(path=SCREENSHOTS / f"hours-{name}.png")


def test_message_left_on_saturday_is_answered_on_monday_and_the_answer_is_rated(
    room: Room, clock: GoingClock, new_page: NewPage
) -> None:
    citizen = Citizen(new_page(), room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees(ANSWER)
    citizen.asks_for_a_person()
    citizen.sees("Det är stängt just nu och ingen servicevägledare är på plats. Vi öppnar måndag 9 mars kl. 08:00.")
    told = "Du har plats 1 i kön. Vi öppnar måndag kl. 08:00. Skriv ditt ärende här, så svarar vi då."
    expect(citizen.panel.get_by_role("status").get_by_text(told)).to_be_visible()
    citizen.says("Jag vill ändra min ansökan")
    look(citizen.page, "closed-sv")

    arab = new_page(viewport=PHONE, has_touch=True)
    ask_in_arabic(arab, room.url)
    look(arab, "closed-ar")

    clock.forward(hours=33, minutes=4)  # Monday, 08:04.
    guide = GuideAtDesk.of(room, new_page())
    expect(guide.waiting()).to_have_count(2)
    guide.claims_first()
    expect(guide.log.get_by_text("Jag vill ändra min ansökan")).to_be_visible()
    guide.replies("God morgon! Nu är vi här.")
    citizen.sees("God morgon! Nu är vi här.")
    look(citizen.page, "opened-sv")

    citizen.panel.get_by_role("button", name="Avsluta", exact=True).click()
    citizen.panel.get_by_role("button", name="Ja, avsluta").click()
    citizen.panel.get_by_role("button", name="Skicka betyget").click()
    expect(citizen.panel.get_by_role("alert")).to_be_visible()
    citizen.panel.get_by_role("radio", name="2, missnöjd").check()
    citizen.panel.get_by_role("radio", name="Nej", exact=True).check()
    citizen.panel.get_by_role("textbox", name="Kommentar (frivillig)").fill("Det tog hela helgen 🙂")
    look(citizen.page, "rating-sv")
    citizen.panel.get_by_role("button", name="Skicka betyget").click()
    expect(citizen.panel.get_by_text("Tack!")).to_be_visible()
    (rated,) = [one for one in events(room, "Jag vill ändra min ansökan") if isinstance(one, Rated)]
    assert (rated.score, rated.resolved, rated.comment) == (2, False, "Det tog hela helgen 🙂")


def ask_in_arabic(page: Page, url: str) -> None:
    """Ask in Arabic on a Saturday night: the assistant answers, and says when a person comes."""
    page.goto(f"{url}/tjanster?sprak=ar")
    page.get_by_role("button", name="فتح الدردشة").click()
    panel = page.get_by_role("dialog", name="Kontakt Linköping")
    field = panel.get_by_role("textbox", name="اكتبوا رسالة")
    log = panel.get_by_role("log", name="المحادثة")
    field.fill("كم تكلفة رخصة البناء؟")
    field.press("Enter")
    expect(log.get_by_text(ANSWER)).to_be_visible()
    panel.get_by_role("button", name="التحدث مع موظف").click()
    expect(log.get_by_text("موعد الافتتاح: الاثنين 9 مارس، الساعة 08:00.")).to_be_visible()
    expect(panel.get_by_role("status").get_by_text(re.compile("رقمكم في الدور: .*موعد الافتتاح: "))).to_be_visible()
    field.fill("أريد تغيير طلبي")
    field.press("Enter")
    expect(log.get_by_text("تم التسليم")).to_have_count(2)


def events(room: Room, said: str) -> list[Any]:
    """Return the events of the conversation in which something was said."""

    async def read() -> list[Any]:
        conversations = room.kontakt.services.conversations
        for talk in await list_talks(room):
            found = [one.event for one in (await conversations.read(talk, 0)).events]
            if any(getattr(one, "text", None) == said for one in found):
                return found
        raise AssertionError(f"nobody said {said!r}")

    return room.do(read())


async def list_talks(room: Room) -> list[str]:
    """Return the ids of all conversations."""
    query = select(t.conversations.c.id)
    return await room.kontakt.services.database.read(lambda connection: list(connection.scalars(query)))


def test_wait_that_is_told_is_that_of_the_last_hours(room: Room, clock: GoingClock, new_page: NewPage) -> None:
    clock.forward(hours=35)  # Monday, 10:00.
    waiting = [room.waiting() for _ in range(5)]
    clock.forward(minutes=4)
    guide = room.do(room.kontakt.guide())
    citizen = Citizen(new_page(), room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.asks_for_a_person()
    place = citizen.panel.get_by_role("status").filter(has_text="Du har plats 6 i kön.")
    expect(place).to_be_visible()
    expect(place).not_to_contain_text("Väntetiden")
    for number, one in enumerate(waiting):
        clock.forward(minutes=number % 2)
        room.do(guide.act("claim", one.conversation_id))
        room.do(guide.act("close", one.conversation_id))
    place = citizen.panel.get_by_role("status").filter(has_text="Du har plats 1 i kön.")
    expect(place).to_have_text(re.compile(r"Väntetiden är ungefär [45]–[67] minuter\."))
    look(citizen.page, "wait-sv")


def test_notice_of_a_lead_is_in_open_chats_within_a_minute_and_on_the_portal(
    room: Room, clock: GoingClock, new_page: NewPage
) -> None:
    swede, arab = new_page(), new_page(viewport=PHONE, has_touch=True)
    for page, language, button in ((swede, "sv", "Öppna chatten"), (arab, "ar", "فتح الدردشة")):
        page.clock.install()
        page.goto(f"{room.url}/tjanster?sprak={language}")
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name="Kontakt Linköping")).to_be_visible()
    body = {"id": new_id(), "texts": NOTICE, "severity": "critical", "until": clock().replace(year=2027).isoformat()}
    room.do(put_up(room, body))
    for page, language in ((swede, "sv"), (arab, "ar")):
        page.clock.run_for(61_000)
        shown = page.get_by_role("dialog").get_by_role("status").get_by_text(NOTICE[language])
        expect(shown).to_have_count(1)
        look(page, f"notice-{language}")
        page.reload()
        expect(page.get_by_role("banner").get_by_text(NOTICE[language])).to_be_visible()
        look(page, f"portal-notice-{language}")


async def put_up(room: Room, body: dict[str, Any]) -> None:
    """Put up a notice as a lead."""
    headers = {"Cookie": f"kontakt_session={await room.kontakt.session('lead')}"}
    answer = await room.kontakt.http.post("/api/v1/notices", headers=headers, json=body)
    assert answer.status_code == 201, answer.text
