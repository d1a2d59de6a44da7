"""The turn worker: asks the assistant and stores what comes of it. One task a turn, all owned here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from handover.assistant import Assistant, AssistantReply
from handover.bus import Bus, TypingNotice
from handover.conversations import Clock, Conversations, utc_now
from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.core.supervision import Level, is_picked
from handover.engine import EngineQuestion
from handover.store.turns import Turn

log = structlog.get_logger(__name__)

#: A turn that failed so often, whatever the fault, goes to a person.
MAX_ATTEMPTS = 3
#: How long a turn waits for a database that is away, and how often it looks.
PATIENCE_SECONDS = 10.0
RETRY_EVERY_SECONDS = 0.3
#: An answer that comes sooner seems to come at once (Nielsen 1993): nobody is told that it is being written.
TYPING_AFTER_SECONDS = 0.1


#: The levels under which an answer stands in the record.
_ANSWERED: dict[Level, e.AnswerLevel] = {
    Level.SHADOW: "shadow",
    Level.APPROVE: "approve",
    Level.SAMPLED: "sampled",
    Level.AUTO: "auto",
}


@dataclass(frozen=True, slots=True)
class Drafting:
    """How long a draft waits, and which share of the answers that are sent at once is reviewed afterwards."""

    timeout: timedelta
    sampled_share: float
    audit_share: float


@dataclass(frozen=True, slots=True)
class _Result:
    """What a turn came to: nothing, or a command, what is remembered and how long the engine took."""

    command: c.FinishTurn | None = None
    context: dict[str, object] | None = None
    engine_ms: float | None = None


class TurnWorker:
    """Runs leased turns; `close` waits briefly for those under way, the rest is taken up by others."""

    def __init__(
        self,
        conversations: Conversations,
        assistant: Assistant,
        bus: Bus,
        drafting: Drafting,
        clock: Clock = utc_now,
    ) -> None:
        self._conversations = conversations
        self._assistant = assistant
        self._bus = bus
        self._drafting = drafting
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: dict[tuple[str, int], Turn] = {}

    @property
    def running(self) -> list[Turn]:
        """The turns that are under way here."""
        return list(self._running.values())

    def start(self, turn: Turn, committed: asyncio.Future[None] | None = None) -> None:
        """Run a turn, and after it those that queued behind it.

        A turn that is not `committed` yet may be thought of meanwhile; it is given up when that future is cancelled.
        """
        task = asyncio.create_task(self._run(turn, committed), name=f"turn {turn.conversation_id}/{turn.seq}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if committed is not None:
            committed.add_done_callback(lambda done: task.cancel() if done.cancelled() else None)

    async def close(self, grace_seconds: float) -> None:
        """Wait for the turns under way, then cancel those that are late and give them back for another to take up."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._conversations.release_turns()
        except HandoverError as error:
            log.warning("turns_not_released", code=error.code)  # Their leases run out.

    async def _run(self, turn: Turn, committed: asyncio.Future[None] | None) -> None:
        following: Turn | None = turn
        while following is not None:
            key = (following.conversation_id, following.seq)
            self._running[key] = following
            try:
                result = await self._answer(following)
                if committed is not None:
                    # Who stops waiting must not call off the commit for all that wait for it.
                    await asyncio.shield(committed)
                following = await self._finish(following, result)
            except HandoverError as error:
                log.warning("turn_not_stored", conversation=key[0], seq=key[1], code=error.code)
                return
            except Exception:
                log.exception("turn_failed", conversation=key[0], seq=key[1])
                return
            finally:
                del self._running[key]

    async def _answer(self, turn: Turn) -> _Result:
        asked = await _patiently(lambda: self._conversations.context_of(turn))
        conversation, said = asked.conversation, asked.said
        if turn.attempts > MAX_ATTEMPTS:
            return _Result(self._command(turn, self._assistant.give_up(conversation.language)))
        stale = conversation.epoch != turn.epoch or conversation.state is not State.BOT
        if stale or not isinstance(said, e.Message):
            return _Result()
        typing = TypingNotice(turn.conversation_id, "bot")
        telling = asyncio.get_running_loop().call_later(TYPING_AFTER_SECONDS, self._bus.publish, typing)
        try:
            reply = await self._assistant.reply(_question(turn, conversation, said, asked.context))
        finally:
            telling.cancel()
        return _Result(self._command(turn, reply), reply.context, reply.engine_ms)

    async def _finish(self, turn: Turn, result: _Result) -> Turn | None:
        return await _patiently(
            lambda: self._conversations.finish_turn(turn, result.command, result.context, result.engine_ms)
        )

    def _command(self, turn: Turn, reply: AssistantReply) -> c.FinishTurn:
        deadline = self._clock() + self._drafting.timeout if reply.mode == "approve" else None
        shares = {Level.SAMPLED: self._drafting.sampled_share, Level.AUTO: self._drafting.audit_share}
        share = shares.get(reply.level, 0.0) if reply.level else 0.0
        return c.FinishTurn(
            epoch=turn.epoch,
            reply_to=turn.seq,
            messages=reply.messages,
            escalate=reply.escalate,
            understanding=reply.understanding,
            mode=reply.mode,
            draft_deadline=deadline,
            level=_ANSWERED.get(reply.level) if reply.level else None,
            review=is_picked(turn.conversation_id, turn.seq, share),
            instead=reply.instead,
        )


def _question(turn: Turn, conversation: Conversation, said: e.Message, context: dict[str, object]) -> EngineQuestion:
    if conversation.service is not None:
        # The page that the chat was opened on, or the note of the guide who handed it back, may say it better.
        context = {**context, "service": conversation.service}
    return EngineQuestion(
        conversation_id=turn.conversation_id,
        turn_id=f"{turn.conversation_id}-{turn.seq}",
        language=conversation.language,
        audience=conversation.audience.value,
        context=context,
        text=None if said.choice else said.text,
        payload=said.choice,
        began=conversation.opened_at,
    )


async def _patiently[T](step: Callable[[], Awaitable[T]]) -> T:
    """Return what `step` returns, tried again for a while when the database is away: a turn is not begun anew for that.

    Should another have taken up the turn meanwhile, finishing it comes to nothing.
    """
    give_up_at = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            return await step()
        except HandoverError as error:
            if error.code != "database_unavailable" or asyncio.get_running_loop().time() > give_up_at:
                raise
        await asyncio.sleep(RETRY_EVERY_SECONDS)
