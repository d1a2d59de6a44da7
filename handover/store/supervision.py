"""Supervision levels, the switch, and the audit log of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, insert, select, update

from handover.core.supervision import FaqLevel, Level
from handover.store import tables as t

Action = Literal["promoted", "demoted", "set", "cap_lifted", "cap_restored", "bounds_set", "all_off", "all_on"]
#: The newest changes that are shown at once.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether everything is off, and a number that grows with each change of any level."""

    all_off: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Who:
    """Who makes a change; the rule that does it by itself has neither id nor name."""

    id: str | None = None
    name: str | None = None


#: The rule of promotion and demotion.
RULE = Who()


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the audit log."""

    at: datetime
    action: Action
    who: Who
    why: str
    faq: str | None = None
    from_level: Level | None = None
    to_level: Level | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


def read_switch(connection: Connection) -> Switch:
    """Return the switch as it stands."""
    row = connection.execute(_SWITCH).one()
    return Switch(row.all_off, row.revision)


def lock_switch(connection: Connection) -> Switch:
    """Return the switch; nobody else changes it, or any level, until the transaction ends."""
    row = connection.execute(_SWITCH.with_for_update()).one()
    return Switch(row.all_off, row.revision)


def read_levels(connection: Connection) -> dict[str, FaqLevel]:
    """Return what was decided, by FAQ."""
    return {row["faq"]: _level(row) for row in connection.execute(select(t.faq_levels)).mappings()}


def find_level(connection: Connection, faq: str) -> FaqLevel | None:
    """Return what was decided on a FAQ, None when nothing was."""
    row = connection.execute(select(t.faq_levels).where(t.faq_levels.c.faq == faq)).mappings().one_or_none()
    return _level(row) if row else None


def write_level(connection: Connection, faq: str, level: FaqLevel, change: Change) -> None:
    """Store what was decided on a FAQ, with its line in the audit log; the caller holds the lock of the switch."""
    values = {
        "level": level.level.value,
        "since": level.since,
        "cap_lifted": level.cap_lifted,
        "target": level.target,
        "floor": level.floor,
    }
    changed = connection.execute(update(t.faq_levels).where(t.faq_levels.c.faq == faq).values(**values))
    if not changed.rowcount:
        connection.execute(insert(t.faq_levels), {"faq": faq, **values})
    _note(connection, change)


def set_switch(connection: Connection, change: Change) -> None:
    """Switch everything off, or on again, with its line in the audit log."""
    connection.execute(update(t.supervision).values(all_off=change.action == "all_off"))
    _note(connection, change)


def list_changes(
    connection: Connection, faq: str | None = None, before: datetime | None = None, limit: int = PAGE
) -> list[Change]:
    """Return the newest changes first: of one FAQ and of what holds for all, or of everything."""
    table = t.level_changes
    query = select(table).order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
    if faq is not None:
        query = query.where((table.c.faq == faq) | table.c.faq.is_(None))
    if before is not None:
        query = query.where(table.c.at < before)
    return [_change(row) for row in connection.execute(query).mappings()]


def last_changes(connection: Connection) -> dict[str, Change]:
    """Return the newest change of each FAQ that was ever changed."""
    newest: dict[str, Change] = {}
    table = t.level_changes
    for row in connection.execute(select(table).where(table.c.faq.is_not(None)).order_by(table.c.id)).mappings():
        newest[row["faq"]] = _change(row)
    return newest


def _note(connection: Connection, change: Change) -> None:
    connection.execute(
        insert(t.level_changes),
        {
            "at": change.at,
            "faq": change.faq,
            "action": change.action,
            "from_level": change.from_level.value if change.from_level else None,
            "to_level": change.to_level.value if change.to_level else None,
            "by_id": change.who.id,
            "by_name": change.who.name,
            "why": change.why,
            "evidence": dict(change.evidence),
        },
    )
    connection.execute(update(t.supervision).values(revision=t.supervision.c.revision + 1))


def _level(row: RowMapping) -> FaqLevel:
    return FaqLevel(Level(row["level"]), row["since"], row["cap_lifted"], row["target"], row["floor"])


def _change(row: RowMapping) -> Change:
    return Change(
        at=row["at"],
        action=row["action"],
        who=Who(row["by_id"], row["by_name"]),
        why=row["why"],
        faq=row["faq"],
        from_level=Level(row["from_level"]) if row["from_level"] else None,
        to_level=Level(row["to_level"]) if row["to_level"] else None,
        evidence=row["evidence"],
    )


_SWITCH = select(t.supervision.c.all_off, t.supervision.c.revision)
