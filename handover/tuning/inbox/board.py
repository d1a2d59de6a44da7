"""The inbox as people use it: pages of groups, labels, undo, and the examples that go on to a change set.

Grouping is kept in memory and brought in step when somebody looks; what is shown is read from the database each time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection

from catalogue.examples import OUT_OF_SCOPE
from catalogue.snapshot import Catalogue
from handover.conversations import Clock, utc_now
from handover.core.errors import HandoverError
from handover.core.labels import HELD_FOR, SHOWN_FOR, SKIPPED_FOR, Given, Label, LabelledFirstError
from handover.knowledge import KnowledgeSource
from handover.store import miss_labels, misses
from handover.store.accounts import Account
from handover.store.database import Database
from handover.store.miss_labels import Act, Waiting
from handover.store.misses import Openness, OpenText
from handover.tuning.inbox.groups import Group, Grouper
from handover.tuning.inbox.proposals import ExampleTarget, Proposal, voice_of, written_in

log = structlog.get_logger(__name__)

#: The newest misses that are grouped; more than anybody labels.
MOST_MISSES = 20_000
#: How many texts of a group are shown at once, the worst first; the rest comes when these are labelled.
MOST_TEXTS = 40
MOST_PROPOSED = 200
#: What is known of a text may change without a miss that comes or goes; then it is seen after so long.
REGROUP_AFTER_SECONDS = 30.0
#: Where grouping takes longer than this, who reads gets the groups of before.
PATIENCE_SECONDS = 0.2
_SAID = {
    Label.RIGHT: "rätt som det var",
    Label.NEW_FAQ: "ny fråga",
    Label.OUT_OF_SCOPE: "utanför uppdraget",
    Label.SKIP: "överhoppad",
}


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with the texts that are shown of it."""

    group: Group
    texts: tuple[OpenText, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The worst groups, how many groups and texts there are in all, and how many examples of one's own wait."""

    groups: tuple[ShownGroup, ...]
    total_groups: int
    total_texts: int
    waiting: int


class Inbox:
    """Reads, holds and labels what was missed."""

    def __init__(
        self,
        database: Database,
        knowledge: KnowledgeSource,
        target: ExampleTarget,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._knowledge = knowledge
        self._target = target
        self._clock = clock
        self.patience_seconds = PATIENCE_SECONDS
        self._grouper = Grouper()
        self._groups: list[Group] = []
        self._stamp: tuple[Any, ...] | None = None
        self._grouped_at = float("-inf")
        self._grouping: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Give up grouping that is under way."""
        if self._grouping is not None:
            self._grouping.cancel()
            await asyncio.wait({self._grouping})

    async def page(self, account: Account, limit: int) -> Page:
        """Return the worst groups of what nobody has dealt with."""
        openness = await self._openness()
        groups = await self._refreshed(openness)
        shown = groups[:limit]
        keys = [key for group in shown for key in group.texts[:MOST_TEXTS]]
        texts, waiting = await self._database.read(
            lambda connection: (
                misses.list_texts(connection, keys, openness, self._clock()),
                miss_labels.count_waiting(connection, account.id),
            )
        )
        pairs = [
            ShownGroup(group, tuple(texts[key] for key in group.texts[:MOST_TEXTS] if key in texts)) for group in shown
        ]
        return Page(
            groups=tuple(pair for pair in pairs if pair.texts),
            total_groups=len(groups),
            total_texts=sum(len(group.texts) for group in groups),
            waiting=waiting,
        )

    async def hold(self, keys: list[str], account: Account) -> set[str]:
        """Keep these texts, and no others, for somebody for a while; return those that nobody else had."""
        now = self._clock()
        return await self._database.write(
            lambda connection: miss_labels.hold(connection, keys, account.id, account.name, now, now + HELD_FOR)
        )

    async def label(
        self, act_id: str, label: Label, faq: str | None, name: str | None, versions: Mapping[str, int], by: Account
    ) -> None:
        """Label texts, all or none.

        Raises `label_incomplete`, `faq_unknown`, `miss_unknown`, `miss_held`, `id_reused`, and `miss_labelled` that
        says who was first and with what.
        """
        if (faq is not None) != (label is Label.FAQ) or (name is not None) != (label is Label.NEW_FAQ):
            raise HandoverError("label_incomplete")
        catalogue = await self._catalogue()
        if faq is not None and catalogue.find_faq(faq) is None:
            raise HandoverError("faq_unknown")
        act = Act(act_id, label, faq, name, by.id, by.name, self._clock())
        try:
            await self._database.write(lambda connection: miss_labels.give(connection, act, versions))
        except LabelledFirstError as first:
            raise _told(first, catalogue) from first
        self._groups = [left for group in self._groups if (left := group.without(versions))]
        log.info("miss_labelled", label=label.value, faq=faq, texts=len(versions), by=by.id)

    async def undo(self, act_id: str, by: Account) -> None:
        """Take back one's own label; raises `label_unknown`, `label_used`, `miss_labelled`."""
        now = self._clock()
        try:
            texts = await self._database.write(lambda connection: miss_labels.undo(connection, act_id, by.id, now))
        except LabelledFirstError as first:
            raise _told(first, await self._catalogue()) from first
        log.info("label_undone", texts=texts, by=by.id)

    async def list_given(self, limit: int) -> list[Given]:
        """Return the newest labels, undone ones too."""
        return await self._database.read(lambda connection: miss_labels.list_given(connection, limit))

    async def propose(self, by: Account) -> tuple[int, str | None]:
        """Put the examples of one's own labels into one's open change set; return how many, and its id.

        A label whose FAQ is gone is left out: its text is in the inbox again.
        """
        catalogue = await self._catalogue()
        waiting = await self._database.read(
            lambda connection: miss_labels.list_waiting(connection, by.id, MOST_PROPOSED)
        )
        ready = [one for one in waiting if one.given.faq is None or catalogue.find_faq(one.given.faq) is not None]
        if not ready:
            return 0, None
        change_set_id, taken = await self._target.propose([_proposal(one) for one in ready], by)
        done = [one for one, is_in in zip(ready, taken, strict=True) if is_in]
        await self._database.write(lambda connection: miss_labels.mark_proposed(connection, done, change_set_id))
        log.info("examples_proposed", examples=len(done), change_set=change_set_id, by=by.id)
        return len(done), change_set_id

    async def _catalogue(self) -> Catalogue:
        return (await self._knowledge.get()).catalogue

    async def _openness(self) -> Openness:
        catalogue, now = await self._catalogue(), self._clock()
        named = await self._database.read(miss_labels.list_named_faqs)
        gone = frozenset(faq for faq in named if catalogue.find_faq(faq) is None)
        return Openness(now - SHOWN_FOR, now - SKIPPED_FOR, gone)

    async def _refreshed(self, openness: Openness) -> list[Group]:
        """Return the groups of what is open: as of now, or as of shortly before where there is very much."""
        if self._grouping is None or self._grouping.done():
            self._grouping = asyncio.create_task(self._group(openness), name="inbox")
            # Its failure is told to whoever waits for it, if anybody does.
            self._grouping.add_done_callback(lambda task: task.cancelled() or task.exception())
        is_first = self._stamp is None
        # Whoever gives up waiting leaves it running: the next to read gets what comes of it.
        await asyncio.wait({self._grouping}, timeout=None if is_first else self.patience_seconds)
        if self._grouping.done():
            self._grouping.result()
        return self._groups

    async def _group(self, openness: Openness) -> None:
        """Bring the groups in step with what is open, if anything has come or gone."""

        def stamp(connection: Connection) -> tuple[Any, ...]:
            return (*misses.count_stamp(connection), openness.gone)

        now, newest = time.monotonic(), await self._database.read(stamp)
        if newest == self._stamp and now - self._grouped_at <= REGROUP_AFTER_SECONDS:
            return
        found = await self._database.read(lambda connection: misses.list_open(connection, openness, MOST_MISSES))
        self._groups = await asyncio.to_thread(self._grouper.group, found)
        self._stamp, self._grouped_at = newest, now


def _told(first: LabelledFirstError, catalogue: Catalogue) -> LabelledFirstError:
    """Return the refusal with a sentence that says who was first, and with what."""
    given = first.given
    if given is None:
        return LabelledFirstError(None, "Märkningen har ångrats sedan du såg texten.")
    what = _SAID.get(given.label, "")
    if given.faq is not None:
        faq = catalogue.find_faq(given.faq)
        what = catalogue.fill(faq.questions["sv"], "sv") if faq else given.faq
    if given.name is not None:
        what = f"{what}, {given.name}"
    return LabelledFirstError(given, f"{given.by_name} har redan märkt texten: {what}.")


def _proposal(waiting: Waiting) -> Proposal:
    intent = waiting.given.faq or OUT_OF_SCOPE
    language = written_in(waiting.language)
    return Proposal(intent, waiting.text, language, voice_of(language))
