"""What all tests share: real databases, a real server, an engine double."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from handover.conversations import Clock, utc_now
from handover.settings import Settings
from handover.store.database import Database
from tests.engine_fixture import engine as engine
from tests.support.databases import (
    Postgres,
    Template,
    copy_sqlite,
    make_postgres_template,
    make_sqlite_template,
    postgres_server,
)
from tests.support.engine_double import EngineDouble, engine_double
from tests.support.kontakt import Kontakt, make_settings, make_small_data, running_kontakt

SQLITE, POSTGRES = "sqlite", "postgres"
StartKontakt = Callable[..., AbstractAsyncContextManager[Kontakt]]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, the loop of the product."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the whole session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Template:
    """The migrated PostgreSQL database that tests get copies of."""
    return make_postgres_template(postgres)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The migrated SQLite file that tests get copies of."""
    return make_sqlite_template(tmp_path_factory.mktemp("sqlite") / "template.sqlite3")


@pytest.fixture(params=[SQLITE, POSTGRES])
def backend(request: pytest.FixtureRequest) -> str:
    """The kind of database; every test that uses one runs on both."""
    return str(request.param)


@pytest.fixture
def template(backend: str, request: pytest.FixtureRequest) -> Template:
    """The migrated database of this kind to copy; only the kinds that are used are ever started."""
    found: Template = request.getfixturevalue(f"{backend}_template")
    return found


@pytest.fixture
async def database_url(
    backend: str, template: Template, request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[str]:
    """The address of a migrated database of the test's own, with the demo accounts and nothing else."""
    if backend == SQLITE:
        yield copy_sqlite(template, tmp_path / "kontakt.sqlite3")
        return
    server: Postgres = request.getfixturevalue("postgres")
    async with server.database(template.source) as name:
        yield server.url(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The test's database, opened."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def passwords(template: Template) -> dict[str, str]:
    """The demo accounts' passwords by user name."""
    return template.passwords


@pytest.fixture
async def engine_stub(anyio_backend: str) -> AsyncIterator[EngineDouble]:
    """The engine double, running."""
    async with engine_double() as double:
        yield double


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the real phrases and a few real crisis patterns: all of them take half a second to compile."""
    return make_small_data(tmp_path_factory.mktemp("data"))


@pytest.fixture
def app_settings(database_url: str, engine_stub: EngineDouble, small_data: Path, tmp_path: Path) -> Settings:
    """The settings of the app under test; `model_copy` changes them."""
    return make_settings(database_url, engine_stub, tmp_path, data=small_data)


@pytest.fixture
def start_kontakt(app_settings: Settings, engine_stub: EngineDouble, passwords: dict[str, str]) -> StartKontakt:
    """Starts the app, with changed settings where a test needs them."""

    def start(
        port: int | None = None, clock: Clock = utc_now, **changed: object
    ) -> AbstractAsyncContextManager[Kontakt]:
        settings = app_settings.model_copy(update=changed)
        return running_kontakt(settings, engine_stub, passwords, port, clock)

    return start


@pytest.fixture
async def kontakt(start_kontakt: StartKontakt) -> AsyncIterator[Kontakt]:
    """The app, running."""
    async with start_kontakt() as running:
        yield running
