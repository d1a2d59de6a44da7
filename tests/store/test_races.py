"""Several writers at once, on several replicas: one winner, no gaps, nobody speaks over a person."""

from __future__ import annotations

import asyncio

import pytest

from handover.core import commands as c
from handover.core.errors import HandoverError
from handover.core.events import Reason, State
from handover.store.record import Outcome
from tests.support.replica import Replica

pytestmark = pytest.mark.anyio
GUIDES = [c.Guide(f"guide-{number}", f"Guide {number}") for number in range(8)]


async def test_seq_has_no_gaps_when_many_write_at_once(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.AskHuman())
    writes = [pair[number % 2].do(talk, c.Say(f"rad {number}")) for number in range(24)]
    outcomes = await asyncio.gather(*writes)
    assert sorted(outcome.seq for outcome in outcomes) == list(range(3, 27))
    page = await pair[1].conversations.read(talk, 0)
    assert [stored.seq for stored in page.events] == list(range(1, 27))
    assert page.conversation.last_seq == 26


async def test_claim_has_one_winner_among_eight_guides(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    await pair[0].do(talk, c.AskHuman())
    tries = [pair[number % 2].do(talk, c.Claim(guide)) for number, guide in enumerate(GUIDES)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    won = [result for result in results if isinstance(result, Outcome)]
    lost = [result.code for result in results if isinstance(result, HandoverError)]
    assert len(won) == 1
    assert lost == ["already_claimed"] * 7
    assert (await pair[0].look(talk)).owner_id == won[0].conversation.owner_id
    assert (await pair[0].kinds(talk)).count("claimed") == 1


async def test_same_command_sent_on_two_connections_is_carried_out_once(pair: list[Replica]) -> None:
    talk = await pair[0].open()
    outcomes = await asyncio.gather(*(pair[number % 2].do(talk, c.Say("Hej"), "one-id-only") for number in range(6)))
    assert {outcome.seq for outcome in outcomes} == {2}
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    assert sum(len(one.started) for one in pair) == 1
    assert (await pair[0].look(talk)).last_seq == 2


async def test_turn_after_a_take_over_writes_nothing(replica: Replica) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"))
    await replica.do(talk, c.TakeOver(GUIDES[0]))
    finish = c.FinishTurn(0, 2, (c.BotMessage("Jag är en bot"),), Reason.LOW_CONFIDENCE)
    await replica.conversations.finish_turn(replica.started[0], finish, {"misses": 1}, 1.0)
    assert await replica.kinds(talk) == ["opened", "message", "claimed"]
    assert (await replica.look(talk)).owner_id == "guide-0"
    assert await replica.turn_states(talk) == ["done"]


async def test_turn_that_races_a_take_over_never_speaks_after_it(pair: list[Replica]) -> None:
    for _ in range(6):
        talk = await pair[0].open()
        await pair[0].do(talk, c.Say("Hej"))
        turn = pair[0].started[-1]
        finish = c.FinishTurn(turn.epoch, turn.seq, (c.BotMessage("Jag är en bot"),))
        await asyncio.gather(
            pair[1].do(talk, c.TakeOver(GUIDES[0])),
            pair[0].conversations.finish_turn(turn, finish, None, 1.0),
        )
        kinds = await pair[0].kinds(talk)
        assert kinds in (["opened", "message", "claimed"], ["opened", "message", "message", "claimed"])


async def test_bot_may_not_answer_what_was_asked_before_a_hand_back(replica: Replica) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Före"))
    await replica.do(talk, c.TakeOver(GUIDES[0]))
    await replica.do(talk, c.HandBack(GUIDES[0]))
    assert (await replica.look(talk)).state is State.BOT
    finish = c.FinishTurn(0, 2, (c.BotMessage("För sent"),))
    await replica.conversations.finish_turn(replica.started[0], finish, None, 1.0)
    assert (await replica.kinds(talk))[-1] == "handed_back"


async def test_many_conversations_at_once_do_not_wait_on_each_other(pair: list[Replica]) -> None:
    talks = await asyncio.gather(*(pair[number % 2].open() for number in range(10)))
    await asyncio.gather(*(pair[number % 2].do(talk, c.Say("Hej")) for number, talk in enumerate(talks)))
    assert {(await pair[0].look(talk)).last_seq for talk in talks} == {2}
