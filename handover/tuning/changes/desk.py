"""Everything that an editor's pages need of change sets, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handover.conversations import Clock, utc_now
from handover.store.database import Database
from handover.tuning.changes.check import ChangeCheck
from handover.tuning.changes.live import NeighbourCheck
from handover.tuning.changes.repository import DataRepository
from handover.tuning.changes.sets import ChangeSets
from handover.tuning.changes.trees import Trees


@dataclass(frozen=True)
class ChangeDesk:
    """Change sets, the trees of their commits, and what checks them."""

    sets: ChangeSets
    trees: Trees
    check: ChangeCheck
    #: None where no engine tells what an example does to its neighbours.
    neighbours: NeighbourCheck | None = None


def open_desk(
    data: Path, folder: Path, database: Database, clock: Clock = utc_now, neighbours: NeighbourCheck | None = None
) -> ChangeDesk:
    """Return the desk of a data folder; what it makes of its own lies in `folder`. Nothing is read yet."""
    repository = DataRepository(data, folder / "repository.git")
    trees = Trees(folder / "trees", repository)
    return ChangeDesk(ChangeSets(database, repository, clock), trees, ChangeCheck(trees), neighbours)
