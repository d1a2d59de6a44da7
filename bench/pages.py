"""`make bench-pages`: what each page weighs and how soon it is there, in a real browser, and what axe finds on it.

Everything is measured beside the plainest answer of the same server in the same browser. The service is the real one
with the real catalogue and an engine double; no page waits for the engine.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize, sync_playwright

from bench.report import Row, at_most, table
from bench.running import machine
from catalogue.documents import read_catalogue
from handover.api.services import SESSION_COOKIE
from scripts.browser import ensure_browser
from scripts.stack import ROOT
from tests.e2e.room import Room, open_room
from tests.support.databases import make_sqlite_template

TIMES = 5
#: How many times slower than this machine the throttled processor is: an old telephone.
THROTTLE = 4
VIEWPORT = ViewportSize(width=1280, height=800)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
#: What is wanted: the console by issue of its own, the portal and the widget on a slow telephone.
CONSOLE_MS, CONSOLE_KB, PORTAL_MS, PORTAL_KB = 1_000.0, 300.0, 1_000.0, 100.0
#: Adds up how far things jump while a page loads; 0 is not at all.
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page: where it is, what shows that one can use it, and what is wanted of it."""

    name: str
    path: str
    there: str
    limit_ms: float
    limit_kb: float
    throttle: int = 1
    username: str | None = None


PAGES = (
    PageOf("console", "/console/", "nav.list", CONSOLE_MS, CONSOLE_KB, username="lead"),
    PageOf("console", "/console/#/inforande", "main.page details", CONSOLE_MS, CONSOLE_KB, username="lead"),
    PageOf("console", "/console/#/granska", "main.page h2", CONSOLE_MS, CONSOLE_KB, username="lead"),
    PageOf("console", "/console/#/direkt", "main.page h3", CONSOLE_MS, CONSOLE_KB, username="lead"),
    PageOf("portal", "/tjanster", "main h1", PORTAL_MS, PORTAL_KB, THROTTLE),
    PageOf("portal", "/tjanster/bygglov", "main h1", PORTAL_MS, PORTAL_KB, THROTTLE),
    PageOf("portal", "/tjanster/sok?q=dagis", "main h1", PORTAL_MS, PORTAL_KB, THROTTLE),
    PageOf("portal", "/kiosk", "main h1", PORTAL_MS, PORTAL_KB, THROTTLE),
    PageOf("portal", "/tillganglighet", "main h1", PORTAL_MS, PORTAL_KB, THROTTLE),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One load of a page: when it was there (ms), what was fetched (bytes, gzipped), how far things jumped."""

    ready_ms: float
    fetched: int
    shifted: float


def visit(context: BrowserContext, page: PageOf, base: str) -> Visit:
    """Load a page in a browser that has nothing of it yet."""
    tab = context.new_page()
    bodies: list[int] = []

    def weigh(response: Response) -> None:
        if response.ok and response.request.resource_type != "websocket":
            bodies.append(len(gzip.compress(response.body())))

    tab.on("response", weigh)
    tab.add_init_script(WATCH_SHIFTS)
    if page.throttle > 1:
        session = context.new_cdp_session(tab)
        session.send("Emulation.setCPUThrottlingRate", {"rate": page.throttle})
    tab.goto(base + page.path, wait_until="commit")
    tab.locator(page.there).first.wait_for(state="visible")
    ready = float(tab.evaluate("performance.now()"))
    tab.wait_for_load_state("networkidle")
    shifted = float(tab.evaluate("window.shifted"))
    tab.close()
    return Visit(ready, sum(bodies), shifted)


@contextmanager
def signed_in(browser: Browser, room: Room, username: str | None) -> Iterator[BrowserContext]:
    """Open a browser of its own for somebody, with an empty cache."""
    context = browser.new_context(viewport=VIEWPORT, locale="sv-SE")
    if username is not None:
        token = room.do(room.kontakt.session(username))
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": room.url}])
    try:
        yield context
    finally:
        context.close()


def measure(browser: Browser, room: Room, page: PageOf, baseline_ms: float, say: Callable[[str], None]) -> list[Row]:
    """Return the figures of one page."""
    say(f"{page.path} ({TIMES} times{f', processor {page.throttle} times slower' if page.throttle > 1 else ''})")
    visits: list[Visit] = []
    for _ in range(TIMES):
        with signed_in(browser, room, page.username) as context:
            visits.append(visit(context, page, room.url))
    ready = statistics.median(one.ready_ms for one in visits)
    weight = max(one.fetched for one in visits) / 1_000
    jumped = max(one.shifted for one in visits) * 1_000
    name = page.path
    there = at_most(page.name, f"{name}: there, median of {TIMES}", ready, "ms", page.limit_ms)
    return [
        Row(there.part, there.figure, there.reached, there.unit, baseline_ms, there.wanted, there.ok),
        at_most(page.name, f"{name}: fetched, gzipped", weight, "kB", page.limit_kb),
        at_most(page.name, f"{name}: layout shift", jumped, "/1000", 0.0)
        if page.name == "portal"
        else Row(page.name, f"{name}: layout shift", jumped, "/1000"),
        at_most(page.name, f"{name}: axe violations, light and dark", _violations(browser, room, page), "", 0.0),
    ]


def _violations(browser: Browser, room: Room, page: PageOf) -> float:
    found = 0
    with signed_in(browser, room, page.username) as context:
        tab = context.new_page()
        tab.goto(room.url + page.path)
        tab.locator(page.there).first.wait_for(state="visible")
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            found += Axe().run(tab, options=RULES).violations_count
    return float(found)


def plainest(browser: Browser, room: Room) -> float:
    """Return how soon the plainest answer of the service is there, in milliseconds."""
    times = []
    for _ in range(TIMES):
        with signed_in(browser, room, None) as context:
            tab: Page = context.new_page()
            tab.goto(f"{room.url}/live")
            times.append(float(tab.evaluate("performance.now()")))
    return statistics.median(times)


def main() -> int:
    """Measure everything; a figure that is not reached does not fail the run."""
    rows: list[Row] = []

    def say(what: str) -> None:
        print(f"[bench] {what}", flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        template = make_sqlite_template(folder / "template.sqlite3")
        with open_room(template, read_catalogue(ROOT / "data"), folder) as room, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(ensure_browser()), args=["--no-sandbox"])
            baseline = plainest(browser, room)
            for page in PAGES:
                rows += measure(browser, room, page, baseline, say)
            browser.close()
    print(machine())
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
