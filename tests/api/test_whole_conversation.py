"""A conversation from the first word to the rating, as the citizen and the guide live it."""

from __future__ import annotations

import asyncio

import pytest

from tests.api.conftest import both_databases
from tests.support.engine_double import did_you_mean, echo
from tests.support.kontakt import Kontakt

pytestmark = [pytest.mark.anyio, both_databases]
#: How soon a guide sees that somebody waits; the promise is one second, the clock starts at the citizen's click.
SEEN_WITHIN_SECONDS = 1.0


async def test_citizen_and_guide_go_through_a_whole_conversation(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen(language="sv")
    guide = await kontakt.guide()
    talk = citizen.conversation_id

    await citizen.say("Hej!")
    await citizen.wait_for("message", sender="bot", text="Du skrev: Hej!")

    kontakt.engine.answer = lambda body: did_you_mean() if body.get("text") else echo(body)
    await citizen.say("bygglov typ")
    asked = await citizen.wait_for("message", sender="bot")
    assert [choice["payload"] for choice in asked["choices"]][:2] == ["bygglov.behovs", "bygglov.avgift"]
    await citizen.do("choose", payload="bygglov.behovs")
    chosen = await citizen.wait_for("message", sender="citizen", choice="bygglov.behovs")
    assert chosen["text"] == "Behöver jag bygglov?"
    answer = await citizen.wait_for("message", sender="bot")
    assert answer["answer"] == {"service": "bygglov", "faq": "bygglov.behovs", "language": "sv"}

    clock = asyncio.get_running_loop().time
    asked_at = clock()
    await citizen.do("ask_human")
    line = await guide.wait_for_line(talk, "waiting")
    assert clock() - asked_at < SEEN_WITHIN_SECONDS
    assert line["reason"] == "asked_for_human"
    await citizen.wait_for_type("queue", position=1, guides_on_duty=1)

    await guide.act("claim", talk)
    claimed = await citizen.wait_for("claimed")
    assert claimed["guide_name"] == "Demo Servicevägledare"
    await guide.act("reply", talk, text="Hej, det är Demo. Vad gäller det?")
    await citizen.wait_for("message", sender="guide", author="Demo Servicevägledare")
    await citizen.say("Ett uterum")
    await guide.wait_for("message", talk, sender="citizen", text="Ett uterum")

    await guide.act("hand_back", talk, note="frågan är besvarad")
    await citizen.wait_for("handed_back")
    kontakt.engine.answer = echo
    await citizen.say("Tack")
    await citizen.wait_for("message", sender="bot", text="Du skrev: Tack")

    await citizen.do("close")
    await citizen.wait_for("closed", by="citizen")
    await citizen.do("rate", score=5, resolved=True, comment="Bra!")
    await citizen.wait_for("rated", score=5)
    seqs = [seq for seq, _ in citizen.events]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_bot_is_not_asked_while_a_guide_has_the_conversation(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    guide = await kontakt.guide()
    await citizen.say("Medan jag väntar")
    await guide.act("claim", citizen.conversation_id)
    await citizen.say("Hos dig")
    await guide.wait_for("message", citizen.conversation_id, text="Hos dig")
    assert kontakt.engine.asked == []
    await guide.act("hand_back", citizen.conversation_id)
    await citizen.say("Hos boten")
    await citizen.wait_for("message", sender="bot")
    assert kontakt.engine.texts == ["Hos boten"]


async def test_turns_of_one_conversation_are_answered_one_at_a_time_in_order(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    kontakt.engine.hold()
    for number in range(4):
        await citizen.say(f"fråga {number}")
    assert len(kontakt.engine.asked) <= 1
    kontakt.engine.let_go()
    for number in range(4):
        await citizen.wait_for("message", sender="bot", text=f"Du skrev: fråga {number}")
    assert kontakt.engine.texts == [f"fråga {number}" for number in range(4)]
    bots = [text for sender, text in citizen.texts if sender == "bot"]
    assert bots == [f"Du skrev: fråga {number}" for number in range(4)]


async def test_guide_who_takes_over_is_not_spoken_over_by_the_bot(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    guide = await kontakt.guide()
    kontakt.engine.hold()
    await citizen.say("Hej?")
    await guide.act("take_over", citizen.conversation_id)
    kontakt.engine.let_go()
    await guide.act("reply", citizen.conversation_id, text="Hej från mig")
    await guide.act("hand_back", citizen.conversation_id)
    await citizen.say("Och nu?")
    await citizen.wait_for("message", sender="bot", text="Du skrev: Och nu?")
    assert ("bot", "Du skrev: Hej?") not in citizen.texts
