"""Migrations build the schema that the code describes, once, however many replicas start together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from catalogue.models import Base
from handover.store.database import Database
from handover.store.migrate import migrate, upgrade
from handover.store.tables import metadata
from tests.conftest import SQLITE
from tests.support.databases import Postgres, sqlite_url

pytestmark = pytest.mark.anyio


@pytest.fixture
def empty_postgres(backend: str, request: pytest.FixtureRequest) -> Postgres | None:
    """The server, where the test runs on it."""
    server: Postgres | None = None if backend == SQLITE else request.getfixturevalue("postgres")
    return server


@pytest.fixture
async def empty_url(empty_postgres: Postgres | None, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database with nothing in it."""
    if empty_postgres is None:
        yield sqlite_url(tmp_path / "empty.sqlite3")
        return
    async with empty_postgres.database(None) as name:
        yield empty_postgres.url(name)


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, [metadata, Base.metadata]))  # type: ignore[arg-type]


async def test_migrated_schema_equals_the_metadata(database: Database) -> None:
    assert await database.read(_differences) == []


async def test_migrated_schema_has_the_checks_of_the_metadata(database: Database) -> None:
    def checks(connection: Connection) -> dict[str, set[str | None]]:
        look = inspect(connection)
        return {name: {one["name"] for one in look.get_check_constraints(name)} for name in look.get_table_names()}

    found = await database.read(checks)
    for table in (*metadata.tables.values(), *Base.metadata.tables.values()):
        wanted = {str(one.name) for one in table.constraints if one.__visit_name__ == "check_constraint"}
        assert wanted <= found[table.name], table.name


async def test_second_migration_changes_nothing(database: Database) -> None:
    await database.write(upgrade)
    assert await database.read(_differences) == []


async def test_migrations_run_once_though_several_start_together(empty_url: str) -> None:
    await asyncio.gather(*(migrate(empty_url) for _ in range(4)))
    database = Database(empty_url)
    try:
        versions = await database.read(
            lambda connection: list(connection.scalars(text("SELECT version_num FROM alembic_version")))
        )
        assert versions == ["0007"]
        assert await database.read(_differences) == []
    finally:
        await database.close()
