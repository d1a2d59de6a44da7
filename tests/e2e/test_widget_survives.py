"""What the chat lives through in a real browser: sleep, networks that change or block, bad input, a hostile middle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from catalogue.documents import CatalogueFiles
from handover.core.events import Message
from tests.e2e import looks
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.people import Citizen
from tests.e2e.room import Room, open_room
from tests.support.clients import CitizenClient
from tests.support.databases import Template
from tests.support.proxy import CuttableLine, cuttable_line

pytestmark = pytest.mark.browser

ANSWER = "Avgiften beror på vad du bygger."
#: Seven characters that are drawn as one.
FAMILY = "👩‍👩‍👧‍👦"
BLOCK_STORAGE = """
for (const name of ["sessionStorage", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
}
"""


@pytest.fixture(scope="module")
def room(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """One room for all stories: each has a conversation of its own."""
    with open_room(sqlite_template, catalogue_files, tmp_path_factory.mktemp("room")) as opened:
        yield opened


@pytest.fixture
def line(room: Room) -> Iterator[CuttableLine]:
    """A line to the room."""
    with cuttable_line(room.port) as made:
        yield made


def at(line: CuttableLine) -> str:
    """Return the address of the far end by way of a line."""
    return f"http://127.0.0.1:{line.port}"


def said_elsewhere(room: Room, citizen: Citizen, text: str) -> None:
    """Say something in the citizen's conversation from another place."""
    kept = citizen.page.evaluate("Object.entries(sessionStorage).find(([name]) => name.endsWith('.conversation'))[1]")
    opened = json.loads(kept)

    async def say() -> None:
        async with CitizenClient(room.url, opened["conversation_id"], opened["token"]) as other:
            await other.say(text)

    room.do(say())


def begin(page: Page, url: str) -> Citizen:
    """Return somebody who has asked and was answered."""
    citizen = Citizen(page, url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees(ANSWER)
    return citizen


# --- sleep and networks -------------------------------------------------------------------------


def test_machine_that_slept_while_its_connection_died_is_back_at_once(
    room: Room, line: CuttableLine, new_page: NewPage
) -> None:
    page = new_page()
    page.clock.install()
    citizen = begin(page, at(line))
    page.clock.run_for(11_000)
    line.silence()
    said_elsewhere(room, citizen, "Sagt medan locket var stängt")
    expect(citizen.log.get_by_text("Sagt medan locket var stängt")).to_have_count(0)
    with page.expect_websocket():
        page.clock.fast_forward("01:00:00")
    expect(citizen.log.get_by_text("Sagt medan locket var stängt", exact=True)).to_have_count(1)
    expect(citizen.log.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)


def test_connection_that_died_unheard_is_missed_by_somebody_who_only_waits(
    room: Room, line: CuttableLine, new_page: NewPage
) -> None:
    page = new_page()
    page.clock.install()
    citizen = begin(page, at(line))
    line.silence()
    said_elsewhere(room, citizen, "Sagt medan ingen hörde")
    page.clock.run_for(24_000)
    expect(citizen.log.get_by_text("Sagt medan ingen hörde")).to_have_count(0)
    with page.expect_websocket():
        for _ in range(20):
            page.clock.run_for(1_000)
    expect(citizen.log.get_by_text("Sagt medan ingen hörde", exact=True)).to_have_count(1)
    expect(citizen.log.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)


def test_connection_that_answers_is_kept_however_long_nobody_writes(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.clock.install()
    with page.expect_websocket() as opening:
        begin(page, room.url)
    socket = opening.value
    for _ in range(3):
        with socket.expect_event("framereceived", lambda frame: frame == '{"type":"pong"}'):
            page.clock.run_for(25_000)
    assert not socket.is_closed()


def test_page_that_the_browser_froze_goes_on_where_it_was(room: Room, line: CuttableLine, new_page: NewPage) -> None:
    page = new_page()
    citizen = begin(page, at(line))
    wire = page.context.new_cdp_session(page)
    wire.send("Page.setWebLifecycleState", {"state": "frozen"})
    line.cut()
    said_elsewhere(room, citizen, "Sagt medan sidan var frusen")
    line.mend()
    wire.send("Page.setWebLifecycleState", {"state": "active"})
    expect(citizen.log.get_by_text("Sagt medan sidan var frusen", exact=True)).to_have_count(1)
    expect(citizen.log.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)


def test_another_network_takes_the_place_of_one_that_died_unheard(
    room: Room, line: CuttableLine, new_page: NewPage
) -> None:
    page = new_page()
    citizen = begin(page, at(line))
    line.silence()
    citizen.says("Skrivet på tåget")
    said_elsewhere(room, citizen, "Sagt under tiden")
    expect(citizen.log.get_by_text("Sagt under tiden")).to_have_count(0)
    page.context.set_offline(True)
    with page.expect_websocket():
        page.context.set_offline(False)
    for text in ("Skrivet på tåget", "Sagt under tiden", "Vad kostar ett bygglov?"):
        expect(citizen.log.get_by_text(text, exact=True)).to_have_count(1)
    expect(citizen.log.get_by_text("Levererat")).to_have_count(3)


def test_network_that_blocks_sockets_still_carries_the_conversation_both_ways(
    room: Room, line: CuttableLine, new_page: NewPage
) -> None:
    line.blocks_sockets = True
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/events?" in request.url else None)
    citizen = begin(page, at(line))
    assert asked
    citizen.says("Är du kvar?")
    said_elsewhere(room, citizen, "Sagt från en annan plats")
    citizen.sees("Sagt från en annan plats")
    line.cut()
    expect(citizen.panel.get_by_role("status").get_by_text("Ingen anslutning.")).to_be_visible()
    citizen.panel.get_by_role("textbox", name="Skriv ett meddelande").fill("Skrivet utan nät")
    citizen.panel.get_by_role("button", name="Skicka", exact=True).click()
    line.mend()
    expect(citizen.log.get_by_text("Levererat")).to_have_count(4)
    page.reload()
    page.get_by_role("button", name="Öppna chatten").click()
    for text in ("Vad kostar ett bygglov?", "Är du kvar?", "Sagt från en annan plats", "Skrivet utan nät"):
        expect(citizen.log.get_by_text(text, exact=True)).to_have_count(1)
    expect(citizen.panel.get_by_text("Ingen anslutning.")).to_have_count(0)


# --- bad input ----------------------------------------------------------------------------------


def test_message_of_joined_emoji_is_never_cut_in_two(room: Room, new_page: NewPage) -> None:
    citizen = begin(new_page(), room.url)
    field = citizen.panel.get_by_role("textbox", name="Skriv ett meddelande")
    whole = FAMILY * 571 + "!!!"
    assert len(whole) == 4_000
    field.fill(whole + FAMILY)
    expect(citizen.panel.get_by_text(re.compile(r"7 tecken för lång\.")).first).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value(whole + FAMILY)
    field.fill(whole)
    expect(citizen.panel.get_by_text("0 tecken kvar")).to_be_visible()
    field.press("Enter")
    expect(citizen.log.get_by_text(whole, exact=True)).to_be_visible()
    expect(citizen.log.get_by_text("Levererat")).to_have_count(2)
    kept = citizen.page.evaluate("Object.entries(sessionStorage).find(([name]) => name.endsWith('.conversation'))[1]")
    read = room.do(room.kontakt.services.conversations.read(json.loads(kept)["conversation_id"], 0))
    assert whole in [one.event.text for one in read.events if isinstance(one.event, Message)]


def test_picture_that_is_dropped_is_warned_of_and_the_page_stays(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    field = citizen.panel.get_by_role("textbox", name="Skriv ett meddelande")
    field.fill("Titta på min altan")
    for target in ("#message", ".scroller"):
        assert drop_picture(page, target), f"the browser would open what is dropped on {target}"
    told = citizen.panel.get_by_role("status").get_by_text("Bilder och filer kan inte skickas")
    expect(told).to_be_visible()
    expect(field).to_have_value("Titta på min altan")
    looks.check_accessible(page, "dropped")
    assert sent == []


def drop_picture(page: Page, target: str) -> bool:
    """Drop a picture somewhere in the chat; tells whether the chat kept the browser from opening it."""
    kept: bool = page.evaluate(
        """(target) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(8)], "bild.png", { type: "image/png" }));
          const one = document.querySelector("[data-kontakt-host]").shadowRoot.querySelector(target);
          const drop = (name) => one.dispatchEvent(
            new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true, composed: true }),
          );
          return !drop("dragover") && !drop("drop");
        }""",
        target,
    )
    return kept


def test_whatever_a_hostile_middle_adds_is_neither_clicked_nor_drawn(room: Room, new_page: NewPage) -> None:
    page = new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.route_web_socket(re.compile("/api/v1/citizen"), spoil)
    citizen = begin(page, room.url)
    expect(citizen.log.get_by_role("link")).to_have_count(1)
    expect(citizen.log.get_by_role("link", name="Bygglov på webben")).to_have_attribute(
        "href", "https://www.example.org/bygglov"
    )
    assert citizen.log.locator("img, script, iframe, b").count() == 0
    expect(citizen.log.get_by_text("<img src=x onerror=alert(1)> <b>fet</b> abc\u2066def\u2069")).to_be_visible()
    citizen.says("Är du kvar?")
    expect(citizen.panel.get_by_role("alert")).to_have_count(0)
    page.screenshot(path=SCREENSHOTS / "widget-hostile-middle.png")
    assert dialogs == []


def spoil(route: WebSocketRoute) -> None:
    """Stand between chat and server: garbage around every frame, and links and markup in what the assistant says."""
    server = route.connect_to_server()

    def pass_on(text: str | bytes) -> None:
        for garbage in ("", "{", "null", "[]", "<html>", '{"type":"event"}', '{"type":5}', '{"type":"nytt","x":1}'):
            route.send(garbage)
        frame: dict[str, Any] = json.loads(text)
        event = frame.get("event", {})
        if event.get("from") == "bot":
            event["text"] += " <img src=x onerror=alert(1)> <b>fet</b> abc\u2066def\u2069"
            event["links"] = [
                {"title": "Klicka här", "url": "javascript:alert(1)"},
                {"title": "Eller här", "url": " JaVaScRiPt:alert(1)"},
                {"title": "Eller här med", "url": "data:text/html,<script>alert(1)</script>"},
                {"title": "Bygglov på webben", "url": "https://www.example.org/bygglov"},
            ]
        route.send(json.dumps(frame))

    server.on_message(pass_on)


def test_blocked_storage_is_told_of_and_the_chat_works_without(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(BLOCK_STORAGE)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    citizen = Citizen(page, room.url)
    expect(citizen.panel.get_by_text("Din webbläsare sparar inget")).to_be_visible()
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees(ANSWER)
    citizen.panel.get_by_role("button", name="Stäng chattfönstret").click()
    page.get_by_role("button", name="Öppna chatten").click()
    citizen.sees(ANSWER)
    assert faults == []


def test_garbage_in_the_place_of_events_is_told_of_as_no_connection(
    room: Room, line: CuttableLine, new_page: NewPage
) -> None:
    line.blocks_sockets = True
    page = new_page()
    page.route("**/events?**", lambda route: route.fulfill(status=200, body="<html>Logga in på hotellets nät</html>"))
    citizen = Citizen(page, at(line))
    field = citizen.panel.get_by_role("textbox", name="Skriv ett meddelande")
    field.fill("Hej")
    field.press("Enter")
    expect(citizen.panel.get_by_role("status").get_by_text("Ingen anslutning. Vi försöker igen")).to_be_visible()
    expect(citizen.log.get_by_text("Hej", exact=True)).to_be_visible()
    page.unroute("**/events?**")
    citizen.sees(ANSWER)
    expect(citizen.log.get_by_text("Hej", exact=True)).to_have_count(1)
