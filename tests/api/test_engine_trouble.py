"""Whatever the engine does, the citizen hears something and a person is fetched: never silence."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse

from catalogue.phrases import Phrases
from handover.engine import BREAKER_THRESHOLD
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient
from tests.support.engine_double import did_you_mean, faq_reply, reply, turn_answer
from tests.support.kontakt import DATA, Kontakt

pytestmark = pytest.mark.anyio
SORRY = Phrases.read(DATA).say("engine_failure", "sv")
CRISIS = "Jag vill ta livet av mig"


async def _sees_the_apology(citizen: CitizenClient) -> None:
    await citizen.wait_for("message", sender="system", text=SORRY)
    escalated = await citizen.wait_for("escalated")
    assert escalated["reason"] == "engine_failure"
    await citizen.wait_for_type("queue", position=1)


def _with(**changed: Any) -> dict[str, Any]:
    return {**turn_answer(reply("Hej")), **changed}


NONSENSE: dict[str, Response | dict[str, Any]] = {
    "not json": PlainTextResponse("<html>oj</html>"),
    "empty": Response(b""),
    "no replies": _with(replies=[]),
    "no understanding": {"replies": [reply("Hej")]},
    "empty text": _with(replies=[reply("")]),
    "endless text": _with(replies=[reply("x" * 8_001)]),
    "eleven replies": _with(replies=[reply("Hej")] * 11),
    "unknown decision": _with(replies=[reply("Hej", "dance")]),
    "unknown reason": _with(replies=[reply("Hej", escalate="bored")]),
    "script link": _with(replies=[reply("Hej", links=[{"title": "x", "url": "javascript:alert(1)"}])]),
    "confidence above one": _with(understanding={"intent": "x", "confidence": 1.5}),
    "server error": JSONResponse({"error": "x"}, 500),
    "refused": JSONResponse({"error": "x"}, 401),
    "redirect": Response(status_code=302, headers={"Location": "http://127.0.0.1:1/"}),
    "binary": Response(b"\xff\xfe\x00", media_type="application/json"),
    "not a number": Response(b'{"replies":[{"decision":"smalltalk","text":"Hej"}],"understanding":NaN}'),
}


@pytest.mark.parametrize("kind", NONSENSE)
async def test_nonsense_of_the_engine_fetches_a_person(kontakt: Kontakt, kind: str) -> None:
    kontakt.engine.answer = lambda _: NONSENSE[kind]  # type: ignore[assignment,return-value]
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await _sees_the_apology(citizen)


@both_databases
@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", '"\\u0000"', "{}"])
async def test_odd_values_in_the_context_do_not_silence_the_conversation(
    start_kontakt: StartKontakt, value: str
) -> None:
    """Whatever cannot be stored is tried a few times, each within its lease, and then a person is fetched."""
    body = (
        '{"replies":[{"decision":"smalltalk","text":"Hej","context":{"misses":%s}}],'
        '"understanding":{"intent":null,"confidence":0.5}}'
    )
    async with start_kontakt(turn_lease_seconds=0.2) as kontakt:
        kontakt.engine.answer = lambda _: Response((body % value).encode(), media_type="application/json")
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        heard = await citizen.wait_for_frame(
            lambda f: f["type"] == "event" and f["event"].get("from") in ("bot", "system"), "an answer"
        )
        assert heard["event"]["text"] in ("Hej", SORRY)


async def test_engine_that_is_down_fetches_a_person_and_is_asked_again_later(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(engine_url=("http://127.0.0.1:1",)) as kontakt:
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        await _sees_the_apology(citizen)
        health = (await kontakt.http.get("/health")).json()
        assert health == {"database": True, "engine": False, "bus": True}
        assert (await kontakt.http.get("/ready")).status_code == 503


async def test_answer_that_comes_at_once_is_not_said_to_be_written(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await citizen.wait_for_frame(lambda f: f["type"] == "event" and f["event"].get("from") == "bot", "an answer")
    assert [frame for frame in citizen.frames if frame["type"] == "typing"] == []


async def test_slow_engine_fetches_a_person_at_the_deadline(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(engine_timeout_seconds=0.2) as kontakt:
        kontakt.engine.hold()
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        await citizen.wait_for_type("typing", **{"from": "bot"})
        await _sees_the_apology(citizen)
        kontakt.engine.let_go()
        await citizen.say("Är du kvar?")
        await citizen.wait_for("message", text="Är du kvar?")
        assert [sender for sender, _ in citizen.texts] == ["citizen", "system", "citizen"]


async def test_engine_that_drips_is_cut_off_at_the_deadline(start_kontakt: StartKontakt) -> None:
    """The deadline is on the whole answer: an engine that sends a byte now and then is as slow as a silent one."""
    import asyncio

    async def drip() -> Any:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    async with start_kontakt(engine_timeout_seconds=0.3) as kontakt:
        kontakt.engine.answer = lambda _: StreamingResponse(drip())
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        await _sees_the_apology(citizen)


async def test_open_breaker_spares_the_engine_and_still_fetches_a_person(kontakt: Kontakt) -> None:
    kontakt.engine.answer = lambda _: JSONResponse({}, 500)
    for _ in range(BREAKER_THRESHOLD + 1):
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        await citizen.wait_for("escalated", reason="engine_failure")
    assert len(kontakt.engine.asked) == BREAKER_THRESHOLD


async def test_payload_that_the_engine_does_not_know_fetches_a_person(kontakt: Kontakt) -> None:
    choices = [{"title": "Borttagen fråga", "payload": "gone.faq"}]
    kontakt.engine.answer = lambda _: turn_answer(reply("Menade du?", "asked", choices=choices))
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await citizen.wait_for("message", sender="bot")
    await citizen.do("choose", payload="gone.faq")
    await _sees_the_apology(citizen)


async def test_crisis_gets_the_safety_text_at_once_without_a_turn_of_the_engine(kontakt: Kontakt) -> None:
    first = await kontakt.waiting_citizen()
    citizen = await kontakt.citizen()
    await citizen.say(CRISIS)
    safety = await citizen.wait_for("message", sender="system")
    assert "112" in safety["text"]
    await citizen.wait_for("escalated", reason="crisis")
    await citizen.wait_for_type("queue", position=1)
    await first.wait_for_type("queue", position=2)
    assert kontakt.engine.asked == []


async def test_human_choice_goes_to_the_queue_without_the_engine(kontakt: Kontakt) -> None:
    kontakt.engine.answer = lambda _: did_you_mean()
    citizen = await kontakt.citizen()
    await citizen.say("bygga")
    await citizen.wait_for("message", sender="bot")
    await citizen.do("choose", payload="human")
    await citizen.wait_for("message", sender="citizen", choice="human")
    await citizen.wait_for("escalated", reason="asked_for_human")
    assert len(kontakt.engine.asked) == 1


async def test_escalation_that_the_engine_asks_for_is_carried_out(kontakt: Kontakt) -> None:
    kontakt.engine.answer = lambda _: turn_answer(reply("Jag hämtar någon.", "escalated", escalate="low_confidence"))
    citizen = await kontakt.citizen()
    await citizen.say("asdf")
    await citizen.wait_for("message", sender="bot", text="Jag hämtar någon.")
    await citizen.wait_for("escalated", reason="low_confidence")


async def test_answer_names_its_faq_and_keeps_its_links(kontakt: Kontakt) -> None:
    links = [{"title": "Boverket", "url": "https://www.boverket.se/"}]
    kontakt.engine.answer = lambda _: turn_answer({**faq_reply("bygglov.behovs", "Det beror på."), "links": links})
    citizen = await kontakt.citizen()
    await citizen.say("Behöver jag bygglov?")
    answer = await citizen.wait_for("message", sender="bot")
    assert answer["links"] == links
    assert answer["answer"]["faq"] == "bygglov.behovs"
