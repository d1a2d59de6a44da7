"""The live view: a lead follows what the assistant does now, looks in, whispers, and takes over."""

from __future__ import annotations

import pytest

from tests.support.clients import GuideClient, Refused
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lead(kontakt: Kontakt) -> GuideClient:
    """A lead at the desk."""
    return await kontakt.guide("lead")


async def test_lead_sees_what_the_assistant_has_now_and_what_comes(kontakt: Kontakt, lead: GuideClient) -> None:
    before = await kontakt.citizen()
    await before.say("Hej")
    await lead.send({"type": "live", "on": True})
    assert (await lead.wait_for_line(before.conversation_id, "bot"))["confidence"] > 0
    after = await kontakt.citizen(language="en")
    assert (await lead.wait_for_line(after.conversation_id, "bot"))["language"] == "en"
    await after.do("close")
    await lead.wait_for_line(after.conversation_id, "closed")


async def test_lead_who_stops_following_hears_no_more(kontakt: Kontakt, lead: GuideClient) -> None:
    await lead.send({"type": "live", "on": True})
    await lead.send({"type": "live", "on": False})
    await lead.do("set_presence", presence="busy")
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await citizen.wait_for("message", sender="bot")
    await citizen.do("ask_human")
    await lead.wait_for_line(citizen.conversation_id, "waiting")
    assert not [f for f in lead.frames if f["type"] == "conversation" and f["conversation"]["state"] == "bot"]


async def test_lead_is_told_anew_when_the_view_is_opened_again(kontakt: Kontakt, lead: GuideClient) -> None:
    citizen = await kontakt.citizen()
    for _ in range(2):
        await lead.send({"type": "live", "on": True})
        await lead.wait_for_line(citizen.conversation_id, "bot")
        await lead.send({"type": "live", "on": False})


async def test_lead_is_told_what_colleagues_have(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.waiting_citizen(), await kontakt.guide()
    await guide.act("claim", citizen.conversation_id)
    lead = await kontakt.guide("lead")
    await lead.send({"type": "live", "on": True})
    line = await lead.wait_for_line(citizen.conversation_id, "guide")
    assert line["owner_name"] == "Demo Servicevägledare"


async def test_lead_looks_in_and_takes_over(kontakt: Kontakt, lead: GuideClient) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    talk = citizen.conversation_id
    await lead.send({"type": "watch", "conversation_id": talk, "after": 0})
    await lead.wait_for("message", talk, sender="bot")
    await lead.act("take_over", talk)
    assert (await citizen.wait_for("claimed"))["guide_name"] == "Demo Ledare"


async def test_lead_whispers_to_the_guide_and_the_citizen_hears_nothing(kontakt: Kontakt, lead: GuideClient) -> None:
    citizen, guide = await kontakt.waiting_citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    with pytest.raises(Refused, match="wrong_state"):
        await lead.act("whisper", talk, text="Ingen hör")
    await guide.act("claim", talk)
    await lead.act("whisper", talk, text="Fråga om adressen, 19811218-9876 är personnumret")
    heard = await guide.wait_for("whispered", talk, guide_name="Demo Ledare")
    assert heard["text"].startswith("Fråga om adressen")
    assert "9876" not in heard["text"], "a whisper is redacted like everything that is kept"
    await guide.act("close", talk)
    await citizen.wait_for("closed")
    assert "adressen" not in repr(citizen.frames)


async def test_guide_follows_nothing_live_and_whispers_to_nobody(kontakt: Kontakt) -> None:
    citizen, guide, other = await kontakt.waiting_citizen(), await kontakt.guide(), await kontakt.guide("guide2")
    await guide.send({"type": "live", "on": True})
    assert (await guide.wait_for_type("error"))["code"] == "forbidden"
    await other.act("claim", citizen.conversation_id)
    with pytest.raises(Refused, match="forbidden"):
        await guide.act("whisper", citizen.conversation_id, text="Hej")
    unseen = await kontakt.citizen()
    await unseen.say("Hej")
    await unseen.wait_for("message", sender="bot")
    assert unseen.conversation_id not in repr(guide.frames)
