"""The queue and the people at it, through frames: capacity, presence, assignment, transfers, who is writing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from handover.settings import Assignment
from handover.store import tables as t
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, GuideClient, Refused, new_id
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import import_into, write_data
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio


def id_of(guide: GuideClient) -> str:
    """Return the account of a guide who was welcomed."""
    account: str = guide.frames[0]["guide"]["id"]
    return account


async def set_skills(kontakt: Kontakt, username: str, **skills: object) -> None:
    """Change what is noted of a guide: `capacity`, `services`, `languages`."""
    change = update(t.accounts).where(t.accounts.c.username == username).values(**skills)
    await kontakt.services.database.write(lambda connection: connection.execute(change))


async def wait_for_colleague(client: GuideClient, account: str, **fields: Any) -> dict[str, Any]:
    """Return what a list of colleagues says of one of them, the first that says this."""

    def said(frame: dict[str, Any]) -> dict[str, Any] | None:
        guides = frame.get("guides", []) if frame["type"] in ("welcome", "guides") else []
        return next((one for one in guides if one["id"] == account and fields.items() <= one.items()), None)

    frame = await client.wait_for_frame(lambda f: said(f) is not None, f"colleague {fields}")
    found = said(frame)
    assert found is not None
    return found


# --- capacity ---------------------------------------------------------------------------------------


@both_databases
async def test_guide_who_is_full_is_refused_and_the_conversation_stays_where_it_is(kontakt: Kontakt) -> None:
    await set_skills(kontakt, "guide", capacity=1)
    guide, colleague = await kontakt.guide("guide"), await kontakt.guide("guide2")
    citizens = [await kontakt.waiting_citizen() for _ in range(2)]
    await guide.act("claim", citizens[0].conversation_id)
    for kind in ("claim", "take_over"):
        with pytest.raises(Refused, match="capacity_reached"):
            await guide.act(kind, citizens[1].conversation_id)
    await colleague.wait_for_line(citizens[1].conversation_id, "waiting")
    await wait_for_colleague(colleague, id_of(guide), load=1, capacity=1)
    await guide.act("close", citizens[0].conversation_id)
    await guide.act("claim", citizens[1].conversation_id)


async def test_one_guide_at_two_desks_claims_no_more_than_there_is_room_for(kontakt: Kontakt) -> None:
    guide = await kontakt.guide()
    talks = [(await kontakt.waiting_citizen()).conversation_id for _ in range(6)]
    async with GuideClient(kontakt.url, guide.cookie) as second:
        await second.wait_for_type("welcome")
        tries = [(guide, second)[number % 2].act("claim", talk) for number, talk in enumerate(talks)]
        results = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one.code for one in results if isinstance(one, Refused)]
    assert refused == ["capacity_reached"] * 3


# --- presence and colleagues ------------------------------------------------------------------------


@both_databases
async def test_colleagues_are_shown_at_the_welcome_and_when_they_change(kontakt: Kontakt) -> None:
    await set_skills(kontakt, "guide", services=["bygglov"], languages=["sv", "ar"])
    guide, colleague = await kontakt.guide("guide"), await kontakt.guide("guide2")
    seen = next(one for one in colleague.frames[0]["guides"] if one["id"] == id_of(guide))
    assert seen == {
        "id": id_of(guide),
        "name": "Demo Servicevägledare",
        "presence": "available",
        "automatic": False,
        "load": 0,
        "capacity": 3,
        "services": ["bygglov"],
        "languages": ["sv", "ar"],
    }
    for presence in ("busy", "away", "closed", "available"):
        await guide.do("set_presence", presence=presence)
        await wait_for_colleague(colleague, id_of(guide), presence=presence, automatic=False)
    await wait_for_colleague(guide, id_of(colleague), presence="available")
    await set_skills(kontakt, "guide", capacity=5)
    await wait_for_colleague(colleague, id_of(guide), capacity=5)


async def test_many_changes_are_told_together(kontakt: Kontakt) -> None:
    guide, colleague = await kontakt.guide("guide"), await kontakt.guide("guide2")
    for number in range(40):
        await guide.do("set_presence", presence=("busy", "available")[number % 2])
    await guide.do("set_presence", presence="closed")
    await wait_for_colleague(colleague, id_of(guide), presence="closed")
    assert sum(frame["type"] == "guides" for frame in colleague.frames) < 10


async def test_presence_is_told_to_the_guides_other_desk(kontakt: Kontakt) -> None:
    guide = await kontakt.guide()
    async with GuideClient(kontakt.url, guide.cookie) as second:
        await second.wait_for_type("welcome")
        await guide.do("set_presence", presence="busy")
        await second.wait_for_type("presence", presence="busy", automatic=False)
    assert not any(frame["type"] == "presence" for frame in guide.frames)


@both_databases
async def test_guide_who_does_nothing_is_away_until_something_is_done(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(auto_away_seconds=0.5) as kontakt:
        guide, colleague = await kontakt.guide("guide"), await kontakt.guide("guide2")
        await colleague.do("set_presence", presence="busy")
        await guide.wait_for_type("presence", presence="away", automatic=True)
        await wait_for_colleague(colleague, id_of(guide), presence="away", automatic=True)
        await guide.send({"type": "active"})
        await guide.wait_for_type("presence", presence="available", automatic=False)
        await guide.wait_for_type("presence", presence="away", automatic=True)
        citizen = await kontakt.waiting_citizen()
        await guide.act("claim", citizen.conversation_id)
        await guide.wait_for_type("presence", presence="available", automatic=False)
        assert not any(frame["type"] == "presence" for frame in colleague.frames)


async def test_heartbeat_is_no_sign_of_anybody_at_the_desk(
    start_kontakt: StartKontakt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.api.guide_socket.HEARTBEAT_SECONDS", 0.05)
    async with start_kontakt(auto_away_seconds=1.0) as kontakt:
        guide = await kontakt.guide()
        await guide.wait_for_type("presence", presence="away", automatic=True)


async def test_citizens_are_told_only_of_guides_who_take_conversations(kontakt: Kontakt) -> None:
    guide, citizen = await kontakt.guide(), await kontakt.waiting_citizen()
    await citizen.wait_for_type("queue", guides_on_duty=1)
    await guide.do("set_presence", presence="closed")
    other = await kontakt.waiting_citizen()
    await citizen.wait_for_type("queue", guides_on_duty=0, position=1)
    await other.wait_for_type("queue", guides_on_duty=0, position=2)


# --- assignment -------------------------------------------------------------------------------------


@both_databases
async def test_waiting_conversation_is_given_to_whoever_has_room_and_the_skill(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(assignment=Assignment.AUTOMATIC) as kontakt:
        await set_skills(kontakt, "guide", capacity=2, languages=["sv"])
        await set_skills(kontakt, "guide2", capacity=2, languages=["en"])
        guides = [await kontakt.guide("guide"), await kontakt.guide("guide2")]
        citizens = [await kontakt.citizen(language=language) for language in ("sv", "en", "sv", "en")]
        for citizen in citizens:
            await citizen.do("ask_human")
        for number, citizen in enumerate(citizens):
            mine = guides[number % 2]
            claimed = await mine.wait_for("claimed", citizen.conversation_id)
            assert (claimed["guide_id"], claimed["via"]) == (id_of(mine), "assigned")
        late = await kontakt.citizen()
        await late.do("ask_human")
        await late.wait_for_type("queue", position=1)
        await guides[0].act("close", citizens[0].conversation_id)
        await guides[0].wait_for("claimed", late.conversation_id)


async def test_guide_who_is_done_for_the_day_is_given_nothing_and_keeps_the_rest(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(assignment=Assignment.AUTOMATIC) as kontakt:
        guide, citizen = await kontakt.guide(), await kontakt.waiting_citizen()
        await guide.wait_for("claimed", citizen.conversation_id)
        await guide.do("set_presence", presence="closed")
        late = await kontakt.waiting_citizen()
        await late.wait_for_type("queue", position=1, guides_on_duty=0)
        await guide.act("reply", citizen.conversation_id, text="Jag är kvar hos dig")
        await guide.do("set_presence", presence="available")
        await guide.wait_for("claimed", late.conversation_id)


async def test_nothing_is_given_where_guides_take_conversations_themselves(kontakt: Kontakt) -> None:
    guide, citizen = await kontakt.guide(), await kontakt.waiting_citizen()
    await citizen.wait_for_type("queue", position=1)
    await guide.do("set_presence", presence="busy")
    await guide.do("set_presence", presence="available")
    line = await guide.wait_for_line(citizen.conversation_id, "waiting")
    assert "owner_id" not in line


async def test_list_says_that_a_guide_lost_the_connection(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(guide_lease_seconds=6.0) as kontakt:
        colleague, guide = await kontakt.guide("guide2"), await kontakt.guide()
        citizen = await kontakt.waiting_citizen()
        await guide.act("claim", citizen.conversation_id)
        await guide.close()
        line = await colleague.wait_for_frame(
            lambda f: f["type"] == "conversation" and f["conversation"].get("returned") == "lost_connection", "return"
        )
        assert line["conversation"]["state"] == "waiting"
        assert line["conversation"]["priority"] == 1
        await wait_for_colleague(colleague, id_of(guide), presence="away", automatic=True)


# --- transfer ---------------------------------------------------------------------------------------


@pytest.fixture
async def owned(kontakt: Kontakt, tmp_path: Path) -> tuple[GuideClient, str]:
    """A guide with a conversation, where the catalogue is known."""
    await import_into(kontakt, write_data(tmp_path / "small"))
    guide, citizen = await kontakt.guide(), await kontakt.waiting_citizen()
    await guide.act("claim", citizen.conversation_id)
    return guide, citizen.conversation_id


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"to_guide": "nobody-at-all"},
        {"to_service": "finns_inte"},
        {"to_language": "tlh"},
        {"to_service": "bygglov", "to_language": "tlh"},
    ],
)
async def test_transfer_to_nobody_is_refused_and_nothing_is_lost(
    kontakt: Kontakt, owned: tuple[GuideClient, str], target: dict[str, str]
) -> None:
    guide, talk = owned
    with pytest.raises(Refused, match="transfer_target_unknown"):
        await guide.act("transfer", talk, **target)
    await guide.act("reply", talk, text="Jag är kvar")


@pytest.mark.parametrize("target", [{"to_service": "bygglov"}, {"to_language": "ar"}, {"to_language": "sv-x-easy"}])
async def test_transfer_to_what_the_catalogue_knows_waits_for_it(
    kontakt: Kontakt, owned: tuple[GuideClient, str], target: dict[str, str]
) -> None:
    guide, talk = owned
    await guide.act("transfer", talk, **target)
    line = await guide.wait_for_frame(
        lambda f: f["type"] == "conversation" and f["conversation"].get("returned") == "transferred", "transfer"
    )
    wanted = {f"wanted_{key.removeprefix('to_')}": value for key, value in target.items()}
    assert wanted.items() <= line["conversation"].items()


async def test_transfer_goes_to_a_colleague_who_is_there_and_to_nobody_else(
    kontakt: Kontakt, owned: tuple[GuideClient, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.core.routing.WISH_PATIENCE", timedelta(0))
    guide, talk = owned
    colleague = await kontakt.guide("guide2")
    with pytest.raises(Refused, match="transfer_target_unknown"):
        await guide.act("transfer", talk, to_guide=id_of(guide))
    for presence in ("away", "closed"):
        await colleague.do("set_presence", presence=presence)
        with pytest.raises(Refused, match="guide_unavailable"):
            await guide.act("transfer", talk, to_guide=id_of(colleague))
    await colleague.do("set_presence", presence="busy")
    sent = new_id()
    first = await guide.act("transfer", talk, sent, to_guide=id_of(colleague))
    await colleague.do("set_presence", presence="closed")
    again = await guide.act("transfer", talk, sent, to_guide=id_of(colleague))
    assert again["seq"] == first["seq"]
    await guide.send({"type": "watch", "conversation_id": talk})
    dropped = await guide.wait_for("wish_dropped", talk)
    assert dropped["to_guide"] == id_of(colleague)


async def test_colleague_who_never_came_is_unavailable_and_a_transferred_conversation_is_free_to_take(
    kontakt: Kontakt, owned: tuple[GuideClient, str]
) -> None:
    guide, talk = owned
    lead = await kontakt.guide("lead")
    absent = await kontakt.guide("guide2")
    await absent.close()
    await kontakt.services.database.write(
        lambda connection: connection.execute(t.presence.delete().where(t.presence.c.account_id == id_of(absent)))
    )
    with pytest.raises(Refused, match="guide_unavailable"):
        await guide.act("transfer", talk, to_guide=id_of(absent))
    await guide.act("transfer", talk, to_guide=id_of(lead))
    back = await kontakt.guide("guide2")
    await back.act("claim", talk)


# --- writing ----------------------------------------------------------------------------------------


async def watching(guide: GuideClient, citizen: CitizenClient) -> None:
    """Let a guide look into a conversation."""
    await guide.send({"type": "watch", "conversation_id": citizen.conversation_id})
    await guide.wait_for("opened", citizen.conversation_id)


async def test_colleague_who_writes_is_told_to_guides_and_never_to_the_citizen(kontakt: Kontakt) -> None:
    guide, colleague = await kontakt.guide("guide"), await kontakt.guide("guide2")
    citizen = await kontakt.waiting_citizen()
    talk = citizen.conversation_id
    await guide.act("claim", talk)
    await guide.wait_for("claimed", talk)
    await watching(colleague, citizen)
    await colleague.send({"type": "typing", "conversation_id": talk})
    told = await guide.wait_for_type("typing", conversation_id=talk)
    assert told == {
        "type": "typing",
        "from": "guide",
        "conversation_id": talk,
        "guide_id": id_of(colleague),
        "guide_name": "Demo Kollega",
    }
    await guide.send({"type": "typing", "conversation_id": talk})
    await colleague.wait_for_type("typing", guide_id=id_of(guide))
    await citizen.wait_for_type("typing")
    assert [f for f in citizen.frames if f["type"] == "typing"] == [{"type": "typing", "from": "guide"}]
    assert all(f["guide_id"] != id_of(guide) for f in guide.frames if f["type"] == "typing")


async def test_writing_in_a_conversation_that_one_does_not_look_at_is_told_to_nobody(kontakt: Kontakt) -> None:
    guide, colleague, citizen = await kontakt.guide("guide"), await kontakt.guide("guide2"), await kontakt.citizen()
    await watching(guide, citizen)
    await colleague.send({"type": "typing", "conversation_id": citizen.conversation_id})
    await watching(colleague, citizen)
    await colleague.send({"type": "typing", "conversation_id": citizen.conversation_id})
    await guide.wait_for_type("typing")
    await eventually(lambda: sum(frame["type"] == "typing" for frame in guide.frames) == 1)
