"""The database: one engine, short transactions, and the differences between SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from handover.core.errors import HandoverError

BUSY_TIMEOUT_MS = 5_000
#: How long a connection, and one statement, may be waited for.
POOL_TIMEOUT_SECONDS = 5.0
STATEMENT_TIMEOUT_SECONDS = 5.0
#: What a database that is away makes the drivers and the pool raise.
_FAULTS = (DBAPIError, PoolTimeoutError, OSError, TimeoutError)


class Database:
    """Runs functions of a `Connection` in transactions; commits on success, rolls back on any error.

    On SQLite one writer at a time: the lock here keeps writers from waiting on each other inside the database.
    """

    def __init__(self, url: str, statement_timeout_seconds: float | None = STATEMENT_TIMEOUT_SECONDS) -> None:
        self._url = make_url(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self._engine = _create_engine(url, self.is_sqlite, statement_timeout_seconds)
        self._reader = self._engine.execution_options(reader=True)
        self._write_lock = asyncio.Lock() if self.is_sqlite else None

    @property
    def engine(self) -> AsyncEngine:
        """The engine below; for migrations and benches."""
        return self._engine

    async def write[T](self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that is committed when this returns.

        Raises `HandoverError("database_unavailable")` when the database does not answer, is read-only or full.
        """
        try:
            async with self._writer(), self._engine.begin() as connection:
                return await connection.run_sync(work)
        except _FAULTS as error:
            raise _translated(error) from error

    async def read[T](self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which only reads; raises `HandoverError("database_unavailable")` as `write` does."""
        try:
            async with self._reader.connect() as connection:
                return await connection.run_sync(work)
        except _FAULTS as error:
            raise _translated(error) from error

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()

    def _writer(self) -> AbstractAsyncContextManager[Any]:
        return self._write_lock or nullcontext()


def _translated(error: Exception) -> Exception:
    """Say "unavailable" for faults of the database; faults of our own SQL stay what they are."""
    ours = isinstance(error, DBAPIError) and not isinstance(error, InterfaceError)
    if ours and type(error).__name__ in ("IntegrityError", "ProgrammingError", "DataError"):
        return error
    return HandoverError("database_unavailable", type(error).__name__)


def _create_engine(url: str, is_sqlite: bool, statement_timeout_seconds: float | None) -> AsyncEngine:
    if not is_sqlite:
        return create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            pool_timeout=POOL_TIMEOUT_SECONDS,
            # A server that is cut off without a word would otherwise be waited for without end.
            connect_args={"timeout": POOL_TIMEOUT_SECONDS, "command_timeout": statement_timeout_seconds},
            hide_parameters=True,
        )
    engine = create_async_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000}, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        """Write-ahead log, and every commit on disk before it returns."""
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reader", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
