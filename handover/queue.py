"""Where each waiting conversation stands in line, kept fresh for the sockets of this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from catalogue.opening import OpeningHours
from handover.bus import Announcement, Bus, Notice
from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.service_levels import wait_range
from handover.store import duty, record
from handover.store.database import Database

log = structlog.get_logger(__name__)

#: Changes that come within this time are counted together.
GATHER_SECONDS = 0.2
#: A morning is not judged by the afternoon before: after a night the waits begin anew.
WAITS_REMEMBERED = timedelta(hours=3)
#: Places are told again at least this often, since guides come and go.
REFRESH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place in line: 1 is next. `opens_at` is None while it is open."""

    position: int
    wait_seconds: tuple[int, int] | None
    guides_on_duty: int
    opens_at: datetime | None = None


Watcher = Callable[[Place], None]


class QueueWatch:
    """Tells watchers their place whenever it may have changed; `run` is its one task."""

    def __init__(
        self, database: Database, bus: Bus, guide_lease: timedelta, opening: OpeningHours, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._bus = bus
        self._guide_lease = guide_lease
        self._opening = opening
        self._clock = clock
        self._watchers: dict[str, set[Watcher]] = {}
        self._changed = asyncio.Event()

    def watch(self, conversation_id: str, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` with each new place of the conversation; returns what ends it."""
        self._watchers.setdefault(conversation_id, set()).add(watcher)
        self._changed.set()

        def stop() -> None:
            watchers = self._watchers.get(conversation_id)
            if watchers is not None:
                watchers.discard(watcher)
                if not watchers:
                    del self._watchers[conversation_id]

        return stop

    async def run(self) -> None:
        """Recount until cancelled: soon after a change, and every few seconds while somebody waits."""
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                await self._wait_for_change()
                await asyncio.sleep(GATHER_SECONDS)
                self._changed.clear()
                try:
                    await self._tell()
                except HandoverError as error:
                    log.warning("queue_not_counted", code=error.code)
        finally:
            stop()

    async def place_of(self, conversation_id: str) -> Place | None:
        """Return the place of one conversation, None when it does not wait."""
        return (await self._places()).get(conversation_id)

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, Announcement) and any(
            s.event.kind in ("escalated", "claimed", "released", "transferred", "closed") for s in notice.events
        ):
            self._changed.set()

    async def _wait_for_change(self) -> None:
        timeout = REFRESH_SECONDS if self._watchers else None
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return

    async def _tell(self) -> None:
        if not self._watchers:
            return
        places = await self._places()
        for conversation_id, watchers in list(self._watchers.items()):
            place = places.get(conversation_id)
            if place is not None:
                for watcher in tuple(watchers):
                    watcher(place)

    async def _places(self) -> dict[str, Place]:
        now = self._clock()
        waiting, waits, on_duty = await self._database.read(lambda connection: self._count(connection, now))
        seconds, opens_at = self._in_opening_hours(waits), self._opening.opens_at(now)
        return {
            conversation_id: Place(number, wait_range(seconds, number, on_duty), on_duty, opens_at)
            for number, conversation_id in enumerate(waiting, start=1)
        }

    def _in_opening_hours(self, waits: list[tuple[datetime, timedelta]]) -> list[float]:
        """Return how many open seconds each waited; whom a guide took while it was closed tells of nobody else."""
        hours = self._opening
        return [hours.open_time(at - wait, at).total_seconds() for at, wait in waits if hours.is_open(at)]

    def _count(self, connection: Connection, now: datetime) -> tuple[list[str], list[tuple[datetime, timedelta]], int]:
        return (
            record.list_queue(connection),
            record.recent_waits(connection, now - WAITS_REMEMBERED),
            duty.count_on_duty(connection, now - self._guide_lease),
        )
