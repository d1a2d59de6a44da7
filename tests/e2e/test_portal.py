"""The portal in a real browser: by keyboard alone, for eyes, ears and paper, and on a public computer."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles, read_catalogue
from handover.conversations import utc_now
from handover.core.events import Closed, State
from handover.settings import ROOT
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.room import Room, open_room
from tests.support.databases import Template
from tests.support.kontakt import DATA
from tests.support.proxy import cuttable_line
from tests.support.replica import GoingClock
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MAX_BYTES = 100_000
IDLE_SECONDS = 4.0
#: What is weighed: each page in a language whose table is fetched, too.
WEIGHED = ("/tjanster", "/tjanster/forskola#ansokan", "/tjanster/sok?q=dagis", "/tillganglighet")


@pytest.fixture(scope="module")
def files() -> CatalogueFiles:
    """The product's own catalogue."""
    return read_catalogue(DATA)


@pytest.fixture(scope="module")
def clock() -> GoingClock:
    """The service's clock."""
    return GoingClock(utc_now())


@pytest.fixture(scope="module")
def room(
    sqlite_template: Template, files: CatalogueFiles, clock: GoingClock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """The running service, whose public computers are idle soon."""
    folder = tmp_path_factory.mktemp("portal")
    with open_room(sqlite_template, files, folder, clock=clock, kiosk_idle_seconds=IDLE_SECONDS) as room:
        room.kontakt.services.knowledge.forget()
        yield room


def in_language(path: str, tag: str) -> str:
    """Return the address of a page in another language."""
    path, mark, fragment = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}sprak={tag}{mark}{fragment}"


def picture(page: Page, name: str, **options: Any) -> None:
    """Keep a picture of the page to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"portal-{name}.png", **options)


def focused(page: Page) -> str:
    """Return the text or the value of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.value || ''")).strip()


def test_an_answer_is_found_and_read_by_keyboard_alone(room: Room, new_page: NewPage) -> None:
    page = new_page()
    keys = page.keyboard
    page.goto(f"{room.url}/tjanster")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Till innehållet")).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    field = page.get_by_role("searchbox", name="Sök bland tjänster och frågor")
    expect(field).to_be_focused()
    keys.type("dagis")
    expect(page.get_by_role("status").filter(has_text="Antal träffar: 5")).to_be_visible()
    expect(field).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Sökresultat")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/tjanster/sok\?q=dagis$"))
    page.get_by_role("searchbox").focus()
    while focused(page) != "Förskola":
        keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Förskola")).to_be_visible()
    while focused(page) != "Vad kostar förskolan?":
        keys.press("Tab")
    expect(page.get_by_text("maxtaxan")).not_to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("maxtaxan")).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_text("maxtaxan")).not_to_be_visible()


def test_search_as_one_types_announces_the_number_of_hits_once(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{room.url}/tjanster")
    page.evaluate(
        """() => {
            const count = document.getElementById('search-count');
            window.said = [];
            new MutationObserver(() => said.push(count.textContent)).observe(count, {childList: true, subtree: true});
        }"""
    )
    page.get_by_role("searchbox").press_sequentially("dagis", delay=20)
    expect(page.locator("#search-count")).to_have_text("Antal träffar: 5")
    expect(page.locator("#search-hits").get_by_role("link", name="Förskola", exact=True)).to_be_visible()
    assert page.evaluate("said") == ["Antal träffar: 5"]
    page.get_by_role("searchbox").fill("<img src=x onerror=alert(1)> xyzzy")
    expect(page.locator("#search-count")).to_have_text(re.compile("träffar"))
    assert page.locator("main img").count() == 0
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#search-hits")).to_be_empty()


def test_asking_about_a_service_opens_the_chat(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{room.url}/tjanster/bygglov")
    opened: list[dict[str, Any]] = []
    page.on("request", lambda sent: opened.append(sent.post_data_json) if "/conversations" in sent.url else None)
    page.get_by_role("link", name="Fråga om det här").first.click()
    panel = page.get_by_role("dialog", name="Kontakt Linköping")
    panel.get_by_role("textbox", name="Skriv ett meddelande").fill("Hej")
    panel.get_by_role("button", name="Skicka", exact=True).click()
    expect(panel.get_by_role("log").get_by_text("Hej", exact=True)).to_be_visible()
    assert opened[0]["service"] == "bygglov"


def test_everything_can_be_read_and_found_without_scripts(room: Room, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{room.url}/tjanster")
    page.get_by_role("searchbox").fill("dagis")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("link", name="Vad kostar förskolan?").click()
    expect(page.get_by_text("maxtaxan")).to_be_visible()
    page.get_by_role("link", name="Fråga om det här").first.click()
    expect(page).to_have_url(re.compile("#kontakt$"))
    expect(page.get_by_role("heading", name="Kontakt", exact=True)).to_be_in_viewport()
    page.get_by_role("link", name="Lätt svenska").click()
    expect(page.get_by_role("heading", name="Hur mycket betalar jag för förskolan?")).to_be_visible()
    page.goto(f"{room.url}/tjanster/forskola?kiosk=1")
    page.wait_for_url(f"{room.url}/kiosk")


@pytest.mark.parametrize("path", WEIGHED)
def test_page_is_light_and_stands_still(room: Room, new_page: NewPage, path: str) -> None:
    page = new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda got: sizes.update({got.url: got.request.sizes()["responseBodySize"]}))
    page.add_init_script(
        """window.shifts = 0; new PerformanceObserver(list => {
            for (const entry of list.getEntries()) window.shifts += entry.value;
        }).observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto(room.url + in_language(path, "ar"), wait_until="networkidle")
    assert page.evaluate("shifts") == 0
    own = {url: size for url, size in sizes.items() if "kontakt-widget" not in url}
    widget = gzip.compress((ROOT / "dist" / "widget" / "kontakt-widget.js").read_bytes())
    assert len(sizes) <= 6, sizes  # The page, its style and script, its icon, the chat and the chat's Arabic.
    assert sum(own.values()) + len(widget) < MAX_BYTES // 2, sizes
    assert sum(sizes.values()) < MAX_BYTES, sizes


def test_paper_shows_answers_and_addresses_and_no_buttons(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{room.url}/tjanster/bygglov")
    page.emulate_media(media="print")
    for hidden in (page.get_by_role("link", name="Fråga om det här").first, page.locator(".languages")):
        expect(hidden).not_to_be_visible()
    expect(page.get_by_text(f"Sidans adress: {room.url}/tjanster/bygglov")).to_be_visible()
    expect(page.locator(".said").first).to_be_visible()
    behind = page.locator("main .answer a[href^='/']").first
    printed = behind.evaluate("one => getComputedStyle(one, '::after').content")
    assert printed == f'" ({behind.get_attribute("href")})"'


class Visitor:
    """Somebody at a public computer who has written something in the chat."""

    def __init__(self, page: Page, room: Room, url: str | None = None) -> None:
        self.page, self._room, self._url = page, room, url or room.url
        page.goto(f"{self._url}/kiosk")
        page.get_by_role("link", name="Bygglov").click()
        expect(page.get_by_role("heading", level=1, name="Bygglov")).to_be_visible()
        page.get_by_role("link", name="Fråga om det här").first.click()
        panel = page.get_by_role("dialog", name="Kontakt Linköping")
        field = panel.get_by_role("textbox", name="Skriv ett meddelande")
        field.fill("Min hemliga fråga")
        panel.get_by_role("button", name="Skicka", exact=True).click()
        expect(panel.get_by_role("log").get_by_text("Min hemliga fråga")).to_be_visible()
        expect(panel.get_by_text("Levererat")).to_be_visible()
        field.fill("Min hemliga fortsättning")
        kept = page.evaluate("Object.entries(sessionStorage).find(([name]) => name.endsWith('.conversation'))[1]")
        self.talk = str(json.loads(kept)["conversation_id"])
        self.warning = page.get_by_role("alertdialog", name="Är du kvar?")

    def state(self) -> str:
        """Return where the conversation stands at the server."""
        read = self._room.do(self._room.kontakt.services.conversations.read(self.talk, 0))
        return str(read.conversation.state)

    def ended_by(self, who: str) -> None:
        """Wait until the conversation is closed at the server; fail where somebody else has closed it."""
        self._room.do(eventually(lambda: self._closed(), "the end"))
        read = self._room.do(self._room.kontakt.services.conversations.read(self.talk, 0))
        assert [str(one.event.by) for one in read.events if isinstance(one.event, Closed)] == [who]

    async def _closed(self) -> bool:
        read = await self._room.kontakt.services.conversations.read(self.talk, 0)
        return read.conversation.state is State.CLOSED

    def has_left_nothing(self) -> None:
        """Fail where the next visitor finds anything of this one."""
        page = self.page
        page.wait_for_url(f"{self._url}/kiosk")
        self.has_left_nothing_in_the_browser()
        expect(page.get_by_role("searchbox")).to_have_value("")
        page.get_by_role("button", name="Öppna chatten").click()
        panel = page.get_by_role("dialog", name="Kontakt Linköping")
        expect(panel.get_by_role("textbox", name="Skriv ett meddelande")).to_have_value("")
        expect(panel.get_by_text("Min hemliga")).to_have_count(0)
        page.reload()
        assert page.evaluate("history.length") <= 2
        page.go_back()
        assert page.url == "about:blank"

    def has_left_nothing_in_the_browser(self) -> None:
        """Fail where the browser has kept anything."""
        kept = self.page.evaluate(
            """async () => [
              ...Object.entries(sessionStorage), ...Object.entries(localStorage),
              ...(await indexedDB.databases()), ...(window.caches ? await caches.keys() : []),
            ]"""
        )
        assert kept == []
        assert self.page.context.cookies() == []


def test_public_computer_warns_then_ends_the_conversation_and_clears_itself(room: Room, new_page: NewPage) -> None:
    visitor = Visitor(new_page(), room)
    expect(visitor.warning).to_be_visible()
    stay = visitor.page.get_by_role("button", name="Jag är kvar")
    expect(stay).to_be_focused()
    expect(visitor.warning).to_contain_text(re.compile(r"Sekunder kvar: [12]"))
    assert Axe().run(visitor.page, options=RULES).violations_count == 0
    picture(visitor.page, "kiosk-warning")
    visitor.page.keyboard.press("Enter")
    expect(visitor.warning).not_to_be_visible()
    expect(visitor.page.get_by_role("heading", level=1, name="Bygglov")).to_be_visible()
    expect(visitor.warning).to_be_visible()
    assert visitor.state() == "bot"
    visitor.has_left_nothing()
    visitor.ended_by("citizen")


def test_public_computer_is_cleared_by_its_button(room: Room, new_page: NewPage) -> None:
    visitor = Visitor(new_page(), room)
    visitor.page.keyboard.press("Escape")
    visitor.page.get_by_role("link", name="Avsluta").click()
    visitor.has_left_nothing()
    visitor.ended_by("citizen")


def test_public_computer_clears_itself_also_while_the_server_is_away(
    room: Room, clock: GoingClock, new_page: NewPage
) -> None:
    with cuttable_line(room.port) as line:
        page = new_page()
        visitor = Visitor(page, room, f"http://127.0.0.1:{line.port}")
        line.cut()
        told = "Allt du gjorde är borta. Sidan kommer tillbaka av sig själv."
        expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
        expect(page.get_by_text("Bygglov")).to_have_count(0)
        expect(page.get_by_text("Min hemliga")).to_have_count(0)
        visitor.has_left_nothing_in_the_browser()
        picture(page, "kiosk-away")
        assert visitor.state() == "bot"
        line.mend()
        visitor.has_left_nothing()
    clock.forward(minutes=31)
    visitor.ended_by("system")


def test_first_page_of_a_public_computer_waits_for_somebody(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.clock.install()
    page.goto(f"{room.url}/kiosk")
    page.clock.run_for(int(10 * IDLE_SECONDS * 1_000))
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.get_by_role("searchbox").press("a")
    page.clock.run_for(int(0.75 * IDLE_SECONDS * 1_000))
    expect(page.get_by_role("alertdialog")).to_be_visible()
