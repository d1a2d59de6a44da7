"""Supervision of the assistant: the levels of the moment, kept fresh in every process, and what a lead may change.

The database decides. Each process looks twice a second whether anything has changed, and what a turn says is checked
against the switch once more in the transaction that stores it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from catalogue.phrases import Phrases
from handover.bus import Announcement, Bus, Notice
from handover.conversations import Clock, Conversations, utc_now
from handover.core import commands as c
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.core.rollout import Policy
from handover.core.supervision import SENT_AT_ONCE, FaqLevel, Level, Levels, lowest
from handover.knowledge import KnowledgeSource
from handover.store import record, rules, supervision
from handover.store.database import Database
from handover.store.rules import Rules, Standing
from handover.store.supervision import Action, Change, Switch, Who

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 0.5
#: Since when evidence counts on a FAQ whose level nobody has changed yet.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
#: Events by which an answer is judged.
_JUDGING = frozenset({"draft_decided", "reviewed"})
Watcher = Callable[[Switch], None]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where nothing was decided: the level, the figures of the rule, and whether it also promotes."""

    level: Level
    policy: Policy
    automatic: bool = False
    production: bool = False


class Supervision:
    """Hands out the levels of the moment and changes them; `run` is its one task."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        knowledge: KnowledgeSource,
        conversations: Conversations,
        phrases: Phrases,
        defaults: Defaults,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._bus = bus
        self._knowledge = knowledge
        self._conversations = conversations
        self._phrases = phrases
        self._clock = clock
        self._watchers: set[Watcher] = set()
        self._catalogue = -1
        self._judged = asyncio.Event()
        self._refreshing = asyncio.Lock()
        self.defaults = defaults
        #: The levels as they were last read; everything is off until they have been.
        self.levels = Levels(defaults.level, all_off=True, revision=-1)

    @property
    def rules(self) -> Rules:
        """What FAQs go up and down by."""
        return Rules(self.levels, self.defaults.policy, self.defaults.automatic)

    @property
    def switch_now(self) -> Switch:
        """Whether everything is off, as it was last read, and the number of the last change."""
        return Switch(self.levels.all_off, max(0, self.levels.revision))

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher` whenever a level or the switch has changed; returns what ends it."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    async def run(self) -> None:
        """Look until cancelled, at once when an answer was judged.

        A database that is away is waited for, with the levels that were known.
        """
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                self._judged.clear()
                try:
                    await self.refresh()
                    if self.levels.all_off:
                        await self.withdraw_drafts()
                except HandoverError as error:
                    log.warning("levels_not_read", code=error.code)
                except Exception:  # Whatever it is, the switch must go on being looked at.
                    log.exception("levels_not_read")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._judged.wait(), LOOK_EVERY_SECONDS)
        finally:
            stop()

    async def refresh(self) -> None:
        """Read what has changed, and tell those who watch; one after the other, so that nothing older comes last."""
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        catalogue = (await self._knowledge.get()).catalogue
        switch = await self._database.read(supervision.read_switch)
        if (switch.revision, catalogue.revision) == (self.levels.revision, self._catalogue):
            return
        services = catalogue.services.values()
        faqs = [faq for service in services for faq in service.faqs] if self.defaults.production else []
        switch, decided = await self._database.read(
            lambda connection: (supervision.read_switch(connection), supervision.read_levels(connection))
        )
        self.levels = replace(
            self.levels,
            all_off=switch.all_off,
            revision=switch.revision,
            decided=decided,
            sensitive=frozenset(service.id for service in services if service.sensitive),
            examples=frozenset(faq.id for faq in faqs if faq.source == "example"),
        )
        self._catalogue = catalogue.revision
        for watcher in tuple(self._watchers):
            watcher(switch)

    async def set_level(self, faq: str, level: Level, why: str, who: Who) -> None:
        """Give a FAQ a level by hand: down to any, up as far as `approve`, where a person sees every answer.

        Raises `faq_unknown`, `level_unchanged`, `level_capped`, and `not_ready` for a level that takes evidence.
        """

        def work(connection: Connection, standing: Standing) -> None:
            if standing.level is level:
                raise HandoverError("level_unchanged")
            if lowest((level, standing.cap)) is not level:
                raise HandoverError("level_capped")
            if level in SENT_AT_ONCE and lowest((standing.level, level)) is standing.level:
                raise HandoverError("not_ready")
            rules.move(connection, faq, standing, level, self._change("set", who, why))

        await self._change_faq(faq, work, why)

    async def promote(self, faq: str, level: Level, why: str, who: Who) -> None:
        """Confirm what the evidence allows; raise `not_ready` when it does not, or no longer."""

        def work(connection: Connection, standing: Standing) -> None:
            if standing.ready is not level:
                raise HandoverError("not_ready")
            rules.move(connection, faq, standing, level, self._change("promoted", who, why))

        await self._change_faq(faq, work, why or None)

    async def set_cap(self, faq: str, lifted: bool, why: str, who: Who) -> None:
        """Lift or restore the cap of a FAQ of a sensitive service; a restored one brings the level down to it."""

        def work(connection: Connection, standing: Standing) -> None:
            before = standing.decided or FaqLevel(standing.level, EVER)
            if before.cap_lifted is lifted or not self.levels.is_sensitive(faq):
                raise HandoverError("level_unchanged")
            level = before.level if lifted else lowest((before.level, Level.APPROVE))
            change = self._change("cap_lifted" if lifted else "cap_restored", who, why)
            change = replace(change, faq=faq, from_level=standing.level, to_level=level)
            since = before.since if level is before.level else change.at
            after = replace(before, cap_lifted=lifted, level=level, since=since)
            supervision.write_level(connection, faq, after, change)

        await self._change_faq(faq, work, why)

    async def set_bounds(self, faq: str, target: float | None, floor: float | None, why: str, who: Who) -> None:
        """Give a FAQ a target and a floor of its own; raise `bounds_invalid` for what contradicts itself."""

        def work(connection: Connection, standing: Standing) -> None:
            before = standing.decided or FaqLevel(standing.level, EVER)
            after = replace(before, target=target, floor=floor)
            try:
                self.rules.policy_of(after)
            except ValueError:
                raise HandoverError("bounds_invalid") from None
            change = replace(self._change("bounds_set", who, why), faq=faq, evidence={"target": target, "floor": floor})
            supervision.write_level(connection, faq, after, change)

        await self._change_faq(faq, work, why)

    async def switch(self, all_off: bool, why: str, who: Who) -> Switch:
        """Switch everything off, or on again; drafts that wait are withdrawn before this returns.

        Off needs no reason, so that it is one click; on needs one (`reason_required`).
        """
        if not all_off and not why.strip():
            raise HandoverError("reason_required")

        def work(connection: Connection) -> None:
            if supervision.lock_switch(connection).all_off is all_off:
                raise HandoverError("level_unchanged")
            supervision.set_switch(connection, self._change("all_off" if all_off else "all_on", who, why))

        await self._database.write(work)
        log.warning("assistant_switched", all_off=all_off, by=who.id)
        await self.refresh()
        if all_off:
            await self.withdraw_drafts()
        return self.switch_now

    async def withdraw_drafts(self) -> None:
        """Take back the drafts that wait for a guide: the citizen is told that a person takes over.

        All at the same time, so that they share transactions; one that fails holds up none of the others.
        """
        waiting = await self._database.read(record.list_drafts)
        for result in await asyncio.gather(*map(self._withdraw, waiting), return_exceptions=True):
            if isinstance(result, Exception):
                log.warning("draft_not_withdrawn", error=type(result).__name__, detail=str(result))

    async def _withdraw(self, conversation: Conversation) -> None:
        if conversation.draft is None:
            return
        command = c.WithdrawDraft(conversation.draft.id, self._phrases.say("policy", conversation.language))
        await self._conversations.execute(conversation.id, f"withdraw:{conversation.draft.id}", command)

    async def _change_faq(self, faq: str, work: Callable[[Connection, Standing], None], why: str | None) -> None:
        if why is not None and not why.strip():
            raise HandoverError("reason_required")
        if (await self._knowledge.get()).catalogue.find_faq(faq) is None:
            raise HandoverError("faq_unknown")

        def locked(connection: Connection) -> None:
            supervision.lock_switch(connection)
            work(connection, rules.stand(connection, faq, self.rules))

        await self._database.write(locked)
        await self.refresh()

    def _heard(self, notice: Notice) -> None:
        """A judgement may have moved a FAQ."""
        if isinstance(notice, Announcement) and any(one.event.kind in _JUDGING for one in notice.events):
            self._judged.set()

    def _change(self, action: Action, who: Who, why: str) -> Change:
        return Change(self._clock(), action, who, why.strip())
