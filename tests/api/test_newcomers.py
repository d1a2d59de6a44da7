"""The newcomers' menu: what it holds, and that choosing from it is a turn like any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.documents import NEWCOMER_LANGUAGES, read_catalogue
from catalogue.importer import import_catalogue
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import Refused
from tests.support.kontakt import DATA, Kontakt
from tests.support.small_catalogue import import_into, write_data

pytestmark = pytest.mark.anyio
EMBEDDING = "https://www.linkoping.se"
FINNISH = {"title": "Tarvitsenko luvan?", "payload": "bygglov.behovs", "language": "fi"}


@pytest.fixture
async def small(kontakt: Kontakt, tmp_path: Path) -> Kontakt:
    """A service with the small catalogue, which has one question in Finnish."""
    await import_into(kontakt, write_data(tmp_path / "small"))
    return kontakt


async def test_menu_holds_the_translated_questions_in_the_language_or_the_nearest(small: Kontakt) -> None:
    for language, title, spoken in (
        ("fi", "Tarvitsenko luvan?", "fi"),
        ("ar", "Do I need a building permit for a deck?", "en"),
        ("sv-x-easy", "Lätt: Behöver jag bygglov för altan?", "sv-x-easy"),
    ):
        answer = await small.http.get("/api/v1/newcomers", params={"language": language})
        question = {"title": title, "payload": "bygglov.behovs", "language": spoken}
        assert answer.json() == {"questions": [question]}


async def test_menu_may_be_kept_by_anybody_but_not_for_another_origin(
    start_kontakt: StartKontakt, tmp_path: Path
) -> None:
    async with start_kontakt(allowed_origins=(EMBEDDING,)) as kontakt:
        empty = await kontakt.http.get("/api/v1/newcomers")
        assert (empty.json(), empty.headers["cache-control"]) == ({"questions": []}, "public, max-age=0")
        await import_into(kontakt, write_data(tmp_path / "small"))
        first = await kontakt.http.get("/api/v1/newcomers", headers={"Origin": EMBEDDING})
        assert first.headers["cache-control"] == "public, max-age=300"
        assert "Origin" in first.headers["vary"]
        assert first.headers["access-control-allow-origin"] == EMBEDDING
        again = await kontakt.http.get("/api/v1/newcomers", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        foreign = await kontakt.http.get("/api/v1/newcomers", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers


@pytest.mark.parametrize("language", ["", "Arabic", "../ar", "x" * 40])
async def test_what_is_no_language_is_refused(kontakt: Kontakt, language: str) -> None:
    answer = await kontakt.http.get("/api/v1/newcomers", params={"language": language})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@both_databases
async def test_question_of_the_menu_can_be_the_first_thing_said(small: Kontakt) -> None:
    citizen = await small.citizen(language="fi", menu="newcomers")
    await citizen.wait_for("opened", choices=[{"title": FINNISH["title"], "payload": FINNISH["payload"]}])
    await citizen.do("choose", payload="bygglov.behovs")
    said = await citizen.wait_for("message", sender="citizen")
    assert (said["text"], said["choice"]) == ("Tarvitsenko luvan?", "bygglov.behovs")
    await citizen.wait_for("message", sender="bot")
    asked = small.engine.asked[-1]
    assert (asked["payload"], asked["language"]) == ("bygglov.behovs", "fi")
    assert "text" not in asked


async def test_nothing_else_can_be_chosen_and_nothing_without_the_menu(small: Kontakt) -> None:
    with_menu = await small.citizen(menu="newcomers")
    with pytest.raises(Refused, match="choice_unknown"):
        await with_menu.do("choose", payload="lon.utbetalning")
    without = await small.citizen()
    with pytest.raises(Refused, match="choice_unknown"):
        await without.do("choose", payload="bygglov.behovs")


async def test_unknown_menu_opens_nothing(kontakt: Kontakt) -> None:
    answer = await kontakt.http.post("/api/v1/conversations", json={"menu": "everything"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_product_has_the_same_questions_in_every_language_of_newcomers(kontakt: Kontakt) -> None:
    files = read_catalogue(DATA)
    await kontakt.services.database.write(lambda connection: import_catalogue(connection, files))
    kontakt.services.knowledge.forget()
    payloads = set()
    for language in NEWCOMER_LANGUAGES:
        answer = await kontakt.http.get("/api/v1/newcomers", params={"language": language})
        questions = answer.json()["questions"]
        assert {question["language"] for question in questions} == {language}
        payloads.add(tuple(question["payload"] for question in questions))
    (menu,) = payloads
    assert menu[0].startswith("ny_i_sverige.") and len(menu) >= 10
