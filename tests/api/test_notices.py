"""Notices of disturbances: a lead puts them up and takes them away, everybody reads them in the nearest language."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from handover.core.notices import MAX_NOTICE_CHARS, MAX_NOTICES
from handover.store import tables as t
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import new_id
from tests.support.kontakt import Kontakt
from tests.support.replica import Clock

pytestmark = pytest.mark.anyio
TEXTS = {"sv": "Telefonerna ligger nere.", "en": "The telephones are down.", "ar": "الهواتف معطلة."}


class Board:
    """The board of notices of a running service, on a clock that tests turn."""

    def __init__(self, kontakt: Kontakt, clock: Clock) -> None:
        self.kontakt = kontakt
        self.clock = clock
        self._sessions: dict[str, str] = {}

    async def ask(self, who: str | None, method: str, path: str = "", **options: Any) -> httpx.Response:
        """Send a request as somebody, None: as nobody."""
        if who is not None and who not in self._sessions:
            self._sessions[who] = await self.kontakt.session(who)
        headers = {"Cookie": f"kontakt_session={self._sessions[who]}"} if who else {}
        return await self.kontakt.http.request(method, f"/api/v1/notices{path}", headers=headers, **options)

    def body(self, **changed: Any) -> dict[str, Any]:
        """Return a notice for the next half hour."""
        return {"id": new_id(), "texts": TEXTS, "until": self.at(minutes=30), **changed}

    def at(self, **ahead: float) -> str:
        """Return a time ahead of now."""
        return (self.clock() + timedelta(**ahead)).isoformat()

    async def put_up(self, **changed: Any) -> dict[str, Any]:
        """Put up a notice as a lead; return it."""
        answer = await self.ask("lead", "POST", json=self.body(**changed))
        assert answer.status_code == 201, answer.text
        kept: dict[str, Any] = answer.json()
        return kept

    async def refusal(self, **changed: Any) -> tuple[int, str]:
        """Return status and code with which a notice is refused."""
        answer = await self.ask("lead", "POST", json=self.body(**changed))
        return answer.status_code, answer.json()["code"]

    async def shown(self, language: str = "sv") -> list[dict[str, Any]]:
        """Return what everybody is shown."""
        answer = await self.ask(None, "GET", params={"language": language})
        assert answer.status_code == 200
        notices: list[dict[str, Any]] = answer.json()["notices"]
        return notices


@pytest.fixture
async def board(start_kontakt: StartKontakt) -> AsyncIterator[Board]:
    """The board, with nothing on it."""
    clock = Clock()
    async with start_kontakt(clock=clock) as kontakt:
        yield Board(kontakt, clock)


@both_databases
async def test_notice_is_shown_to_everybody_from_its_time_on_until_it_is_over(board: Board) -> None:
    put_up = await board.put_up(**{"from": board.at(minutes=10)})
    assert await board.shown() == []
    board.clock.forward(minutes=10)
    (shown,) = await board.shown()
    assert shown == {
        "id": put_up["id"],
        "severity": "info",
        "text": TEXTS["sv"],
        "language": "sv",
        "from": put_up["from"],
        "until": put_up["until"],
    }
    board.clock.forward(minutes=20)
    assert await board.shown() == []


@both_databases
async def test_who_put_it_up_and_who_took_it_away_stays_known(board: Board) -> None:
    put_up = await board.put_up()
    assert put_up["created_by"] == "Demo Ledare"
    put_up_at = board.clock()
    board.clock.forward(minutes=5)
    for _ in range(2):
        answer = await board.ask("lead", "DELETE", f"/{put_up['id']}")
        assert (answer.status_code, answer.content) == (204, b"")
        board.clock.forward(minutes=1)
    assert await board.shown() == []
    row = await board.kontakt.services.database.read(lambda connection: connection.execute(select(t.notices)).one())
    assert (row.created_by_name, row.created_at) == ("Demo Ledare", put_up_at)
    assert (row.ended_by_name, row.ended_at) == ("Demo Ledare", put_up_at + timedelta(minutes=5))
    assert (row.created_by, row.ended_by) == (row.ended_by, row.created_by)


@both_databases
async def test_repeated_notice_stands_there_once_and_its_id_is_for_nothing_else(board: Board) -> None:
    body = board.body()
    first, again = [await board.ask("lead", "POST", json=body) for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert await board.refusal(id=body["id"], texts={"sv": "Något annat"}) == (409, "id_reused")
    assert len(await board.shown()) == 1


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("sv", "sv"), ("sv-x-easy", "sv"), ("en", "en"), ("ar", "ar"), ("ar-SY", "ar"), ("fi", "en"), ("sv-FI", "sv")],
)
async def test_notice_is_read_in_the_nearest_language(board: Board, language: str, spoken: str) -> None:
    await board.put_up()
    (shown,) = await board.shown(language)
    assert (shown["language"], shown["text"]) == (spoken, TEXTS[spoken])


async def test_notice_in_swedish_alone_is_read_in_swedish_by_all(board: Board) -> None:
    await board.put_up(texts={"sv": "Simhallen är stängd."})
    for language in ("fi", "sv-x-easy"):
        (shown,) = await board.shown(language)
        assert (shown["language"], shown["text"]) == ("sv", "Simhallen är stängd.")


async def test_what_matters_most_stands_first(board: Board) -> None:
    for severity in ("info", "critical", "warning"):
        await board.put_up(severity=severity)
    assert [one["severity"] for one in await board.shown()] == ["critical", "warning", "info"]


@both_databases
async def test_five_at_a_time_also_when_leads_hurry(board: Board) -> None:
    await board.ask("lead", "GET", "/kept")
    answers = await asyncio.gather(*(board.ask("lead", "POST", json=board.body()) for _ in range(MAX_NOTICES + 3)))
    assert sorted(answer.status_code for answer in answers) == [201] * MAX_NOTICES + [409] * 3
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"notices_full"}
    shown = await board.shown()
    await board.ask("lead", "DELETE", f"/{shown[0]['id']}")
    await board.put_up()
    board.clock.forward(minutes=30)
    await board.put_up()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"texts": {"en": "No Swedish"}}, (422, "text_empty")),
        ({"texts": {"sv": " \u200b "}}, (422, "text_empty")),
        ({"texts": {"sv": "Hej", "fi": ""}}, (422, "text_empty")),
        ({"texts": {"sv": "x" * (MAX_NOTICE_CHARS + 1)}}, (422, "notice_too_long")),
        ({"texts": {"sv": "Hej", "Deutsch": "Hallo"}}, (400, "bad_request")),
        ({"texts": {}}, (422, "text_empty")),
        ({"severity": "catastrophe"}, (400, "bad_request")),
        ({"until": "2026-03-01T12:00:00"}, (400, "bad_request")),
        ({"until": "i morgon"}, (400, "bad_request")),
        ({"until": "2026-03-01T08:59:59+00:00"}, (422, "notice_period_invalid")),
        ({"until": "9999-12-31T23:59:59-23:00"}, (422, "notice_period_invalid")),
        ({"from": "2026-03-02T09:00:00Z", "until": "2026-03-02T09:00:00Z"}, (422, "notice_period_invalid")),
        ({"id": "short"}, (400, "bad_request")),
        ({"surprise": 1}, (400, "bad_request")),
    ],
    ids=str,
)
async def test_notice_that_makes_no_sense_is_refused(
    board: Board, changed: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert await board.refusal(**changed) == refusal
    assert await board.shown() == []


async def test_long_past_beginning_is_now_and_five_hundred_characters_fit(board: Board) -> None:
    put_up = await board.put_up(**{"from": "0001-01-01T00:00:00+14:00"}, texts={"sv": "å" * MAX_NOTICE_CHARS})
    assert datetime.fromisoformat(put_up["from"]) == board.clock()


async def test_markup_and_hidden_characters_are_but_text(board: Board) -> None:
    await board.put_up(texts={"sv": "<b>Hej</b>\u202e\u0000 då"})
    assert [one["text"] for one in await board.shown()] == ["<b>Hej</b> då"]


@pytest.mark.parametrize(("who", "code"), [(None, "sign_in_required"), ("staff", "forbidden"), ("guide", "forbidden")])
async def test_only_leads_announce(board: Board, who: str | None, code: str) -> None:
    put_up = await board.put_up()
    for method, path, body in (("POST", "", board.body()), ("DELETE", f"/{put_up['id']}", None)):
        answer = await board.ask(who, method, path, json=body)
        assert answer.json()["code"] == code
    assert [one["id"] for one in await board.shown()] == [put_up["id"]]


async def test_desk_knows_of_what_is_to_come_and_who_announced_it(board: Board) -> None:
    put_up = await board.put_up(**{"from": board.at(minutes=20)})
    kept = (await board.ask("guide", "GET", "/kept")).json()["notices"]
    assert kept == [put_up]
    assert (await board.ask("staff", "GET", "/kept")).json()["code"] == "forbidden"


async def test_unknown_notice_cannot_be_taken_away(board: Board) -> None:
    for unknown in ("00000000-0000-0000-0000-000000000000", "nul%00"):
        answer = await board.ask("lead", "DELETE", f"/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "notice_unknown")


async def test_answer_may_be_kept_for_half_a_minute_and_names_nobody(board: Board) -> None:
    await board.put_up()
    answer = await board.ask(None, "GET")
    assert answer.headers["cache-control"] == "public, max-age=30"
    assert "Demo" not in answer.text
    assert (await board.ask(None, "GET", params={"language": "Deutsch!"})).status_code == 400


async def test_other_replica_shows_it_within_seconds(
    start_kontakt: StartKontakt, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.notices.KEPT_SECONDS", 0.0)
    async with start_kontakt(clock=board.clock) as other:
        elsewhere = Board(other, board.clock)
        assert await elsewhere.shown() == []
        put_up = await board.put_up()
        assert [one["id"] for one in await elsewhere.shown()] == [put_up["id"]]
