"""Who is at the desk: presence, and the list of colleagues, kept fresh for the sockets of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from handover.bus import Announcement, Bus, Notice
from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.routing import Presence
from handover.store import duty
from handover.store.database import Database
from handover.store.duty import Colleague, Standing

log = structlog.get_logger(__name__)

#: Changes that come within this time are told together, so that a socket hears at most once in it.
GATHER_SECONDS = 1.0
#: How late this process may hear of presence that changed at another one, or by the clock: it asks the database.
LOOK_EVERY_SECONDS = 2.0
#: How exactly it is kept when a guide did something last; one who comes back is noted at once.
ACTIVE_EVERY_SECONDS = 15.0
#: Events with which a guide has one conversation more or less.
_CHANGES_LOAD = frozenset({"claimed", "released", "transferred", "handed_back", "closed"})

Roster = list[Colleague]
Watcher = Callable[[Roster], None]


class DutyWatch:
    """Keeps presence, and tells watchers the colleagues whenever they have changed; `run` is its one task."""

    def __init__(
        self, database: Database, bus: Bus, guide_lease: timedelta, auto_away: timedelta, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._bus = bus
        self._guide_lease = guide_lease
        self._clock = clock
        self._watchers: dict[Watcher, Roster] = {}
        self._changed = asyncio.Event()
        #: How often presence was changed here: a roster that was read meanwhile may be older than what a guide knows.
        self._changes = 0
        #: So often activity has to be noted for the clock not to overtake it.
        self.active_every_seconds = min(ACTIVE_EVERY_SECONDS, auto_away.total_seconds() / 4)

    async def see(self, account_id: str) -> Standing:
        """Note that a guide is connected; return the presence."""
        now = self._clock()
        return await self._database.write(lambda connection: duty.see_guide(connection, account_id, now))

    async def set_presence(self, account_id: str, presence: Presence) -> None:
        """Say whether a guide takes conversations, as the guide wishes."""
        now = self._clock()
        await self._database.write(lambda connection: duty.set_presence(connection, account_id, presence, now))
        self._note_change()

    async def note_activity(self, account_id: str) -> bool:
        """Note that a guide does something; tell whether one who was set away by the clock is back by that."""
        now = self._clock()
        back = await self._database.write(lambda connection: duty.note_activity(connection, account_id, now))
        if back:
            self._note_change()
        return back

    async def roster(self) -> Roster:
        """Return all guides who were seen lately."""
        now = self._clock()
        return await self._database.read(lambda connection: duty.list_colleagues(connection, now, self._guide_lease))

    async def is_at_desk(self, account_id: str) -> bool | None:
        """Tell whether a guide is there to be handed a conversation, None when nobody of this id is a guide."""
        seen_after = self._clock() - self._guide_lease
        return await self._database.read(lambda connection: duty.is_at_desk(connection, account_id, seen_after))

    def watch(self, watcher: Watcher, known: Roster) -> Callable[[], None]:
        """Call `watcher` with each roster that is another than the last, `known` at first; returns what ends it."""
        self._watchers[watcher] = known

        def stop() -> None:
            self._watchers.pop(watcher, None)

        return stop

    def tell_anew(self, watcher: Watcher) -> None:
        """Tell the next roster in any case: the watcher has heard of something newer by another way."""
        if watcher in self._watchers:
            self._watchers[watcher] = []

    async def run(self) -> None:
        """Look until cancelled: soon after a change here, and every two seconds while somebody watches."""
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                await self._wait_for_change()
                self._changed.clear()
                try:
                    await self._tell()
                except HandoverError as error:
                    log.warning("guides_not_read", code=error.code)
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            stop()

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, Announcement) and any(s.event.kind in _CHANGES_LOAD for s in notice.events):
            self._changed.set()

    def _note_change(self) -> None:
        self._changes += 1
        self._changed.set()

    async def _wait_for_change(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS - GATHER_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _tell(self) -> None:
        if not self._watchers:
            return
        changes, roster = self._changes, await self.roster()
        if changes != self._changes:
            return
        for watcher, known in list(self._watchers.items()):
            if watcher in self._watchers and roster != known:
                self._watchers[watcher] = roster
                watcher(roster)
