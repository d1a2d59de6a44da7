"""Accounts, sessions and the presence of guides."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from handover.core.roles import Right, Role, rights_of
from handover.store import tables as t

TOKEN_BYTES = 32

#: Whether a guide takes conversations; mirrored by a CHECK constraint.
Presence = Literal["available", "busy", "away", "closed"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    password_hash: str
    demo: bool

    @property
    def role(self) -> Role:
        """The weightiest of the roles, in the order in which `Role` lists what it takes to lead."""
        return next(role for role in _WEIGHT if role in self.roles)

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that the roles allow together."""
        return rights_of(self.roles)


_WEIGHT = (Role.ADMIN, Role.LEAD, Role.GUIDE, Role.EDITOR, Role.ANALYST, Role.STAFF)
_COLUMNS = (
    t.accounts.c.id,
    t.accounts.c.username,
    t.accounts.c.name,
    t.accounts.c.roles,
    t.accounts.c.password_hash,
    t.accounts.c.demo,
)


def new_token() -> str:
    """Return a random token for a conversation or a session."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return what is stored of a token; a random token needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_account(connection: Connection, account: Account) -> None:
    """Create an account."""
    connection.execute(
        insert(t.accounts),
        {
            "id": account.id,
            "username": account.username,
            "name": account.name,
            "role": "guide" if Right.DESK in account.rights else "staff",
            "roles": sorted(account.roles),
            "password_hash": account.password_hash,
            "demo": account.demo,
        },
    )


def find_account(connection: Connection, username: str) -> Account | None:
    """Return the account with this user name, or None."""
    if "\0" in username:  # PostgreSQL has no such text.
        return None
    row = connection.execute(select(*_COLUMNS).where(t.accounts.c.username == username)).mappings().one_or_none()
    return _from_row(row) if row else None


def set_password(connection: Connection, account_id: str, password_hash: str) -> None:
    """Replace an account's password and end its sessions."""
    connection.execute(update(t.accounts).where(t.accounts.c.id == account_id).values(password_hash=password_hash))
    connection.execute(delete(t.sessions).where(t.sessions.c.account_id == account_id))


def has_demo_accounts(connection: Connection) -> bool:
    """Tell whether any account was made by demo mode."""
    return connection.scalar(select(t.accounts.c.id).where(t.accounts.c.demo).limit(1)) is not None


def add_session(connection: Connection, token_hash: str, account_id: str, now: datetime) -> None:
    """Sign an account in."""
    connection.execute(
        insert(t.sessions),
        {"token_hash": token_hash, "account_id": account_id, "created_at": now, "seen_at": now},
    )


def find_signed_in(
    connection: Connection, token_hash: str, now: datetime, idle: timedelta, longest: timedelta
) -> tuple[Account, datetime] | None:
    """Return whose session this is and when it was last used, or None when there is none or its time is over."""
    row = (
        connection.execute(
            select(*_COLUMNS, t.sessions.c.seen_at)
            .join(t.sessions, t.sessions.c.account_id == t.accounts.c.id)
            .where(
                (t.sessions.c.token_hash == token_hash)
                & (t.sessions.c.seen_at > now - idle)
                & (t.sessions.c.created_at > now - longest)
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return _from_row(row), row["seen_at"]


def touch_session(connection: Connection, token_hash: str, now: datetime) -> None:
    """Keep a session from going idle."""
    connection.execute(update(t.sessions).where(t.sessions.c.token_hash == token_hash).values(seen_at=now))


def remove_session(connection: Connection, token_hash: str) -> None:
    """Sign out."""
    connection.execute(delete(t.sessions).where(t.sessions.c.token_hash == token_hash))


def set_presence(connection: Connection, account_id: str, presence: Presence, now: datetime) -> None:
    """Say whether a guide takes conversations, as of now."""
    changed = connection.execute(
        update(t.presence).where(t.presence.c.account_id == account_id).values(presence=presence, seen_at=now)
    )
    if changed.rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(t.presence), {"account_id": account_id, "presence": presence, "seen_at": now})
    except IntegrityError:
        # Another of the guide's sockets was first, a moment ago: it is as seen as it can be.
        return


def see_guide(connection: Connection, account_id: str, now: datetime) -> Presence:
    """Note that a guide is connected; return the presence, `available` for somebody new."""
    known = connection.scalar(select(t.presence.c.presence).where(t.presence.c.account_id == account_id))
    if known is None:
        set_presence(connection, account_id, "available", now)
        return "available"
    connection.execute(update(t.presence).where(t.presence.c.account_id == account_id).values(seen_at=now))
    return cast("Presence", known)


def is_guide(connection: Connection, account_id: str) -> bool:
    """Tell whether this is the id of a guide."""
    roles = connection.scalar(select(t.accounts.c.roles).where(t.accounts.c.id == account_id))
    return roles is not None and Right.DESK in rights_of(map(Role, roles))


def count_on_duty(connection: Connection, seen_after: datetime) -> int:
    """Return how many guides are connected and available."""
    query = (
        select(func.count())
        .select_from(t.presence)
        .where((t.presence.c.presence == "available") & (t.presence.c.seen_at > seen_after))
    )
    return connection.scalar(query) or 0


def _from_row(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        password_hash=row["password_hash"],
        demo=row["demo"],
    )
