"""The widget in a real browser, on phones and desktops, in Swedish and Arabic, on pages that mean no good."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from catalogue.documents import CatalogueFiles
from handover.settings import ROOT
from tests.e2e import looks
from tests.e2e.conftest import SCREENSHOTS, NewPage
from tests.e2e.people import Citizen, GuideAtDesk
from tests.e2e.room import Room, answer, open_room
from tests.support.databases import Template
from tests.support.engine_double import faq_reply, turn_answer

pytestmark = pytest.mark.browser

PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 568}
STARTING = "ny_i_sverige.komma_igang"
ARABIC_QUESTION = "وصلت إلى Linköping حديثا، من أين أبدأ؟"
ARABIC_ANSWER = "زوروا Kontakt Linköping أو اتصلوا بنا."
#: What a page elsewhere needs to let in, and nothing more.
STRICT_POLICY = "default-src 'none'; script-src {server}; connect-src {server} {socket}"


@pytest.fixture(scope="module")
def room(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """One room for all stories: each has a conversation of its own."""
    with open_room(sqlite_template, catalogue_files, tmp_path_factory.mktemp("room")) as opened:
        opened.kontakt.engine.answer = _answer
        yield opened


def _answer(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("payload") != STARTING:
        return answer(body)
    return turn_answer({**faq_reply(STARTING, ARABIC_ANSWER), "language": "ar"}, intent=STARTING)


def check_state(page: Page, name: str) -> None:
    """Fail on anything that axe finds, in light and dark, and where anything sticks out sideways; take pictures."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    looks.check_accessible(page, name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=SCREENSHOTS / f"widget-{name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
    before = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert sticking_out(page) == [], name
    page.screenshot(path=SCREENSHOTS / f"widget-{name}-320.png")
    page.set_viewport_size(before)  # type: ignore[arg-type]


def sticking_out(page: Page) -> list[str]:
    """Return what of the chat stands outside of the window at its sides."""
    found: list[str] = page.evaluate(
        """() => {
          const root = document.querySelector("[data-kontakt-host]").shadowRoot;
          return [...root.querySelectorAll("*")]
            .filter((one) => !one.closest(".hidden") && one.getBoundingClientRect().width > 0)
            .filter((one) => {
              const { left, right } = one.getBoundingClientRect();
              return left < -1 || right > innerWidth + 1;
            })
            .map((one) => one.outerHTML.slice(0, 120));
        }"""
    )
    return found


def in_arabic(citizen: Citizen) -> None:
    """Choose Arabic; the panel has turned when this returns."""
    citizen.panel.get_by_role("combobox", name="Språk").select_option("ar")
    expect(citizen.panel.get_by_role("textbox", name="اكتبوا رسالة")).to_be_visible()


@pytest.mark.parametrize("screen", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desktop"])
def test_question_is_asked_in_arabic_without_a_typed_word(
    room: Room, new_page: NewPage, screen: dict[str, int]
) -> None:
    page = new_page(viewport=screen, has_touch=screen is PHONE)
    citizen = Citizen(page, room.url)
    in_arabic(citizen)
    name = "phone" if screen is PHONE else "desktop"
    menu = citizen.panel.get_by_role("list", name="أسئلة للقادمين الجدد إلى السويد")
    expect(menu.get_by_role("button")).to_have_count(15)
    direction = citizen.panel.evaluate("panel => getComputedStyle(panel).direction")
    assert direction == "rtl"
    check_state(page, f"ar-menu-{name}")

    menu.get_by_role("button", name=ARABIC_QUESTION).click()
    log = citizen.panel.get_by_role("log", name="المحادثة")
    expect(log.get_by_text(ARABIC_QUESTION)).to_be_visible()
    expect(log.get_by_text(ARABIC_ANSWER)).to_be_visible()
    expect(log.get_by_text("كتبه الذكاء الاصطناعي")).to_be_visible()
    asked = room.kontakt.engine.asked[-1]
    assert (asked["payload"], asked["language"]) == (STARTING, "ar")
    check_state(page, f"ar-answer-{name}")

    citizen.panel.get_by_role("button", name="التحدث مع موظف").click()
    expect(citizen.panel.get_by_role("status").get_by_text("رقمكم في الدور")).to_be_visible()
    guide = GuideAtDesk(new_page(), room.url, "guide", room.passwords["guide"])
    expect(guide.waiting().filter(has_text="arabiska").first).to_be_visible()
    citizen.panel.get_by_role("button", name="إنهاء").click()
    citizen.panel.get_by_role("button", name="نعم، إنهاء").click()
    expect(citizen.panel.get_by_role("radio", name=re.compile("راضٍ جدا"))).to_be_visible()
    check_state(page, f"ar-rating-{name}")


def test_every_language_fits_a_small_phone_with_the_largest_text(room: Room, new_page: NewPage) -> None:
    page = new_page(viewport=NARROW)
    citizen = Citizen(page, room.url)
    citizen.panel.get_by_role("button", name="Fler val").click()
    citizen.panel.get_by_role("radio", name="Störst").check()
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    citizen.asks_for_a_person()
    picker = citizen.panel.get_by_role("combobox").first
    codes = picker.get_by_role("option").evaluate_all("options => options.map((option) => option.value)")
    assert len(codes) == 12
    for code in codes:
        picker.select_option(code)
        page.locator(f".widget[lang='{code}']").wait_for()
        assert sticking_out(page) == [], code
        page.screenshot(path=SCREENSHOTS / f"widget-largest-{code}.png")


def test_whole_chat_by_keyboard_alone(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{room.url}/widget/demo/plain.html")
    expect(page.get_by_role("button", name="Öppna chatten")).to_be_visible()
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("button", name="Öppna chatten")).to_be_focused()
    keys.press("Enter")
    panel = page.get_by_role("dialog", name="Kontakt Linköping")
    expect(panel.get_by_role("textbox", name="Skriv ett meddelande")).to_be_focused()
    check_state(page, "sv-first")
    tab_to(page, panel.get_by_role("button", name="Frågor för dig som är ny i Sverige"), "Shift+Tab")
    keys.press("Enter")
    menu = panel.get_by_role("list", name="Frågor för dig som är ny i Sverige")
    expect(menu.get_by_role("button")).to_have_count(15)
    tab_to(page, menu.get_by_role("button").first)
    tab_to(page, panel.get_by_role("textbox", name="Skriv ett meddelande"))
    keys.type("Vad kostar ett bygglov?")
    keys.press("Enter")
    log = panel.get_by_role("log", name="Samtalet")
    expect(log.get_by_text("Avgiften beror på vad du bygger.")).to_be_visible()
    expect(panel.get_by_role("textbox", name="Skriv ett meddelande")).to_be_focused()

    tab_to(page, panel.get_by_role("button", name="Fler val"), "Shift+Tab")
    keys.press("Enter")
    tab_to(page, panel.get_by_role("radio", name="Vanlig"))
    before = panel.evaluate("panel => parseFloat(getComputedStyle(panel).fontSize)")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(panel.get_by_role("radio", name="Störst")).to_be_checked()
    assert panel.evaluate("panel => parseFloat(getComputedStyle(panel).fontSize)") == before * 1.5
    check_state(page, "sv-largest")
    with page.expect_download() as download:
        tab_to(page, panel.get_by_role("button", name="Spara samtalet"))
        keys.press("Enter")
    saved = Path(download.value.path()).read_text(encoding="utf-8")
    assert re.search(r"· Du\nVad kostar ett bygglov\?\n\n.+ · Skrivet av AI\nAvgiften beror på", saved), saved
    assert download.value.suggested_filename.startswith("kontakt-")
    keys.press("Escape")
    expect(page.get_by_role("button", name="Öppna chatten")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Öppna chatten").click()
    expect(log.get_by_text("Avgiften beror på vad du bygger.")).to_be_visible()
    assert panel.evaluate("panel => parseFloat(getComputedStyle(panel).fontSize)") == before * 1.5


def tab_to(page: Page, target: Any, key: str = "Tab") -> None:
    """Press a key until the focus is where one wants to go."""
    for _ in range(40):
        if target.evaluate("one => one === one.getRootNode().activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")


def test_conversation_is_printed_from_a_page_of_its_own(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    citizen.panel.get_by_role("button", name="Fler val").click()
    citizen.panel.get_by_role("button", name="Skriv ut samtalet").click()
    paper = page.frame_locator("[data-kontakt-host] iframe").locator("body")
    expect(paper).to_contain_text(re.compile(r"· Du\s*Vad kostar ett bygglov\?.+ · Skrivet av AI\s*Avgiften beror på"))
    assert page.evaluate("window.length") == 0, "the page can reach what is printed"


def test_whatever_is_put_in_is_met_with_a_sentence_and_nothing_is_lost(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    field = citizen.panel.get_by_role("textbox", name="Skriv ett meddelande")
    field.fill("å" * 20_000)
    expect(citizen.panel.get_by_text(re.compile(r"16\s000 tecken för lång. Högst 4\s000 tecken")).first).to_be_visible()
    citizen.panel.get_by_role("button", name="Skicka", exact=True).click()
    expect(field).to_have_value("å" * 20_000)
    check_state(page, "sv-too-long")

    field.fill("Mitt nummer är 811218-9876")
    warning = citizen.panel.get_by_role("status").get_by_text("Det ser ut som ett personnummer.")
    expect(warning).to_have_count(1)
    check_state(page, "sv-personnummer")
    field.fill("Mitt nummer är hemligt")
    expect(warning).to_have_count(0)

    paste_picture(page)
    expect(citizen.panel.get_by_role("status").get_by_text("Bilder och filer kan inte skickas")).to_be_visible()
    expect(field).to_have_value("Mitt nummer är hemligt")

    for text, shown in (
        ("👩‍👩‍👧‍👦 🇸🇪 👍🏽", "👩‍👩‍👧‍👦 🇸🇪 👍🏽"),
        ("<img src=x onerror=alert(1)> & <b>fet</b>", "<img src=x onerror=alert(1)> & <b>fet</b>"),
        ("abc\u202edef", "abcdef"),
        ("[klicka](javascript:alert(1))", "[klicka](javascript:alert(1))"),
    ):
        field.fill(text)
        citizen.panel.get_by_role("button", name="Skicka", exact=True).click()
        expect(citizen.log.get_by_text(shown, exact=True).last).to_be_visible()
    expect(citizen.log.get_by_role("link")).to_have_count(0)
    expect(citizen.log.get_by_role("img")).to_have_count(0)


def paste_picture(page: Page) -> None:
    """Paste a picture into the field that has the focus."""
    page.evaluate(
        """() => {
          const root = document.querySelector("[data-kontakt-host]").shadowRoot;
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(8)], "bild.png", { type: "image/png" }));
          root.querySelector("#message").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
          );
        }"""
    )


def test_language_that_does_not_come_is_told_of(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.route(re.compile(r"/widget/strings/fa-"), lambda route: route.fulfill(status=200, body="<html>"))
    citizen = Citizen(page, room.url)
    citizen.panel.get_by_role("combobox", name="Språk").select_option("fa")
    expect(citizen.panel.get_by_role("alert").get_by_text("The texts in فارسی could not be fetched")).to_be_visible()
    expect(citizen.panel.get_by_role("textbox", name="Write a message")).to_be_visible()
    menu = citizen.panel.get_by_role("list", name="Questions for people new in Sweden")
    expect(menu.get_by_role("button")).to_have_count(15)
    expect(menu.get_by_role("button").first).to_have_attribute("lang", "fa")


def test_server_that_answers_garbage_is_told_of(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    page.route("**/api/v1/conversations", lambda route: route.fulfill(status=200, body="<html>hej</html>"))
    field = citizen.panel.get_by_role("textbox", name="Skriv ett meddelande")
    field.fill("Hej")
    field.press("Enter")
    expect(citizen.panel.get_by_role("alert").get_by_text("Något gick fel hos oss.")).to_be_visible()
    expect(citizen.log.get_by_text("Hej", exact=True)).to_be_visible()
    page.unroute("**/api/v1/conversations")
    citizen.sees("Avgiften beror på vad du bygger.")
    expect(citizen.panel.get_by_role("alert")).to_have_count(0)


def test_two_tabs_show_one_conversation(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    with page.expect_popup() as popup:
        page.evaluate("window.open(location.href)")
    second = popup.value
    second.get_by_role("button", name="Öppna chatten").click()
    log = second.get_by_role("log", name="Samtalet")
    expect(log.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)
    field = second.get_by_role("textbox", name="Skriv ett meddelande")
    field.fill("Från den andra fliken")
    field.press("Enter")
    for each in (log, citizen.log):
        expect(each.get_by_text("Från den andra fliken", exact=True)).to_have_count(1)
        expect(each.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)


def test_connection_that_died_unheard_is_taken_up_when_the_network_is_back(room: Room, new_page: NewPage) -> None:
    page = new_page()
    citizen = Citizen(page, room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    with page.expect_websocket():
        page.evaluate("window.dispatchEvent(new Event('online'))")
    citizen.says("Är du kvar?")
    expect(citizen.log.get_by_text("Är du kvar?", exact=True)).to_have_count(1)
    expect(citizen.log.get_by_text("Vad kostar ett bygglov?", exact=True)).to_have_count(1)


def test_clock_that_is_wrong_changes_nothing_of_what_is_shown(room: Room, new_page: NewPage) -> None:
    page = new_page()
    page.clock.set_fixed_time("1999-12-31T23:59:00")
    citizen = Citizen(page, room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    times = citizen.log.locator("time")
    expect(times).to_have_count(2)
    today = datetime.now(UTC).date().isoformat()
    assert all(at.startswith(today) for at in times.evaluate_all("times => times.map((time) => time.dateTime)"))
    assert not any("1999" in text or text.startswith("23:59") for text in times.all_inner_texts())


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}])
def test_what_the_person_has_set_in_the_system_is_kept_to(room: Room, new_page: NewPage, media: dict[str, Any]) -> None:
    page = new_page(viewport=PHONE)
    page.emulate_media(**media)
    citizen = Citizen(page, room.url)
    citizen.says("Vad kostar ett bygglov?")
    citizen.sees("Avgiften beror på vad du bygger.")
    found = Axe().run(page, options=looks.RULES)
    assert found.violations_count == 0, found.generate_report()
    page.screenshot(path=SCREENSHOTS / f"widget-sv-{next(iter(media))}.png")


def test_style_sheet_that_ruins_everything_does_not_reach_the_chat(room: Room, new_page: NewPage) -> None:
    drawn = []
    for name in ("plain", "cms"):
        page = new_page()
        page.goto(f"{room.url}/widget/demo/{name}.html")
        page.get_by_role("button", name="Öppna chatten").click()
        panel = page.get_by_role("dialog", name="Kontakt Linköping")
        field = panel.get_by_role("textbox", name="Skriv ett meddelande")
        field.fill("Syns jag?")
        drawn.append([look(panel), look(field), look(panel.get_by_role("button", name="Skicka", exact=True))])
        page.screenshot(path=SCREENSHOTS / f"widget-page-{name}.png")
    assert drawn[0] == drawn[1]


def look(element: Any) -> dict[str, Any]:
    """Return how an element is drawn: its place and every computed property."""
    found: dict[str, Any] = element.evaluate(
        """(one) => {
          const style = getComputedStyle(one);
          const { x, y, width, height } = one.getBoundingClientRect();
          return { x, y, width, height, style: Object.fromEntries([...style].map((name) => [name, style[name]])) };
        }"""
    )
    # A page's own variables are inherited by everything, and mean nothing in there but those that we set ourselves.
    return {**found, "style": {key: value for key, value in found["style"].items() if not key.startswith("--")}}


def test_page_elsewhere_with_a_strict_policy_embeds_the_versioned_file(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path, new_page: NewPage
) -> None:
    with (
        page_elsewhere(tmp_path / "site") as elsewhere,
        open_room(sqlite_template, catalogue_files, tmp_path, allowed_origins=(elsewhere.origin,)) as room,
    ):
        elsewhere.embed(room.url)
        page = new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(f"{elsewhere.origin}/index.html")
        page.get_by_role("button", name="فتح الدردشة").click()
        panel = page.get_by_role("dialog", name="Kontakt Linköping")
        field = panel.get_by_role("textbox", name="اكتبوا رسالة")
        field.fill("Vad kostar ett bygglov?")
        field.press("Enter")
        expect(panel.get_by_text("Avgiften beror på vad du bygger.")).to_be_visible()
        panel.get_by_role("button", name="خيارات أخرى").click()
        with page.expect_download() as download:
            panel.get_by_role("button", name="حفظ المحادثة").click()
        assert "كتبه الذكاء الاصطناعي" in Path(download.value.path()).read_text(encoding="utf-8")
        panel.get_by_role("button", name="طباعة المحادثة").click()
        paper = page.frame_locator("[data-kontakt-host] iframe").locator("body")
        expect(paper).to_contain_text("كتبه الذكاء الاصطناعي")
        assert [line for line in refused if "favicon" not in line] == []


def test_page_elsewhere_that_is_not_named_gets_no_answer(room: Room, new_page: NewPage, tmp_path: Path) -> None:
    with page_elsewhere(tmp_path / "site") as elsewhere:
        elsewhere.embed(room.url, integrity=False)
        page = new_page()
        page.goto(f"{elsewhere.origin}/index.html")
        # Not even the table of its language may be read.
        page.get_by_role("button", name="Open the chat").click()
        panel = page.get_by_role("dialog", name="Kontakt Linköping")
        field = panel.get_by_role("textbox", name="Write a message")
        field.fill("Hej")
        field.press("Enter")
        expect(panel.get_by_role("status").get_by_text("No connection.")).to_be_visible()
        expect(panel.get_by_text("Hej", exact=True)).to_be_visible()


class Elsewhere:
    """A web site on another origin, which serves one page under a strict content policy."""

    def __init__(self, folder: Path, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.headers: dict[str, str] = {}
        self._folder = folder

    def embed(self, server: str, *, integrity: bool = True) -> None:
        """Write the page that embeds the chat of a server, in Arabic."""
        release = read_release()
        hashed = f'integrity="{release["integrity"]}" crossorigin="anonymous"' if integrity else ""
        script = f'<script src="{server}/widget/{release["file"]}" {hashed} defer data-kontakt></script>'
        html = f'<!doctype html><html lang="ar"><head><title>x</title>{script}</head><body><h1>x</h1></body></html>'
        (self._folder / "index.html").write_text(html, encoding="utf-8")
        policy = STRICT_POLICY.format(server=server, socket=server.replace("http", "ws", 1))
        self.headers["Content-Security-Policy"] = policy


def read_release() -> dict[str, str]:
    """Return what the build says of the versioned file."""
    found: dict[str, str] = json.loads((ROOT / "dist" / "widget" / "release.json").read_text(encoding="utf-8"))
    return found


@contextmanager
def page_elsewhere(folder: Path) -> Iterator[Elsewhere]:
    """Serve a folder on a port of its own until the block ends."""
    folder.mkdir(parents=True)
    site: list[Elsewhere] = []

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            for name, value in site[0].headers.items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    site.append(Elsewhere(folder, server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, name="elsewhere")
    thread.start()
    try:
        yield site[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
