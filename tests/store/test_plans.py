"""No statement of the daily work reads a whole table on SQLite: a long record would make every message slower."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from sqlalchemy import event

from handover.core import commands as c
from handover.store.turns import Turn
from tests.conftest import SQLITE
from tests.support.replica import LEASES, Replica

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("backend", [SQLITE], indirect=True)]

#: The tables that grow with every message.
WHOLE_TABLE = re.compile(r"SCAN (conversations|events|commands|turns|assignments)\b")


class Plans:
    """How SQLite goes about each statement that the service runs."""

    def __init__(self, replica: Replica) -> None:
        self.seen: dict[str, list[str]] = {}
        event.listen(replica.database.sync_engine, "before_cursor_execute", self._explain)

    def _explain(self, _: Any, cursor: Any, statement: str, parameters: Any, __: Any, many: bool) -> None:
        if statement in self.seen or not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            return
        other = cursor.connection.cursor()
        other.execute(f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters)
        self.seen[statement] = [row[3] for row in other.fetchall()]
        other.close()

    def read_whole(self) -> dict[str, list[str]]:
        """Return the statements that read a whole table, each with its plan."""
        return {
            statement: plan for statement, plan in self.seen.items() if any(WHOLE_TABLE.match(step) for step in plan)
        }


async def _answer(replica: Replica, turn: Turn) -> None:
    answer = c.FinishTurn(turn.epoch, turn.seq, (c.BotMessage("Svar"),))
    await replica.conversations.finish_turn(turn, answer, {"misses": 1}, 1.0)


async def test_no_message_reads_a_whole_table(replica: Replica) -> None:
    plans = Plans(replica)
    talks = [await replica.open() for _ in range(3)]
    # What comes together shares its statements: a plan for several is not the plan for one.
    await asyncio.gather(*(replica.do(talk, c.Say("Hej")) for talk in talks))
    await asyncio.gather(*(_answer(replica, turn) for turn in replica.started))
    guide = await replica.demo_guide()
    await replica.see(guide)
    for command in (c.AskHuman(), c.Claim(guide), c.Say("Tack"), c.Reply(guide, "Hej")):
        await asyncio.gather(*(replica.do(talk, command) for talk in talks))
    await replica.history(talks[0])
    assert len(plans.seen) > 10
    assert plans.read_whole() == {}


async def test_no_sweep_reads_a_whole_table(replica: Replica) -> None:
    plans = Plans(replica)
    await replica.do(await replica.open(), c.Say("Hej"))
    replica.clock.forward(seconds=2 * LEASES.turn.total_seconds())
    await replica.sweeper.sweep()
    await replica.waiting()
    await replica.see(await replica.demo_guide())
    await replica.dispatcher.dispatch()
    assert await replica.queue() == []
    assert plans.read_whole() == {}
