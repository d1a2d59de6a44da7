"""Signing in and out: argon2 for passwords, an identity provider's word, random tokens for sessions."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Connection

from handover.bus import Bus, InProcessBus, SessionsChanged
from handover.conversations import Clock, utc_now
from handover.core.claims import Identity
from handover.core.errors import HandoverError
from handover.core.roles import Right, Role
from handover.store import accounts, keeping
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
    ("editor", "Demo Redaktör", Role.EDITOR),
    ("analyst", "Demo Analytiker", Role.ANALYST),
    ("admin", "Demo Administratör", Role.ADMIN),
    ("staff", "Demo Medarbetare", Role.STAFF),
)


class SignIn:
    """Checks passwords and sessions; tells the bus whose sessions have changed."""

    def __init__(
        self,
        database: Database,
        idle: timedelta,
        longest: timedelta,
        clock: Clock = utc_now,
        bus: Bus | None = None,
    ) -> None:
        self._database = database
        self._bus = bus or InProcessBus()
        self._idle = idle
        self._longest = longest
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    async def sign_in(self, username: str, password: str) -> tuple[Account, str]:
        """Return the account and a new session token; raise `login_failed`, as slowly for unknown names."""
        account = await self._database.read(lambda connection: accounts.find_account(connection, username))
        if account is not None and (account.disabled or account.subject is not None):
            account = None
        stored = account.password_hash if account else self._nobody
        right = await asyncio.to_thread(self._verify, stored, password)
        if account is None or not right:
            raise HandoverError("login_failed")
        token, now = new_token(), self._clock()
        await self._database.write(
            lambda connection: accounts.add_session(connection, hash_token(token), account.id, now)
        )
        return account, token

    async def sign_in_as(self, identity: Identity) -> tuple[Account, str]:
        """Return the account of somebody whom the provider vouches for, with the roles of now, and a session token.

        The account is made at the first time. Raises `forbidden` for somebody without a role or who is shut out here;
        what an account that has lost its last role still had open is ended.
        """
        token, now = new_token(), self._clock()

        def work(connection: Connection) -> tuple[Account | None, bool]:
            known = keeping.find_account_by_subject(connection, identity.subject)
            if known is None:
                if not identity.roles:
                    return None, False
                usernames = (identity.username, identity.distinct_username)
                known = keeping.add_identity(connection, _new_account(identity), usernames)
            changed = known.roles != identity.roles
            if changed:
                keeping.set_roles(connection, known.id, identity.roles)
            if known.name != identity.name:
                keeping.set_name(connection, known.id, identity.name)
            if not identity.roles:
                accounts.remove_sessions(connection, known.id)
            elif not known.disabled:
                accounts.add_session(connection, hash_token(token), known.id, now)
            return replace(known, roles=identity.roles, name=identity.name), changed

        account, changed = await self._database.write(work)
        if account is not None and changed:
            self._bus.publish(SessionsChanged(account.id))
        if account is None or not account.roles or account.disabled:
            raise HandoverError("forbidden")
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
        """End a session, and what is open with it on every replica; an unknown one is none."""
        if not token:
            return
        whose = await self._database.write(lambda connection: accounts.remove_session(connection, hash_token(token)))
        if whose is not None:
            self._bus.publish(SessionsChanged(whose))

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


def _new_account(identity: Identity) -> Account:
    """Return an account for somebody new; no password fits it."""
    new_id = str(uuid.uuid4())
    return Account(new_id, identity.username, identity.name, identity.roles, "", demo=False, subject=identity.subject)
