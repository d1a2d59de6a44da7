"""The playground over HTTP: a sentence is explained and answered, and nothing of it is kept."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from handover.store import tables as t
from tests.support.engine_double import HARMLESS, faq_reply, turn_answer
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
TEXT = "Behöver jag bygglov för en altan?"


async def ask(kontakt: Kontakt, path: str = "", username: str = "editor", **body: Any) -> httpx.Response:
    cookie = await kontakt.session(username)
    headers = {"Cookie": f"kontakt_session={cookie}"}
    return await kontakt.http.post(f"/api/v1/tuning/playground{path}", json=body, headers=headers)


async def test_a_sentence_is_explained_and_answered(kontakt: Kontakt) -> None:
    kontakt.engine.answer = lambda _: turn_answer(faq_reply("bygglov.behovs", "Ja, ofta."), intent="bygglov.behovs")
    found = (await ask(kontakt, text=TEXT, audience="staff")).json()
    assert (found["stored"], found["decision"], found["mode"]) == (TEXT, "answered", "send")
    assert [(one["text"], one["faq"]) for one in found["messages"]] == [("Ja, ofta.", "bygglov.behovs")]
    explanation = found["explanation"]
    assert explanation["explained"][0]["intent"] == "bygglov.behovs"
    assert explanation["nearest"][0]["text"] == TEXT
    assert (kontakt.engine.consulted[0]["audience"], kontakt.engine.asked[0]["audience"]) == ("staff", "staff")


async def test_nothing_is_written_and_personal_data_goes_no_further(kontakt: Kontakt) -> None:
    found = (await ask(kontakt, text="Ring 070-174 06 35 om altanen")).json()
    assert "070" not in found["stored"]
    assert all("070" not in body["text"] for body in (*kontakt.engine.consulted, *kontakt.engine.asked))
    for table in (t.conversations, t.events, t.turns):
        count = await kontakt.services.database.read(
            lambda connection, table=table: connection.scalar(select(func.count()).select_from(table))
        )
        assert count == 0


async def test_danger_is_seen_as_in_a_chat(kontakt: Kontakt) -> None:
    found = (await ask(kontakt, text="Jag vill dö")).json()
    assert (found["decision"], found["escalates"]) == ("crisis", True)
    kontakt.engine.judge = lambda _: HARMLESS
    found = (await ask(kontakt, text="Jag vill dö")).json()
    assert found["decision"] != "crisis"
    assert found["explanation"]["danger"]["is_harmless"] is True


@pytest.mark.parametrize(("text", "code"), [("", "text_empty"), ("   ", "text_empty"), ("å" * 4_001, "text_too_long")])
async def test_what_is_no_sentence_is_refused(kontakt: Kontakt, text: str, code: str) -> None:
    answer = await ask(kontakt, text=text)
    assert answer.json()["code"] == code
    assert kontakt.engine.consulted == []


async def test_an_example_says_whom_it_would_turn(kontakt: Kontakt) -> None:
    body = {"text": "Vad kostar lov för en altan?", "intent": "bygglov.behovs"}
    found = (await ask(kontakt, "/example", **body)).json()
    assert [one["intent"] for one in found["turned"]] == ["bygglov.avgift"]
    assert found["near_duplicates"]
    found = (await ask(kontakt, "/example", **{**body, "intent": "bygglov.avgift"})).json()
    assert found["turned"] == []


async def test_an_engine_that_is_away_is_told(kontakt: Kontakt) -> None:
    kontakt.engine.secret = "another"
    answer = await ask(kontakt, text=TEXT)
    assert (answer.status_code, answer.json()["code"]) == (503, "engine_unavailable")


@pytest.mark.parametrize("username", ["guide", "staff", "analyst"])
async def test_only_those_who_tune_may_try(kontakt: Kontakt, username: str) -> None:
    assert (await ask(kontakt, username=username, text=TEXT)).status_code == 403
