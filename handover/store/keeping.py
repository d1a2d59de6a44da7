"""What those who keep accounts and guides read and change: roles, who is shut out, sessions, capacity and skills."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from handover.core.roles import Right, Role
from handover.store import tables as t
from handover.store.accounts import (
    ACCOUNT_COLUMNS,
    Account,
    account_from_row,
    add_account,
    remove_sessions,
    role_columns,
)


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account, how many sessions of it last, and when one of them was last used."""

    account: Account
    sessions: int
    seen_at: datetime | None


def find_account_by_id(connection: Connection, account_id: str) -> Account | None:
    """Return the account with this id, or None."""
    if "\0" in account_id:  # PostgreSQL has no such text.
        return None
    query = select(*ACCOUNT_COLUMNS).where(t.accounts.c.id == account_id)
    row = connection.execute(query).mappings().one_or_none()
    return account_from_row(row) if row else None


def find_account_by_subject(connection: Connection, subject: str) -> Account | None:
    """Return the account of this person at the identity provider, or None."""
    query = select(*ACCOUNT_COLUMNS).where(t.accounts.c.subject == subject)
    row = connection.execute(query).mappings().one_or_none()
    return account_from_row(row) if row else None


def add_identity(connection: Connection, account: Account, usernames: Iterable[str]) -> Account:
    """Create the account of somebody new under the first of these user names that is free.

    Returns the account that another process has just created for the same person, if one has.
    """
    for username in usernames:
        named = replace(account, username=username)
        try:
            with connection.begin_nested():
                add_account(connection, named)
        except IntegrityError:
            known = find_account_by_subject(connection, account.subject or "")
            if known is not None:
                return known
        else:
            return named
    raise RuntimeError("every user name of a new identity is taken")


def list_accounts(connection: Connection, seen_after: datetime, created_after: datetime) -> list[KeptAccount]:
    """Return all accounts by name, with the sessions that still last."""
    lasts = (t.sessions.c.seen_at > seen_after) & (t.sessions.c.created_at > created_after)
    sessions = (
        select(
            t.sessions.c.account_id,
            func.count().label("sessions"),
            func.max(t.sessions.c.seen_at, type_=t.UtcDateTime(timezone=True)).label("last_seen"),
        )
        .where(lasts)
        .group_by(t.sessions.c.account_id)
        .subquery()
    )
    query = (
        select(*ACCOUNT_COLUMNS, sessions.c.sessions, sessions.c.last_seen)
        .outerjoin(sessions, sessions.c.account_id == t.accounts.c.id)
        .order_by(t.accounts.c.name, t.accounts.c.username)
    )
    return [
        KeptAccount(account_from_row(row), row["sessions"] or 0, row["last_seen"])
        for row in connection.execute(query).mappings()
    ]


def lock_admins(connection: Connection) -> set[str]:
    """Return the ids of the admins who may sign in; nobody else changes accounts until this transaction ends."""
    query = select(*ACCOUNT_COLUMNS).order_by(t.accounts.c.id).with_for_update()
    found = map(account_from_row, connection.execute(query).mappings().all())
    return {account.id for account in found if Role.ADMIN in account.roles and not account.disabled}


def set_roles(connection: Connection, account_id: str, roles: frozenset[Role]) -> None:
    """Give an account these roles and no others."""
    connection.execute(update(t.accounts).where(t.accounts.c.id == account_id).values(**role_columns(roles)))


def set_name(connection: Connection, account_id: str, name: str) -> None:
    """Give an account another name."""
    connection.execute(update(t.accounts).where(t.accounts.c.id == account_id).values(name=name))


def set_disabled(connection: Connection, account_id: str, *, disabled: bool) -> None:
    """Shut an account out, which ends its sessions, or let it in again."""
    connection.execute(update(t.accounts).where(t.accounts.c.id == account_id).values(disabled=disabled))
    if disabled:
        remove_sessions(connection, account_id)


def list_guides(connection: Connection) -> list[Account]:
    """Return all who may open the desk, by name, with what they take on."""
    query = select(*ACCOUNT_COLUMNS).where(~t.accounts.c.disabled).order_by(t.accounts.c.name, t.accounts.c.username)
    found = map(account_from_row, connection.execute(query).mappings())
    return [account for account in found if Right.DESK in account.rights]


def set_profile(connection: Connection, guide: Account) -> None:
    """Write down what a guide takes on: at most so many conversations, of which services, in which languages."""
    values = {"capacity": guide.capacity, "services": list(guide.services), "languages": list(guide.languages)}
    connection.execute(update(t.accounts).where(t.accounts.c.id == guide.id).values(**values))
