"""How many conversations a guide may have: kept by the transaction that claims, however many claim at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, select

from handover.core import commands as c
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.store import tables as t
from handover.store.record import Outcome
from tests.support.replica import Replica

pytestmark = pytest.mark.anyio
DANGER = c.Say("Jag vill inte leva", c.Danger("suicide", {"sv": "Ring 112", "en": "Call 112"}))


def sorted_out(results: list[Outcome | BaseException]) -> tuple[int, set[str]]:
    """Return how many commands were carried out, and why the others were refused."""
    codes = {one.code for one in results if isinstance(one, HandoverError)}
    assert all(isinstance(one, Outcome | HandoverError) for one in results)
    return sum(isinstance(one, Outcome) for one in results), codes


async def shares(replica: Replica) -> list[tuple[str, str, str]]:
    """Return who took what, and how."""
    query = select(t.assignments.c.account_id, t.assignments.c.conversation_id, t.assignments.c.via)
    return await replica.database.read(lambda connection: [tuple(row) for row in connection.execute(query)])


async def test_claim_past_the_capacity_is_refused_until_a_conversation_ends(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.set_skills(guide, capacity=1)
    first, second = await replica.waiting(), await replica.waiting()
    await replica.do(first, c.Claim(guide))
    for command in (c.Claim(guide), c.TakeOver(guide), c.Claim(guide, assigned=True)):
        with pytest.raises(HandoverError, match="capacity_reached"):
            await replica.do(second, command)
    with pytest.raises(HandoverError, match="capacity_reached"):
        await replica.do(second, c.Claim(guide), "claim-that-is-sent-again")
    assert (await replica.look(second)).state is State.WAITING
    await replica.do(first, c.GuideClose(guide))
    with pytest.raises(HandoverError, match="capacity_reached"):
        await replica.do(second, c.Claim(guide), "claim-that-is-sent-again")
    await replica.do(second, c.Claim(guide))
    assert await shares(replica) == [(guide.id, first, "claim"), (guide.id, second, "claim")]


async def test_conversation_that_a_colleague_has_is_refused_as_claimed_whatever_the_capacity(replica: Replica) -> None:
    one, other = await replica.demo_guide("guide"), await replica.demo_guide("guide2")
    await replica.set_skills(other, capacity=0)
    talk = await replica.waiting()
    await replica.do(talk, c.Claim(one))
    with pytest.raises(HandoverError, match="already_claimed"):
        await replica.do(talk, c.Claim(other))


async def test_many_claims_of_one_guide_at_once_never_pass_the_capacity(pair: list[Replica]) -> None:
    guide = await pair[0].demo_guide()
    await pair[0].set_skills(guide, capacity=3)
    talks = [await pair[0].waiting() for _ in range(8)] + [await pair[0].open() for _ in range(4)]
    tries = [pair[number % 2].do(talk, c.TakeOver(guide)) for number, talk in enumerate(talks)]
    won, refused = sorted_out(await asyncio.gather(*tries, return_exceptions=True))
    assert (won, refused) == (3, {"capacity_reached"})
    assert [(await pair[1].look(talk)).owner_id for talk in talks].count(guide.id) == 3
    assert len(await shares(pair[1])) == 3


async def test_guides_who_claim_across_each_other_get_no_more_than_their_room_and_nobody_is_stuck(
    pair: list[Replica],
) -> None:
    guides = [await pair[0].demo_guide(name) for name in ("guide", "guide2", "lead")]
    for guide in guides:
        await pair[0].set_skills(guide, capacity=4)
    talks = [await pair[0].waiting() for _ in range(12)]
    tries = [
        pair[(number + turn) % 2].do(talk, c.Claim(guides[(number + turn) % 3]))
        for turn in range(3)
        for number, talk in enumerate(talks if turn % 2 else reversed(talks))
    ]
    won, refused = sorted_out(await asyncio.gather(*tries, return_exceptions=True))
    assert refused <= {"capacity_reached", "already_claimed"}
    owners = [(await pair[0].look(talk)).owner_id for talk in talks]
    assert won == sum(owner is not None for owner in owners)
    assert all(owners.count(guide.id) <= 4 for guide in guides)


async def test_conversations_that_a_transaction_frees_make_room_in_it(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.set_skills(guide, capacity=1)
    first, second = await replica.waiting(), await replica.waiting()
    await replica.do(first, c.Claim(guide))
    results = await asyncio.gather(replica.do(first, c.Release(guide)), replica.do(second, c.Claim(guide)))
    assert all(isinstance(one, Outcome) for one in results)


async def test_danger_may_be_taken_one_past_the_capacity(replica: Replica) -> None:
    guide = await replica.demo_guide()
    await replica.set_skills(guide, capacity=1)
    await replica.do(await replica.waiting(), c.Claim(guide))
    await replica.do(await replica.waiting(DANGER), c.Claim(guide))
    with pytest.raises(HandoverError, match="capacity_reached"):
        await replica.do(await replica.waiting(DANGER), c.Claim(guide))


async def test_commands_that_claim_nothing_do_not_look_at_accounts(replica: Replica) -> None:
    guide, talk = await replica.demo_guide(), await replica.waiting()
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(replica.database.sync_engine, "before_cursor_execute", note)
    await replica.do(talk, c.Say("Hej"))
    assert not any("accounts" in statement or "assignments" in statement for statement in seen)
    await replica.do(talk, c.Claim(guide))
    assert any("accounts" in statement for statement in seen)
