"""The whole product for browser tests: three real processes, a real Chromium, a line that can be cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from catalogue.documents import CatalogueFiles, read_catalogue
from handover.settings import Settings
from handover.sign_in import DemoLogin, SignIn
from handover.store.database import Database
from scripts.browser import ensure_browser
from scripts.stack import LOOPBACK, Ports, free_port, health_urls, process_environment, start_process, wait_ready
from tests.e2e.room import Room, open_room
from tests.engine_fixture import RealEngine
from tests.support.apart import run_apart
from tests.support.databases import Template
from tests.support.kontakt import DATA
from tests.support.proxy import CuttableLine, cuttable_line

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
#: The widget's tree is closed to the page; a test opens it as any page could that runs before the widget.
OPEN_TREES = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: "open" }); };
"""
#: The longest that one step of a story may take.
STEP_TIMEOUT_MS = 15_000


@dataclass(frozen=True)
class Product:
    """The running product and its demo accounts."""

    url: str
    port: int
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def product(engine: RealEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The handover process beside the engine and actions that all tests share."""
    folder = tmp_path_factory.mktemp("product")
    ports = Ports(handover=free_port(), engine=int(engine.url.rsplit(":", 1)[1]), actions=1)
    settings = Settings(database_url=engine.database_url, data_dir=folder)
    env = process_environment(settings, ports, engine.secret)
    logins = run_apart(_make_logins(engine.database_url))
    process = start_process("handover", Path(), ports, env, folder)
    try:
        wait_ready([health_urls(ports)["handover"]])
        yield Product(
            f"http://{LOOPBACK}:{ports.handover}", ports.handover, {login.username: login.password for login in logins}
        )
    finally:
        process.terminate()
        process.wait(10)


async def _make_logins(url: str) -> list[DemoLogin]:
    database = Database(url)
    try:
        return await SignIn(database, timedelta(hours=1), timedelta(hours=1)).make_demo_accounts(renew=True)
    finally:
        await database.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all stories."""
    expect.set_options(timeout=STEP_TIMEOUT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(ensure_browser()), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Makes pages, each a browser of its own (cookies and storage apart); closes them afterwards."""
    made: list[BrowserContext] = []

    def make(**options: object) -> Page:
        context = chromium.new_context(**{"viewport": DESKTOP, "locale": "sv-SE", **options})  # type: ignore[arg-type]
        context.set_default_timeout(STEP_TIMEOUT_MS)
        context.add_init_script(OPEN_TREES)
        made.append(context)
        return context.new_page()

    yield NewPage(make)
    for context in made:
        context.close()


class NewPage:
    """Calling it makes a page."""

    def __init__(self, make: object) -> None:
        self._make = make

    def __call__(self, **options: object) -> Page:
        """Return a new page in a context of its own."""
        page: Page = self._make(**options)  # type: ignore[operator]
        return page


@pytest.fixture
def line(product: Product) -> Iterator[CuttableLine]:
    """A line to the product that the test can cut."""
    with cuttable_line(product.port) as made:
        yield made


@pytest.fixture(scope="session")
def catalogue_files() -> CatalogueFiles:
    """The product's own catalogue."""
    return read_catalogue(DATA)


@pytest.fixture
def room(sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path: Path) -> Iterator[Room]:
    """A guides' room of the test's own, without the real engine."""
    with open_room(sqlite_template, catalogue_files, tmp_path) as opened:
        yield opened
