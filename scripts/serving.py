"""What a start serves: the model in service with its data, or what is made of a data folder that is newer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from catalogue.tree import fingerprint, keep_copy
from handover.settings import Settings
from handover.store import models
from handover.store.database import Database
from handover.store.models import Model
from handover.store.supervision import RULE
from keeper.model_files import ModelFiles, read_model_id
from scripts.stack import say

FIRST = "Den första modellen."
NEWER_DATA = "Datamappen är ändrad sedan modellen som var i drift gjordes."
NEWER_PROGRAM = "Programmet är ändrat sedan modellen som var i drift gjordes."


@dataclass(frozen=True)
class Served:
    """The data that is served, the copy of it that stays, and what both were branched from."""

    data: Path
    tree: Path
    base: str
    #: The model in service until now, None at the first start.
    live: Model | None
    #: Why another model comes into service, where one does.
    why: str

    @property
    def commit(self) -> str | None:
        """The commit that the data is of; None where it is the data folder's own."""
        return self.live.commit if self.live and self.why == NEWER_PROGRAM else None


def choose(settings: Settings) -> Served:
    """Return what is to be served: a newer data folder wins over the model in service, and that is said."""
    live = asyncio.run(_with(settings, _find_live))
    base = fingerprint(settings.data)
    if live is not None and live.base == base and Path(live.tree).is_dir():
        # Its own files are read where they are, so that a fault is told with their names.
        data = Path(live.tree) if live.commit else settings.data
        return Served(data, Path(live.tree), base, live, NEWER_PROGRAM)
    if live is not None:
        say(f"the data folder has changed since {live.name} was made: serving the data folder")
    tree = keep_copy(settings.data, settings.trees)
    return Served(settings.data, tree, base, live, NEWER_DATA if live else FIRST)


def note_served(settings: Settings, served: Served, path: Path) -> None:
    """Note that this model serves from now on, unless it did already."""
    file = ModelFiles(path.parent).get(path.name.removesuffix(".tar.gz"))
    model = Model(
        name=file.name,
        base=served.base,
        tree=str(served.tree),
        made_at=file.made_at,
        model_id=read_model_id(file),
        commit=served.commit,
    )

    def work(connection: Connection) -> None:
        models.add_model(connection, model)
        if models.read_service(connection).live != model.name:
            models.add_line(connection, datetime.now(UTC), model.name, "put", RULE, served.why)

    asyncio.run(_with(settings, work, write=True))


def _find_live(connection: Connection) -> Model | None:
    live = models.read_service(connection).live
    return models.find_model(connection, live) if live else None


async def _with[T](settings: Settings, work: Callable[[Connection], T], write: bool = False) -> T:
    database = Database(settings.resolved_database_url)
    try:
        return await (database.write(work) if write else database.read(work))
    finally:
        await database.close()
