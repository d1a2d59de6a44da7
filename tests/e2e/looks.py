"""How a page looks in each of its states: accessible in light and dark, at home in small windows, with a picture."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.conftest import SCREENSHOTS

WIDE = {"width": 1440, "height": 900}
SMALL = {"width": 1024, "height": 768}
#: 1 280 points wide at 200 %, and a phone.
ZOOMED, PHONE = {"width": 640, "height": 400}, {"width": 400, "height": 800}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def check_accessible(page: Page, state: str) -> None:
    """Fail on anything that axe finds, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{state}, {scheme}: {found.generate_report()}"
    page.emulate_media(color_scheme="light")


def check_fits(page: Page, state: str) -> None:
    """Fail where anything sticks out sideways at 200 % or on a phone."""
    before = page.viewport_size
    for size in (ZOOMED, PHONE, SMALL):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{state}: {width} wide at {size['width']}"
    page.set_viewport_size(before)  # type: ignore[arg-type]


def check_state(page: Page, name: str) -> None:
    """Look at one state of the desk: accessible, fits, and a picture to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    check_accessible(page, name)
    check_fits(page, name)
    page.screenshot(path=SCREENSHOTS / f"desk-{name}.png")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    page.screenshot(path=SCREENSHOTS / f"desk-{name}-dark.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
