"""Keeps the pool of engines in step with what is in service and with what the keeper runs."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from handover.bus import Bus, ModelsChanged, Notice
from handover.conversations import Clock
from handover.core.errors import HandoverError
from handover.core.models import Service
from handover.engine_keeper import EngineKeeper, KeeperError, KeptEngine
from handover.engine_pool import EnginePool
from handover.store import models
from handover.store.database import Database

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 1.0
#: How long after it has failed the model in service is tried again.
TRIED_AGAIN_AFTER = timedelta(seconds=30)


def _is_of_use(engine: KeptEngine, now: datetime) -> bool:
    """Tell whether an engine serves, or will; one that has failed is given up after a while and begun anew."""
    return engine.state != "stopping" and not (engine.state == "failed" and now - engine.since > TRIED_AGAIN_AFTER)


class ModelWatch:
    """Looks once a second, and at once when another model came into service; `run` is its one task.

    While the keeper is away, the engines that were known last are asked; while the database is, the same models serve.
    """

    def __init__(self, database: Database, bus: Bus, keeper: EngineKeeper, pool: EnginePool, clock: Clock) -> None:
        self._database = database
        self._bus = bus
        self._keeper = keeper
        self._pool = pool
        self._clock = clock
        self._changed = asyncio.Event()
        self._looking = asyncio.Lock()
        self._troubles: dict[str, str | None] = {}
        self.service = Service()
        #: The engines as the keeper last told of them.
        self.engines: list[KeptEngine] = []

    async def run(self) -> None:
        """Look until cancelled."""
        stop = self._bus.listen(None, self._heard)
        try:
            while True:
                self._changed.clear()
                await self.look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), LOOK_EVERY_SECONDS)
        finally:
            stop()

    async def look(self) -> None:
        """Look now, one after the other, so that nothing older comes last; what cannot be read stays as it was."""
        async with self._looking:
            try:
                self.service = await self._database.read(models.read_service)
                self._pool.serve(self.service)
                self._note("service_not_read", None)
            except HandoverError as error:
                self._note("service_not_read", error.code)
            try:
                await self._look_at_engines()
                self._note("engines_not_read", None)
            except KeeperError as error:
                self._note("engines_not_read", error.kind)

    async def _look_at_engines(self) -> None:
        self.engines = await self._keeper.list_engines()
        live = self.service.live
        if live is not None and not any(one.model == live and _is_of_use(one, self._clock()) for one in self.engines):
            self.engines += await self._keeper.start(live)
        ready = defaultdict(list)
        for engine in self.engines:
            if engine.state == "ready":
                ready[engine.model].append(engine.url)
        await self._pool.set_engines(ready)

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, ModelsChanged):
            self._changed.set()

    def _note(self, what: str, trouble: str | None) -> None:
        """Log a trouble once, when it begins."""
        if trouble is not None and self._troubles.get(what) != trouble:
            log.warning(what, because=trouble)
        self._troubles[what] = trouble
