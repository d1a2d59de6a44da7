"""Accounts and sessions."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from handover.core.roles import Right, Role, rights_of
from handover.store import tables as t

TOKEN_BYTES = 32

#: How many conversations a guide has at most, and in which languages, unless somebody says otherwise.
DEFAULT_CAPACITY = 3
DEFAULT_LANGUAGES = ("sv", "en")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    #: Empty for somebody whom the identity provider vouches for: no password fits.
    password_hash: str
    demo: bool
    capacity: int = DEFAULT_CAPACITY
    #: The services (none: all) and the languages that a guide answers in.
    services: tuple[str, ...] = ()
    languages: tuple[str, ...] = DEFAULT_LANGUAGES
    #: Who this is at the identity provider, None for an account with a password.
    subject: str | None = None
    disabled: bool = False

    @property
    def role(self) -> Role:
        """The weightiest of the roles, in the order in which `Role` lists what it takes to lead."""
        return next(role for role in _WEIGHT if role in self.roles)

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that the roles allow together."""
        return rights_of(self.roles)


_WEIGHT = (Role.ADMIN, Role.LEAD, Role.GUIDE, Role.EDITOR, Role.ANALYST, Role.STAFF)
ACCOUNT_COLUMNS = (
    t.accounts.c.id,
    t.accounts.c.username,
    t.accounts.c.name,
    t.accounts.c.roles,
    t.accounts.c.password_hash,
    t.accounts.c.demo,
    t.accounts.c.capacity,
    t.accounts.c.services,
    t.accounts.c.languages,
    t.accounts.c.subject,
    t.accounts.c.disabled,
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
            **role_columns(account.roles),
            "password_hash": account.password_hash,
            "demo": account.demo,
            "capacity": account.capacity,
            "services": list(account.services),
            "languages": list(account.languages),
            "subject": account.subject,
        },
    )


def role_columns(roles: frozenset[Role]) -> dict[str, object]:
    """Return the columns that hold these roles; `role` is for the previous release, which reads only that."""
    return {"role": "guide" if Right.DESK in rights_of(roles) else "staff", "roles": sorted(roles)}


def find_account(connection: Connection, username: str) -> Account | None:
    """Return the account with this user name, or None."""
    if "\0" in username:  # PostgreSQL has no such text.
        return None
    row = connection.execute(select(*ACCOUNT_COLUMNS).where(t.accounts.c.username == username)).mappings().one_or_none()
    return account_from_row(row) if row else None


def set_password(connection: Connection, account_id: str, password_hash: str) -> None:
    """Replace an account's password and end its sessions."""
    connection.execute(update(t.accounts).where(t.accounts.c.id == account_id).values(password_hash=password_hash))
    remove_sessions(connection, account_id)


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
            select(*ACCOUNT_COLUMNS, t.sessions.c.seen_at)
            .join(t.sessions, t.sessions.c.account_id == t.accounts.c.id)
            .where(
                (t.sessions.c.token_hash == token_hash)
                & ~t.accounts.c.disabled
                & (t.sessions.c.seen_at > now - idle)
                & (t.sessions.c.created_at > now - longest)
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    return account_from_row(row), row["seen_at"]


def touch_session(connection: Connection, token_hash: str, now: datetime) -> None:
    """Keep a session from going idle."""
    connection.execute(update(t.sessions).where(t.sessions.c.token_hash == token_hash).values(seen_at=now))


def remove_session(connection: Connection, token_hash: str) -> str | None:
    """Sign out; return whose session it was, None when there is no such session."""
    whose = connection.scalar(select(t.sessions.c.account_id).where(t.sessions.c.token_hash == token_hash))
    connection.execute(delete(t.sessions).where(t.sessions.c.token_hash == token_hash))
    return whose


def remove_sessions(connection: Connection, account_id: str) -> None:
    """End every session of an account."""
    connection.execute(delete(t.sessions).where(t.sessions.c.account_id == account_id))


def account_from_row(row: RowMapping) -> Account:
    """Return the account in a row with `ACCOUNT_COLUMNS`."""
    return Account(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        password_hash=row["password_hash"],
        demo=row["demo"],
        capacity=row["capacity"],
        services=tuple(row["services"]),
        languages=tuple(row["languages"]),
        subject=row["subject"],
        disabled=row["disabled"],
    )
