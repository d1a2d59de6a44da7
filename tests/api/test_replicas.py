"""Two replicas on one PostgreSQL: any of them serves any socket, with Redis at once, without it a little later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from handover import news
from tests.conftest import POSTGRES, StartKontakt
from tests.support.clients import CitizenClient, GuideClient, Refused
from tests.support.kontakt import Kontakt
from tests.support.redis import RedisServer, redis_server
from tests.support.waiting import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("backend", [POSTGRES], indirect=True)]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A real Redis server of the test's own."""
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
async def pair(start_kontakt: StartKontakt, redis: RedisServer) -> AsyncIterator[list[Kontakt]]:
    """Two replicas that hear each other through Redis, and look at the database so rarely that only Redis helps."""
    looked, news.LOOK_EVERY_SECONDS = news.LOOK_EVERY_SECONDS, 3_600.0
    try:
        async with start_kontakt(redis_url=redis.url) as one, start_kontakt(redis_url=redis.url) as two:
            await eventually(lambda: one.services.bus.is_connected and two.services.bus.is_connected, "the bus")
            yield [one, two]
    finally:
        news.LOOK_EVERY_SECONDS = looked


@pytest.fixture
async def deaf_pair(start_kontakt: StartKontakt) -> AsyncIterator[list[Kontakt]]:
    """Two replicas without a bus: only the database tells them of each other."""
    async with start_kontakt() as one, start_kontakt() as two:
        yield [one, two]


async def _citizen_at(one: Kontakt, conversation_id: str, token: str) -> CitizenClient:
    client = CitizenClient(one.url, conversation_id, token)
    await one.keep(client)
    await client.wait_for_type("welcome")
    return client


async def _whole_conversation(pair: list[Kontakt]) -> tuple[CitizenClient, GuideClient]:
    """A citizen on one replica and a guide on the other talk until the citizen is answered."""
    citizen, guide = await pair[0].citizen(), await pair[1].guide()
    await citizen.say("Jag behöver hjälp")
    await citizen.wait_for("message", sender="bot")
    await citizen.do("ask_human")
    await guide.wait_for_frame(
        lambda f: f["type"] == "conversation" and f["conversation"]["conversation_id"] == citizen.conversation_id,
        "the line of the list",
    )
    await guide.do("claim", conversation_id=citizen.conversation_id)
    await citizen.wait_for("claimed")
    await guide.do("reply", conversation_id=citizen.conversation_id, text="Hej, vad gäller det?")
    await citizen.wait_for("message", text="Hej, vad gäller det?")
    await citizen.say("Bygglov")
    await citizen.wait_for("message", text="Bygglov")
    await guide.wait_for_frame(
        lambda f: f["type"] == "event" and f["event"].get("text") == "Bygglov", "the citizen's words"
    )
    return citizen, guide


async def test_citizen_and_guide_on_different_replicas_talk_through_the_bus(pair: list[Kontakt]) -> None:
    citizen, guide = await _whole_conversation(pair)
    seen = [seq for seq, _ in citizen.events]
    assert seen == list(range(1, len(seen) + 1))
    assert [seq for seq, _ in guide.events(citizen.conversation_id)] == seen


async def test_replicas_without_a_bus_hear_of_each_other_from_the_database(deaf_pair: list[Kontakt]) -> None:
    citizen, guide = await _whole_conversation(deaf_pair)
    seen = [seq for seq, _ in citizen.events]
    assert seen == list(range(1, len(seen) + 1))
    assert [seq for seq, _ in guide.events(citizen.conversation_id)] == seen


async def test_one_conversation_on_two_replicas_shows_both_the_same(pair: list[Kontakt]) -> None:
    opened = await pair[0].open()
    here, there = [await _citizen_at(one, *opened) for one in pair]
    await here.say("Från den ena")
    await there.wait_for("message", text="Från den ena")
    await there.say("Från den andra")
    await here.wait_for("message", text="Från den andra")
    for client in (here, there):
        await eventually(lambda client=client: len(client.events) >= 5, "both answers")
    assert here.events == there.events


async def test_claim_on_two_replicas_has_one_winner(pair: list[Kontakt]) -> None:
    citizen = await pair[0].waiting_citizen()
    guides = [await one.guide(name) for one, name in zip(pair, ("guide", "guide2"), strict=True)]
    results = await asyncio.gather(
        *(guide.do("claim", conversation_id=citizen.conversation_id) for guide in guides), return_exceptions=True
    )
    lost = [result for result in results if isinstance(result, Refused)]
    assert [refused.code for refused in lost] == ["already_claimed"]


async def test_typing_is_seen_on_the_other_replica(pair: list[Kontakt]) -> None:
    opened = await pair[0].open()
    citizen = await _citizen_at(pair[0], *opened)
    await citizen.do("ask_human")
    guide = await pair[1].guide()
    await guide.do("claim", conversation_id=citizen.conversation_id)
    await citizen.send({"type": "typing"})
    await guide.wait_for_type("typing", conversation_id=citizen.conversation_id)


async def test_colleague_who_writes_on_the_other_replica_is_told_to_guides_and_not_to_the_citizen(
    pair: list[Kontakt],
) -> None:
    citizen, guide, colleague = await pair[0].citizen(), await pair[0].guide("guide"), await pair[1].guide("guide2")
    talk = citizen.conversation_id
    await guide.act("take_over", talk)
    await colleague.send({"type": "watch", "conversation_id": talk})
    await colleague.wait_for("claimed", talk)
    await colleague.send({"type": "typing", "conversation_id": talk})
    await guide.wait_for_type("typing", conversation_id=talk, guide_name="Demo Kollega")
    await guide.act("reply", talk, text="Hej")
    await citizen.wait_for("message", sender="guide")
    assert not any(frame["type"] == "typing" for frame in citizen.frames)


async def test_guides_on_different_replicas_see_each_other_come_and_go(pair: list[Kontakt]) -> None:
    guide, colleague = await pair[0].guide("guide"), await pair[1].guide("guide2")
    account = colleague.frames[0]["guide"]["id"]
    await colleague.do("set_presence", presence="closed")
    await guide.wait_for_frame(
        lambda f: f["type"] == "guides" and {"closed"} == {g["presence"] for g in f["guides"] if g["id"] == account},
        "the colleague's presence",
    )


async def test_bus_that_dies_and_comes_back_costs_delay_and_no_message(
    start_kontakt: StartKontakt, redis: RedisServer
) -> None:
    async with start_kontakt(redis_url=redis.url) as one, start_kontakt(redis_url=redis.url) as two:
        await eventually(lambda: one.services.bus.is_connected and two.services.bus.is_connected, "the bus")
        opened = await one.open()
        here, there = [await _citizen_at(replica, *opened) for replica in (one, two)]
        redis.kill()
        await eventually(lambda: not two.services.bus.is_connected, "the loss of the bus")
        health = await one.http.get("/health")
        assert (health.status_code, health.json()["bus"]) == (200, False)
        await here.say("Medan bussen är borta")
        await there.wait_for("message", text="Medan bussen är borta")
        redis.start()
        await eventually(lambda: one.services.bus.is_connected and two.services.bus.is_connected, "the bus again")
        await there.say("När bussen är tillbaka")
        await here.wait_for("message", text="När bussen är tillbaka")
        await eventually(lambda: len(here.events) == len(there.events) == 5, "all events")
        assert here.events == there.events


async def test_switch_is_felt_on_the_other_replica_without_a_bus(deaf_pair: list[Kontakt]) -> None:
    here, there = deaf_pair
    guide, citizen = await there.guide(), await there.citizen()
    lead = {"Cookie": f"kontakt_session={await here.session('lead')}", "Origin": here.url}
    body = {"all_off": True, "why": "Fel i svaren"}
    answer = await here.http.post("/api/v1/supervision/switch", json=body, headers=lead)
    assert answer.status_code == 200, answer.text
    # At once, though nobody has told the other replica: the transaction that would let the assistant speak looks.
    await citizen.say("Hej")
    assert (await citizen.wait_for("escalated"))["reason"] == "policy"
    assert [sender for sender, _ in citizen.texts] == ["citizen", "system"]
    await guide.wait_for_type("supervision", all_off=True)
