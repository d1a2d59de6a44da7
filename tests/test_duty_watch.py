"""Colleagues are told of what changed, once, and of nothing that is older than what a guide was told already."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from handover.bus import InProcessBus
from handover.duty import DutyWatch, Roster
from handover.store import accounts
from handover.store.database import Database
from tests.conftest import SQLITE
from tests.support.replica import AUTO_AWAY, GUIDE_LEASE
from tests.support.waiting import eventually

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("backend", [SQLITE], indirect=True)]


class SlowWatch(DutyWatch):
    """A watch whose rosters come only when the test lets them."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, InProcessBus(), GUIDE_LEASE, AUTO_AWAY)
        self.open, self.read = asyncio.Event(), 0
        self.open.set()

    async def roster(self) -> Roster:
        """Return what was there before the test let it pass."""
        found = await super().roster()
        self.read += 1
        await self.open.wait()
        return found


@pytest.fixture
async def watch(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlowWatch]:
    """A watch that looks all the time."""
    monkeypatch.setattr("handover.duty.GATHER_SECONDS", 0.01)
    monkeypatch.setattr("handover.duty.LOOK_EVERY_SECONDS", 0.02)
    made = SlowWatch(database)
    task = asyncio.create_task(made.run())
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def guide_of(database: Database) -> str:
    """Return the id of a guide."""
    account = await database.read(lambda connection: accounts.find_account(connection, "guide"))
    assert account is not None
    return account.id


async def test_roster_that_is_older_than_a_choice_is_not_told(watch: SlowWatch, database: Database) -> None:
    guide, told = await guide_of(database), list[str]()
    await watch.see(guide)
    watch.open.clear()
    read = watch.read
    watch.watch(lambda roster: told.append(roster[0].standing.presence), [])
    await eventually(lambda: watch.read > read, "a roster that is under way")
    await watch.set_presence(guide, "busy")
    await watch.set_presence(guide, "closed")
    watch.open.set()
    await eventually(lambda: told == ["closed"], "the last choice, and nothing before it")


async def test_nothing_is_told_while_nothing_changes_nor_to_whoever_has_left(
    watch: SlowWatch, database: Database
) -> None:
    guide, told, left = await guide_of(database), list[Roster](), list[Roster]()
    await watch.see(guide)
    watch.watch(told.append, await watch.roster())
    stop = watch.watch(left.append, [])
    await eventually(lambda: len(left) == 1, "the first roster of somebody who knew none")
    stop()
    read = watch.read
    await eventually(lambda: watch.read > read + 3, "some looks")
    assert told == []
    await watch.set_presence(guide, "busy")
    await eventually(lambda: len(told) == 1, "the change")
    assert len(left) == 1
