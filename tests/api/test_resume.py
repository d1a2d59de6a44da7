"""Whoever lost the connection gets every event once, over sockets and over the long poll."""

from __future__ import annotations

import asyncio

import pytest

from handover.core import commands as c
from handover.store.execute import Entry, execute_one
from handover.store.record import PAGE
from tests.api.conftest import both_databases
from tests.support.clients import CitizenClient, Refused, new_id
from tests.support.kontakt import Kontakt

pytestmark = [pytest.mark.anyio, both_databases]


def _seqs(client: CitizenClient) -> list[int]:
    return [seq for seq, _ in client.events]


async def test_reconnect_with_after_gets_each_event_once(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("ett")
    await citizen.wait_for("message", sender="bot")
    await citizen.close()
    for number in range(5):
        say = c.Say(f"medan jag var borta {number}")
        await kontakt.services.conversations.execute(citizen.conversation_id, new_id(), say)
    await citizen.reconnect()
    await citizen.wait_for("message", text="Du skrev: medan jag var borta 4")
    await citizen.reconnect()
    await citizen.say("sist")
    await citizen.wait_for("message", text="Du skrev: sist")
    assert _seqs(citizen) == list(range(1, len(citizen.events) + 1))


async def test_welcome_says_where_the_record_stands(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    await citizen.reconnect(after=2)
    welcome = await citizen.wait_for_type("welcome", seq=2)
    assert welcome["state"] == "waiting"
    await citizen.say("till")
    await citizen.wait_for("message", text="till")
    assert citizen.events[-1][0] == 3


async def test_after_in_the_future_is_refused(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.reconnect(after=99)
    await citizen.wait_for_type("error", code="after_in_future")
    assert await citizen.wait_closed() == 1008


async def test_command_sent_again_after_a_lost_connection_is_carried_out_once(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    first = await citizen.say("Hej", command_id="sent-twice")
    await citizen.wait_for("message", sender="bot")
    await citizen.reconnect()
    assert (await citizen.say("Hej", command_id="sent-twice"))["seq"] == first["seq"]
    with pytest.raises(Refused, match="id_reused"):
        await citizen.say("Något annat", command_id="sent-twice")
    assert [sender for sender, _ in citizen.texts] == ["citizen", "bot"]


async def test_two_sockets_of_one_citizen_see_the_same(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    async with CitizenClient(kontakt.url, citizen.conversation_id, citizen.token) as second:
        await citizen.say("från den ena")
        await second.say("från den andra")
        for client in (citizen, second):
            await client.wait_for("message", text="Du skrev: från den ena")
            await client.wait_for("message", text="Du skrev: från den andra")
        assert citizen.events == second.events


async def test_long_history_comes_in_order_and_whole(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    await citizen.close()

    def write(connection: object) -> None:
        from handover.conversations import utc_now

        for number in range(PAGE + 20):
            execute_one(connection, Entry(citizen.conversation_id, f"row-{number}", c.Say(f"{number}"), utc_now()))  # type: ignore[arg-type]

    await kontakt.services.database.write(write)
    await citizen.reconnect()
    await citizen.wait_for("message", text=str(PAGE + 19))
    assert _seqs(citizen) == list(range(1, PAGE + 23))


async def test_long_poll_waits_for_what_comes_and_resumes(kontakt: Kontakt) -> None:
    citizen = await kontakt.polling_citizen()
    await citizen.poll()
    waiting = asyncio.create_task(citizen.poll(wait=20))
    await citizen.do("say", text="Hej")
    await waiting
    await citizen.wait_for("message", sender="bot", text="Du skrev: Hej")
    await citizen.do("say", text="Igen")
    await citizen.wait_for("message", sender="bot", text="Du skrev: Igen")
    seqs = [seq for seq, _ in citizen.events]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_whole_conversation_goes_over_the_long_poll(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.polling_citizen(), await kontakt.guide()
    await citizen.do("ask_human")
    page = await citizen.poll()
    assert page["queue"] == {
        "type": "queue",
        "position": 1,
        "wait_seconds": None,
        "guides_on_duty": 1,
        "opens_at": None,
    }
    await guide.wait_for_line(citizen.conversation_id, "waiting")
    await guide.act("claim", citizen.conversation_id)
    await guide.act("reply", citizen.conversation_id, text="Hej på dig")
    await citizen.wait_for("message", sender="guide", text="Hej på dig")
    await citizen.do("close")
    await citizen.do("rate", score=4)
    await citizen.wait_for("rated", score=4)
    assert citizen.state == "closed"


async def test_repeated_id_over_the_long_poll_returns_the_first_outcome(kontakt: Kontakt) -> None:
    citizen = await kontakt.polling_citizen()
    first = await citizen.do("say", command_id="only-once", text="Hej")
    again = await citizen.do("say", command_id="only-once", text="Hej")
    assert again == first
    with pytest.raises(Refused, match="id_reused"):
        await citizen.do("ask_human", command_id="only-once")


async def test_socket_and_long_poll_mix(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("över socket")
    headers = {"Authorization": f"Bearer {citizen.token}"}
    path = f"/api/v1/conversations/{citizen.conversation_id}"
    body = {"type": "say", "id": new_id(), "text": "över http"}
    answer = await kontakt.http.post(f"{path}/commands", json=body, headers=headers)
    assert answer.json()["type"] == "accepted"
    await citizen.wait_for("message", text="Du skrev: över http")
    page = (await kontakt.http.get(f"{path}/events", headers=headers)).json()
    assert [(frame["seq"], frame["event"]) for frame in page["events"]] == citizen.events


async def test_gap_that_is_asked_for_twice_is_answered_alike(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await citizen.wait_for("message", sender="bot")
    await citizen.close()
    async with (
        CitizenClient(kontakt.url, citizen.conversation_id, citizen.token, after=1) as once,
        CitizenClient(kontakt.url, citizen.conversation_id, citizen.token, after=1) as twice,
    ):
        for client in (once, twice):
            await client.wait_for("message", sender="bot")
        assert once.events == twice.events == citizen.events[1:]
