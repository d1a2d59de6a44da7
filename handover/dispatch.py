"""Gives conversations to guides by the policy, where the rule is `automatic`, and drops wishes that nobody can fulfil.

Every replica may run one. The transaction that gives decides anew, on conversations and accounts that it has locked:
no conversation is given twice, and nobody gets more than there is room for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from handover.bus import Announcement, Bus, Notice
from handover.conversations import Clock, utc_now
from handover.core import commands as c
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.core.routing import Guide, Waiting, assign, lost_wishes
from handover.store import capacity, duty, record
from handover.store.database import Database
from handover.store.execute import Entry, execute_all
from handover.store.record import Outcome

log = structlog.get_logger(__name__)

#: Patience runs out, and other replicas free guides, without a word: so often it is looked without one.
LOOK_EVERY_SECONDS = 1.0
#: What comes within this time is dealt with together.
GATHER_SECONDS = 0.1
#: So many are looked at, first in line first.
MOST_LOOKED_AT = 100
#: Events after which somebody waits or a guide has room.
_MATTERS = frozenset({"escalated", "claimed", "released", "transferred", "handed_back", "closed"})


class Dispatcher:
    """Looks after those who wait; `run` is its one task."""

    def __init__(
        self, database: Database, bus: Bus, guide_lease: timedelta, *, automatic: bool, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._bus = bus
        self._guide_lease = guide_lease
        self._automatic = automatic
        self._clock = clock
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Look until cancelled: soon after a change, and every second."""
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                self._changed.clear()
                try:
                    await self.dispatch()
                except HandoverError as error:
                    log.warning("dispatch_failed", code=error.code)
                except Exception:
                    log.exception("dispatch_failed")
                await self._wait_for_change()
        finally:
            stop()

    async def dispatch(self) -> None:
        """Give what can be given now, and drop the wishes that are lost."""
        now = self._clock()
        if not await self._database.read(lambda connection: self._is_due(connection, now)):
            return
        for outcome in await self._database.write(lambda connection: self._carry_out(connection, now)):
            self._bus.publish(Announcement(outcome.conversation, outcome.appended))

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, Announcement) and any(s.event.kind in _MATTERS for s in notice.events):
            self._changed.set()

    async def _wait_for_change(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER_SECONDS)

    def _is_due(self, connection: Connection, now: datetime) -> bool:
        """Tell whether there is something to do, without a lock: mostly there is not."""
        waiting = record.list_waiting(connection, MOST_LOOKED_AT)
        if not waiting or not (self._automatic or any(one.wanted_guide for one in waiting)):
            return False
        return bool(self._plan(waiting, duty.read_guides(connection, now, self._guide_lease), now))

    def _carry_out(self, connection: Connection, now: datetime) -> list[Outcome]:
        # Accounts first, so that replicas give one after the other: the next sees what this one gave. Claims lock them
        # after their conversations, but none of those is waited for here.
        capacity.lock_room(connection, duty.list_seen(connection, now))
        locked = record.lock_waiting(connection, MOST_LOOKED_AT)
        guides = duty.read_guides(connection, now, self._guide_lease)
        entries = self._plan([one.conversation for one in locked.values()], guides, now)
        results = execute_all(connection, entries, locked)
        for entry, result in zip(entries, results, strict=True):
            if isinstance(result, HandoverError):
                log.warning("dispatch_refused", conversation=entry.conversation_id, code=result.code)
        return [result for result in results if isinstance(result, Outcome) and result.appended]

    def _plan(self, conversations: Sequence[Conversation], guides: Sequence[Guide], now: datetime) -> list[Entry]:
        """Return the commands that the policy comes to; each has an id that can be used once where things stand now."""
        by_id = {one.id: one for one in conversations}
        waiting = [Waiting.of(one) for one in conversations]
        entries = [
            Entry(one, f"unwish:{by_id[one].last_seq}", c.DropWish(by_id[one].wanted_guide or ""), now)
            for one in lost_wishes(waiting, guides, now)
        ]
        if self._automatic:
            names = {guide.id: guide.name for guide in guides}
            entries += [
                Entry(
                    given.conversation_id,
                    f"assign:{by_id[given.conversation_id].last_seq}",
                    c.Claim(c.Guide(given.guide_id, names[given.guide_id]), assigned=True),
                    now,
                )
                for given in assign(waiting, guides, now)
            ]
        return entries
