"""Conversations are given to guides once, over all replicas, and presence goes away and comes back by itself."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from handover.core import commands as c
from handover.core import events as e
from handover.core.events import State
from handover.core.routing import ABSENT_PATIENCE, FULL_PATIENCE, Waiting, in_line
from handover.dispatch import Dispatcher
from handover.store import duty, record
from handover.store.duty import Standing
from tests.support.replica import AUTO_AWAY, GUIDE_LEASE, Replica

pytestmark = pytest.mark.anyio


async def standing(replica: Replica, guide: c.Guide) -> Standing | None:
    """Return a guide's presence as colleagues see it, None when not seen lately."""
    now = replica.clock()
    found = await replica.database.read(lambda connection: duty.list_colleagues(connection, now, GUIDE_LEASE))
    return next((one.standing for one in found if one.id == guide.id), None)


async def set_presence(replica: Replica, guide: c.Guide, presence: duty.Presence) -> None:
    """Let a guide say whether conversations are welcome."""
    now = replica.clock()
    await replica.database.write(lambda connection: duty.set_presence(connection, guide.id, presence, now))


async def do_something(replica: Replica, guide: c.Guide) -> bool:
    """Note that a guide did something at the desk."""
    now = replica.clock()
    return await replica.database.write(lambda connection: duty.note_activity(connection, guide.id, now))


async def guides_at_the_desk(replica: Replica) -> list[c.Guide]:
    """Return two guides who were seen now."""
    guides = [await replica.demo_guide("guide"), await replica.demo_guide("guide2")]
    for guide in guides:
        await replica.see(guide)
    return guides


async def test_two_replicas_give_each_conversation_once_and_evenly(pair: list[Replica]) -> None:
    guides = await guides_at_the_desk(pair[0])
    talks = []
    for number in range(8):
        talks.append(await pair[number % 2].waiting())
        pair[0].clock.forward(seconds=1)
    await asyncio.gather(*(replica.dispatcher.dispatch() for replica in pair for _ in range(3)))
    conversations = [await pair[0].look(talk) for talk in talks]
    assert Counter(one.owner_id for one in conversations) == {guides[0].id: 3, guides[1].id: 3, None: 2}
    assert [one.state for one in conversations] == [State.GUIDE] * 6 + [State.WAITING] * 2
    given = [event for talk in talks for event in await pair[0].history(talk) if isinstance(event, e.Claimed)]
    assert [event.via for event in given] == ["assigned"] * 6
    await pair[1].do(talks[0], c.GuideClose(c.Guide(conversations[0].owner_id or "", "")))
    await pair[0].dispatcher.dispatch()
    assert [(await pair[0].look(talk)).state for talk in talks].count(State.WAITING) == 1


async def test_claims_by_hand_and_by_the_policy_at_once_keep_to_the_capacity(pair: list[Replica]) -> None:
    guide = await pair[0].demo_guide()
    await pair[0].see(guide)
    talks = [await pair[0].waiting() for _ in range(10)]
    await asyncio.gather(
        pair[0].dispatcher.dispatch(),
        *(pair[number % 2].do(talk, c.Claim(guide)) for number, talk in enumerate(reversed(talks))),
        pair[1].dispatcher.dispatch(),
        return_exceptions=True,
    )
    owners = [(await pair[0].look(talk)).owner_id for talk in talks]
    assert owners.count(guide.id) == 3


async def test_guide_who_let_go_does_not_get_it_back_while_a_colleague_may_come(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.see(guide)
    talk = await replica.waiting()
    await replica.dispatcher.dispatch()
    await replica.do(talk, c.Release(guide))
    await replica.dispatcher.dispatch()
    assert (await replica.look(talk)).state is State.WAITING
    replica.clock.forward(seconds=2 * ABSENT_PATIENCE.total_seconds())
    await replica.dispatcher.dispatch()
    assert (await replica.look(talk)).owner_id == guide.id


async def test_waiting_for_a_skill_comes_to_its_end(replica: Replica) -> None:
    guide, skilled = await guides_at_the_desk(replica)
    await replica.set_skills(guide, services=["avfall"])
    await replica.set_skills(skilled, services=["bygglov"], capacity=1)
    await replica.do(await replica.waiting(), c.Claim(skilled))
    talk, _ = await replica.conversations.open("sv", e.Audience.CITIZEN, "bygglov", None)
    await replica.do(talk, c.AskHuman())
    await replica.dispatcher.dispatch()
    assert (await replica.look(talk)).state is State.WAITING
    replica.clock.forward(seconds=FULL_PATIENCE.total_seconds())
    await replica.dispatcher.dispatch()
    assert (await replica.look(talk)).owner_id == guide.id


async def test_wish_for_a_colleague_who_went_home_is_dropped_with_a_word_in_the_record(replica: Replica) -> None:
    guide, colleague = await guides_at_the_desk(replica)
    by_hand = Dispatcher(replica.database, replica.bus, GUIDE_LEASE, automatic=False, clock=replica.clock)
    talk = await replica.waiting()
    await replica.do(talk, c.Claim(guide))
    await replica.do(talk, c.Transfer(guide, to_guide=colleague.id))
    replica.clock.forward(seconds=11)
    await by_hand.dispatch()
    assert (await replica.look(talk)).wanted_guide == colleague.id
    await set_presence(replica, colleague, "closed")
    await asyncio.gather(by_hand.dispatch(), by_hand.dispatch())
    assert (await replica.history(talk))[-1] == e.WishDropped(to_guide=colleague.id)
    assert (await replica.kinds(talk)).count("wish_dropped") == 1
    assert (await replica.look(talk)).wanted_guide is None


async def test_conversation_says_how_it_came_back_and_its_wait_begins_anew(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.see(guide)
    talk = await replica.waiting()
    replica.clock.forward(minutes=1)
    await replica.see(guide)
    await replica.do(talk, c.Claim(guide))
    lost_at = replica.clock() + GUIDE_LEASE
    for _ in range(5 + int(GUIDE_LEASE.total_seconds())):
        await replica.sweeper.sweep()
        replica.clock.forward(seconds=1)
    held = await replica.look(talk)
    assert (held.state, held.returned, held.returned_by) == (State.WAITING, "lost_connection", guide.id)
    assert held.waiting_since is not None
    assert abs(held.waiting_since - lost_at) <= timedelta(seconds=1)
    await replica.see(guide)
    await replica.do(talk, c.Claim(guide))
    assert (await replica.look(talk)).returned is None


# --- presence ---------------------------------------------------------------------------------------


async def test_guide_who_does_nothing_is_away_though_connected_and_back_with_the_next_thing_done(
    replica: Replica,
) -> None:
    guide = await replica.demo_guide()
    await replica.see(guide)
    replica.clock.forward(seconds=AUTO_AWAY.total_seconds() / 2)
    assert not await do_something(replica, guide)
    replica.clock.forward(seconds=AUTO_AWAY.total_seconds())
    await replica.see(guide)
    await replica.sweeper.sweep()
    assert await standing(replica, guide) == Standing("available")
    replica.clock.forward(seconds=1)
    await replica.see(guide)
    await replica.sweeper.sweep()
    assert await standing(replica, guide) == Standing("away", automatic=True)
    await replica.see(guide)
    assert await standing(replica, guide) == Standing("away", automatic=True)
    assert await do_something(replica, guide)
    assert await standing(replica, guide) == Standing("available")


@pytest.mark.parametrize("chosen", ["busy", "away", "closed"])
async def test_presence_chosen_by_hand_is_never_overruled(replica: Replica, chosen: duty.Presence) -> None:
    guide = await replica.demo_guide()
    await set_presence(replica, guide, chosen)
    replica.clock.forward(seconds=2 * AUTO_AWAY.total_seconds())
    await replica.see(guide)
    await replica.sweeper.sweep()
    assert not await do_something(replica, guide)
    assert await standing(replica, guide) == Standing(chosen)
    await replica.waiting()
    await replica.dispatcher.dispatch()
    assert len(await replica.queue()) == 1


async def test_guide_who_is_done_for_the_day_keeps_the_conversations_that_are_left(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.see(guide)
    talk = await replica.waiting()
    await replica.do(talk, c.Claim(guide))
    await set_presence(replica, guide, "closed")
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).owner_id == guide.id


async def test_line_of_the_database_is_the_line_of_the_policy(replica: Replica) -> None:
    guide = await replica.demo_guide()
    talks = []
    for _ in range(6):
        talks.append(await replica.waiting())
        replica.clock.forward(seconds=1)
    for talk in talks[3:5]:
        await replica.do(talk, c.Claim(guide))
        await replica.do(talk, c.Release(guide))
        replica.clock.forward(seconds=1)
    danger = c.Say("Hjälp", c.Danger("suicide", {"sv": "Ring 112", "en": "Call 112"}))
    await replica.do(talks[5], danger)
    waiting = await replica.database.read(lambda connection: record.list_waiting(connection, 100))
    line = [one.id for one in in_line(Waiting.of(one) for one in reversed(waiting))]
    assert line == [talks[5], *talks[3:5], *talks[:3]]
    assert line == [one.id for one in waiting] == await replica.queue()
