"""The use cases of a conversation: commands are committed, then announced.

The assistant begins to think of its answer while the message that it answers is being committed: thinking tells nobody
anything, and what it comes to is stored only after that commit, or dropped with it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from handover.bus import Announcement, Bus
from handover.core import commands as c
from handover.core import events as e
from handover.core.errors import HandoverError
from handover.core.events import Audience
from handover.core.redaction import EMAIL, PHONE, redact
from handover.core.text import clean_text
from handover.store import record, turns
from handover.store.accounts import hash_token, new_token
from handover.store.batch import Done, Finish, Item, carry_out_all, conversation_of
from handover.store.commits import GroupCommit
from handover.store.database import Database
from handover.store.execute import Entry
from handover.store.record import Opening, Outcome, Page
from handover.store.rules import Rules
from handover.store.turns import Asked, Turn

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
#: Begins a turn; the future is done when its row is committed, and cancelled when that came to nothing.
RunTurn = Callable[[Turn, asyncio.Future[None]], None]


def utc_now() -> datetime:
    """Return the time now, UTC."""
    return datetime.now(UTC)


def safe_text(raw: str) -> str:
    """Return what is kept of a text that a person typed: cleaned, then redacted."""
    return redact(clean_text(raw))


def guide_text(raw: str) -> str:
    """Return what is kept of a guide's words to a citizen: telephone and e-mail stay, they are how one is reached."""
    return redact(clean_text(raw), keep=(PHONE, EMAIL))


@dataclass(frozen=True, slots=True)
class Leases:
    """How long things may take before somebody else takes over."""

    turn: timedelta
    idle: timedelta


class Conversations:
    """Opens conversations, carries out commands and hands out pages of the record."""

    def __init__(
        self, database: Database, bus: Bus, leases: Leases, clock: Clock = utc_now, replica: str | None = None
    ) -> None:
        self._database = database
        self._bus = bus
        self._leases = leases
        self._clock = clock
        #: Names this process in leases.
        self.replica = replica or uuid.uuid4().hex
        self._run_turn: RunTurn = lambda turn, committed: None
        self._rules: Callable[[], Rules | None] = lambda: None
        self._commits: GroupCommit[Item, Done] = GroupCommit(
            database, self._carry_out, self._on_commit, conversation_of, self._before_commit
        )

    def on_turn(self, run: RunTurn) -> None:
        """Set what runs the turns that commands lease to this process; it stores nothing before their commit."""
        self._run_turn = run

    def judge_by(self, rules: Callable[[], Rules | None]) -> None:
        """Set the rules by which FAQs go up and down when their answers are judged."""
        self._rules = rules

    async def open(
        self,
        language: str,
        audience: Audience,
        service: str | None,
        account_id: str | None,
        choices: tuple[e.Choice, ...] = (),
    ) -> tuple[str, str]:
        """Open a conversation that offers `choices`; return its id and its token."""
        conversation_id, token = str(uuid.uuid4()), new_token()
        now = self._clock()
        opened = e.Opened(language=language, audience=audience, service=service, choices=choices)
        opening = Opening(conversation_id, hash_token(token), opened, now, account_id, now + self._leases.idle)
        await self._commits.submit(opening)
        return conversation_id, token

    async def check_token(self, conversation_id: str, token: str) -> None:
        """Raise `conversation_unknown` or `token_invalid` unless the token is the conversation's."""
        await self._database.read(
            lambda connection: record.access_conversation(connection, conversation_id, hash_token(token))
        )

    async def execute(self, conversation_id: str, command_id: str, command: c.Command) -> Outcome:
        """Carry out a command once; when this returns it is committed."""
        now = self._clock()
        entry = Entry(conversation_id, command_id, command, now, now + self._leases.idle)
        done = await self._commits.submit(entry)
        if done.outcome is None:
            raise AssertionError("a command has an outcome or is refused")
        return done.outcome

    async def was_decided(self, conversation_id: str, command_id: str) -> bool:
        """Tell whether a command is a repeat, whose first outcome stands."""
        return await self._database.read(lambda connection: record.was_decided(connection, conversation_id, command_id))

    async def close(self) -> None:
        """Return when every command that was begun is settled."""
        await self._commits.close()

    async def read(self, conversation_id: str, after: int) -> Page:
        """Return a page of the record; raises `after_in_future`."""
        return await self._database.read(lambda connection: record.read_events(connection, conversation_id, after))

    async def context_of(self, turn: Turn) -> Asked:
        """Return the conversation of a turn, the message it answers and what the assistant remembers."""
        if turn.asked is not None:
            return turn.asked

        def work(connection: Connection) -> Asked:
            page = record.read_events(connection, turn.conversation_id, turn.seq - 1, limit=1)
            context = record.get_context(connection, turn.conversation_id)
            return Asked(page.conversation, page.events[0].event if page.events else None, context)

        return await self._database.read(work)

    async def finish_turn(
        self, turn: Turn, command: c.FinishTurn | None, context: dict[str, Any] | None, engine_ms: float | None
    ) -> Turn | None:
        """Store what a turn came to and lease the conversation's next one; nothing if the lease was lost.

        The owner's epoch is checked in the same transaction: an answer that comes after a person has taken
        over is not written.
        """
        now = self._clock()
        entry = None
        if command is not None:
            # A turn that is leased is not done yet; one that is not leased writes nothing.
            idle_at = now + self._leases.idle
            entry = Entry(turn.conversation_id, f"turn:{turn.seq}", command, now, idle_at, of_turn=True)
        result = command.understanding.decision if command and command.understanding else "none"
        done = await self._commits.submit(Finish(turn, entry, context, result, engine_ms))
        return done.turn

    async def release_turns(self) -> None:
        """Give back the turns that this process will not finish, so that nobody has to wait for their leases."""
        released = await self._database.write(lambda connection: turns.release_leases(connection, self.replica))
        if released:
            log.info("turns_released", turns=released)

    async def take_up_abandoned(self, running: Collection[Turn] = ()) -> list[Turn]:
        """Renew the leases of the turns that this process runs; lease those that others, or it itself, have lost."""
        now = self._clock()

        def work(connection: Connection) -> list[Turn]:
            turns.renew_leases(connection, self.replica, running, now + self._leases.turn)
            return turns.lease_abandoned(connection, self.replica, running, now, self._leases.turn)

        return await self._database.write(work)

    def _carry_out(self, connection: Connection, items: Sequence[Item]) -> list[Done | HandoverError]:
        return carry_out_all(connection, items, self.replica, self._clock() + self._leases.turn, self._rules())

    def _before_commit(self, done: Sequence[Done], committed: asyncio.Future[None]) -> None:
        """Let the turns begin, in the loop's thread."""
        for turn in [one.turn for one in done if one.turn is not None and not one.follows]:
            committed.get_loop().call_soon_threadsafe(self._run_turn, turn, committed)

    def _on_commit(self, committed: Sequence[Done]) -> None:
        """Tell of what is new, whether those who asked for it are still there or not."""
        for done in committed:
            if done.outcome is not None and done.outcome.appended:
                self._bus.publish(Announcement(done.outcome.conversation, done.outcome.appended))
