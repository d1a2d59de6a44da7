"""The parts of models in service, put together: what runs while the service does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from types import TracebackType
from typing import Self

from handover.bus import Bus
from handover.conversations import Clock
from handover.core.errors import HandoverError
from handover.engine_keeper import EngineKeeper
from handover.engine_pool import EnginePool
from handover.knowledge import KnowledgeSource
from handover.settings import Settings
from handover.store.database import Database
from handover.store.rules import Rules
from handover.tuning.models.keeping import Keeping
from handover.tuning.models.service import Models
from handover.tuning.models.swap import Swap
from handover.tuning.models.watch import ModelWatch


class ServedModels:
    """Use as an async context manager: the tasks run until it is left. Without a keeper there are none."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        bus: Bus,
        knowledge: KnowledgeSource,
        pool: EnginePool,
        rules: Callable[[], Rules],
        clock: Clock,
    ) -> None:
        data = settings.resolved_served_data
        self._database = database
        self._stack = AsyncExitStack()
        self._keeper: EngineKeeper | None = None
        if not settings.keeper_url:
            self.models = Models(database, bus, knowledge, data, clock)
            return
        secret = settings.engine_secret.get_secret_value()
        keeper = self._keeper = EngineKeeper(settings.keeper_url, secret)
        watch = self._watch = ModelWatch(database, bus, keeper, pool, clock)
        swap = Swap(database, keeper, secret, rules, clock)
        self.models = Models(database, bus, knowledge, data, clock, swap, watch)
        self._keeping = Keeping(database, keeper, watch, settings.trees, settings.kept_models, clock)

    async def __aenter__(self) -> Self:
        if self._keeper is None:
            return self
        await self._stack.enter_async_context(self._keeper)
        self._stack.push_async_callback(self.models.close)
        with suppress(HandoverError):  # A database that is away is waited for.
            if self._database.is_sqlite:  # The one process that could carry out a swap has just begun.
                await self.models.clear_abandoned(timedelta(0))
        await self._watch.look()
        for name, work in {"models": self._watch.run(), "keeping": self._keeping.run()}.items():
            self._stack.push_async_callback(_cancel, asyncio.create_task(work, name=name))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
