"""The accessibility statement: what the last run of the gate came to is what it says, and no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from handover.portal.statement import FILE, LANGUAGES, Assessment, Compliance, Statement, find_assessment
from scripts.accessibility import SHORTCOMINGS, assess
from tests.conftest import StartKontakt
from tests.e2e.gate.checks import CHECKS
from tests.support.html import Element, read_html
from tests.support.kontakt import DATA

pytestmark = pytest.mark.anyio
SHORTCOMING = {
    "id": "slow",
    "text": {"sv": "Filmen saknar text.", "sv-x-easy": "Filmen har ingen text.", "en": "The film has no captions."},
    "reason": {"sv": "Den är ny.", "en": "It is new."},
    "plan": {"sv": "Den textas i maj.", "en": "It gets captions in May."},
}
ShowStatement = Callable[..., Any]


def results(**found: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a run of the gate leaves in which every check passed in one state, but for what is `found`."""
    checks = [
        {
            "name": check.name,
            "criteria": check.criteria,
            "stories": check.has_stories,
            "states": found.get(check.name, {"widget-queue": []}),
        }
        for check in CHECKS
    ]
    return {"titles": {"widget-queue": "Chatten: kön"}, "not_reached": {}, "checks": checks}


def assessment(run: dict[str, Any], *shortcomings: dict[str, Any]) -> Assessment:
    """Return what is made of a run."""
    return assess(run, list(shortcomings), "2026-11-30", "0.1.0")


def data_with(folder: Path, text: str | None, small_data: Path) -> Path:
    """Return a data folder with this text as the assessment, or without one."""
    shutil.copytree(small_data, folder)
    if text is not None:
        (folder / FILE).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def show(start_kontakt: StartKontakt, small_data: Path, tmp_path: Path) -> ShowStatement:
    """Shows the statement of a service whose data folder holds this assessment."""

    async def shown(text: str | Assessment | None, language: str = "") -> Element:
        if isinstance(text, Assessment):
            text = text.model_dump_json(by_alias=True, exclude_none=True)
        async with start_kontakt(data=data_with(tmp_path / "data", text, small_data)) as kontakt:
            answer = await kontakt.http.get("/tillganglighet", params={"sprak": language} if language else {})
            assert answer.status_code == 200
            return read_html(answer.text)

    return shown


async def test_service_is_fully_compliant_only_where_all_passed_and_nothing_is_known(show: ShowStatement) -> None:
    page = await show(assessment(results()))
    assert "Tjänsten är helt förenlig med lagen" in page.text
    assert "Innehåll som inte är tillgängligt" not in page.text
    assert "1 av 1" in page.text


async def test_check_that_failed_makes_it_partial_and_says_where(show: ShowStatement) -> None:
    page = await show(assessment(results(reflow={"widget-queue": ["is cut below: p"]})))
    assert "Tjänsten är delvis förenlig med lagen" in page.text
    listed = page.one("ul", class_="shortcomings").text
    assert "400 procents förstoring. Den här kontrollen gick inte igenom" in listed
    assert "Var: Chatten: kön" in listed
    assert "0 av 1" in page.one("ul", class_="checks").text


async def test_known_shortcoming_makes_it_partial_with_reason_and_plan(show: ShowStatement) -> None:
    page = await show(assessment(results(), SHORTCOMING))
    assert "Tjänsten är delvis förenlig med lagen" in page.text
    listed = page.one("ul", class_="shortcomings").text
    assert listed == "Filmen saknar text. Skäl Den är ny. Åtgärd Den textas i maj."


async def test_check_that_was_not_made_is_not_one_that_passed(show: ShowStatement) -> None:
    page = await show(assessment(results(target_size={})))
    assert "Tjänsten är delvis förenlig med lagen" in page.text
    assert "Den här kontrollen gjordes inte" in page.one("ul", class_="shortcomings").text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "No such file or directory"),
        ("", "Invalid JSON"),
        ("[]", "should be an object"),
        ('{"checks": []}', "Field required"),
        (json.dumps({"tested_on": "in May"}), "tested_on"),
    ],
)
async def test_without_an_assessment_the_page_says_so_and_the_log_says_why(
    show: ShowStatement, capsys: pytest.CaptureFixture[str], text: str | None, reason: str
) -> None:
    page = await show(text)
    assert "kan vi inte visa hur väl tjänsten uppfyller lagen" in page.text
    assert "förenlig" not in page.text.replace("tillgänglighet", "")
    assert "Anmäl bristande tillgänglighet till Digg" in page.text
    (logged,) = [line for line in "".join(capsys.readouterr()).splitlines() if "accessibility_not_known" in line]
    assert reason in logged
    assert "make accessibility" in logged


async def test_statement_holds_what_the_law_asks_for(show: ShowStatement) -> None:
    page = await show(assessment(results(), SHORTCOMING))
    links = [link.attributes["href"] for link in page.one("main").all("a")]
    assert "https://www.digg.se/tdosanmalan" in links
    text = page.one("main").text
    for part in ("Kontakt Linköping", "delvis förenlig", "Skäl", "2026-11-30", "egen bedömning", "oskäligt betungande"):
        assert part in text
    headings = [heading.text for heading in page.one("main").all("h2")]
    assert {"Anmäl brister till oss", "Tillsyn", "Hur vi har testat tjänsten"} <= set(headings)


@pytest.mark.parametrize(
    ("language", "spoken", "words"),
    [("sv-x-easy", None, "Filmen har ingen text."), ("en", None, "has no captions"), ("ar", "en", "has no captions")],
)
async def test_statement_comes_in_the_nearest_language(
    show: ShowStatement, language: str, spoken: str | None, words: str
) -> None:
    page = await show(assessment(results(), SHORTCOMING), language)
    assert words in page.text
    heading = next(page.one("main").all("h1"))
    assert [span.attributes["lang"] for span in heading.all("span")] == ([spoken] if spoken else [])


async def test_every_page_links_to_it(kontakt: Any) -> None:
    for path in ("/tjanster", "/tjanster/sok?q=a", "/kiosk", "/tjanster/finns-inte"):
        footer = read_html((await kontakt.http.get(path)).text).one("footer")
        assert any(link.attributes["href"].startswith("/tillganglighet") for link in footer.all("a")), path


# --- what is kept in the repository ----------------------------------------------------------------


def test_state_that_was_not_reached_has_failed_every_check_of_states() -> None:
    made = assess({**results(), "not_reached": {"widget-queue": "not brought about"}}, [], "2026-11-30", "0.1.0")
    by_name = {check.name: check.failed for check in made.checks}
    assert by_name.pop("announcements") == ()
    assert set(by_name.values()) == {("Chatten: kön",)}


def test_assessment_that_is_kept_is_of_this_gate_and_lists_the_known_shortcomings() -> None:
    kept = find_assessment(DATA)
    assert kept is not None, "make accessibility"
    assert [check.name for check in kept.checks] == [check.name for check in CHECKS]
    known = yaml.safe_load(SHORTCOMINGS.read_text(encoding="utf-8"))
    assert [one.id for one in kept.shortcomings] == [one["id"] for one in known]
    assert kept.compliance is Compliance.PARTIAL


def test_every_check_has_its_words_in_each_language() -> None:
    statement = Statement.read(DATA)
    for check in CHECKS:
        said = {statement.say(f"check_{check.name}", language).text for language in LANGUAGES}
        assert len(said) == len(LANGUAGES)
    assert [key for key, text in statement.words.items() if text.easy is None] == []
