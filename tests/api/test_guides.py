"""Guides: one owner at a time, everybody sees the same list, and a session that ended may do nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import GuideClient, Refused
from tests.support.engine_double import faq_reply, turn_answer
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import import_into, write_data
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio


@both_databases
async def test_two_guides_claim_one_chat_and_one_wins(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    guides = [await kontakt.guide("guide"), await kontakt.guide("guide2")]
    tries = [guide.act("claim", citizen.conversation_id) for guide in guides]
    results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [result for result in results if isinstance(result, Refused)]
    assert [one.code for one in refused] == ["already_claimed"]
    winner = next(guide for guide, result in zip(guides, results, strict=True) if not isinstance(result, Refused))
    loser = next(guide for guide in guides if guide is not winner)
    claimed = await citizen.wait_for("claimed")
    for guide in guides:
        line = await guide.wait_for_line(citizen.conversation_id, "guide")
        assert line["owner_name"] == claimed["guide_name"]
    for kind, fields in (("reply", {"text": "Hej"}), ("hand_back", {}), ("release", {}), ("close", {})):
        with pytest.raises(Refused, match="not_owner"):
            await loser.act(kind, citizen.conversation_id, **fields)
    with pytest.raises(Refused, match="already_claimed"):
        await loser.act("take_over", citizen.conversation_id)


async def test_commands_in_the_wrong_state_are_refused(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    with pytest.raises(Refused, match="wrong_state"):
        await guide.act("claim", talk)
    for kind, fields in (("approve", {}), ("edit", {"text": "x"}), ("reject", {"label": "tone"})):
        with pytest.raises(Refused, match="draft_unknown"):
            await guide.act(kind, talk, draft_id="none", **fields)
    await guide.act("take_over", talk)
    with pytest.raises(Refused, match="transfer_target_unknown"):
        await guide.act("transfer", talk)
    with pytest.raises(Refused, match="text_too_long"):
        await guide.act("reply", talk, text="x" * 20_000)
    await citizen.do("close")
    for kind, fields in (("reply", {"text": "x"}), ("claim", {}), ("take_over", {})):
        with pytest.raises(Refused, match="conversation_closed"):
            await guide.act(kind, talk, **fields)
    for unknown in ("00000000-0000-0000-0000-000000000000", "nul\x00nul\x00nul"):
        with pytest.raises(Refused, match="conversation_unknown"):
            await guide.act("claim", unknown)


async def test_guide_who_reconnects_resumes_own_conversations_after_a_seq(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    guide = await kontakt.guide()
    talk = citizen.conversation_id
    await guide.act("claim", talk)
    await guide.wait_for("claimed", talk)
    await guide.close()
    await citizen.say("Är du kvar?")
    async with GuideClient(kontakt.url, guide.cookie, after={talk: 3}) as back:
        await back.wait_for("message", talk, text="Är du kvar?")
        assert [seq for seq, _ in back.events(talk)] == [4]


async def test_watching_shows_without_taking_and_stops(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    await guide.send({"type": "watch", "conversation_id": talk, "after": 0})
    await guide.wait_for("opened", talk)
    await citizen.say("Hej")
    await guide.wait_for("message", talk, sender="bot")
    await guide.send({"type": "unwatch", "conversation_id": talk})
    await guide.do("set_presence", presence="busy")
    await citizen.say("Osett")
    await citizen.wait_for("message", text="Du skrev: Osett")
    await guide.do("set_presence", presence="available")
    assert "Osett" not in str(guide.frames)
    await guide.send({"type": "watch", "conversation_id": "nowhere-at-all"})
    await guide.wait_for_type("error", code="conversation_unknown")


async def test_guide_may_go_on_watching_after_many_conversations(kontakt: Kontakt) -> None:
    guide = await kontakt.guide()
    for _ in range(21):
        conversation_id, _ = await kontakt.open()
        await guide.act("take_over", conversation_id)
        await guide.act("close", conversation_id)
    citizen = await kontakt.citizen()
    await guide.send({"type": "watch", "conversation_id": citizen.conversation_id})
    await guide.wait_for("opened", citizen.conversation_id)


async def test_transferred_and_released_conversations_wait_again(kontakt: Kontakt, tmp_path: Path) -> None:
    await import_into(kontakt, write_data(tmp_path / "small"))
    citizen = await kontakt.waiting_citizen()
    one, two = await kontakt.guide("guide"), await kontakt.guide("guide2")
    talk = citizen.conversation_id
    await one.act("claim", talk)
    await one.act("transfer", talk, to_service="bygglov")
    line = await two.wait_for_frame(
        lambda f: f["type"] == "conversation" and f["conversation"].get("wanted_service") == "bygglov", "transfer"
    )
    assert line["conversation"]["state"] == "waiting"
    await citizen.wait_for("transferred")
    await two.act("claim", talk)
    await two.act("release", talk)
    released = await citizen.wait_for("released")
    assert released["reason"] == "released"
    await citizen.wait_for_type("queue", position=1)


@pytest.mark.parametrize("kind", ["claim", "set_presence", "watch"])
async def test_guide_whose_session_ended_may_do_nothing_more(kontakt: Kontakt, kind: str) -> None:
    citizen = await kontakt.waiting_citizen()
    guide = await kontakt.guide()
    await kontakt.http.delete("/api/v1/session", headers={"Cookie": f"kontakt_session={guide.cookie}"})
    fields = {"presence": "available"} if kind == "set_presence" else {"conversation_id": citizen.conversation_id}
    frame = {"type": kind, **fields} if kind == "watch" else {"type": kind, "id": "after-the-end", **fields}
    await guide.send(frame)
    assert await guide.wait_closed() == 1008
    assert guide.frames[-1]["code"] == "sign_in_required"
    assert guide.events(citizen.conversation_id) == []


async def test_guide_who_signed_out_is_closed_without_doing_anything(
    kontakt: Kontakt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.api.guide_socket.HEARTBEAT_SECONDS", 0.05)
    guide = await kontakt.guide()
    await kontakt.http.delete("/api/v1/session", headers={"Cookie": f"kontakt_session={guide.cookie}"})
    assert await guide.wait_closed() == 1008


async def test_guide_who_vanishes_puts_the_citizen_first_in_line(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(guide_lease_seconds=0.5) as kontakt:
        citizen = await kontakt.waiting_citizen()
        guide = await kontakt.guide()
        await guide.act("claim", citizen.conversation_id)
        await guide.close()
        released = await citizen.wait_for("released")
        assert released["reason"] == "lost_connection"
        await citizen.wait_for_type("queue", position=1)


async def test_typing_is_passed_on_and_not_stored(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    guide = await kontakt.guide()
    await guide.act("claim", citizen.conversation_id)
    await guide.wait_for("claimed", citizen.conversation_id)
    await guide.send({"type": "typing", "conversation_id": citizen.conversation_id})
    await citizen.wait_for_type("typing", **{"from": "guide"})
    await citizen.send({"type": "typing"})
    await guide.wait_for_type("typing", **{"from": "citizen"}, conversation_id=citizen.conversation_id)
    assert [event["kind"] for _, event in citizen.events if event["kind"] == "typing"] == []


async def test_guide_sees_what_the_bot_understood_and_the_citizen_does_not(kontakt: Kontakt) -> None:
    kontakt.engine.answer = lambda _: turn_answer(faq_reply("bygglov.behovs", "Ja"), intent="bygglov.behovs")
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    await guide.send({"type": "watch", "conversation_id": citizen.conversation_id})
    await citizen.say("Behöver jag bygglov?")
    seen = await guide.wait_for("message", citizen.conversation_id, sender="bot")
    assert seen["understanding"]["intent"] == "bygglov.behovs"
    mine = await citizen.wait_for("message", sender="bot")
    assert "understanding" not in mine


async def test_two_sockets_of_one_guide_show_the_same(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    guide = await kontakt.guide()
    async with GuideClient(kontakt.url, guide.cookie) as second:
        await second.wait_for_type("welcome")
        await guide.act("claim", citizen.conversation_id)
        await second.act("reply", citizen.conversation_id, text="Från den andra skärmen")
        for client in (guide, second):
            await client.wait_for("message", citizen.conversation_id, sender="guide")
        await eventually(lambda: guide.events(citizen.conversation_id) == second.events(citizen.conversation_id))


async def test_guide_who_gets_a_conversation_back_is_told_only_what_is_new(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.waiting_citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    await guide.act("claim", talk)
    await guide.act("release", talk)
    await citizen.wait_for("released")
    await citizen.say("Är du kvar?")
    await guide.act("claim", talk)
    await guide.wait_for_frame(
        lambda f: f["type"] == "event" and f["event"].get("text") == "Är du kvar?", "what was said meanwhile"
    )
    await eventually(lambda: guide.events(talk)[-1][1]["kind"] == "claimed", "the second claim")
    seen = [seq for seq, _ in guide.events(talk)]
    assert seen == list(range(1, len(seen) + 1))


async def test_note_to_the_assistant_tells_it_what_the_conversation_is_about(kontakt: Kontakt, tmp_path: Path) -> None:
    await import_into(kontakt, write_data(tmp_path / "small"))
    citizen, guide = await kontakt.waiting_citizen(), await kontakt.guide()
    talk = citizen.conversation_id
    await guide.act("claim", talk)
    await guide.act("hand_back", talk, note="Det gäller bygglov för en altan")
    assert (await guide.wait_for("handed_back", talk))["service"] == "bygglov"
    await citizen.say("Vad kostar det?")
    await citizen.wait_for("message", sender="bot")
    assert kontakt.engine.asked[-1]["context"]["service"] == "bygglov"
    await guide.act("take_over", talk)
    await guide.act("hand_back", talk)
    assert "altan" not in repr(citizen.frames)


async def test_page_that_the_chat_was_opened_on_tells_what_it_is_about(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen(service="bygglov")
    await citizen.say("Vad kostar det?")
    await citizen.wait_for("message", sender="bot")
    assert kontakt.engine.asked[-1]["context"]["service"] == "bygglov"
