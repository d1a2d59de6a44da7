"""The board of notices: what is shown to everybody now, kept for a moment so that ten thousand may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection

from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.notices import Notice, Severity, Signed, by_weight, check_new, check_texts
from handover.store import notices
from handover.store.accounts import Account
from handover.store.database import Database

log = structlog.get_logger(__name__)

#: How late this process may hear of what was changed at another one.
KEPT_SECONDS = 2.0


class NoticeBoard:
    """Shows notices; leads put them up and take them away."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._kept: list[Notice] = []
        self._good_until = float("-inf")
        self._changes = 0

    async def shown(self) -> list[Notice]:
        """Return what is shown now, what matters most first."""
        now, read_at = self._clock(), asyncio.get_running_loop().time()
        if read_at >= self._good_until:
            changes = self._changes
            self._kept = await self._database.read(lambda connection: notices.list_notices(connection, now))
            if changes == self._changes:  # What changed while this was read is read the next time.
                self._good_until = read_at + KEPT_SECONDS
        return by_weight(one for one in self._kept if one.is_shown(now))

    async def kept(self) -> list[Notice]:
        """Return what is shown now or to be shown."""
        now = self._clock()
        return by_weight(await self._database.read(lambda connection: notices.list_notices(connection, now)))

    async def put_up(
        self,
        notice_id: str,
        texts: Mapping[str, str],
        severity: Severity,
        starts_at: datetime | None,
        until: datetime,
        account: Account,
    ) -> Notice:
        """Put up a notice, at once or for later; one that is sent twice stands there once.

        Raises `text_empty`, `notice_too_long`, `notice_period_invalid`, `notices_full`, and `id_reused`.
        """
        now = self._clock()
        signed = Signed(now, account.id, account.name)
        starts_at = max(now, starts_at or now)
        notice = Notice(notice_id, check_texts(texts), severity, starts_at, until, signed)

        def work(connection: Connection) -> Notice:
            notices.lock_notices(connection)
            known = notices.find_notice(connection, notice_id)
            if known is not None:
                if not known.says_the_same(notice):
                    raise HandoverError("id_reused")
                return known
            check_new(notice, notices.list_notices(connection, now), now)
            notices.insert_notice(connection, notice)
            return notice

        done = await self._database.write(work)
        log.info("notice_put_up", notice=notice_id, severity=severity.value, by=account.id)
        self._forget()
        return done

    async def take_away(self, notice_id: str, account: Account) -> None:
        """Take a notice away; one that is over already stays as it is. Raises `notice_unknown`."""
        ended = Signed(self._clock(), account.id, account.name)

        def work(connection: Connection) -> None:
            if notices.find_notice(connection, notice_id) is None:
                raise HandoverError("notice_unknown")
            notices.end_notice(connection, notice_id, ended)

        await self._database.write(work)
        log.info("notice_taken_away", notice=notice_id, by=account.id)
        self._forget()

    def _forget(self) -> None:
        self._changes += 1
        self._good_until = float("-inf")
