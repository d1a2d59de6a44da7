"""Group commit: together when they come together, each with an outcome of its own, told only after the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from handover.core import commands as c
from handover.core.errors import HandoverError
from handover.store import tables as t
from handover.store.commits import MOST_IN_ONE, GroupCommit
from handover.store.database import Database
from tests.store.test_record import NOW
from tests.support.replica import Replica

pytestmark = pytest.mark.anyio
POISON, REFUSED, DOOMED = -1, -2, -3
#: Numbers are of one key when they leave the same rest; two transactions never hold the same one.
KEYS = 1_000


class Waits:
    """Group commit into the simplest table there is; -1 breaks the transaction, -2 is refused, -3 breaks the commit."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.groups: list[list[int]] = []
        self.told: list[int] = []
        self.foretold: list[tuple[list[int], asyncio.Future[None]]] = []
        self.commits: GroupCommit[int, int] = GroupCommit(
            database, self.work, self.told.extend, lambda item: item % KEYS, self.before
        )

    def before(self, results: Sequence[int], committed: asyncio.Future[None]) -> None:
        """Note what is about to be committed, and whether it was by then."""
        assert not committed.done()
        self.foretold.append((list(results), committed))

    def work(self, connection: Connection, items: Sequence[int]) -> list[int | HandoverError]:
        """Store numbers."""
        self.groups.append(list(items))
        if POISON in items:
            raise ValueError("poison")
        if DOOMED in items:
            _doom(connection)
        rows = [{"at": NOW, "seconds": item} for item in items if item != REFUSED]
        if rows:
            connection.execute(insert(t.waits), rows)
        return [HandoverError("wrong_state") if item == REFUSED else item for item in items]

    async def stored(self) -> list[int]:
        """Return the numbers that were committed, in order."""
        query = select(t.waits.c.seconds).order_by(t.waits.c.id)
        return [int(one) for one in await self.database.read(lambda connection: list(connection.scalars(query)))]


def _doom(connection: Connection) -> None:
    """Break a constraint that is looked at in the commit."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        turn = {"conversation_id": "nobody's", "seq": 1, "epoch": 0, "attempts": 0, "status": "queued"}
        connection.execute(insert(t.turns), turn)
    else:
        connection.execute(text("CREATE TEMP TABLE doomed (number int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        connection.execute(text("INSERT INTO doomed VALUES (1), (1)"))


@pytest.fixture
def waits(database: Database) -> Waits:
    """A group commit on the test's database."""
    return Waits(database)


async def test_what_comes_together_is_committed_together_and_in_order(waits: Waits) -> None:
    results = await asyncio.gather(*(waits.commits.submit(number) for number in range(MOST_IN_ONE + 10)))
    assert results == list(range(MOST_IN_ONE + 10))
    assert sorted(len(group) for group in waits.groups) == [10, MOST_IN_ONE]
    # Two transactions may be under way at once; each is in order.
    stored, told = await waits.stored(), waits.told
    for group in waits.groups:
        assert [number for number in stored if number in group] == group
        assert [number for number in told if number in group] == group
    assert sorted(stored) == sorted(told) == results


async def test_items_of_one_key_are_never_in_two_transactions_at_once(waits: Waits) -> None:
    numbers = [number * KEYS for number in range(3 * MOST_IN_ONE)]
    await asyncio.gather(*(waits.commits.submit(number) for number in numbers))
    assert await waits.stored() == waits.told == numbers


async def test_nobody_is_told_before_the_commit(waits: Waits) -> None:
    seen: list[list[int]] = []

    async def submit(number: int) -> None:
        await waits.commits.submit(number)
        seen.append(await waits.stored())

    await asyncio.gather(*(submit(number) for number in range(5)))
    assert all({0, 1, 2, 3, 4} <= set(stored) for stored in seen)


async def test_what_is_about_to_be_committed_is_foretold_and_then_said_to_be(waits: Waits) -> None:
    await asyncio.gather(*(waits.commits.submit(n) for n in (1, REFUSED, 2)), return_exceptions=True)
    ((results, committed),) = waits.foretold
    assert results == waits.told == [1, 2]
    assert committed.result() is None


async def test_what_was_foretold_and_came_to_nothing_is_taken_back(waits: Waits) -> None:
    with pytest.raises(IntegrityError):
        await waits.commits.submit(DOOMED)
    assert [(results, committed.cancelled()) for results, committed in waits.foretold] == [([DOOMED], True)]
    assert await waits.commits.submit(4) == 4
    assert [(results, committed.cancelled()) for results, committed in waits.foretold[1:]] == [([4], False)]
    assert waits.told == await waits.stored() == [4]


async def test_refusal_is_the_refused_one_s_alone(waits: Waits) -> None:
    results = await asyncio.gather(*(waits.commits.submit(n) for n in (1, REFUSED, 2)), return_exceptions=True)
    assert results[0] == 1 and results[2] == 2
    assert isinstance(results[1], HandoverError) and results[1].code == "wrong_state"
    assert await waits.stored() == waits.told == [1, 2]


async def test_one_that_breaks_the_transaction_takes_nobody_with_it(waits: Waits) -> None:
    results = await asyncio.gather(*(waits.commits.submit(n) for n in (1, POISON, 2)), return_exceptions=True)
    assert results[0] == 1 and results[2] == 2
    assert isinstance(results[1], ValueError)
    assert await waits.stored() == [1, 2]


async def test_caller_that_goes_away_does_not_take_back_what_was_submitted(waits: Waits) -> None:
    leaving = asyncio.create_task(waits.commits.submit(1))
    staying = asyncio.create_task(waits.commits.submit(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 2
    await waits.commits.close()
    assert await waits.stored() == [1, 2]


async def test_burst_in_one_conversation_is_one_transaction_with_an_outcome_each(replica: Replica) -> None:
    talk, other = await replica.open(), await replica.open()
    results = await asyncio.gather(
        replica.do(talk, c.Say("ett"), "command-1"),
        replica.do(talk, c.Claim(c.Guide("guide-1", "Ett")), "command-2"),
        replica.do(other, c.AskHuman(), "command-3"),
        replica.do(talk, c.Say("två"), "command-4"),
        replica.do(talk, c.Say("ett"), "command-1"),
        replica.do(talk, c.Say("tre"), "command-1"),
        replica.do("unknown-conversation", c.Say("ett"), "command-5"),
        return_exceptions=True,
    )
    assert [getattr(one, "code", None) or getattr(one, "seq", None) for one in results] == [
        2, "wrong_state", 2, 3, 2, "id_reused", "conversation_unknown",
    ]  # fmt: skip
    assert await replica.kinds(talk) == ["opened", "message", "message"]
    assert await replica.turn_states(talk) == ["leased", "queued"]
    assert [turn.seq for turn in replica.started] == [2]
