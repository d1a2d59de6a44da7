"""Bot turns as leased rows: one at a time per conversation, in order; what a dead process left is taken up again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, exists, insert, or_, select, tuple_, update

from handover.core.conversation import Conversation
from handover.core.events import Event
from handover.store import tables as t

LEASED, QUEUED, DONE = "leased", "queued", "done"
#: A turn that its own process has leased for so long and does not run is lost.
LOST_AFTER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a turn is about: the conversation, the message that it answers and what the assistant remembers."""

    conversation: Conversation
    said: Event | None
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that this process has leased; `seq` is the citizen's message it answers.

    `asked` is there when it was at hand anyway, when the turn was leased; else it is to be read.
    """

    conversation_id: str
    seq: int
    epoch: int
    attempts: int
    asked: Asked | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Held:
    """Turns that may be finished now, and whether everything of the assistant has been switched off meanwhile.

    Both come with one statement: the end of a turn is what people wait for.
    """

    turns: frozenset[Turn] = frozenset()
    all_off: bool = False


def add_turns(
    connection: Connection, wanted: Sequence[tuple[str, int, int]], owner: str, lease_until: datetime
) -> list[Turn]:
    """Add turns, given as conversation, seq and epoch; return those that may run now, leased to `owner`.

    The others queue behind an earlier turn of their conversation. The conversations are locked by the caller.
    """
    busy = _with_open(connection, {conversation_id for conversation_id, _, _ in wanted})
    free: list[Turn] = []
    rows: list[dict[str, Any]] = []
    for conversation_id, seq, epoch in wanted:
        turn = Turn(conversation_id, seq, epoch, 0 if conversation_id in busy else 1)
        rows.append(_row(turn, owner, lease_until))
        if turn.attempts:
            free.append(turn)
        busy.add(conversation_id)
    if rows:
        connection.execute(_INSERT, rows)
    return free


def find_leased(connection: Connection, wanted: Sequence[Turn], owner: str) -> Held:
    """Return those of the turns that are still `owner`'s to finish, locked until the transaction ends."""
    if not wanted:
        return Held()
    keys = [(one.conversation_id, one.seq) for one in wanted]
    rows = connection.execute(_FIND_LEASED, {"keys": keys, "owner": owner}).all()
    leased = {(row.conversation_id, row.seq) for row in rows}
    turns = {one for one in wanted if (one.conversation_id, one.seq) in leased}
    return Held(frozenset(turns), any(row.all_off for row in rows))


def finish_turns(connection: Connection, ended: Sequence[tuple[Turn, str, float | None]]) -> None:
    """Mark turns as done, each with what it came to and how long the engine took, in milliseconds."""
    connection.execute(
        _FINISH,
        [
            {"conversation": turn.conversation_id, "number": turn.seq, "outcome": outcome, "engine_ms": engine_ms}
            for turn, outcome, engine_ms in ended
        ],
    )


def release_leases(connection: Connection, owner: str) -> int:
    """Give back the turns that `owner` will not finish, for others to take up at once; return how many."""
    mine = (t.turns.c.lease_owner == owner) & (t.turns.c.status == LEASED)
    return connection.execute(
        update(t.turns).where(mine).values(status=QUEUED, lease_owner=None, lease_until=None)
    ).rowcount


def lease_next(connection: Connection, ids: Collection[str], owner: str, lease_until: datetime) -> dict[str, Turn]:
    """Lease to `owner` the next queued turn of each of these conversations that has none running."""
    first: dict[str, Row[Any]] = {}
    running: set[str] = set()
    for row in connection.execute(_NOT_DONE, {"ids": list(ids)}):
        first.setdefault(row.conversation_id, row)
        if row.status == LEASED:
            running.add(row.conversation_id)
    return {
        key: _lease(connection, Turn(key, row.seq, row.epoch, row.attempts + 1), owner, lease_until)
        for key, row in first.items()
        if key not in running
    }


def renew_leases(connection: Connection, owner: str, running: Collection[Turn], lease_until: datetime) -> None:
    """Keep the turns that `owner` is running from being taken up by others."""
    keys = [{"conversation": turn.conversation_id, "number": turn.seq, "until": lease_until} for turn in running]
    if keys:
        mine = (t.turns.c.lease_owner == owner) & (t.turns.c.status == LEASED)
        connection.execute(update(t.turns).where(_BY_KEY & mine).values(lease_until=bindparam("until")), keys)


def lease_abandoned(
    connection: Connection, owner: str, running: Collection[Turn], now: datetime, lease: timedelta, limit: int = 20
) -> list[Turn]:
    """Lease turns whose process died (lease over), queued ones that nothing runs ahead of, and one's own lost ones.

    A lease that ends later than any lease can was given before the clock was set back; it is over too. One's own are
    lost when the commit that leased them was done but nobody was told so: leased for a while, and not running.
    """
    ahead = t.turns.alias()
    blocked = exists().where(
        and_(
            ahead.c.conversation_id == t.turns.c.conversation_id,
            ahead.c.seq < t.turns.c.seq,
            ahead.c.status != DONE,
        )
    )
    until = t.turns.c.lease_until
    over = or_(until < now, until > now + 2 * lease)
    unstarted = and_(t.turns.c.lease_owner == owner, until < now + lease - LOST_AFTER)
    rows = connection.execute(
        select(t.turns)
        .where(
            or_(
                and_(t.turns.c.status == LEASED, or_(over, unstarted)),
                and_(t.turns.c.status == QUEUED, ~blocked),
            )
        )
        .order_by(t.turns.c.conversation_id, t.turns.c.seq)
        .limit(limit + len(running))
        .with_for_update(skip_locked=True)
    ).all()
    known = {(turn.conversation_id, turn.seq) for turn in running}
    free = [row for row in rows if row.lease_owner != owner or (row.conversation_id, row.seq) not in known]
    return [
        _lease(connection, Turn(r.conversation_id, r.seq, r.epoch, r.attempts + 1), owner, now + lease) for r in free
    ]


def _lease(connection: Connection, turn: Turn, owner: str, lease_until: datetime) -> Turn:
    connection.execute(
        update(t.turns)
        .where(_this(turn))
        .values(status=LEASED, lease_owner=owner, lease_until=lease_until, attempts=turn.attempts)
    )
    return turn


def _row(turn: Turn, owner: str, lease_until: datetime) -> dict[str, Any]:
    leased = turn.attempts > 0
    return {
        "conversation_id": turn.conversation_id,
        "seq": turn.seq,
        "epoch": turn.epoch,
        "status": LEASED if leased else QUEUED,
        "lease_owner": owner if leased else None,
        "lease_until": lease_until if leased else None,
        "attempts": turn.attempts,
        "outcome": None,
        "engine_ms": None,
    }


def _with_open(connection: Connection, ids: Collection[str]) -> set[str]:
    """Return the conversations that have a turn which is not done."""
    if not ids:
        return set()
    return set(connection.scalars(_WITH_OPEN, {"ids": list(ids)}))


def _this(turn: Turn) -> ColumnElement[bool]:
    return (t.turns.c.conversation_id == turn.conversation_id) & (t.turns.c.seq == turn.seq)


#: Statements of every transaction are made once: making one takes longer than carrying it out.
_INSERT = insert(t.turns)
_OPEN = t.turns.c.conversation_id.in_(bindparam("ids", expanding=True)) & (t.turns.c.status != DONE)
_WITH_OPEN = select(t.turns.c.conversation_id).where(_OPEN)
_NOT_DONE = select(t.turns).where(_OPEN).order_by(t.turns.c.conversation_id, t.turns.c.seq).with_for_update()
_FIND_LEASED = (
    select(t.turns.c.conversation_id, t.turns.c.seq, select(t.supervision.c.all_off).scalar_subquery().label("all_off"))
    .where(
        tuple_(t.turns.c.conversation_id, t.turns.c.seq).in_(bindparam("keys", expanding=True))
        & (t.turns.c.status == LEASED)
        & (t.turns.c.lease_owner == bindparam("owner"))
    )
    .with_for_update(of=t.turns)
)
_BY_KEY = (t.turns.c.conversation_id == bindparam("conversation")) & (t.turns.c.seq == bindparam("number"))
_FINISH = (
    update(t.turns)
    .where(_BY_KEY)
    .values(
        status=DONE,
        lease_owner=None,
        lease_until=None,
        outcome=bindparam("outcome"),
        engine_ms=bindparam("engine_ms"),
    )
)
