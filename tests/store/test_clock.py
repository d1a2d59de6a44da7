"""Clocks are set, forward and back: order stays, nothing hangs for as long as the clock was off."""

from __future__ import annotations

import pytest

from handover.core import commands as c
from handover.core.events import State
from tests.store.test_timers import _owned, _with_draft
from tests.support.replica import DRAFT_TIMEOUT, GUIDE_LEASE, LEASES, Replica

pytestmark = pytest.mark.anyio
A_DAY = 86_400.0


async def test_events_never_get_older_than_the_one_before(replica: Replica) -> None:
    talk = await replica.open()
    await replica.do(talk, c.AskHuman())
    replica.clock.forward(seconds=-A_DAY)
    await replica.do(talk, c.Say("Är någon där?"))
    times = [stored.at for stored in (await replica.conversations.read(talk, 0)).events]
    assert times == sorted(times)


async def test_turn_of_a_dead_process_does_not_wait_for_the_clock_to_catch_up(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    pair[0].clock.forward(seconds=-A_DAY)
    assert [turn.conversation_id for turn in await pair[1].conversations.take_up_abandoned()] == [talk]


async def test_turn_under_way_is_left_alone_when_the_clock_is_a_little_off(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    pair[0].clock.forward(seconds=-LEASES.turn.total_seconds() / 2)
    assert await pair[1].conversations.take_up_abandoned() == []


async def test_draft_is_not_forgotten_when_the_clock_is_set_back(replica: Replica) -> None:
    talk = await _with_draft(replica)
    replica.clock.forward(seconds=-A_DAY)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).draft is not None
    replica.clock.forward(seconds=DRAFT_TIMEOUT.total_seconds() + 1)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.WAITING


async def test_idle_conversation_ends_in_its_time_when_the_clock_is_set_back(replica: Replica) -> None:
    talk = await replica.open()
    replica.clock.forward(seconds=-A_DAY)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.BOT
    replica.clock.forward(seconds=LEASES.idle.total_seconds() + 1)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.CLOSED


@pytest.mark.parametrize("jump", [-A_DAY, A_DAY])
async def test_guide_keeps_the_conversation_when_the_clock_jumps(replica: Replica, jump: float) -> None:
    guide = await replica.demo_guide()
    talk = await _owned(replica, guide)
    await replica.sweeper.sweep()
    replica.clock.forward(seconds=jump)
    await replica.sweeper.sweep()
    await replica.see(guide)
    for _ in range(3):
        replica.clock.forward(seconds=5)
        await replica.sweeper.sweep()
    assert (await replica.look(talk)).owner_id == guide.id


async def test_lost_guide_is_found_out_though_the_clock_was_set_back(replica: Replica) -> None:
    guide = await replica.demo_guide()
    talk = await _owned(replica, guide)
    await replica.sweeper.sweep()
    replica.clock.forward(seconds=-A_DAY)
    for _ in range(int(GUIDE_LEASE.total_seconds()) // 5 + 2):
        await replica.sweeper.sweep()
        replica.clock.forward(seconds=5)
    assert (await replica.look(talk)).state is State.WAITING
