"""Danger on its way through the doors: the pattern speaks before the engine, and the model has its word in both."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

from tests.conftest import StartKontakt
from tests.support.engine_double import ALARM, HARMLESS, Body
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
CRISIS = "Jag vill ta livet av mig"
UNSEEN = "Allt är svart och jag har bestämt mig"


async def test_harmless_words_are_answered_and_nobody_is_fetched(kontakt: Kontakt) -> None:
    kontakt.engine.judge = lambda _: HARMLESS
    citizen = await kontakt.citizen()
    await citizen.say(CRISIS)
    await citizen.wait_for("message", sender="bot", text=f"Du skrev: {CRISIS}")
    assert kontakt.engine.judged == [CRISIS]
    assert "escalated" not in [event["kind"] for _, event in citizen.events]


@pytest.mark.parametrize(("judgement", "answered_by"), [(HARMLESS, "bot"), (None, "system")])
async def test_plain_http_goes_by_the_same_judgement(
    kontakt: Kontakt, judgement: Body | None, answered_by: str
) -> None:
    kontakt.engine.judge = lambda _: judgement
    citizen = await kontakt.polling_citizen()
    await citizen.do("say", text=CRISIS)
    await citizen.wait_for("message", sender=answered_by)
    assert kontakt.engine.judged == [CRISIS]
    assert ("escalated" in [event["kind"] for _, event in citizen.events]) is (answered_by == "system")


@pytest.mark.parametrize(("judgement", "extra"), [(HARMLESS, 0), (None, 1)])
async def test_with_a_guide_harmless_words_bring_no_safety_text(
    kontakt: Kontakt, judgement: Body | None, extra: int
) -> None:
    kontakt.engine.judge = lambda _: judgement
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    await guide.act("take_over", citizen.conversation_id)
    await citizen.say(CRISIS)
    await citizen.say("Tack")
    await citizen.wait_for("message", sender="citizen", text="Tack")
    assert [sender for sender, _ in citizen.texts].count("system") == extra
    assert kontakt.engine.asked == []


async def test_pattern_speaks_while_the_model_is_away(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(engine_url=("http://127.0.0.1:1",)) as kontakt:
        citizen = await kontakt.citizen()
        await citizen.say(CRISIS)
        assert "112" in (await citizen.wait_for("message", sender="system"))["text"]
        await citizen.wait_for("escalated", reason="crisis")


async def test_pattern_speaks_when_the_engine_fails_after_its_model_has_taken_it_back(kontakt: Kontakt) -> None:
    kontakt.engine.judge = lambda _: HARMLESS
    kontakt.engine.answer = lambda _: JSONResponse({}, 500)
    citizen = await kontakt.citizen()
    await citizen.say(CRISIS)
    assert "112" in (await citizen.wait_for("message", sender="system"))["text"]
    await citizen.wait_for("escalated", reason="crisis")


async def test_alarm_of_the_model_leads_to_the_safety_text_and_the_front_of_the_queue(kontakt: Kontakt) -> None:
    kontakt.engine.judge = lambda text: ALARM if text == UNSEEN else None
    first = await kontakt.waiting_citizen()
    citizen = await kontakt.citizen()
    await citizen.say(UNSEEN)
    assert "90101" in (await citizen.wait_for("message", sender="system"))["text"]
    await citizen.wait_for("escalated", reason="crisis")
    await citizen.wait_for_type("queue", position=1)
    await first.wait_for_type("queue", position=2)
    assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]
    assert kontakt.engine.judged == [], "only what a pattern finds is judged outside of a turn"
