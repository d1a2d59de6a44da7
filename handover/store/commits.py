"""Group commit: what comes at the same time shares one transaction, and so one write to disk.

While one transaction is being committed the next gathers. Nobody is told anything before the commit that holds it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection

from handover.core.errors import HandoverError
from handover.store.database import Database

log = structlog.get_logger(__name__)

#: The most items of one transaction; what it locks is let go soon.
MOST_IN_ONE = 128
#: Transactions that may be under way at the same time where the database takes more than one writer.
LANES = 2

type Work[Item, Result] = Callable[[Connection, Sequence[Item]], list[Result | HandoverError]]
type OnCommit[Result] = Callable[[Sequence[Result]], None]


class GroupCommit[Item, Result]:
    """Runs `work` on many items in one transaction; `submit` returns when the item's own part is committed.

    `work` must be safe to run again with the same items: when the connection breaks, nobody knows whether the commit
    was done, and the whole is tried once more. `on_commit` hears the results of each transaction, in the order of
    commits and before those who submitted them.
    """

    def __init__(self, database: Database, work: Work[Item, Result], on_commit: OnCommit[Result]) -> None:
        self._database = database
        self._work = work
        self._on_commit = on_commit
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._lanes = 1 if database.is_sqlite else LANES
        self._runners: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Result:
        """Return what `work` came to for this item, committed.

        Raises what it was refused with, or `database_unavailable`. A caller that is cancelled does not stop it.
        """
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if len(self._runners) < self._lanes:
            self._runners.add(asyncio.create_task(self._run(), name="group commit"))
        return await result

    async def close(self) -> None:
        """Return when everything that was submitted is settled."""
        while self._runners:
            await asyncio.wait(set(self._runners))

    async def _run(self) -> None:
        try:
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_ONE))]
                await self._settle(group)
        finally:
            # At once, not when the task is reaped: what is submitted in between would wait for nobody.
            self._runners -= {runner for runner in self._runners if runner is asyncio.current_task()}

    async def _settle(self, group: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._commit([item for item, _ in group])
        except HandoverError as error:
            for _, future in group:
                _fail(future, error)
        except Exception as error:
            if len(group) > 1:
                # One of them is at fault; apart, the others come through.
                for one in group:
                    await self._settle([one])
            else:
                _fail(group[0][1], error)
        else:
            self._on_commit([result for result in results if not isinstance(result, HandoverError)])
            for (_, future), result in zip(group, results, strict=True):
                if isinstance(result, HandoverError):
                    _fail(future, result)
                elif not future.done():
                    future.set_result(result)

    async def _commit(self, items: list[Item]) -> list[Result | HandoverError]:
        def work(connection: Connection) -> list[Result | HandoverError]:
            return self._work(connection, items)

        try:
            return await self._database.write(work)
        except HandoverError as error:
            log.warning("commit_failed", code=error.code, detail=str(error), items=len(items))
        return await self._database.write(work)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
