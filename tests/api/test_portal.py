"""The portal as browsers without scripts, crawlers and curious people meet it."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.portal.strings import LANGUAGES, STRINGS, Strings
from handover.settings import Mode
from handover.store.migrate import migrate
from tests.conftest import StartKontakt
from tests.support.databases import sqlite_url
from tests.support.html import Element, read_html
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import PLACEHOLDERS, bygglov, faq, import_into, lon, service, texts, write_data

pytestmark = pytest.mark.anyio
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
NASTY = "</script><img src=x onerror=alert(1)>"
OFFER: dict[str, Any] = {
    "id": "lov",
    "name": {"sv": "Ansökan om lov", "en": "Application"},
    "price": "enligt taxa",
    "source": "example",
    "fields": [
        {"id": "adress", "type": "text", "required": True, "label": {"sv": "Adress", "en": "Address"}},
        {"id": "ovrigt", "type": "text", "required": False, "label": {"sv": "Övrigt", "en": "Other"}},
    ],
}


def catalogue() -> list[dict[str, Any]]:
    """Return the small catalogue with what pages show beside answers, and things that they must not show."""
    permits, salary = bygglov(), lon()
    permits["offers"] = [OFFER]
    permits["opening_hours"] = "Vardagar, se {{telefon}}"
    permits["contact"].append({"channel": "email", "value": "bygg@example.com"})
    permits["faqs"][0]["related"] = ["bygglov.avgift", "lon.utbetalning"]
    permits["faqs"].append(
        faq("exempel", texts("Är det ett exempel?", "Example?"), texts("Ja.", "Yes."), source="example")
    )
    nasty = service(
        "elak", "citizen", [faq("fraga", texts(f"Varför {NASTY}?", "Why?"), texts(f"{NASTY} & '\"", "So."))]
    )
    nasty["description"] = {"sv": f"{NASTY} & '\"", "en": "<b>Evil</b>"}
    return [permits, nasty, salary]


class Browser:
    """Somebody who reads pages, without scripts, perhaps with a session."""

    def __init__(self, kontakt: Kontakt, session: str | None = None) -> None:
        self.kontakt = kontakt
        self._headers = {"Cookie": f"kontakt_session={session}"} if session else {}

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, whatever comes."""
        return await self.kontakt.http.get(path, headers={**self._headers, **headers})

    async def page(self, path: str, status: int = 200) -> Element:
        """Return a page, read."""
        answer = await self.get(path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return read_html(answer.text)


@pytest.fixture
async def browser(kontakt: Kontakt, tmp_path: Path) -> Browser:
    """A citizen at a portal with the small catalogue."""
    await import_into(kontakt, write_data(tmp_path / "small", *catalogue()))
    return Browser(kontakt)


@pytest.fixture
async def employee(browser: Browser) -> Browser:
    """An employee who is signed in."""
    return Browser(browser.kontakt, await browser.kontakt.session("staff"))


@pytest.fixture
async def production(start_kontakt: StartKontakt, tmp_path: Path) -> AsyncIterator[Browser]:
    """A citizen at a portal in production."""
    url = sqlite_url(tmp_path / "production.sqlite3")
    await migrate(url)
    async with start_kontakt(mode=Mode.PRODUCTION, database_url=url) as kontakt:
        await import_into(kontakt, write_data(tmp_path / "small", *catalogue()))
        yield Browser(kontakt)


def links(page: Element) -> list[str]:
    """Return where the links of a page lead."""
    return [link.attributes["href"] for link in page.all("a")]


def structured(page: Element) -> dict[str, dict[str, Any]]:
    """Return the structured data of a page by type."""
    data = json.loads(page.one("script", type="application/ld+json").raw)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


async def crawl(browser: Browser, *starts: str) -> dict[str, Element]:
    """Return all pages that links lead to, by address; each is there, and so is every place that is linked to."""
    pages: dict[str, Element] = {}
    waiting, fragments = list(starts), []
    while waiting:
        address, _, fragment = waiting.pop().partition("#")
        fragments.append((address, fragment))
        if address in pages:
            continue
        pages[address] = await browser.page(address)
        found = (href if href.startswith("/") else address + href for href in links(pages[address]) if ":" not in href)
        waiting += [href for href in found if not href.startswith("/kiosk")]
    for address, fragment in fragments:
        assert not fragment or any(pages[address].all(id=fragment)), f"{address}#{fragment}"
    return pages


async def test_services_stand_by_topic_and_lead_to_their_pages(browser: Browser) -> None:
    page = await browser.page("/tjanster")
    (topic,) = list(page.all("section"))
    assert topic.one("h2").text == "Bygga och bo"
    assert [link.text for link in topic.all("a")] == ["Tjänsten bygglov", "Tjänsten elak"]
    assert (await browser.page(links(topic)[0])).one("h1").text == "Tjänsten bygglov"


async def test_page_says_all_that_the_catalogue_does(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov")
    said = page.one("main").text
    for part in ("Beskrivning", "Invånare och andra", "Förvaltningen", "2026-01-01", "Ansökan om lov", "Enligt taxa"):
        assert part in said
    assert "Vardagar, se numret på webbplatsen" in said
    assert [one.text for one in page.one(class_="offer").all("li")] == ["Adress", "Övrigt (frivilligt)"]
    assert {"mailto:bygg@example.com", "https://www.boverket.se/"} <= set(links(page))
    first = next(page.all("details", class_="faq"))
    assert first.one("h3").text == "Behöver jag bygglov för altan?"
    assert first.one(id="behovs").one("p", class_="said").text == "Det beror på. Ring numret på webbplatsen."


async def test_every_link_of_every_page_leads_somewhere(browser: Browser, employee: Browser) -> None:
    for reader in (browser, employee):
        pages = await crawl(reader, "/tjanster", "/tjanster/sok?q=bygglov", "/tjanster?kiosk=1")
        assert len(pages) > 30
        assert not [address for address, page in pages.items() if "{{" in page.raw]


async def test_headings_are_in_order_and_no_id_stands_twice(employee: Browser) -> None:
    for address, page in (await crawl(employee, "/tjanster", "/tjanster/sok?q=bygglov")).items():
        levels = [int(one.tag[1]) for one in page.all() if re.fullmatch("h[1-6]", one.tag)]
        assert levels[0] == 1 and levels.count(1) == 1, address
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), address
        ids = [one.attributes["id"] for one in page.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids)), address


async def test_search_works_as_a_plain_form(browser: Browser) -> None:
    form = (await browser.page("/tjanster?sprak=en")).one("form", role="search")
    assert (form.attributes["action"], form.attributes["method"]) == ("/tjanster/sok", "get")
    assert form.one("label").attributes["for"] == form.one("input", type="search").attributes["id"]
    hidden = {one.attributes["name"]: one.attributes["value"] for one in form.all("input", type="hidden")}
    assert hidden == {"sprak": "en"}
    page = await browser.page("/tjanster/sok?q=permit&sprak=en")
    assert page.one(id="search-count").text == "Number of hits: 2"
    assert "/tjanster/bygglov?sprak=en#avgift" in links(page)


async def test_hits_come_alone_for_a_search_as_one_types(browser: Browser) -> None:
    part = read_html((await browser.get("/tjanster/sok/traffar?q=bygglov")).text)
    assert part.one("div").attributes["data-count"] == "Antal träffar: 3"
    assert not list(part.all("html"))
    nothing = read_html((await browser.get("/tjanster/sok/traffar?q=xyzzy")).text)
    assert nothing.one("div").attributes["data-count"] == "Inga träffar."
    assert links(nothing) == ["/tjanster"]


async def test_internal_service_does_not_exist_for_citizens(browser: Browser) -> None:
    missing, internal = await browser.get("/tjanster/finns_inte"), await browser.get("/tjanster/lon")
    assert (internal.status_code, internal.text) == (404, missing.text)
    assert internal.headers["cache-control"] == "no-store"
    page = read_html(internal.text)
    assert page.one("h1").text == "Sidan finns inte"
    assert page.one("form", role="search")
    stale = await Browser(browser.kontakt, "no such session").get("/tjanster/lon")
    assert (stale.status_code, stale.text) == (404, missing.text)


async def test_internal_service_leaves_no_trace_for_citizens(browser: Browser) -> None:
    pages = await crawl(browser, "/tjanster", "/tjanster/sok?q=lon", "/tjanster/sok?q=bygglovstill%C3%A4gget")
    everything = "".join(page.raw + " ".join(links(page)) for page in pages.values())
    everything += (await browser.get("/sitemap.xml")).text + (await browser.get("/robots.txt")).text
    everything += (await browser.get("/tjanster/sok/traffar?q=lon+utbetalning")).text
    for trace in ("/lon", "bygglovstillägget", "salary", "Interna tjänster", "Tjänsten lon"):
        assert trace not in everything


async def test_employee_finds_internal_services(employee: Browser) -> None:
    answer = await employee.get("/tjanster/lon")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    page = read_html(answer.text)
    assert page.one("meta", name="robots").attributes["content"] == "noindex"
    assert not list(page.all("script", type="application/ld+json"))
    assert page.one("script", src="/widget/kontakt-widget.js").attributes["data-audience"] == "staff"
    assert "/tjanster/lon" in links(await employee.page("/tjanster"))
    assert "/tjanster/lon#utbetalning" in links(await employee.page("/tjanster/sok?q=lon"))
    assert "/tjanster/lon#utbetalning" in links(await employee.page("/tjanster/bygglov"))


async def test_asking_about_a_service_opens_the_chat_with_it_or_leads_to_its_contacts(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov")
    assert page.one("script", src="/widget/kontakt-widget.js").attributes["data-service"] == "bygglov"
    ask = next(one for one in page.all("a") if "data-chat" in one.attributes)
    assert (ask.text, ask.attributes["href"]) == ("Fråga om det här", "#kontakt")
    assert page.one("h2", id="kontakt")


async def test_pages_run_no_inline_script_or_style(employee: Browser) -> None:
    for address, page in (await crawl(employee, "/tjanster", "/tjanster/bygglov?kiosk=1")).items():
        for script in page.all("script"):
            data = script.attributes.get("type") == "application/ld+json"
            assert data or (script.attributes["src"] and not script.raw), address
        assert not list(page.all("style")), address
        assert not [one.tag for one in page.all() if any(name.startswith(("on", "style")) for name in one.attributes)]


async def test_page_is_in_the_language_of_its_address(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov?sprak=fi")
    assert page.one("html").attributes == {"lang": "fi", "dir": "ltr"}
    finnish, english = list(page.all("details", class_="faq"))[:2]
    assert "lang" not in finnish.one("h3").attributes
    assert "Konekäännös, ei tarkistettu" in finnish.text
    assert english.one("h3").attributes == {"lang": "en", "dir": "ltr"}
    assert english.one("p", class_="said").attributes["lang"] == "en"
    assert "Vain ruotsiksi ja englanniksi" in english.text
    assert page.one("h1").attributes == {"lang": "en", "dir": "ltr"}
    contact = page.one("section", aria_labelledby="kontakt")
    assert contact.one("span", lang="sv").text == "Vardagar, se numret på webbplatsen"
    assert contact.one("span", lang="en").text == "the number on the website"


async def test_easy_swedish_is_an_address_and_marks_no_swedish_as_foreign(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov?sprak=sv-x-easy")
    assert page.one("html").attributes == {"lang": "sv-x-easy", "dir": "ltr"}
    assert "Lätt: Det beror på." in page.text
    assert not list(page.one("div", class_="body").all(lang="sv"))
    current = page.one(aria_current="true")
    assert (current.text, current.attributes["href"]) == ("Lätt svenska", "/tjanster/bygglov?sprak=sv-x-easy")


async def test_arabic_runs_from_right_to_left_and_what_is_not_arabic_does_not(browser: Browser) -> None:
    page = await browser.page("/tjanster?sprak=ar")
    assert page.one("html").attributes == {"lang": "ar", "dir": "rtl"}
    assert page.one("span", lang="en", dir="ltr", **{}).text if False else True
    names = [one for one in page.one("main").all("span") if one.text == "The service bygglov"]
    assert [one.attributes for one in names] == [{"lang": "en", "dir": "ltr"}]


@pytest.mark.parametrize("tag", ["", "xx", "sv-SE", "<script>", "en\u0000", "a" * 5_000])
async def test_unknown_language_is_swedish(browser: Browser, tag: str) -> None:
    answer = await browser.kontakt.http.get("/tjanster", params={"sprak": tag})
    assert read_html(answer.text).one("html").attributes["lang"] == "sv"
    assert answer.text == (await browser.get("/tjanster")).text


async def test_page_offers_the_languages_that_it_has_answers_in(browser: Browser) -> None:
    def offered(page: Element) -> list[str]:
        return [one.attributes["lang"] for one in page.one("nav", class_="languages").all("a")]

    assert offered(await browser.page("/tjanster/bygglov")) == ["sv", "sv-x-easy", "en", "fi"]
    assert offered(await browser.page("/tjanster/elak")) == ["sv", "sv-x-easy", "en"]
    assert offered(await browser.page("/tjanster")) == list(LANGUAGES)


async def test_example_is_marked_in_the_demonstration(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov")
    assert "Exempel" in page.one(id="exempel").text
    assert "Exempel" not in page.one(id="avgift").text
    assert "Exempel" in page.one(class_="offer").text


async def test_example_is_not_shown_in_production(production: Browser) -> None:
    page = await production.page("/tjanster/bygglov")
    withheld = page.one(id="exempel")
    assert not list(withheld.all("p", class_="said"))
    assert "Svaret är inte godkänt än" in withheld.text
    assert "#kontakt" in links(withheld)
    assert not list(page.all(class_="offer"))
    assert "Demonstration" not in page.text
    asked = [one["name"] for one in structured(page)["FAQPage"]["mainEntity"]]
    assert asked == ["Behöver jag bygglov för altan?", "Vad kostar ett bygglov?"]
    assert page.one("link", rel="canonical").attributes["href"].startswith("https://")


async def test_structured_data_says_what_the_page_does(browser: Browser) -> None:
    page = await browser.page("/tjanster/bygglov?sprak=en")
    data, url = structured(page), f"{browser.kontakt.url}/tjanster/bygglov?sprak=en"
    assert set(data) == {"GovernmentService", "BreadcrumbList", "FAQPage"}
    offered = data["GovernmentService"]
    assert (offered["name"], offered["url"], offered["inLanguage"]) == ("The service bygglov", url, "en")
    assert offered["serviceOperator"] == {"@type": "GovernmentOrganization", "name": "Förvaltningen"}
    assert offered["availableLanguage"] == ["sv", "sv-x-easy", "en"]
    assert offered["availableChannel"] == [{"@type": "ServiceChannel", "serviceUrl": "mailto:bygg@example.com"}]
    crumbs = data["BreadcrumbList"]["itemListElement"]
    assert [one["position"] for one in crumbs] == [1, 2, 3]
    assert [one["name"] for one in crumbs] == ["Services", "Building and housing", "The service bygglov"]
    for one in data["FAQPage"]["mainEntity"]:
        shown = page.one(id=urlsplit(one["url"]).fragment)
        assert one["acceptedAnswer"]["text"] == shown.one("p", class_="said").text


async def test_text_of_the_catalogue_is_text_wherever_it_stands(browser: Browser) -> None:
    answer = await browser.get("/tjanster/elak")
    page = read_html(answer.text)
    assert not list(page.all("img"))
    assert page.one("meta", name="description").attributes["content"] == f"{NASTY} & '\""
    (question,) = structured(page)["FAQPage"]["mainEntity"]
    assert question["acceptedAnswer"]["text"] == f"{NASTY} & '\""
    assert NASTY in page.one("main").text


async def test_sitemap_names_the_public_pages_in_their_languages(browser: Browser) -> None:
    answer = await browser.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    addresses = [one.text or "" for one in ET.fromstring(answer.text).iterfind("s:url/s:loc", SITEMAP)]  # noqa: S314
    assert len(addresses) == len(set(addresses)) == len(LANGUAGES) + 3 + 4 + 3
    for address in addresses:
        page = read_html((await browser.kontakt.http.get(address)).text)
        assert page.one("link", rel="canonical").attributes["href"] == address
        others = {one.attributes["hreflang"]: one.attributes["href"] for one in page.all("link", rel="alternate")}
        assert others[page.one("html").attributes["lang"]] == address
        assert others["x-default"] == others["sv"]
    robots = (await browser.get("/robots.txt")).text
    assert f"Sitemap: {browser.kontakt.url}/sitemap.xml" in robots
    assert "Disallow: /tjanster/sok\n" in robots


async def test_page_is_kept_until_it_changes(browser: Browser, tmp_path: Path) -> None:
    first = await browser.get("/tjanster/bygglov")
    assert first.headers["cache-control"] == "public, max-age=60"
    assert first.headers["vary"] == "Cookie, Accept-Encoding"
    tag = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = await browser.kontakt.http.get("/tjanster/bygglov", headers=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    changed = {**PLACEHOLDERS, "telefon": {"describes": "Numret", "value": "013-000 00 00"}}
    await import_into(browser.kontakt, write_data(tmp_path / "new", *catalogue(), placeholders=changed))
    new = await browser.kontakt.http.get("/tjanster/bygglov", headers=tag)
    assert new.status_code == 200
    page = read_html(new.text)
    assert "tel:0130000000" in links(page)
    assert "Ring 013-000 00 00." in page.one(id="behovs").text


async def test_pages_and_files_are_packed_for_who_unpacks(browser: Browser) -> None:
    page = await browser.page("/tjanster")
    for address in ("/tjanster", page.one("link", rel="stylesheet").attributes["href"]):
        packed, plain = await browser.get(address), await browser.get(address, **{"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.text == plain.text


async def test_files_are_named_after_their_content_and_kept_for_good(browser: Browser) -> None:
    page = await browser.page("/tjanster")
    styles = [one.attributes["href"] for one in page.all("link", rel="stylesheet")]
    scripts = [one.attributes["src"] for one in page.all("script") if "src" in one.attributes]
    assert len(styles) == 1
    for address in (*styles, *(one for one in scripts if one.startswith("/portal/"))):
        assert re.fullmatch(r"/portal/portal\.[0-9a-f]{12}\.(css|js)", address)
        answer = await browser.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    for address in ("/portal/portal.css", "/portal/..%2fstrings.yml", "/portal/x"):
        assert (await browser.get(address)).status_code == 404


async def test_public_computer_keeps_nothing_and_knows_no_employee(employee: Browser) -> None:
    begun = await employee.get("/kiosk")
    assert begun.headers["clear-site-data"] == '"storage"'
    pages = await crawl(employee, "/kiosk", "/tjanster/sok?q=lon&kiosk=1")
    assert len(pages) > 20
    for address, page in pages.items():
        assert (await employee.get(address)).headers["cache-control"] == "no-store"
        assert page.one("html").attributes["data-end"] == "/kiosk"
        assert page.one("meta", name="robots").attributes["content"] == "noindex"
        inside = [href for href in links(page) if not href.startswith("#")]
        assert {href for href in inside if "kiosk" not in href} == set(), address
        assert "/lon" not in " ".join(inside)
        assert page.one("form").one("input", name="kiosk").attributes["value"] == "1" if any(page.all("form")) else True
    assert (await employee.get("/tjanster/lon?kiosk=1")).status_code == 404
    page = pages["/tjanster/bygglov?kiosk=1"]
    assert page.one("noscript").one("meta", http_equiv="refresh").attributes["content"] == "120; url=/kiosk"
    assert "https://www.boverket.se/" in page.one(id="behovs").text


async def test_page_of_no_service_helps_on(browser: Browser) -> None:
    for path in ("/tjanster/finns/inte", "/tjanster/%00", "/tjanster/" + "a" * 3_000, "/tjanster/%3Cb%3E"):
        page = await browser.page(path, 404)
        assert page.one("form", role="search")
        assert "/tjanster" in links(page)
    moved = await browser.get("/tjanster/bygglov/?sprak=en")
    assert (moved.status_code, moved.headers["location"]) == (308, "/tjanster/bygglov?sprak=en")
    assert (await browser.get("/tjanster//evil.example/")).headers["location"].startswith("/tjanster/")


async def test_failure_is_a_page_too(browser: Browser) -> None:
    database = browser.kontakt.services.database
    await database.write(lambda connection: connection.exec_driver_sql("ALTER TABLE catalogue_imports RENAME TO away"))
    browser.kontakt.services.knowledge.forget()
    answer = await browser.get("/tjanster?sprak=en")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert read_html(answer.text).one("h1").text == "This page cannot be shown right now"


async def test_too_long_a_search_is_refused_with_a_sentence(browser: Browser) -> None:
    page = await browser.page("/tjanster/sok?q=" + "a" * 201, 400)
    assert page.one(class_="problem").text == "Sökningen är för lång. Skriv högst 200 tecken."
    assert page.one("input", type="search").attributes["value"] == "a" * 200
    assert (await browser.get("/tjanster/sok?q=" + "a" * 200)).status_code == 200
    assert (await browser.get("/tjanster/sok/traffar?q=" + "a" * 4_000)).status_code == 200


@given(q=st.text(max_size=200) | st.text("<>&\"'{}%/ abå", max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_searched_for_is_text_and_never_markup(browser: Browser, q: str) -> None:
    """Whatever is searched for, the page has the elements that it always has, and the field holds what was typed."""
    answer = await browser.kontakt.http.get("/tjanster/sok", params={"q": q})
    assert answer.status_code == 200
    page = read_html(answer.text)
    shown = page.one("input", type="search").attributes["value"]
    assert set(shown) - {" "} <= set(unicodedata.normalize("NFC", q))
    if q.isascii() and q.isprintable():
        assert shown == " ".join(q.split())
    plain = await browser.page("/tjanster/sok?q=xyzzy")
    page.one(id="search-hits").children.clear()
    plain.one(id="search-hits").children.clear()
    assert [one.tag for one in page.all()] == [one.tag for one in plain.all()]


def test_every_string_is_in_every_language_with_the_same_values() -> None:
    strings = Strings.read()
    assert strings.lacking() == []
    assert Strings({"key": {"sv": "bara svenska"}}).lacking() == [f"key: {tag}" for tag in LANGUAGES if tag != "sv"]
    for key, said in strings.table.items():
        assert set(said) == set(LANGUAGES), key
        assert len({frozenset(re.findall(r"\{\w+\}", text)) for text in said.values()}) == 1, key
    assert STRINGS.stat().st_size < 60_000
