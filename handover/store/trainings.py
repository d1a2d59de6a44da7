"""Trainings and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from handover.store import tables as t
from handover.store.supervision import Who

RUNNING = ("queued", "training", "judging")
#: How many are listed.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Training:
    """A training; `figures` are those of its judgement, once there is one."""

    id: str
    change_set: str
    commit: str
    state: str
    who: Who
    started_at: datetime
    model: str | None = None
    problem: str | None = None
    ended_at: datetime | None = None
    figures: Mapping[str, Any] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state in RUNNING


def add_training(connection: Connection, training: Training) -> None:
    """Add a training that begins."""
    connection.execute(
        insert(t.trainings),
        {
            "id": training.id,
            "change_set": training.change_set,
            "commit": training.commit,
            "state": training.state,
            "started_by_id": training.who.id,
            "started_by_name": training.who.name,
            "started_at": training.started_at,
        },
    )


def find_training(connection: Connection, training: str) -> Training | None:
    """Return a training, None when nobody knows it."""
    row = connection.execute(select(t.trainings).where(t.trainings.c.id == training)).mappings().one_or_none()
    return _training(row) if row else None


def list_trainings(connection: Connection, limit: int = PAGE) -> list[Training]:
    """Return the newest first."""
    query = select(t.trainings).order_by(t.trainings.c.started_at.desc(), t.trainings.c.id).limit(limit)
    return [_training(row) for row in connection.execute(query).mappings()]


def move_training(connection: Connection, training: str, state: str) -> None:
    """Note how far a training is that has not ended."""
    _update(connection, training, {"state": state})


def end_training(
    connection: Connection,
    training: str,
    state: str,
    at: datetime,
    model: str | None = None,
    problem: str | None = None,
    figures: Mapping[str, Any] | None = None,
) -> bool:
    """Note the end of a training; False where somebody else has noted it already."""
    values = {"state": state, "ended_at": at, "model": model, "problem": problem, "figures": figures}
    return _update(connection, training, values)


def _update(connection: Connection, training: str, values: Mapping[str, Any]) -> bool:
    table = t.trainings
    running = table.c.state.in_(RUNNING)
    return bool(connection.execute(update(table).where(table.c.id == training, running).values(**values)).rowcount)


def _training(row: RowMapping) -> Training:
    return Training(
        id=row["id"],
        change_set=row["change_set"],
        commit=row["commit"],
        state=row["state"],
        who=Who(row["started_by_id"], row["started_by_name"]),
        started_at=row["started_at"],
        model=row["model"],
        problem=row["problem"],
        ended_at=row["ended_at"],
        figures=row["figures"],
    )
