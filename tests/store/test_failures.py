"""A database that is away, read-only or full: one named error, and nothing half-written."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from handover.core import commands as c
from handover.core import events as e
from handover.core.errors import HandoverError
from handover.store.database import Database
from handover.store.execute import Entry, execute_one
from tests.conftest import SQLITE
from tests.support.databases import Postgres, sqlite_url
from tests.support.replica import Replica
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
Switch = Callable[[bool], Awaitable[None]]


@pytest.fixture
async def make_read_only(
    backend: str, replica: Replica, database_url: str, request: pytest.FixtureRequest
) -> Callable[[], Awaitable[None]]:
    """Makes the database refuse writes from now on, as a full or failed-over one does."""

    async def sqlite() -> None:
        pool = replica.database.sync_engine

        def refuse(connection: object, *_: object) -> None:
            connection.execute("PRAGMA query_only=ON")  # type: ignore[attr-defined]

        event.listen(pool, "checkout", refuse)
        await _lose_kept_connection(replica.database)

    async def postgres() -> None:
        server: Postgres = request.getfixturevalue("postgres")
        await server.run(f"ALTER DATABASE {make_url(database_url).database} SET default_transaction_read_only = on")
        await replica.database.close()

    return sqlite if backend == SQLITE else postgres


async def _lose_kept_connection(database: Database) -> None:
    """Make the writer of an SQLite file take another connection: it keeps its own until something fails."""

    def fail(connection: Connection) -> None:
        raise RuntimeError("the writer's connection is given back")

    with pytest.raises(RuntimeError):
        await database.write(fail)


async def test_read_only_database_refuses_every_write_and_keeps_what_was(
    replica: Replica, make_read_only: Callable[[], Awaitable[None]]
) -> None:
    talk = await replica.open()
    await replica.do(talk, c.AskHuman())
    before = await replica.look(talk)
    await make_read_only()
    for command in (c.Say("Hej"), c.Claim(c.Guide("g", "G")), c.CitizenClose()):
        with pytest.raises(HandoverError, match="database_unavailable"):
            await replica.do(talk, command)
    with pytest.raises(HandoverError, match="database_unavailable"):
        await replica.open()
    with pytest.raises(HandoverError, match="database_unavailable"):
        await replica.sweeper.sweep()
    assert await replica.look(talk) == before
    assert await replica.kinds(talk) == ["opened", "escalated"]


async def test_write_that_fails_halfway_leaves_nothing(replica: Replica) -> None:
    talk = await replica.open()

    def half(connection: object) -> None:
        execute_one(connection, Entry(talk, "first-half", c.Say("Hej"), replica.clock()))  # type: ignore[arg-type]
        raise RuntimeError("the process dies here")

    with pytest.raises(RuntimeError):
        await replica.database.write(half)
    assert await replica.kinds(talk) == ["opened"]
    outcome = await replica.do(talk, c.Say("Hej"), "first-half")
    assert (outcome.seq, outcome.repeated) == (2, False)


async def test_cancelled_write_leaves_all_or_nothing(replica: Replica) -> None:
    talk = await replica.open()
    task = asyncio.create_task(replica.do(talk, c.Say("Hej"), "cancelled-id"))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    outcome = await replica.do(talk, c.Say("Hej"), "cancelled-id")
    assert outcome.seq == 2
    assert await replica.kinds(talk) == ["opened", "message"]


@pytest.mark.parametrize("backend", [SQLITE], indirect=True)
async def test_full_disk_refuses_and_keeps_what_was(replica: Replica) -> None:
    talk = await replica.open()

    def fill(connection: object, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]

    event.listen(replica.database.sync_engine, "checkout", fill)
    await _lose_kept_connection(replica.database)
    stored = 0
    with pytest.raises(HandoverError, match="database_unavailable"):
        for stored in range(200):  # noqa: B007  (how many went in is what is looked at)
            await replica.do(talk, c.Say("x" * 4_000))
    page = await replica.conversations.read(talk, 0)
    said = [one.event for one in page.events if isinstance(one.event, e.Message)]
    assert len(said) == stored
    assert page.conversation.last_seq == stored + 1


@pytest.mark.parametrize("address", ["missing", "refused", "gone"])
async def test_database_that_is_not_there_gives_the_named_error(
    address: str, tmp_path: Path, postgres: Postgres
) -> None:
    url = {
        "missing": sqlite_url(tmp_path / "no" / "such" / "folder.sqlite3"),
        "refused": "postgresql+asyncpg://postgres@127.0.0.1:1/kontakt",
        "gone": postgres.url("no_such_database"),
    }[address]
    before = set(threading.enumerate())
    database = Database(url)
    try:
        for run in (database.read, database.write):
            with pytest.raises(HandoverError, match="database_unavailable"):
                await run(lambda connection: None)  # type: ignore[operator]
    finally:
        await database.close()
    # aiosqlite's thread tells this loop of its end; the loop must outlive it.
    await eventually(lambda: set(threading.enumerate()) <= before, "the driver's threads to end")


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_database_that_comes_back_is_used_again(replica: Replica, database_url: str, postgres: Postgres) -> None:
    talk = await replica.open()
    name = make_url(database_url).database
    await postgres.run(
        f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    with pytest.raises(HandoverError, match="database_unavailable"):
        await replica.do(talk, c.Say("Hej"), "sent-again")
    await postgres.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    outcome = await replica.do(talk, c.Say("Hej"), "sent-again")
    assert (outcome.seq, outcome.repeated) == (2, False)


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_no_free_connection_is_the_database_being_away(database: Database) -> None:
    pool = database.sync_engine.pool
    pool._timeout = 0.05  # type: ignore[attr-defined]  # The five seconds of the product would only be waited out.
    engine = AsyncEngine(database.sync_engine)
    held = [await engine.connect() for _ in range(20)]
    try:
        with pytest.raises(HandoverError, match="database_unavailable"):
            await database.read(lambda connection: None)
    finally:
        for connection in held:
            await connection.close()
