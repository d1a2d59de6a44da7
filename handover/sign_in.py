"""Signing in and out: argon2 for passwords, random tokens for sessions."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection

from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.roles import Right, Role
from handover.store import accounts
from handover.store.accounts import Account, hash_token, new_token
from handover.store.database import Database

#: How often a session that is used is written down as used.
TOUCH_EVERY = timedelta(seconds=60)
DEMO_PASSWORD_BYTES = 9


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A demo account and its password, to be shown once."""

    username: str
    name: str
    role: Role
    password: str


DEMO_ACCOUNTS = (
    ("guide", "Demo Servicevägledare", Role.GUIDE),
    ("guide2", "Demo Kollega", Role.GUIDE),
    ("lead", "Demo Ledare", Role.LEAD),
    ("staff", "Demo Medarbetare", Role.STAFF),
)


class SignIn:
    """Checks passwords and sessions."""

    def __init__(self, database: Database, idle: timedelta, longest: timedelta, clock: Clock = utc_now) -> None:
        self._database = database
        self._idle = idle
        self._longest = longest
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def sign_in(self, username: str, password: str) -> tuple[Account, str]:
        """Return the account and a new session token; raise `login_failed`, as slowly for unknown names."""
        account = await self._database.read(lambda connection: accounts.find_account(connection, username))
        stored = account.password_hash if account else self._nobody
        right = await asyncio.to_thread(self._verify, stored, password)
        if account is None or not right:
            raise HandoverError("login_failed")
        token, now = new_token(), self._clock()
        await self._database.write(
            lambda connection: accounts.add_session(connection, hash_token(token), account.id, now)
        )
        return account, token

    async def find(self, token: str | None, *, active: bool = True) -> Account | None:
        """Return who holds this session, None when it is unknown or its time is over.

        `active` tells that its holder does something, which keeps the session from going idle.
        """
        if not token:
            return None
        now, key = self._clock(), hash_token(token)
        found = await self._database.read(
            lambda connection: accounts.find_signed_in(connection, key, now, self._idle, self._longest)
        )
        if found is None:
            return None
        account, seen_at = found
        if active and abs(now - seen_at) >= TOUCH_EVERY:
            await self._database.write(lambda connection: accounts.touch_session(connection, key, now))
        return account

    async def access(self, token: str | None, right: Right, *, active: bool = True) -> Account:
        """Return who holds this session and has this right; raise `sign_in_required` or `forbidden`."""
        account = await self.find(token, active=active)
        if account is None:
            raise HandoverError("sign_in_required")
        if right not in account.rights:
            raise HandoverError("forbidden")
        return account

    async def sign_out(self, token: str | None) -> None:
        """End a session; an unknown one is none."""
        if token:
            await self._database.write(lambda connection: accounts.remove_session(connection, hash_token(token)))

    async def make_demo_accounts(self, *, renew: bool) -> list[DemoLogin]:
        """Create the demo accounts that are missing; with `renew` give all of them new passwords.

        Returns those whose password was made now, to be shown once.
        """
        logins = [DemoLogin(*one, secrets.token_urlsafe(DEMO_PASSWORD_BYTES)) for one in DEMO_ACCOUNTS]
        hashes = await asyncio.to_thread(lambda: [self._hasher.hash(login.password) for login in logins])

        def work(connection: Connection) -> list[DemoLogin]:
            made: list[DemoLogin] = []
            for login, hashed in zip(logins, hashes, strict=True):
                known = accounts.find_account(connection, login.username)
                if known is None:
                    new = Account(
                        str(uuid.uuid4()), login.username, login.name, frozenset({login.role}), hashed, demo=True
                    )
                    accounts.add_account(connection, new)
                elif renew:
                    accounts.set_password(connection, known.id, hashed)
                else:
                    continue
                made.append(login)
            return made

        return await self._database.write(work)

    async def check_no_demo_accounts(self) -> None:
        """Raise `RuntimeError` when the database holds demo accounts; production does not start on it."""
        if await self._database.read(accounts.has_demo_accounts):
            raise RuntimeError("the database holds demo accounts; production refuses to start on it")

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
