"""The use cases of trainings: start one from a change set, watch it, cancel it, read what came of it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import structlog
from sqlalchemy import Connection

from handover.conversations import Clock
from handover.core.crisis import CrisisGuide
from handover.core.errors import HandoverError
from handover.store import models, trainings
from handover.store.changes import ChangeSet
from handover.store.database import Database
from handover.store.models import Model
from handover.store.supervision import Who
from handover.store.trainings import Training
from handover.tuning.training.judgement import AGAINST, FIGURES, QUESTIONS, Judgement, JudgementError, judge
from handover.tuning.training.keeper import KeptTraining, TrainingKeeper

log = structlog.get_logger(__name__)

#: How often a training that was started here is looked at.
LOOK_EVERY_SECONDS = 1.0
GONE = "Tjänsten som tränar känner inte längre till träningen. Starta den igen."
UNREADABLE = "Modellen tränades, men bedömningen gick inte att läsa."


class ChangeSets(Protocol):
    """Of change sets what a training needs."""

    async def get(self, set_id: str) -> ChangeSet:
        """Return a change set; raises `change_set_unknown`."""

    async def begin_training(self, set_id: str) -> ChangeSet:
        """Hold edits; raises `change_set_busy`, `change_set_closed`."""

    async def end_training(self, set_id: str) -> ChangeSet:
        """Take edits again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A training, and what the keeper tells of it while it knows it."""

    training: Training
    kept: KeptTraining | None = None


class Trainings:
    """Use as an async context manager. `keeper` is None where nobody trains: then starting is refused.

    Whoever looks at a training that has ended notes its end, so a process that dies in the middle loses nothing.
    """

    def __init__(
        self,
        database: Database,
        keeper: TrainingKeeper | None,
        change_sets: ChangeSets,
        tree_of: Callable[[str], Path],
        base_of_data: Callable[[], str],
        crisis: CrisisGuide,
        clock: Clock,
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._change_sets = change_sets
        self._tree_of = tree_of
        self._base_of_data = base_of_data
        self._crisis = crisis
        self._clock = clock
        self._followed: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        if self._keeper is not None:
            await self._keeper.__aenter__()
            with suppress(HandoverError):  # A database that is away is waited for; whoever looks then follows.
                for training in await self._database.read(trainings.list_trainings):
                    if training.is_running:
                        self._follow(training.id)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._followed.values():
            task.cancel()
        await asyncio.gather(*self._followed.values(), return_exceptions=True)
        if self._keeper is not None:
            await self._keeper.__aexit__(kind, error, trace)

    @property
    def can_train(self) -> bool:
        """Whether somebody trains here."""
        return self._keeper is not None

    async def recent(self) -> list[Training]:
        """Return the newest first."""
        return await self._database.read(trainings.list_trainings)

    async def start(self, change_set: str, who: Who) -> Progress:
        """Train what a change set holds now, and judge it beside the model in service.

        Raises `keeper_missing`, `change_set_unknown`, `change_set_busy`, `training_running`, `keeper_unavailable`.
        """
        keeper = self._working_keeper()
        found = await self._change_sets.begin_training(change_set)
        try:
            tree = await asyncio.to_thread(self._tree_of, found.head)
            live = (await self._database.read(models.read_service)).live
            training = Training(uuid.uuid4().hex[:12], found.id, found.head, "queued", who, self._clock())
            await self._database.write(lambda connection: trainings.add_training(connection, training))
        except BaseException:
            await self._change_sets.end_training(change_set)
            raise
        try:
            kept = await keeper.start(training.id, str(tree), live)
        except HandoverError as error:
            await self._end(training, "failed", problem=error.message)
            raise
        log.info("training_started", training=training.id, change_set=found.id, by=who.id)
        self._follow(training.id)
        return Progress(training, kept)

    async def get(self, training: str) -> Progress:
        """Return a training as it stands now; raises `training_unknown`."""
        found = await self._find(training)
        if not found.is_running or self._keeper is None:
            return Progress(found)
        try:
            return await self._look(found, self._keeper)
        except HandoverError as error:
            if error.code != "keeper_unavailable":
                raise
            return Progress(found)

    async def cancel(self, training: str, who: Who) -> Progress:
        """Stop a training; one that has ended stays as it is. Raises `training_unknown`, `keeper_unavailable`."""
        found = await self._find(training)
        if found.is_running:
            log.info("training_cancelled", training=training, by=who.id)
            with suppress(HandoverError):
                await self._working_keeper().cancel(training)
        return await self.get(training)

    async def read_table(self, training: str, name: str) -> bytes:
        """Return a table of the judgement as CSV; raises `training_unknown`, `keeper_missing`, `keeper_unavailable`."""
        await self._find(training)
        return await self._working_keeper().read_file(training, f"{name}.csv")

    async def settle(self) -> None:
        """Return when no training that is followed here runs; for tests."""
        await asyncio.gather(*self._followed.values(), return_exceptions=True)

    def _working_keeper(self) -> TrainingKeeper:
        if self._keeper is None:
            raise HandoverError("keeper_missing")
        return self._keeper

    async def _find(self, training: str) -> Training:
        found = await self._database.read(lambda connection: trainings.find_training(connection, training))
        if found is None:
            raise HandoverError("training_unknown")
        return found

    def _follow(self, training: str) -> None:
        task = asyncio.create_task(self._watch(training), name=f"training {training}")
        self._followed[training] = task
        task.add_done_callback(lambda _: self._followed.pop(training, None))

    async def _watch(self, training: str) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                if not (await self.get(training)).training.is_running:
                    return
            except HandoverError as error:
                log.info("training_not_looked_at", training=training, code=error.code)
            except Exception:  # Whatever it is, the next look may find it well.
                log.exception("training_not_looked_at", training=training)

    async def _look(self, found: Training, keeper: TrainingKeeper) -> Progress:
        kept = await keeper.find(found.id)
        if kept is None:
            return Progress(await self._end(found, "failed", problem=GONE))
        if kept.state in ("training", "judging"):
            if kept.state != found.state:
                await self._database.write(lambda connection: trainings.move_training(connection, found.id, kept.state))
            return Progress(found, kept)
        if kept.state == "done" and kept.model is not None:
            return Progress(await self._finish(found, kept.model, keeper), kept)
        state = "cancelled" if kept.state == "cancelled" else "failed"
        return Progress(await self._end(found, state, problem=kept.problem, model=None), kept)

    async def _finish(self, found: Training, model: str, keeper: TrainingKeeper) -> Training:
        try:
            judgement = judge(await self._files(found.id, keeper), self._crisis)
        except JudgementError as error:
            log.warning("judgement_unreadable", training=found.id, because=str(error))
            return await self._end(found, "failed", problem=UNREADABLE)
        tree = await asyncio.to_thread(self._tree_of, found.commit)
        base = await asyncio.to_thread(self._base_of_data)
        return await self._end(found, "done", model=model, judgement=judgement, tree=tree, base=base)

    async def _files(self, training: str, keeper: TrainingKeeper) -> dict[str, bytes]:
        files = {}
        for name in (FIGURES, QUESTIONS, AGAINST):
            try:
                files[name] = await keeper.read_file(training, name)
            except HandoverError as error:
                if error.code != "training_unknown":
                    raise
        return files

    async def _end(
        self,
        found: Training,
        state: str,
        *,
        problem: str | None = None,
        model: str | None = None,
        judgement: Judgement | None = None,
        tree: Path | None = None,
        base: str = "",
    ) -> Training:
        """Note an end, once: with it the model comes into the list, and the change set takes edits again."""
        now = self._clock()
        figures = judgement.as_json() if judgement else None

        def work(connection: Connection) -> bool:
            if not trainings.end_training(connection, found.id, state, now, model, problem, figures):
                return False
            if model is not None and judgement is not None:
                summary = {"training": found.id, **judgement.summary()}
                made = Model(
                    name=model, base=base, tree=str(tree), made_at=now, who=found.who, commit=found.commit,
                    figures=summary, gate=judgement.gate,
                )  # fmt: skip
                models.add_model(connection, made)
            return True

        if await self._database.write(work):
            log.info("training_ended", training=found.id, state=state, model=model)
            with suppress(HandoverError):
                await self._change_sets.end_training(found.change_set)
        return await self._find(found.id)
