"""What is no longer needed: engines that no conversation can need, and the oldest models with their data."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import structlog

from handover.conversations import Clock
from handover.core.errors import HandoverError
from handover.core.models import Service
from handover.engine_keeper import EngineKeeper, KeeperError
from handover.store import models, trainings
from handover.store.database import Database
from handover.store.models import Model
from handover.tuning.models.watch import ModelWatch

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 10.0
#: How long an engine that nobody needs is left alone: it may have just been made ready by another replica.
LEFT_ALONE = timedelta(seconds=60)
#: How long data stays that nobody seems to need: a training that is about to begin does.
NEW_TREE_SECONDS = 600.0


def to_drop(known: Sequence[Model], service: Service, keep: int) -> list[Model]:
    """Return the kept models beyond the `keep` that were made or in service last; never the one in service."""

    def last(model: Model) -> tuple[bool, object]:
        stints = service.stints(model.name)
        return model.name == service.live, max(model.made_at, stints[-1][0]) if stints else model.made_at

    return sorted((one for one in known if one.kept), key=last, reverse=True)[max(1, keep) :]


class Keeping:
    """Looks every ten seconds; `run` is its one task."""

    def __init__(
        self, database: Database, keeper: EngineKeeper, watch: ModelWatch, trees: Path, keep: int, clock: Clock
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._watch = watch
        self._trees = trees.resolve()
        self._keep = keep
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            try:
                await self.look()
            except (HandoverError, KeeperError) as error:
                log.info("keeping_put_off", because=str(error))
            except Exception:  # Whatever it is, engines must go on being looked at.
                log.exception("keeping_failed")

    async def look(self) -> None:
        """Stop the engines and delete the models that are no longer needed; raises `HandoverError`, `KeeperError`."""
        last = await self._database.read(models.last_line)
        wanted = last.model if last is not None and last.kind == "begun" else None
        for model in await self._unneeded(wanted):
            log.info("engine_retired", model=model)
            await self._keeper.stop(model)
        await self._drop_models(wanted)

    async def _unneeded(self, wanted: str | None) -> list[str]:
        now = self._clock()
        service = self._watch.service
        candidates = {
            one.model
            for one in self._watch.engines
            if one.state in ("ready", "failed") and now - one.since > LEFT_ALONE
        } - {service.live, wanted}
        return [model for model in sorted(candidates) if not await self._is_needed(service, model)]

    async def _is_needed(self, service: Service, model: str) -> bool:
        if not service.keeps(model, self._clock()):
            return False
        stints = service.stints(model)
        return await self._database.read(lambda connection: models.has_open_conversation(connection, stints))

    async def _drop_models(self, wanted: str | None) -> None:
        known = await self._database.read(models.list_models)
        served = {one.model for one in self._watch.engines} | {wanted}
        for model in to_drop(known, self._watch.service, self._keep):
            if model.name in served:
                continue
            try:
                await self._keeper.delete_model(model.name)
            except KeeperError as error:
                if error.kind != "unknown":
                    raise
            await self._forget(model.name)
            log.info("model_dropped", model=model.name)
        await self._drop_trees()

    async def _forget(self, name: str) -> None:
        await self._database.write(lambda connection: models.forget_file(connection, name))

    async def _drop_trees(self) -> None:
        """Delete the data that no kept model and no training needs; nothing but our own copies, and no new ones."""
        needed = await self._database.read(
            lambda connection: {
                *(Path(one.tree).resolve() for one in models.list_models(connection) if one.kept),
                *(self._trees / one.commit for one in trainings.list_trainings(connection) if one.is_running),
            }
        )
        for path in await asyncio.to_thread(self._old_trees):
            if path not in needed:
                await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)

    def _old_trees(self) -> list[Path]:
        """Return what lies among the trees for a while, also what was left half unpacked."""
        now = time.time()
        found = self._trees.iterdir() if self._trees.is_dir() else ()
        return [path for path in found if now - path.stat().st_mtime > NEW_TREE_SECONDS]
