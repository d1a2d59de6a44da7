"""Models and which of them was in service when; the switches are an audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, exists, insert, select, update

from handover.core.events import State
from handover.core.models import Service, Switch, SwitchKind
from handover.store import tables as t
from handover.store.supervision import RULE, Who

Kind = Literal["begun", "put", "rolled_back", "failed"]
#: The newest lines of the log that are shown at once.
PAGE = 50
_CAME_INTO_SERVICE = [kind.value for kind in SwitchKind]
#: Times of two lines that follow each other differ, so that it is clear which model was in service when.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Model:
    """A model, and what it was made from."""

    name: str
    base: str
    tree: str
    made_at: datetime
    who: Who = RULE
    model_id: str | None = None
    commit: str | None = None
    figures: Mapping[str, Any] | None = None
    gate: Mapping[str, Any] | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log."""

    id: int
    at: datetime
    model: str
    kind: Kind
    who: Who
    why: str
    overridden: bool


def add_model(connection: Connection, model: Model) -> None:
    """Add a model; one of this name that is there already stays as it is, but is kept again."""
    kept = update(t.models).where(t.models.c.name == model.name).values(kept=True)
    if not connection.execute(kept).rowcount:
        connection.execute(
            insert(t.models),
            {
                "name": model.name,
                "model_id": model.model_id,
                "commit": model.commit,
                "base": model.base,
                "tree": model.tree,
                "figures": None if model.figures is None else dict(model.figures),
                "gate": None if model.gate is None else dict(model.gate),
                "made_at": model.made_at,
                "made_by_id": model.who.id,
                "made_by_name": model.who.name,
                "kept": model.kept,
            },
        )


def find_model(connection: Connection, name: str) -> Model | None:
    """Return a model, None when nobody knows it."""
    row = connection.execute(select(t.models).where(t.models.c.name == name)).mappings().one_or_none()
    return _model(row) if row else None


def list_models(connection: Connection) -> list[Model]:
    """Return all models, the newest first."""
    query = select(t.models).order_by(t.models.c.made_at.desc(), t.models.c.name)
    return [_model(row) for row in connection.execute(query).mappings()]


def note_model_id(connection: Connection, name: str, model_id: str) -> None:
    """Note what a model calls itself, which is only known once it was loaded."""
    connection.execute(update(t.models).where(t.models.c.name == name).values(model_id=model_id))


def forget_file(connection: Connection, name: str) -> None:
    """Note that the file of a model is no longer kept."""
    connection.execute(update(t.models).where(t.models.c.name == name).values(kept=False))


def add_line(
    connection: Connection, at: datetime, model: str, kind: Kind, who: Who, why: str, overridden: bool = False
) -> Line:
    """Add a line to the log, later than the last one by the clock or by a tick; return it."""
    last = last_line(connection)
    if last is not None and at <= last.at:
        at = last.at + _TICK
    values = {
        "at": at, "model": model, "kind": kind, "by_id": who.id, "by_name": who.name, "why": why,
        "overridden": overridden,
    }  # fmt: skip
    done = connection.execute(insert(t.model_switches).values(**values).returning(t.model_switches.c.id))
    return Line(done.scalar_one(), at, model, kind, who, why, overridden)


def last_line(connection: Connection) -> Line | None:
    """Return the newest line of the log."""
    return next(iter(list_lines(connection, 1)), None)


def list_lines(connection: Connection, limit: int = PAGE) -> list[Line]:
    """Return the newest lines first."""
    table = t.model_switches
    return [_line(row) for row in connection.execute(select(table).order_by(table.c.id.desc()).limit(limit)).mappings()]


def read_service(connection: Connection) -> Service:
    """Return what was in service when."""
    table = t.model_switches
    query = select(table).where(table.c.kind.in_(_CAME_INTO_SERVICE)).order_by(table.c.id)
    return Service(Switch(row.model, SwitchKind(row.kind), row.at) for row in connection.execute(query))


def has_open_conversation(connection: Connection, stints: Sequence[tuple[datetime, datetime | None]]) -> bool:
    """Tell whether a conversation that has not ended began within one of these spans of time."""
    begun = t.events.join(t.conversations, t.events.c.conversation_id == t.conversations.c.id)
    for start, end in stints:
        wanted = (
            (t.conversations.c.state != State.CLOSED.value)
            & (t.conversations.c.last_at >= start)
            & (t.events.c.seq == 1)
            & (t.events.c.at >= start)
        )
        if end is not None:
            wanted &= t.events.c.at < end
        if connection.scalar(select(exists(select(t.events.c.seq).select_from(begun).where(wanted)))):
            return True
    return False


def _model(row: RowMapping) -> Model:
    return Model(
        name=row["name"],
        base=row["base"],
        tree=row["tree"],
        made_at=row["made_at"],
        who=Who(row["made_by_id"], row["made_by_name"]),
        model_id=row["model_id"],
        commit=row["commit"],
        figures=row["figures"],
        gate=row["gate"],
        kept=row["kept"],
    )


def _line(row: RowMapping) -> Line:
    who = Who(row["by_id"], row["by_name"])
    return Line(row["id"], row["at"], row["model"], row["kind"], who, row["why"], row["overridden"])
