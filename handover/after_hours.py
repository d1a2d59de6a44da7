"""Tells those who come to wait while it is closed, and nobody is there all the same, when somebody will be.

Nothing else is different while it is closed: whoever waits keeps the place in line, and a guide who is on duty takes
conversations as ever. Every replica may run one; the record tells each of them what was said.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from catalogue.moments import say_day, say_time
from catalogue.opening import OpeningHours
from catalogue.phrases import Phrases
from handover.bus import Announcement, Bus, Notice
from handover.conversations import Clock, Conversations, utc_now
from handover.core import commands as c
from handover.core.conversation import CRISIS_PRIORITY
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.store import duty
from handover.store.database import Database

log = structlog.get_logger(__name__)

#: Events by which somebody comes to wait.
_BEGINS_TO_WAIT = frozenset({"escalated", "released", "transferred"})


@dataclass(frozen=True, slots=True)
class _Waiting:
    conversation_id: str
    #: The event with which the wait began.
    seq: int
    language: str
    in_danger: bool


class AfterHours:
    """Says what is to be said while it is closed; `run` is its one task."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        conversations: Conversations,
        phrases: Phrases,
        opening: OpeningHours,
        guide_lease: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._bus = bus
        self._conversations = conversations
        self._phrases = phrases
        self._opening = opening
        self._guide_lease = guide_lease
        self._clock = clock
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()

    async def run(self) -> None:
        """Tell until cancelled. What cannot be stored is not said; the place in line that is told names the opening."""
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                waiting = await self._waiting.get()
                try:
                    await self._tell(waiting)
                except HandoverError as error:
                    log.warning("closed_not_told", conversation=waiting.conversation_id, code=error.code)
                except Exception:
                    log.exception("closed_not_told", conversation=waiting.conversation_id)
        finally:
            stop()

    def _heard(self, notice: Notice) -> None:
        if not isinstance(notice, Announcement) or notice.conversation.state is not State.WAITING:
            return
        began = next((one.seq for one in reversed(notice.events) if one.event.kind in _BEGINS_TO_WAIT), None)
        if began is None or self._opening.is_open(self._clock()):
            return
        talk = notice.conversation
        self._waiting.put_nowait(_Waiting(talk.id, began, talk.language, talk.priority >= CRISIS_PRIORITY))

    async def _tell(self, waiting: _Waiting) -> None:
        now = self._clock()
        opens_at = self._opening.opens_at(now)
        if opens_at is None or await self._is_somebody_there(now):
            return
        key = "closed_in_danger" if waiting.in_danger else "closed"
        spoken = self._phrases.nearest(key, waiting.language)
        text = self._phrases.say(key, spoken, day=say_day(opens_at, spoken), time=say_time(opens_at, spoken))
        # The id says which wait it is about, not when it opens: replicas whose clocks differ say it once.
        await self._conversations.execute(waiting.conversation_id, f"closed:{waiting.seq}", c.TellClosed(text))

    async def _is_somebody_there(self, now: datetime) -> bool:
        on_duty = await self._database.read(lambda connection: duty.count_on_duty(connection, now - self._guide_lease))
        return on_duty > 0
