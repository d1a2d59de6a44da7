"""Keeping accounts and guides. Whoever loses something loses it at once: open sockets hear of it on every replica."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from handover.bus import Bus, SessionsChanged
from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.roles import Right, Role
from handover.store import keeping
from handover.store.accounts import Account, remove_sessions
from handover.store.database import Database
from handover.store.keeping import KeptAccount

log = structlog.get_logger(__name__)


class AccountKeeper:
    """What admins do with accounts, and what leads set for guides; each change is logged by ids."""

    def __init__(
        self, database: Database, bus: Bus, idle: timedelta, longest: timedelta, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._bus = bus
        self._idle = idle
        self._longest = longest
        self._clock = clock

    async def list_accounts(self) -> list[KeptAccount]:
        """Return all accounts with the sessions that still last."""
        now = self._clock()
        return await self._database.read(
            lambda connection: keeping.list_accounts(connection, now - self._idle, now - self._longest)
        )

    async def get_account(self, account_id: str) -> KeptAccount:
        """Return one account; raise `account_unknown`."""
        for kept in await self.list_accounts():
            if kept.account.id == account_id:
                return kept
        raise HandoverError("account_unknown")

    async def set_roles(self, by: Account, account_id: str, roles: frozenset[Role]) -> None:
        """Give an account these roles.

        Raises `account_unknown`, `kept_by_provider` where they come with the sign-in, and `last_admin`.
        """

        def work(connection: Connection, account: Account) -> None:
            if account.subject is not None:
                raise HandoverError("kept_by_provider")
            if Role.ADMIN not in roles:
                _check_another_admin(connection, account_id)
            keeping.set_roles(connection, account_id, roles)

        await self._change(account_id, work)
        log.info("account_changed", account=account_id, by=by.id, action="roles", roles=sorted(roles))

    async def set_disabled(self, by: Account, account_id: str, *, disabled: bool) -> None:
        """Shut an account out or let it in; raise `account_unknown`, `own_account` or `last_admin`."""
        if disabled and account_id == by.id:
            raise HandoverError("own_account")

        def work(connection: Connection, account: Account) -> None:
            if disabled:
                _check_another_admin(connection, account_id)
            keeping.set_disabled(connection, account_id, disabled=disabled)

        await self._change(account_id, work)
        log.info("account_changed", account=account_id, by=by.id, action="disabled" if disabled else "enabled")

    async def end_sessions(self, by: Account, account_id: str) -> None:
        """Sign an account out everywhere; raise `account_unknown`."""
        await self._change(account_id, lambda connection, _: remove_sessions(connection, account_id))
        log.info("account_changed", account=account_id, by=by.id, action="sessions_ended")

    async def list_guides(self) -> list[Account]:
        """Return what each guide takes on."""
        return await self._database.read(keeping.list_guides)

    async def set_profile(
        self, by: Account, account_id: str, capacity: int, services: tuple[str, ...], languages: tuple[str, ...]
    ) -> Account:
        """Set what a guide takes on and return it; raise `account_unknown` for somebody who is no guide."""

        def work(connection: Connection) -> Account:
            account = keeping.find_account_by_id(connection, account_id)
            if account is None or Right.DESK not in account.rights:
                raise HandoverError("account_unknown")
            guide = replace(account, capacity=capacity, services=services, languages=languages)
            keeping.set_profile(connection, guide)
            return guide

        guide = await self._database.write(work)
        log.info("account_changed", account=account_id, by=by.id, action="profile", capacity=capacity)
        return guide

    async def _change(self, account_id: str, work: Callable[[Connection, Account], None]) -> None:
        """Change an account that is there, then tell its open sockets to look again."""

        def on(connection: Connection) -> None:
            account = keeping.find_account_by_id(connection, account_id)
            if account is None:
                raise HandoverError("account_unknown")
            work(connection, account)

        await self._database.write(on)
        self._bus.publish(SessionsChanged(account_id))


def _check_another_admin(connection: Connection, account_id: str) -> None:
    """Raise `last_admin` when without this account nobody could keep accounts."""
    admins = keeping.lock_admins(connection)
    if admins == {account_id}:
        raise HandoverError("last_admin")
