"""Every state of the portal's pages."""

from __future__ import annotations

from collections.abc import Callable

from tests.e2e.gate.stage import Stage
from tests.e2e.gate.states import PORTAL, SWEDISH, State, Step

PORTAL_STATES: list[State] = []


def address(path: str, language: str = SWEDISH) -> str:
    """Return the address of a page in a language."""
    if language == SWEDISH:
        return path
    path, mark, fragment = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}sprak={language}{mark}{fragment}"


def page(
    name: str, title: str, path: str, *, before: Step | None = None, after: Step | None = None, only: str | None = None
) -> None:
    """Register a page: `before` it is asked for, and what is done `after` it is there."""

    def go(stage: Stage, language: str) -> None:
        stage.page.goto(stage.room.url + address(path, language))
        stage.chat("button.launcher").wait_for()
        if after is not None:
            after(stage)

    def reach(stage: Stage) -> None:
        stage.page = stage.new_page()
        if before is not None:
            before(stage)
        go(stage, only or SWEDISH)

    speak: Callable[[Stage, str], None] | None = None if only else go
    PORTAL_STATES.append(State(PORTAL, name, f"Portalen: {title}", reach, speak))


def _types(stage: Stage) -> None:
    stage.page.get_by_role("searchbox").press_sequentially("dagis")
    stage.page.locator("#search-hits li").first.wait_for()


def _unfolds_languages(stage: Stage) -> None:
    stage.page.locator(".languages summary").click()


def _unfolds_order(stage: Stage) -> None:
    for summary in stage.page.locator("main details:not([open]) > summary").all()[:2]:
        summary.click()


def _is_staff(stage: Stage) -> None:
    stage.sign_in("staff")


def _is_away(stage: Stage) -> None:
    """Make the warning come at once; what is left of its seconds is enough to look at it."""
    stage.page.mouse.move(5, 5)
    stage.page.clock.run_for(100_500)
    stage.page.get_by_role("alertdialog").wait_for()


page("start", "första sidan", "/tjanster")
page("typed", "träffar medan man skriver", "/tjanster", after=_types)
page("languages", "språkmenyn", "/tjanster", after=_unfolds_languages)
page("service", "en tjänst", "/tjanster/forskola", after=_unfolds_order)
page("answer", "en tjänst med utfällt svar", "/tjanster/bygglov#avgift")
page("easy", "en tjänst på lätt svenska", "/tjanster/forskola#ansokan", only="sv-x-easy")
page("search", "sökträffar", "/tjanster/sok?q=dagis")
page("no-hits", "en sökning utan träffar", "/tjanster/sok?q=xyzzy")
page("too-long", "en för lång sökning", f"/tjanster/sok?q={'a' * 201}")
page("not-found", "en sida som inte finns", "/tjanster/finns-inte")
page("unavailable", "när sidan inte kan visas", "/tjanster", before=Stage.lose_catalogue)
page("staff", "första sidan för medarbetare", "/tjanster", before=_is_staff)
page("staff-service", "en intern tjänst", "/tjanster/hr_direkt", before=_is_staff, only=SWEDISH)
page("kiosk", "första sidan på en publik dator", "/kiosk")
page("kiosk-service", "en tjänst på en publik dator", "/tjanster/bygglov?kiosk=1#avgift")
page(
    "kiosk-warning",
    "varningen på en publik dator",
    "/tjanster/bygglov?kiosk=1",
    before=lambda s: s.page.clock.install(),
    after=_is_away,
)
page("statement", "tillgänglighetsredogörelsen", "/tillganglighet")
page("statement-easy", "tillgänglighetsredogörelsen på lätt svenska", "/tillganglighet", only="sv-x-easy")
page("statement-kiosk", "tillgänglighetsredogörelsen på en publik dator", "/tillganglighet?kiosk=1", only=SWEDISH)
