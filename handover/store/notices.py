"""Notices of disturbances, and who set and took away which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update

from handover.core.notices import Notice, Severity, Signed
from handover.store import tables as t


def lock_notices(connection: Connection) -> None:
    """Let nobody else change notices until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE notices IN SHARE ROW EXCLUSIVE MODE"))


def list_notices(connection: Connection, now: datetime) -> list[Notice]:
    """Return the notices that are not over."""
    table = t.notices
    return list(
        map(_from_row, connection.execute(select(table).where(table.c.ended_at.is_(None) & (table.c.until > now))))
    )


def find_notice(connection: Connection, notice_id: str) -> Notice | None:
    """Return a notice, over or not, None when there was never one of this id."""
    if "\0" in notice_id:  # PostgreSQL has no such text.
        return None
    row = connection.execute(select(t.notices).where(t.notices.c.id == notice_id)).one_or_none()
    return None if row is None else _from_row(row)


def insert_notice(connection: Connection, notice: Notice) -> None:
    """Keep a new notice."""
    connection.execute(
        insert(t.notices).values(
            id=notice.id,
            texts=dict(notice.texts),
            severity=notice.severity.value,
            starts_at=notice.starts_at,
            until=notice.until,
            created_at=notice.created.at,
            created_by=notice.created.by_id,
            created_by_name=notice.created.by_name,
        )
    )


def end_notice(connection: Connection, notice_id: str, ended: Signed) -> None:
    """Take a notice away before its time; who did stays known."""
    connection.execute(
        update(t.notices)
        .where((t.notices.c.id == notice_id) & t.notices.c.ended_at.is_(None))
        .values(ended_at=ended.at, ended_by=ended.by_id, ended_by_name=ended.by_name)
    )


def _from_row(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        texts=row.texts,
        severity=Severity(row.severity),
        starts_at=row.starts_at,
        until=row.until,
        created=Signed(row.created_at, row.created_by, row.created_by_name),
        ended=Signed(row.ended_at, row.ended_by, row.ended_by_name) if row.ended_at else None,
    )
