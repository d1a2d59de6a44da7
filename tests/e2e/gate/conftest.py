"""What the gate shares: rooms with a guide at the desk, one that is closed, and the record of the run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from catalogue.documents import CatalogueFiles
from catalogue.opening import ZONE
from handover.conversations import utc_now
from tests.e2e.conftest import NewPage
from tests.e2e.gate.record import Record
from tests.e2e.gate.stage import Stage, answers, staged
from tests.e2e.room import Room, open_room
from tests.support.clients import GuideClient
from tests.support.databases import Template
from tests.support.kontakt import ALWAYS_OPEN


def closed_now() -> dict[str, Any]:
    """Return hours that have it closed now, whatever day it is: open on one day a week, three days ahead."""
    day = f"{utc_now().astimezone(ZONE) + timedelta(days=3):%A}".lower()
    weekly = {name: ["10:00-12:00"] if name == day else [] for name in ALWAYS_OPEN["weekly"]}
    return {**ALWAYS_OPEN, "weekly": weekly, "holidays": {}}


@pytest.fixture(scope="session")
def record() -> Iterator[Record]:
    """What this run finds; written when it ends."""
    kept = Record()
    yield kept
    kept.write()


@pytest.fixture(scope="session")
def open_desk(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Room, GuideClient]]:
    """A room that is open, with a guide on duty who has room for many."""
    with open_room(sqlite_template, catalogue_files, tmp_path_factory.mktemp("open")) as room:
        room.kontakt.engine.answer = answers
        yield room, room.do(room.kontakt.guide())


@pytest.fixture(scope="session")
def closed_desk(
    sqlite_template: Template, catalogue_files: CatalogueFiles, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Room]:
    """A room at a time when nobody is there."""
    folder = tmp_path_factory.mktemp("closed")
    with open_room(sqlite_template, catalogue_files, folder, hours=closed_now()) as room:
        room.kontakt.engine.answer = answers
        yield room


@pytest.fixture
def stage(open_desk: tuple[Room, GuideClient], new_page: NewPage) -> Iterator[Stage]:
    """A browser of one's own while the desk is open."""
    with staged(*open_desk, new_page) as opened:
        yield opened
