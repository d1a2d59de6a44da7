"""What happens when nothing happens: drafts that time out, idle conversations, guides who vanish, turns left behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from catalogue.phrases import Phrases
from handover.bus import Announcement, Bus
from handover.conversations import Clock, Conversations, utc_now
from handover.core import commands as c
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.store import duty, record
from handover.store.database import Database
from handover.store.execute import Entry, execute_one
from handover.store.record import Outcome
from handover.turns import TurnWorker

log = structlog.get_logger(__name__)

#: A sweeper that has not swept for so long knows nothing of who was there meanwhile.
BLIND_AFTER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a guide may be unseen or do nothing, a conversation be still, and a draft undecided."""

    guide_lease: timedelta
    auto_away: timedelta
    idle: timedelta
    draft: timedelta


class Sweeper:
    """Looks once a second for what is due; every replica may run one, the database lets each thing happen once."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        worker: TurnWorker,
        bus: Bus,
        phrases: Phrases,
        limits: Limits,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._worker = worker
        self._bus = bus
        self._phrases = phrases
        self._limits = limits
        self._clock = clock
        self._swept_at: datetime | None = None
        self._lost_guides_from = clock()

    async def run(self, every_seconds: float) -> None:
        """Sweep until cancelled; a database that is away is waited for."""
        while True:
            try:
                await self.sweep()
            except HandoverError as error:
                log.warning("sweep_failed", code=error.code)
            except Exception:
                log.exception("sweep_failed")
            await asyncio.sleep(every_seconds)

    async def sweep(self) -> None:
        """Do everything that is due now, once."""
        now = self._clock()
        if self._swept_at is None or not timedelta(0) <= now - self._swept_at <= BLIND_AFTER:
            # After a start, an outage or a clock that was set nobody could be seen: guides get their time to come back.
            self._lost_guides_from = now + self._limits.guide_lease
        for outcome in await self._database.write(lambda connection: self._due(connection, now)):
            if outcome.appended:
                self._bus.publish(Announcement(outcome.conversation, outcome.appended))
        for turn in await self._conversations.take_up_abandoned(self._worker.running):
            log.info("turn_taken_up", conversation=turn.conversation_id, seq=turn.seq, attempts=turn.attempts)
            self._worker.start(turn)
        self._swept_at = now

    def _due(self, connection: Connection, now: datetime) -> list[Outcome]:
        outcomes: list[Outcome] = []
        record.pull_in_timers(connection, now, self._limits.idle, self._limits.draft)
        for conversation in record.due_conversations(connection, now):
            record.clear_timer(connection, conversation.id)
            outcomes.append(self._time_out(connection, conversation, now))
        for guide in duty.set_idle_away(connection, now - self._limits.auto_away):
            log.info("guide_away", guide=guide)
        if now >= self._lost_guides_from:
            lease = self._limits.guide_lease
            for conversation in record.owned_by_lost_guides(connection, (now - lease, now + lease)):
                outcomes.append(_release(connection, conversation, now))
        return outcomes

    def _time_out(self, connection: Connection, conversation: Conversation, now: datetime) -> Outcome:
        draft = conversation.draft
        if draft is None:
            command: c.Command = c.IdleClose()
            name = "idle"
        else:
            command = c.DraftTimeout(draft.id, self._phrases.say("draft_timeout", conversation.language))
            name = "draft"
        return execute_one(connection, Entry(conversation.id, f"{name}:{conversation.last_seq}", command, now))


def _release(connection: Connection, conversation: Conversation, now: datetime) -> Outcome:
    guide = c.Guide(conversation.owner_id or "", conversation.owner_name or "")
    command = c.Release(guide, "lost_connection")
    return execute_one(connection, Entry(conversation.id, f"lost:{conversation.last_seq}", command, now))
