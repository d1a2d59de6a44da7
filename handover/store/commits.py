"""Group commit: what comes at the same time shares one transaction, and so one write to disk.

While one transaction is being committed the next gathers. Nobody is told anything before the commit that holds it; work
that tells nobody anything may begin while it goes on.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection

from handover.core.errors import HandoverError
from handover.store.database import Database

log = structlog.get_logger(__name__)

#: The most items of one transaction; what it locks is let go soon.
MOST_IN_ONE = 128
#: When only so few came while the last transaction was under way, a moment is given for more: a transaction costs about
#: as much for ten as for one, and a process busy with small ones keeps everybody waiting. Who is alone never waits.
FEW, GATHER_SECONDS = 32, 0.006
#: Transactions that may be under way at the same time where the database takes more than one writer.
LANES = 2

type Work[Item, Result] = Callable[[Connection, Sequence[Item]], list[Result | HandoverError]]
type OnCommit[Result] = Callable[[Sequence[Result]], None]
#: Hears the results that are about to be committed, and what is done when they are, or cancelled when they are not.
type BeforeCommit[Result] = Callable[[Sequence[Result], asyncio.Future[None]], None]


class GroupCommit[Item, Result]:
    """Runs `work` on many items in one transaction; `submit` returns when the item's own part is committed.

    `work` must be safe to run again with the same items: when the connection breaks, nobody knows whether the commit
    was done, and the whole is tried once more. `on_commit` hears the results of each transaction, before those who
    submitted them. Items of one `key` are committed in the order in which they came, and never in two transactions at
    the same time, so that `on_commit` hears of them in that order too. `before_commit` is called within the
    transaction, by whatever thread runs it; when a transaction is tried again, so is this.
    """

    def __init__(
        self,
        database: Database,
        work: Work[Item, Result],
        on_commit: OnCommit[Result],
        key: Callable[[Item], Hashable],
        before_commit: BeforeCommit[Result] = lambda results, committed: None,
    ) -> None:
        self._database = database
        self._work = work
        self._on_commit = on_commit
        self._key = key
        self._before_commit = before_commit
        self._under_way: set[Hashable] = set()
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
            while group := self._take():
                keys = {self._key(item) for item, _ in group}
                self._under_way |= keys
                try:
                    await self._settle(group)
                finally:
                    self._under_way -= keys
                if 0 < len(self._waiting) < FEW:
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            # At once, not when the task is reaped: what is submitted in between would wait for nobody.
            self._runners -= {runner for runner in self._runners if runner is asyncio.current_task()}

    def _take(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """Return what may be committed now; the rest waits for the transaction that its key is in."""
        group: list[tuple[Item, asyncio.Future[Result]]] = []
        later: list[tuple[Item, asyncio.Future[Result]]] = []
        while self._waiting and len(group) < MOST_IN_ONE:
            one = self._waiting.popleft()
            (later if self._key(one[0]) in self._under_way else group).append(one)
        self._waiting.extendleft(reversed(later))
        return group

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
            self._on_commit(_accepted(results))
            for (_, future), result in zip(group, results, strict=True):
                if isinstance(result, HandoverError):
                    _fail(future, result)
                elif not future.done():
                    future.set_result(result)

    async def _commit(self, items: list[Item]) -> list[Result | HandoverError]:
        try:
            return await self._transact(items)
        except HandoverError as error:
            log.warning("commit_failed", code=error.code, detail=str(error), items=len(items))
        return await self._transact(items)

    async def _transact(self, items: list[Item]) -> list[Result | HandoverError]:
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def work(connection: Connection) -> list[Result | HandoverError]:
            results = self._work(connection, items)
            self._before_commit(_accepted(results), committed)
            return results

        try:
            results = await self._database.write(work)
        except BaseException:
            committed.cancel()
            raise
        committed.set_result(None)
        return results


def _accepted[Result](results: Sequence[Result | HandoverError]) -> list[Result]:
    return [result for result in results if not isinstance(result, HandoverError)]


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
