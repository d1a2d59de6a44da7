"""What a start serves: the model in service with its data, unless the data folder or the program is newer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from handover.settings import Settings
from handover.store import models
from handover.store.database import Database
from handover.store.migrate import migrate
from handover.store.models import Line, Model
from handover.store.supervision import RULE
from scripts.serving import FIRST, NEWER_DATA, NEWER_PROGRAM, choose, note_served
from tests.support.small_catalogue import write_data
from tests.swap.model_files import make_small


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a start on an empty database and a small data folder."""
    made = Settings(data_dir=tmp_path / "var", data=write_data(tmp_path / "data"))
    made.data_dir.mkdir()
    asyncio.run(migrate(made.resolved_database_url))
    return made


def start(settings: Settings, model: str) -> tuple[Path, list[Line]]:
    """Start, with `model` as what is trained; return the data that is served and the log, the oldest first."""
    served = choose(settings)
    path = settings.data_dir / "engine" / "models" / f"{model}.tar.gz"
    make_small(path, f"{model}-id")
    note_served(settings, served, path)
    return served.data, asyncio.run(_lines(settings))[::-1]


async def _lines(settings: Settings) -> list[Line]:
    database = Database(settings.resolved_database_url)
    try:
        return await database.read(models.list_lines)
    finally:
        await database.close()


def put(settings: Settings, model: Model) -> None:
    """Put a model into service, as from the page."""

    def work(connection: Connection) -> None:
        models.add_model(connection, model)
        models.add_line(connection, datetime.now(UTC), model.name, "put", RULE, "prov")

    async def write() -> None:
        database = Database(settings.resolved_database_url)
        await database.write(work)
        await database.close()

    asyncio.run(write())


def tuned(settings: Settings, name: str) -> Model:
    """Return a model of a change set that was branched from today's data folder."""
    tree = write_data(settings.trees / "0abc")
    return Model(name, choose(settings).base, str(tree), datetime.now(UTC), commit="0abc")


def test_the_first_start_puts_the_first_model_into_service_and_the_next_changes_nothing(settings: Settings) -> None:
    for _ in range(2):
        data, lines = start(settings, "first")
        assert data == settings.data
        assert [(line.model, line.kind, line.why, line.who) for line in lines] == [("first", "put", FIRST, RULE)]


def test_the_model_in_service_is_served_with_its_data(settings: Settings) -> None:
    start(settings, "first")
    put(settings, tuned(settings, "tuned"))
    data, lines = start(settings, "tuned")
    assert data == settings.trees / "0abc"
    assert [line.model for line in lines] == ["first", "tuned"]


def test_a_newer_data_folder_wins_and_that_is_said(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    start(settings, "first")
    put(settings, tuned(settings, "tuned"))
    (settings.data / "phrases.yml").write_text("# ny", encoding="utf-8")
    data, lines = start(settings, "newer")
    assert data == settings.data
    assert (lines[-1].model, lines[-1].why) == ("newer", NEWER_DATA)
    assert "the data folder has changed since tuned was made" in capsys.readouterr().out


def test_a_newer_program_trains_the_data_in_service_anew(settings: Settings) -> None:
    start(settings, "first")
    put(settings, tuned(settings, "tuned"))
    data, lines = start(settings, "tuned-by-today")
    assert data == settings.trees / "0abc"
    assert (lines[-1].model, lines[-1].why) == ("tuned-by-today", NEWER_PROGRAM)
    assert choose(settings).data == settings.trees / "0abc"


def test_data_that_is_gone_is_not_served(settings: Settings) -> None:
    start(settings, "first")
    model = tuned(settings, "tuned")
    put(settings, model)
    for path in sorted(Path(model.tree).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    Path(model.tree).rmdir()
    assert choose(settings).data == settings.data
