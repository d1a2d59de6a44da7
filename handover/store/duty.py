"""Who is at the desk: presence, signs of life, what each guide has and can take."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from handover.core.events import State
from handover.core.roles import Right, Role, rights_of
from handover.core.routing import SHIFT, Guide, Presence
from handover.store import tables as t

#: How long after the last sign of life colleagues still see a guide among them.
SHOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a guide takes conversations, and whether it was the clock that said so."""

    presence: Presence
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Colleague:
    """A guide who was seen lately, as colleagues see one."""

    id: str
    name: str
    standing: Standing
    #: Whether the connection gave a sign of life within the lease.
    seen: bool
    load: int
    capacity: int
    services: tuple[str, ...]
    languages: tuple[str, ...]


def set_presence(connection: Connection, account_id: str, presence: Presence, now: datetime) -> None:
    """Let a guide say whether conversations are welcome; no clock overrules that but for `available`."""
    _put(connection, account_id, now, presence=presence, automatic=False, seen_at=now, active_at=now)


def see_guide(connection: Connection, account_id: str, now: datetime) -> Standing:
    """Note that a guide is connected, which is no sign of anybody at the desk; somebody new is `available`."""
    known = _find(connection, account_id)
    if known is None:
        set_presence(connection, account_id, "available", now)
        return Standing("available")
    connection.execute(update(t.presence).where(t.presence.c.account_id == account_id).values(seen_at=now))
    return known


def note_activity(connection: Connection, account_id: str, now: datetime) -> bool:
    """Note that a guide did something at the desk; tell whether one who was set away by the clock is back by that."""
    known = _find(connection, account_id)
    back = known is not None and known.automatic
    if back:
        _put(connection, account_id, now, presence="available", automatic=False, active_at=now)
    else:
        connection.execute(update(t.presence).where(t.presence.c.account_id == account_id).values(active_at=now))
    return back


def set_idle_away(connection: Connection, active_before: datetime) -> list[str]:
    """Set guides away who are available and did nothing for so long; return them."""
    table = t.presence
    idle = func.coalesce(table.c.active_at, table.c.seen_at) < active_before
    away = update(table).where((table.c.presence == "available") & idle).values(presence="away", automatic=True)
    return list(connection.scalars(away.returning(table.c.account_id)))


def count_on_duty(connection: Connection, seen_after: datetime) -> int:
    """Return how many guides are connected and available."""
    query = (
        select(func.count())
        .select_from(t.presence)
        .where((t.presence.c.presence == "available") & (t.presence.c.seen_at > seen_after))
    )
    return connection.scalar(query) or 0


def is_at_desk(connection: Connection, account_id: str, seen_after: datetime) -> bool | None:
    """Tell whether a guide is there to be handed a conversation, None when nobody of this id is a guide."""
    found = connection.execute(
        select(t.accounts.c.roles, t.presence.c.presence, t.presence.c.seen_at)
        .outerjoin(t.presence, t.presence.c.account_id == t.accounts.c.id)
        .where((t.accounts.c.id == account_id) & ~t.accounts.c.disabled)
    ).one_or_none()
    if found is None or not _is_guide(found.roles):
        return None
    return Guide(account_id, presence=found.presence or "closed", seen=_is_after(found.seen_at, seen_after)).is_here


def list_seen(connection: Connection, now: datetime) -> list[str]:
    """Return the ids of all who were seen lately."""
    return list(connection.scalars(select(t.presence.c.account_id).where(t.presence.c.seen_at > now - SHOWN_FOR)))


def list_colleagues(connection: Connection, now: datetime, lease: timedelta) -> list[Colleague]:
    """Return all guides that were seen lately, by name."""
    accounts, presence, conversations = t.accounts, t.presence, t.conversations
    owns = (conversations.c.state == State.GUIDE) & (conversations.c.owner_id == accounts.c.id)
    load = select(func.count()).select_from(conversations).where(owns).scalar_subquery()
    rows = connection.execute(
        select(
            accounts.c.id,
            accounts.c.name,
            accounts.c.roles,
            accounts.c.capacity,
            accounts.c.services,
            accounts.c.languages,
            presence.c.presence,
            presence.c.automatic,
            presence.c.seen_at,
            load.label("load"),
        )
        .join(presence, presence.c.account_id == accounts.c.id)
        .where((presence.c.seen_at > now - SHOWN_FOR) & ~accounts.c.disabled)
        .order_by(accounts.c.name, accounts.c.id)
    )
    return [
        Colleague(
            id=row.id,
            name=row.name,
            standing=Standing(cast("Presence", row.presence), row.automatic),
            seen=row.seen_at > now - lease,
            load=row.load,
            capacity=row.capacity,
            services=tuple(row.services),
            languages=tuple(row.languages),
        )
        for row in rows
        if _is_guide(row.roles)
    ]


def read_guides(connection: Connection, now: datetime, lease: timedelta) -> list[Guide]:
    """Return all guides that were seen lately, as the policy sees them."""
    colleagues = list_colleagues(connection, now, lease)
    shares = _read_shares(connection, [one.id for one in colleagues], now - SHIFT)
    return [
        Guide(
            id=one.id,
            name=one.name,
            presence=one.standing.presence,
            seen=one.seen,
            load=one.load,
            capacity=one.capacity,
            services=frozenset(one.services),
            languages=frozenset(one.languages),
            taken=shares.get(one.id, _NONE).taken,
            first_taken_at=shares.get(one.id, _NONE).first,
            last_taken_at=shares.get(one.id, _NONE).last,
        )
        for one in colleagues
    ]


@dataclass(frozen=True, slots=True)
class _Share:
    """How many conversations a guide took, and when the first and the last."""

    taken: int = 0
    first: datetime | None = None
    last: datetime | None = None


_NONE = _Share()


def _read_shares(connection: Connection, account_ids: Collection[str], since: datetime) -> dict[str, _Share]:
    """Return what each took since then."""
    table = t.assignments
    query = (
        select(table.c.account_id, func.count(), func.min(table.c.at), func.max(table.c.at))
        .where(table.c.account_id.in_(account_ids) & (table.c.at > since))
        .group_by(table.c.account_id)
    )
    return {account_id: _Share(taken, first, last) for account_id, taken, first, last in connection.execute(query)}


def _find(connection: Connection, account_id: str) -> Standing | None:
    query = select(t.presence.c.presence, t.presence.c.automatic).where(t.presence.c.account_id == account_id)
    found = connection.execute(query).one_or_none()
    return None if found is None else Standing(cast("Presence", found.presence), found.automatic)


def _put(connection: Connection, account_id: str, now: datetime, **values: object) -> None:
    changed = connection.execute(update(t.presence).where(t.presence.c.account_id == account_id).values(**values))
    if changed.rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(t.presence), {"account_id": account_id, "seen_at": now, **values})
    except IntegrityError:
        # Another of the guide's sockets was first, a moment ago: it is as seen as it can be.
        return


def _is_after(seen_at: datetime | None, moment: datetime) -> bool:
    return seen_at is not None and seen_at > moment


def _is_guide(roles: Collection[str]) -> bool:
    return Right.DESK in rights_of(map(Role, roles))
