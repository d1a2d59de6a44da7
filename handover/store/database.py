"""The database: short transactions, and the differences between SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine

from handover.core.errors import HandoverError

BUSY_TIMEOUT_MS = 5_000
BUSY_RETRY_SECONDS = 0.01
#: How long a connection, and one statement, may be waited for.
POOL_TIMEOUT_SECONDS = 5.0
STATEMENT_TIMEOUT_SECONDS = 5.0
#: Reads of an SQLite file that go on at the same time, beside the one writer.
SQLITE_READERS = 4
#: What a database that is away makes the drivers and the pool raise.
_FAULTS = (DBAPIError, PoolTimeoutError, OSError, TimeoutError, sqlite3.OperationalError)

#: Classes of PostgreSQL's SQLSTATE that a connection is not to blame for: values, constraints, statements.
_OUR_FAULTS = frozenset({"0A", "21", "22", "23", "42"})

type Work[T] = Callable[[Connection], T]


class Database:
    """Runs functions of a `Connection` in transactions; commits on success, rolls back on any error."""

    def __init__(self, url: str, statement_timeout_seconds: float | None = STATEMENT_TIMEOUT_SECONDS) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._backend: _Backend = _Sqlite(parsed) if self.is_sqlite else _Postgres(parsed, statement_timeout_seconds)

    @property
    def sync_engine(self) -> Engine:
        """The engine below; for tests that look on."""
        return self._backend.sync_engine

    async def write[T](self, work: Work[T]) -> T:
        """Run `work` in a transaction that is committed when this returns; a cancelled one is done or not, not half.

        Raises `HandoverError("database_unavailable")` when the database does not answer, is read-only or full.
        """
        try:
            return await self._backend.write(work)
        except _FAULTS as error:
            raise _translated(error) from error

    async def read[T](self, work: Work[T]) -> T:
        """Run `work`, which only reads; raises `HandoverError("database_unavailable")` as `write` does."""
        try:
            return await self._backend.read(work)
        except _FAULTS as error:
            raise _translated(error) from error

    async def close(self) -> None:
        """Give all connections back."""
        await self._backend.close()


class _Backend(Protocol):
    @property
    def sync_engine(self) -> Engine: ...

    async def write[T](self, work: Work[T]) -> T: ...

    async def read[T](self, work: Work[T]) -> T: ...

    async def close(self) -> None: ...


class _Sqlite:
    """A file, written by one thread and read by a few, each transaction in one piece.

    An asynchronous driver would cross threads at every statement: ten times in a short transaction.
    """

    def __init__(self, url: URL) -> None:
        self.sync_engine = create_engine(
            url.set(drivername="sqlite"), connect_args={"timeout": BUSY_TIMEOUT_MS / 1_000}, hide_parameters=True
        )
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        #: Used by the writer's thread alone, and kept: taking one from the pool costs as much as beginning.
        self._kept: Connection | None = None
        self._readers = ThreadPoolExecutor(SQLITE_READERS, thread_name_prefix="sqlite-reader")
        event.listen(self.sync_engine, "connect", _configure)

    async def write[T](self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, work)

    async def read[T](self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def close(self) -> None:
        self._readers.shutdown(wait=False)
        # After the last transaction, in the thread that runs it: the loop is not held up.
        await asyncio.get_running_loop().run_in_executor(self._writer, self._dispose)
        self._writer.shutdown(wait=False)

    def _write[T](self, work: Work[T]) -> T:
        self._kept = connection = self._kept or self.sync_engine.connect()
        try:
            with connection.begin():
                # An event that begins the transaction would be looked for at each of its statements.
                _begin(connection, "BEGIN IMMEDIATE")
                return work(connection)
        except BaseException:
            # What state it is in nobody knows.
            self._kept = None
            connection.close()
            raise

    def _dispose(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self.sync_engine.dispose()

    def _read[T](self, work: Work[T]) -> T:
        with self.sync_engine.connect() as connection:
            _begin(connection, "BEGIN")
            return work(connection)


class _Postgres:
    """A server, through a pool of connections."""

    def __init__(self, url: URL, statement_timeout_seconds: float | None) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            pool_timeout=POOL_TIMEOUT_SECONDS,
            # A server that is cut off without a word would otherwise be waited for without end.
            connect_args={"timeout": POOL_TIMEOUT_SECONDS, "command_timeout": statement_timeout_seconds},
            hide_parameters=True,
        )
        self.sync_engine = self._engine.sync_engine

    async def write[T](self, work: Work[T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read[T](self, work: Work[T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


def _translated(error: Exception) -> Exception:
    """Say "unavailable" for faults of the database; faults of our own SQL, and of what it holds, stay what they are."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        if state[:2] in _OUR_FAULTS or (
            isinstance(error, IntegrityError | ProgrammingError | DataError) and not isinstance(error, InterfaceError)
        ):
            return error
    return HandoverError("database_unavailable", type(error).__name__)


def _begin(connection: Connection, statement: str) -> None:
    """Begin on the driver's own connection: SQLAlchemy's way to a statement takes longer than this one."""
    connection.connection.cursor().execute(statement)


def _configure(connection: Any, _: Any) -> None:
    """Write-ahead log, and every commit on disk before it returns."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _keep_write_ahead_log(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _keep_write_ahead_log(cursor: Any) -> None:
    """Switch the file to a write-ahead log; of two that open a new file at once SQLite refuses one without waiting."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
        time.sleep(BUSY_RETRY_SECONDS)
