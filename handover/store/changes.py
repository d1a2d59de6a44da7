"""Change sets and their edits; what they hold is in git, who keeps which is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from handover.core.changes import ChangeState, check_editable, check_move
from handover.core.errors import HandoverError
from handover.store import tables as t


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A branch with a title, and where it stands; `base` and `head` are commits, `origin` a hash of the data folder."""

    id: str
    title: str
    state: ChangeState
    branch: str
    origin: str
    base: str
    head: str
    opened_at: datetime
    opened_by: str
    opened_by_name: str
    changed_at: datetime
    #: The commit that was put into service, and when.
    served: str | None = None
    served_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EditLine:
    """One edit: the commit that it became, who made it, and what it is about."""

    commit: str
    at: datetime
    by_id: str
    by_name: str
    subject: str
    what: str


def insert_set(connection: Connection, new: ChangeSet) -> None:
    """Keep a new change set."""
    connection.execute(insert(t.change_sets).values(_values(new)))


def find_set(connection: Connection, set_id: str) -> ChangeSet | None:
    """Return a change set, None where there is none of this id."""
    if "\0" in set_id:  # PostgreSQL has no such text.
        return None
    row = connection.execute(select(t.change_sets).where(t.change_sets.c.id == set_id)).one_or_none()
    return None if row is None else _from_row(row)


def list_sets(connection: Connection, limit: int = 100) -> list[ChangeSet]:
    """Return the change sets, the last changed first."""
    newest = select(t.change_sets).order_by(t.change_sets.c.changed_at.desc(), t.change_sets.c.id).limit(limit)
    return [_from_row(row) for row in connection.execute(newest)]


def find_own_open(connection: Connection, account_id: str) -> ChangeSet | None:
    """Return the open change set that this person opened last, None where there is none."""
    table = t.change_sets
    mine = (table.c.opened_by == account_id) & (table.c.state == ChangeState.OPEN.value)
    row = connection.execute(select(table).where(mine).order_by(table.c.opened_at.desc()).limit(1)).one_or_none()
    return None if row is None else _from_row(row)


def find_in_service(connection: Connection, origin: str) -> str | None:
    """Return the commit put into service last of what goes back to this data folder, None where none was."""
    table = t.change_sets
    of_folder = table.c.served.is_not(None) & (table.c.origin == origin)
    newest = select(table.c.served).where(of_folder).order_by(table.c.served_at.desc()).limit(1)
    return connection.execute(newest).scalar_one_or_none()


def move_set(connection: Connection, set_id: str, to: ChangeState, now: datetime) -> ChangeSet:
    """Give a change set another state; raises `change_set_unknown`, `change_set_busy`, `change_set_closed`."""
    _lock(connection, set_id)
    found = find_set(connection, set_id)
    if found is None:
        raise HandoverError("change_set_unknown")
    check_move(found.state, to)
    table = t.change_sets
    connection.execute(update(table).where(table.c.id == set_id).values(state=to.value, changed_at=now))
    return replace(found, state=to, changed_at=now)


def note_service(connection: Connection, set_id: str, commit: str | None, now: datetime) -> ChangeSet:
    """Note that a commit of a set answers now, None: that none does any more; a set whose head it is takes no edits.

    Raises `change_set_unknown`.
    """
    _lock(connection, set_id)
    found = find_set(connection, set_id)
    if found is None:
        raise HandoverError("change_set_unknown")
    state = found.state
    if state is ChangeState.OPEN and commit == found.head:
        state = ChangeState.IN_SERVICE
    elif state is ChangeState.IN_SERVICE and commit != found.head:
        state = ChangeState.OPEN
    changed = replace(found, state=state, served=commit, served_at=None if commit is None else now, changed_at=now)
    connection.execute(update(t.change_sets).where(t.change_sets.c.id == set_id).values(_values(changed)))
    return changed


def note_edits(connection: Connection, set_id: str, base: str, lines: Sequence[EditLine], now: datetime) -> ChangeSet:
    """Write down the edits of a branch after `base`, of which some are known; the last one is the head.

    Raises `change_set_busy` or `change_set_closed` where the set takes no edits any more.
    """
    _lock(connection, set_id)
    found = find_set(connection, set_id)
    if found is None:
        raise HandoverError("change_set_unknown")
    check_editable(found.state)
    table = t.change_edits
    known = connection.execute(select(func.count()).where(table.c.change_set == set_id)).scalar_one()
    new = [
        {
            "change_set": set_id,
            "number": number,
            "commit": line.commit,
            "at": line.at,
            "by_id": line.by_id,
            "by_name": line.by_name,
            "subject": line.subject,
            "what": line.what,
        }
        for number, line in enumerate(lines)
        if number >= known
    ]
    if new:
        connection.execute(insert(table), new)
    head = lines[-1].commit if lines else base
    sets = t.change_sets
    connection.execute(update(sets).where(sets.c.id == set_id).values(head=head, changed_at=now))
    return replace(found, head=head, changed_at=now)


def list_edits(connection: Connection, set_id: str) -> list[EditLine]:
    """Return the edits of a change set, oldest first."""
    table = t.change_edits
    rows = connection.execute(select(table).where(table.c.change_set == set_id).order_by(table.c.number))
    return [EditLine(row.commit, row.at, row.by_id, row.by_name, row.subject, row.what) for row in rows]


def count_edits(connection: Connection) -> dict[str, int]:
    """Return how many edits each change set has; those without any are not in it."""
    table = t.change_edits
    counted = select(table.c.change_set, func.count()).group_by(table.c.change_set)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _lock(connection: Connection, set_id: str) -> None:
    """Let nobody else change this set until the transaction ends; SQLite has one writer anyway."""
    connection.execute(select(t.change_sets.c.id).where(t.change_sets.c.id == set_id).with_for_update())


def _values(one: ChangeSet) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in t.change_sets.columns} | {"state": one.state.value}


def _from_row(row: Row[Any]) -> ChangeSet:
    return ChangeSet(**{**row._asdict(), "state": ChangeState(row.state)})
