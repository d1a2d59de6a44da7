"""Bot turns as leased rows: one at a time per conversation, in order; what a dead process left is taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from handover.store import tables as t

LEASED, QUEUED, DONE = "leased", "queued", "done"


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that this process has leased; `seq` is the citizen's message it answers."""

    conversation_id: str
    seq: int
    epoch: int
    attempts: int


def add_turn(
    connection: Connection, conversation_id: str, seq: int, epoch: int, owner: str, lease_until: datetime
) -> Turn | None:
    """Add a turn; return it leased to `owner`, or None when it queues behind another of the conversation."""
    free = not _has_open(connection, conversation_id)
    connection.execute(
        insert(t.turns),
        {
            "conversation_id": conversation_id,
            "seq": seq,
            "epoch": epoch,
            "status": LEASED if free else QUEUED,
            "lease_owner": owner if free else None,
            "lease_until": lease_until if free else None,
            "attempts": 1 if free else 0,
            "outcome": None,
            "engine_ms": None,
        },
    )
    return Turn(conversation_id, seq, epoch, 1) if free else None


def is_leased_by(connection: Connection, turn: Turn, owner: str) -> bool:
    """Tell whether the turn is still `owner`'s to finish."""
    query = select(t.turns.c.lease_owner).where(_this(turn) & (t.turns.c.status == LEASED)).with_for_update()
    return connection.scalar(query) == owner


def finish_turn(connection: Connection, turn: Turn, outcome: str, engine_ms: float | None) -> None:
    """Mark the turn done, with what it came to."""
    connection.execute(
        update(t.turns)
        .where(_this(turn))
        .values(status=DONE, lease_owner=None, lease_until=None, outcome=outcome, engine_ms=engine_ms)
    )


def lease_next(connection: Connection, conversation_id: str, owner: str, lease_until: datetime) -> Turn | None:
    """Lease the conversation's next queued turn to `owner`, if none of it is running."""
    if _has_open(connection, conversation_id, statuses=(LEASED,)):
        return None
    row = connection.execute(
        select(t.turns)
        .where((t.turns.c.conversation_id == conversation_id) & (t.turns.c.status == QUEUED))
        .order_by(t.turns.c.seq)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    return _lease(connection, Turn(row.conversation_id, row.seq, row.epoch, row.attempts + 1), owner, lease_until)


def lease_abandoned(connection: Connection, owner: str, now: datetime, lease: timedelta, limit: int = 20) -> list[Turn]:
    """Lease turns whose process died (lease over), and queued ones that nothing runs ahead of."""
    ahead = t.turns.alias()
    blocked = exists().where(
        and_(
            ahead.c.conversation_id == t.turns.c.conversation_id,
            ahead.c.seq < t.turns.c.seq,
            ahead.c.status != DONE,
        )
    )
    rows = connection.execute(
        select(t.turns)
        .where(
            or_(
                and_(t.turns.c.status == LEASED, t.turns.c.lease_until < now),
                and_(t.turns.c.status == QUEUED, ~blocked),
            )
        )
        .order_by(t.turns.c.conversation_id, t.turns.c.seq)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [
        _lease(connection, Turn(r.conversation_id, r.seq, r.epoch, r.attempts + 1), owner, now + lease) for r in rows
    ]


def _lease(connection: Connection, turn: Turn, owner: str, lease_until: datetime) -> Turn:
    connection.execute(
        update(t.turns)
        .where(_this(turn))
        .values(status=LEASED, lease_owner=owner, lease_until=lease_until, attempts=turn.attempts)
    )
    return turn


def _has_open(connection: Connection, conversation_id: str, statuses: tuple[str, ...] = (LEASED, QUEUED)) -> bool:
    query = (
        select(t.turns.c.seq)
        .where((t.turns.c.conversation_id == conversation_id) & t.turns.c.status.in_(statuses))
        .limit(1)
    )
    return connection.scalar(query) is not None


def _this(turn: Turn) -> ColumnElement[bool]:
    return (t.turns.c.conversation_id == turn.conversation_id) & (t.turns.c.seq == turn.seq)
