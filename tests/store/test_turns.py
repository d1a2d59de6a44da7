"""Bot turns are leased rows: one at a time, in order, and what a dead process left is taken up once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.engine import make_url

from handover.core import commands as c
from handover.core.errors import HandoverError
from handover.core.events import Message, Reason, State
from handover.store.batch import Finish, carry_out_all
from handover.store.execute import Entry
from handover.store.turns import Turn
from tests.conftest import POSTGRES
from tests.support.databases import Postgres
from tests.support.engine_double import EngineDouble, faq_reply, turn_answer
from tests.support.replica import LEASES, Replica
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio


def _answer(turn: Turn, text: str = "Svar") -> c.FinishTurn:
    return c.FinishTurn(turn.epoch, turn.seq, (c.BotMessage(text),))


async def _finish(replica: Replica, turn: Turn, text: str = "Svar") -> Turn | None:
    return await replica.conversations.finish_turn(turn, _answer(turn, text), {}, 1.0)


async def test_second_message_queues_behind_the_turn_under_way(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("ett"))
    await pair[1].do(talk, c.Say("två"))
    await pair[0].do(talk, c.Say("tre"))
    assert [turn.seq for turn in pair[0].started] == [2]
    assert pair[1].started == []
    assert await pair[0].turn_states(talk) == ["leased", "queued", "queued"]


async def test_turns_follow_each_other_in_order(replica: Replica) -> None:
    talk = await replica.open()
    for text in ("ett", "två", "tre"):
        await replica.do(talk, c.Say(text))
    following: Turn | None = replica.started[0]
    order: list[int] = []
    while following is not None:
        order.append(following.seq)
        following = await _finish(replica, following, f"Svar {following.seq}")
    assert order == [2, 3, 4]
    answers = [event for event in await replica.history(talk) if isinstance(event, Message) and event.sender == "bot"]
    assert [answer.reply_to for answer in answers] == [2, 3, 4]


async def test_turn_that_is_finished_twice_in_one_transaction_is_answered_once(replica: Replica) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    turn = replica.started[0]
    now = replica.clock()
    entry = Entry(talk, f"turn:{turn.seq}", _answer(turn), now, now + LEASES.idle, of_turn=True)
    finish = Finish(turn, entry, {}, "answered", 1.0)
    name = replica.conversations.replica
    await replica.database.write(lambda connection: carry_out_all(connection, [finish, finish], name, now))
    assert [event.text for event in await replica.history(talk) if isinstance(event, Message)] == ["Hej", "Svar"]
    assert await replica.turn_states(talk) == ["done"]


@pytest.mark.parametrize("between", [False, True])
async def test_message_that_comes_with_the_end_of_a_turn_gets_its_own(replica: Replica, between: bool) -> None:
    """In the transaction of the answer, or in one before it, where only that one tells that somebody waits."""
    talk = await replica.open()
    await replica.do(talk, c.Say("ett"))
    if between:
        await replica.do(talk, c.Say("två"))
        following = await _finish(replica, replica.started[0])
    else:
        both = await asyncio.gather(_finish(replica, replica.started[0]), replica.do(talk, c.Say("två")))
        following = both[0] or replica.started[1]
    assert following is not None and following.seq in (3, 4)
    assert await replica.turn_states(talk) == ["done", "leased"]


async def test_abandoned_turn_is_taken_up_once_among_several_replicas(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    pair[0].clock.forward(seconds=LEASES.turn.total_seconds() + 1)
    taken = await asyncio.gather(*(pair[number % 2].conversations.take_up_abandoned() for number in range(6)))
    turns = [turn for some in taken for turn in some]
    assert [(turn.seq, turn.attempts) for turn in turns] == [(2, 2)]


async def test_turn_whose_lease_still_runs_is_left_alone(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("ett"))
    await pair[0].do(talk, c.Say("två"))
    assert await pair[1].conversations.take_up_abandoned() == []
    assert await pair[0].turn_states(talk) == ["leased", "queued"]


async def test_late_process_cannot_finish_a_turn_that_another_has_taken_up(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    pair[0].clock.forward(seconds=LEASES.turn.total_seconds() + 1)
    (taken,) = await pair[1].conversations.take_up_abandoned()
    await _finish(pair[0], pair[0].started[0], "för sent")
    assert await pair[0].kinds(talk) == ["opened", "message"]
    await _finish(pair[1], taken, "i tid")
    await _finish(pair[0], pair[0].started[0], "för sent")
    texts = [event.text for event in await pair[0].history(talk) if isinstance(event, Message)]
    assert texts == ["Hej", "i tid"]


async def test_queued_turn_that_nobody_runs_is_taken_up_at_once(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("ett"))
    await pair[0].do(talk, c.Say("två"))
    following = await _finish(pair[0], pair[0].started[0])
    assert following is not None
    pair[0].clock.forward(seconds=LEASES.turn.total_seconds() + 1)
    (taken,) = await pair[1].conversations.take_up_abandoned()
    assert taken.seq == following.seq == 3


async def test_turn_whose_commit_came_to_nothing_is_given_up(replica: Replica, engine_stub: EngineDouble) -> None:
    """The engine was asked meanwhile; what it says is stored nowhere."""
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    engine_stub.hold()
    replica.worker.start(replica.started[0], committed)
    await eventually(lambda: engine_stub.asked, "the question to the engine")
    committed.cancel()
    await eventually(lambda: not replica.worker.running, "the end of the turn")
    engine_stub.let_go()
    assert await replica.turn_states(talk) == ["leased"]
    assert await replica.kinds(talk) == ["opened", "message"]


async def test_turn_is_thought_of_before_its_commit_and_stored_after_it(
    replica: Replica, engine_stub: EngineDouble
) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    replica.worker.start(replica.started[0], committed)
    await eventually(lambda: engine_stub.asked, "the question to the engine")
    # A turn that is asked after it and is committed comes to its end meanwhile.
    other = await replica.open()
    await replica.do(other, c.Say("Hej"))
    replica.worker.start(replica.started[1])

    async def other_done() -> bool:
        return await replica.turn_states(other) == ["done"]

    await eventually(other_done)
    assert await replica.turn_states(talk) == ["leased"], "not stored while its commit is not done"
    committed.set_result(None)

    async def done() -> bool:
        return await replica.turn_states(talk) == ["done"]

    await eventually(done)
    assert await replica.kinds(talk) == ["opened", "message", "message"]


async def test_stopping_while_a_commit_is_under_way_does_not_call_it_off(
    replica: Replica, engine_stub: EngineDouble
) -> None:
    talk, other = await replica.open(), await replica.open()
    await replica.do(talk, c.Say("Hej"))
    await replica.do(other, c.Say("Hej"))
    committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    replica.worker.start(replica.started[0], committed)
    replica.worker.start(replica.started[1])

    async def other_done() -> bool:
        return await replica.turn_states(other) == ["done"]

    await eventually(other_done, "a turn that was asked later")
    await replica.worker.close(grace_seconds=0.01)
    assert not committed.cancelled()
    assert await replica.turn_states(talk) == ["queued"], "given back"


async def test_worker_answers_what_a_dead_replica_left(pair: list[Replica], engine_stub: EngineDouble) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("ett"))
    await pair[0].do(talk, c.Say("två"))
    pair[0].clock.forward(seconds=LEASES.turn.total_seconds() + 1)
    await pair[1].sweeper.sweep()
    await pair[0].sweeper.sweep()

    async def all_done() -> bool:
        return await pair[0].turn_states(talk) == ["done", "done"]

    await eventually(all_done, "both answers")
    assert engine_stub.texts == ["ett", "två"]
    assert (await pair[0].kinds(talk)).count("message") == 4


async def test_stale_turn_is_not_even_asked_of_the_engine(replica: Replica, engine_stub: EngineDouble) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    await replica.do(talk, c.AskHuman())
    # A turn that is not begun at once, as one that queued or was taken up, knows nothing of its conversation yet.
    replica.worker.start(replace(replica.started[0], asked=None))

    async def done() -> bool:
        return await replica.turn_states(talk) == ["done"]

    await eventually(done)
    assert engine_stub.asked == []
    assert (await replica.look(talk)).state is State.WAITING


async def test_context_of_one_turn_is_given_to_the_next(replica: Replica, engine_stub: EngineDouble) -> None:
    engine_stub.answer = lambda body: turn_answer(faq_reply("bygglov.behovs", "Svar"))
    replica.conversations.on_turn(replica.worker.start)
    talk = await replica.open()
    for number in range(2):
        await replica.do(talk, c.Say("Behöver jag bygglov?"))
        await eventually(lambda number=number: len(engine_stub.asked) == number + 1)  # type: ignore[misc]

        async def answered(number: int = number) -> bool:
            return await replica.turn_states(talk) == ["done"] * (number + 1)

        await eventually(answered)
    assert engine_stub.asked[0]["context"] == {}
    assert engine_stub.asked[1]["context"] == {"service": "bygglov", "misses": 0}


async def test_citizen_cannot_take_the_ids_that_turns_and_timers_use(replica: Replica) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"), "turn-2")  # Colons are not for clients, see `CommandId`.
    turn = replica.started[0]
    finish = c.FinishTurn(turn.epoch, turn.seq, (), Reason.ENGINE_FAILURE)
    await replica.conversations.finish_turn(turn, finish, None, None)
    assert (await replica.look(talk)).state is State.WAITING


async def test_turn_that_a_stopping_process_gives_back_is_taken_up_before_its_lease_is_over(
    pair: list[Replica], engine_stub: EngineDouble
) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    engine_stub.hold()
    pair[0].worker.start(pair[0].started[0])
    await eventually(lambda: engine_stub.asked, "the question to the engine")
    await pair[0].worker.close(grace_seconds=0.01)
    engine_stub.let_go()
    await pair[1].sweeper.sweep()
    await pair[1].worker.close(grace_seconds=10)
    assert await pair[0].kinds(talk) == ["opened", "message", "message"]
    assert await pair[0].turn_states(talk) == ["done"]


async def test_turn_under_way_is_kept_however_long_it_takes(pair: list[Replica], engine_stub: EngineDouble) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.Say("Hej"))
    engine_stub.hold()
    pair[0].worker.start(pair[0].started[0])
    await eventually(lambda: engine_stub.asked, "the question to the engine")
    for _ in range(4):
        pair[0].clock.forward(seconds=LEASES.turn.total_seconds() / 2)
        await pair[0].sweeper.sweep()
        await pair[1].sweeper.sweep()
    assert pair[1].worker.running == []
    engine_stub.let_go()
    await eventually(lambda: pair[0].worker.running == [], "the end of the turn")
    assert await pair[0].kinds(talk) == ["opened", "message", "message"]
    assert len(engine_stub.asked) == 1


async def test_turn_that_was_leased_without_anybody_being_told_is_run_after_all(replica: Replica) -> None:
    """The commit was done, its answer was lost: the turn is this process's own, and it does not know."""
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    await replica.sweeper.sweep()
    assert replica.worker.running == []
    replica.clock.forward(seconds=3)
    await replica.sweeper.sweep()
    await replica.worker.close(grace_seconds=10)
    assert await replica.kinds(talk) == ["opened", "message", "message"]


@pytest.mark.parametrize("backend", [POSTGRES], indirect=True)
async def test_turn_waits_for_a_database_that_is_away_and_is_not_begun_anew(
    replica: Replica, engine_stub: EngineDouble, database_url: str, postgres: Postgres
) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    engine_stub.hold()
    replica.worker.start(replica.started[0])
    await eventually(lambda: engine_stub.asked, "the question to the engine")
    name = make_url(database_url).database
    await postgres.run(
        f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    engine_stub.let_go()
    with pytest.raises(HandoverError, match="database_unavailable"):
        await replica.do(talk, c.Say("Är du där?"))
    assert len(replica.worker.running) == 1
    await postgres.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    await eventually(lambda: replica.worker.running == [], "the end of the turn")
    assert await replica.kinds(talk) == ["opened", "message", "message"]
    assert len(engine_stub.asked) == 1
