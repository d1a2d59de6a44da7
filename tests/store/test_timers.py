"""What happens when nothing happens: each timer fires once, whoever sweeps."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from handover.core import commands as c
from handover.core import events as e
from handover.core.events import Reason, State
from tests.support.replica import DRAFT_TIMEOUT, GUIDE_LEASE, LEASES, Replica

pytestmark = pytest.mark.anyio


async def _with_draft(replica: Replica) -> str:
    """Open a conversation in which a draft waits for approval."""
    talk = await replica.open()
    await replica.do(talk, c.Say("Behöver jag bygglov?"))
    turn = replica.started[-1]
    deadline = replica.clock() + DRAFT_TIMEOUT
    draft = c.FinishTurn(turn.epoch, turn.seq, (c.BotMessage("Ja"),), mode="approve", draft_deadline=deadline)
    await replica.conversations.finish_turn(turn, draft, {}, 1.0)
    assert (await replica.look(talk)).draft is not None
    return talk


async def _owned(replica: Replica, guide: c.Guide) -> str:
    """Open a conversation that a connected guide owns."""
    talk = await replica.open()
    await replica.do(talk, c.AskHuman())
    await replica.see(guide)
    await replica.do(talk, c.Claim(guide))
    return talk


async def _sweep_for(pair: list[Replica], seconds: float) -> None:
    """Let time pass while both replicas sweep, both at once, as often as in the product."""
    for _ in range(int(seconds) + 1):
        await asyncio.gather(*(one.sweeper.sweep() for one in pair))
        pair[0].clock.forward(seconds=1)


async def test_draft_times_out_once_with_two_sweepers(pair: list[Replica]) -> None:
    talk = await _with_draft(pair[0])
    pair[0].clock.forward(seconds=DRAFT_TIMEOUT.total_seconds() + 1)
    await asyncio.gather(*(pair[number % 2].sweeper.sweep() for number in range(4)))
    history = await pair[0].history(talk)
    assert [event.kind for event in history[3:]] == ["draft_decided", "message", "escalated"]
    assert isinstance(history[3], e.DraftDecided) and history[3].decision == "timed_out"
    assert isinstance(history[5], e.Escalated) and history[5].reason is Reason.DRAFT_TIMEOUT


async def test_draft_is_left_alone_before_its_time(replica: Replica) -> None:
    talk = await _with_draft(replica)
    replica.clock.forward(seconds=DRAFT_TIMEOUT.total_seconds() - 1)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).draft is not None


async def test_note_does_not_put_off_the_timeout_of_a_draft(replica: Replica) -> None:
    talk = await _with_draft(replica)
    replica.clock.forward(seconds=DRAFT_TIMEOUT.total_seconds() - 1)
    await replica.do(talk, c.AddNote(c.Guide("g", "G"), "titta på den här"))
    replica.clock.forward(seconds=2)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.WAITING


async def test_draft_approved_in_time_does_not_time_out(replica: Replica) -> None:
    talk = await _with_draft(replica)
    draft = (await replica.look(talk)).draft
    assert draft is not None
    await replica.do(talk, c.ApproveDraft(c.Guide("g", "G"), draft.id))
    replica.clock.forward(seconds=DRAFT_TIMEOUT.total_seconds() + 1)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.BOT


async def test_lost_guides_conversation_is_released_once_and_first_in_line(pair: list[Replica]) -> None:
    guide = await pair[0].demo_guide()
    talk = await _owned(pair[0], guide)
    earlier = await pair[0].open()
    await pair[0].do(earlier, c.AskHuman())
    await _sweep_for(pair, GUIDE_LEASE.total_seconds() + 2)
    history = await pair[0].history(talk)
    assert history[-1] == e.Released(guide_id=guide.id, reason="lost_connection")
    assert [event.kind for event in history].count("released") == 1
    assert await pair[0].queue() == [talk, earlier]


async def test_guides_get_their_time_to_come_back_after_an_outage(pair: list[Replica]) -> None:
    guide = await pair[0].demo_guide()
    talk = await _owned(pair[0], guide)
    pair[0].clock.forward(seconds=10 * GUIDE_LEASE.total_seconds())
    await _sweep_for(pair, GUIDE_LEASE.total_seconds() - 2)
    assert (await pair[0].look(talk)).owner_id == guide.id
    await _sweep_for(pair, 3)
    assert (await pair[0].look(talk)).state is State.WAITING


async def test_guide_who_is_seen_keeps_the_conversation(replica: Replica) -> None:
    guide = await replica.demo_guide()
    talk = await _owned(replica, guide)
    for _ in range(3):
        replica.clock.forward(seconds=GUIDE_LEASE.total_seconds() - 1)
        await replica.see(guide)
        await replica.sweeper.sweep()
    assert (await replica.look(talk)).owner_id == guide.id


async def test_crisis_stands_before_those_who_were_released(replica: Replica) -> None:
    guide = await replica.demo_guide()
    released = await _owned(replica, guide)
    await replica.do(released, c.Release(guide))
    replica.clock.forward(seconds=5)
    crisis = await replica.open()
    await replica.do(crisis, c.Say("Hjälp"))
    turn = replica.started[-1]
    await replica.conversations.finish_turn(turn, c.FinishTurn(0, turn.seq, (), Reason.CRISIS), None, None)
    assert await replica.queue() == [crisis, released]


async def test_idle_conversation_ends_once_and_a_waiting_one_does_not(pair: list[Replica]) -> None:
    idle, waiting = await pair[0].open(), await pair[0].open()
    await pair[0].do(waiting, c.AskHuman())
    pair[0].clock.forward(seconds=LEASES.idle.total_seconds() + 1)
    await asyncio.gather(*(pair[number % 2].sweeper.sweep() for number in range(4)))
    assert (await pair[0].history(idle))[-1] == e.Closed(by="system")
    assert (await pair[0].look(waiting)).state is State.WAITING


async def test_conversation_in_which_something_is_said_is_not_idle(replica: Replica) -> None:
    talk = await replica.open()
    replica.clock.forward(seconds=LEASES.idle.total_seconds() - 1)
    await replica.do(talk, c.Say("Är du kvar?"))
    replica.clock.forward(seconds=2)
    await replica.sweeper.sweep()
    assert (await replica.look(talk)).state is State.BOT


async def test_command_id_of_a_citizen_does_not_stop_the_sweeper(replica: Replica) -> None:
    """Ids of the service's own commands must not be guessable: one poisoned conversation would stop all timers."""
    poisoned, other = await replica.open(), await replica.open()
    for guess in ("idle-2", "idle-3", "draft-2", "draft-3", "lost-2", "lost-3"):
        await replica.do(poisoned, c.Rate(3), guess)
    last = (await replica.look(poisoned)).last_seq
    await replica.do(poisoned, c.Rate(5), f"idle-{last + 1}")
    replica.clock.now += timedelta(hours=1)
    await replica.sweeper.sweep()
    assert (await replica.look(other)).state is State.CLOSED
    assert (await replica.look(poisoned)).state is State.CLOSED
