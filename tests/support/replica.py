"""One replica of the service without its public door: use cases, turn worker and sweeper on a clock that tests turn."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, select, update

from catalogue.phrases import Phrases
from handover.assistant import Assistant
from handover.bus import InProcessBus
from handover.conversations import Conversations, Leases
from handover.core import commands as c
from handover.core.conversation import Conversation
from handover.core.events import Audience, Event
from handover.core.supervision import Level, Levels
from handover.crisis_file import read_crisis_guide
from handover.dispatch import Dispatcher
from handover.engine import HttpEngine
from handover.store import accounts, duty, record
from handover.store import tables as t
from handover.store.database import Database
from handover.store.record import Outcome
from handover.store.turns import Turn
from handover.sweeper import Limits, Sweeper
from handover.turns import Drafting, TurnWorker
from tests.support.engine_double import EngineDouble

LEASES = Leases(turn=timedelta(seconds=10), idle=timedelta(minutes=30))
GUIDE_LEASE = timedelta(seconds=30)
DRAFT_TIMEOUT = timedelta(seconds=60)
AUTO_AWAY = timedelta(minutes=10)
LIMITS = Limits(GUIDE_LEASE, AUTO_AWAY, LEASES.idle, DRAFT_TIMEOUT)


class Clock:
    """A clock that only moves when a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time now."""
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass, given as for `timedelta`."""
        self.now += timedelta(**by)


class GoingClock(Clock):
    """A clock that goes by itself from a moment on; tests may set it forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """Return the time now."""
        return self.now + timedelta(seconds=time.monotonic() - self._began)


class Replica:
    """The parts of one process; `started` holds the turns that it was given to run."""

    def __init__(self, database: Database, assistant: Assistant, phrases: Phrases, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.bus = InProcessBus()
        self.conversations = Conversations(database, self.bus, LEASES, clock)
        self.worker = TurnWorker(self.conversations, assistant, self.bus, Drafting(DRAFT_TIMEOUT, 0.2, 0.05), clock)
        self.sweeper = Sweeper(database, self.conversations, self.worker, self.bus, phrases, LIMITS, clock)
        self.dispatcher = Dispatcher(database, self.bus, GUIDE_LEASE, automatic=True, clock=clock)
        self.started: list[Turn] = []
        self.conversations.on_turn(lambda turn, committed: self.started.append(turn))

    async def open(self) -> str:
        """Open a conversation; return its id."""
        conversation_id, _ = await self.conversations.open("sv", Audience.CITIZEN, None, None)
        return conversation_id

    async def do(self, conversation_id: str, command: c.Command, command_id: str | None = None) -> Outcome:
        """Carry out a command under a new id, or the given one."""
        return await self.conversations.execute(conversation_id, command_id or str(uuid.uuid4()), command)

    async def look(self, conversation_id: str) -> Conversation:
        """Return where a conversation stands."""
        return (await self.conversations.read(conversation_id, 0)).conversation

    async def history(self, conversation_id: str) -> list[Event]:
        """Return all events of a conversation."""
        return [stored.event for stored in (await self.conversations.read(conversation_id, 0)).events]

    async def kinds(self, conversation_id: str) -> list[str]:
        """Return the kinds of all events of a conversation, in order."""
        return [event.kind for event in await self.history(conversation_id)]

    async def demo_guide(self, username: str = "guide") -> c.Guide:
        """Return a demo account as a guide who acts."""
        account = await self.database.read(lambda connection: accounts.find_account(connection, username))
        assert account is not None
        return c.Guide(account.id, account.name)

    async def waiting(self, wait: c.Command | None = None) -> str:
        """Open a conversation that waits for a guide; return its id."""
        conversation_id = await self.open()
        await self.do(conversation_id, wait or c.AskHuman())
        return conversation_id

    async def see(self, guide: c.Guide) -> None:
        """Note that a guide is connected now."""
        await self.database.write(lambda connection: duty.see_guide(connection, guide.id, self.clock()))

    async def set_skills(self, guide: c.Guide, **skills: object) -> None:
        """Change what is noted of a guide: `capacity`, `services`, `languages`."""
        change = update(t.accounts).where(t.accounts.c.id == guide.id).values(**skills)
        await self.database.write(lambda connection: connection.execute(change))

    async def queue(self) -> list[str]:
        """Return the ids of those who wait, first in line first."""
        return await self.database.read(record.list_queue)

    async def turn_states(self, conversation_id: str) -> list[str]:
        """Return the states of a conversation's turns, in order."""

        def work(connection: Connection) -> list[str]:
            query = select(t.turns.c.status).where(t.turns.c.conversation_id == conversation_id)
            return list(connection.scalars(query.order_by(t.turns.c.seq)))

        return await self.database.read(work)


@asynccontextmanager
async def replicas(
    url: str, engine: EngineDouble, data: Path, clock: Clock, count: int = 1, level: Level = Level.AUTO
) -> AsyncIterator[list[Replica]]:
    """Run several replicas on one database, each with connections of its own."""
    phrases, crisis = Phrases.read(data), read_crisis_guide(data)
    databases = [Database(url) for _ in range(count)]
    async with HttpEngine(engine.url, engine.secret, 8.0) as client:
        assistant = Assistant(client, phrases, crisis, lambda: Levels(level))
        made = [Replica(database, assistant, phrases, clock) for database in databases]
        try:
            yield made
        finally:
            for replica in made:
                await replica.worker.close(grace_seconds=1.0)
            for database in databases:
                await database.close()
