"""The use cases of models: put one into service, roll back to one, tell how it stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import Connection

from handover.bus import Bus, ModelsChanged
from handover.conversations import Clock
from handover.core.errors import HandoverError
from handover.core.models import Service, SwitchKind
from handover.knowledge import KnowledgeSource
from handover.store import models, supervision
from handover.store.database import Database
from handover.store.models import Line, Model
from handover.store.supervision import RULE, Who
from handover.tuning.models.swap import READY_SECONDS, Swap, SwapFailed, Wanted
from handover.tuning.models.watch import ModelWatch

log = structlog.get_logger(__name__)

#: A swap of which nothing was heard for so long has ended with the process that carried it out.
PATIENCE = timedelta(seconds=READY_SECONDS + 20)
STOPPED = "Bytet avbröts: tjänsten stannades."


@dataclass(frozen=True, slots=True)
class Standing:
    """All models, what was in service when, and the newest lines of the log."""

    models: list[Model]
    service: Service
    lines: list[Line]

    @property
    def swap(self) -> Line | None:
        """The swap that is under way."""
        return self.lines[0] if self.lines and self.lines[0].kind == "begun" else None


class Models:
    """Puts models into service. `swap` and `watch` are None where nobody keeps engines: then nothing is changed."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        knowledge: KnowledgeSource,
        data: Path,
        clock: Clock,
        swap: Swap | None = None,
        watch: ModelWatch | None = None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._knowledge = knowledge
        self._data = data
        self._clock = clock
        self._swap = swap
        self._task: asyncio.Task[None] | None = None
        self.watch = watch

    async def read(self) -> Standing:
        """Return how it stands now."""
        await self.clear_abandoned()
        return await self._database.read(
            lambda connection: Standing(
                models.list_models(connection), models.read_service(connection), models.list_lines(connection)
            )
        )

    async def put(self, name: str, why: str, who: Who, override: bool = False) -> Line:
        """Begin to put a model into service; return the line of the log that says so.

        Raises `model_unknown`, `model_in_service`, `gate_closed` unless a lead overrides it, who says why
        (`reason_required`), `swap_under_way` and `keeper_missing`.
        """
        if override and not why.strip():
            raise HandoverError("reason_required")
        return await self._begin(name, SwitchKind.PUT, why, who, override)

    async def roll_back(self, name: str, why: str, who: Who) -> Line:
        """Begin to go back to a model that was in service; raises as `put` does, and `model_never_served`."""
        if not why.strip():
            raise HandoverError("reason_required")
        return await self._begin(name, SwitchKind.ROLLED_BACK, why, who, override=False)

    async def clear_abandoned(self, patience: timedelta = PATIENCE) -> None:
        """Note that a swap has come to nothing whose process died; `patience` is how long it may have been silent."""

        def work(connection: Connection) -> None:
            last = models.last_line(connection)
            if last is not None and last.kind == "begun" and self._clock() - last.at >= patience:
                supervision.lock_switch(connection)
                self._note_failure(connection, last, STOPPED)

        if self._task is None or self._task.done():
            await self._database.write(work)

    async def settle(self) -> None:
        """Return when the swap that was begun here is over; for tests."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Give up a swap that is under way here."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _begin(self, name: str, kind: SwitchKind, why: str, who: Who, override: bool) -> Line:
        if self._swap is None:
            raise HandoverError("keeper_missing")
        await self.clear_abandoned()

        def work(connection: Connection) -> Wanted:
            supervision.lock_switch(connection)
            model = models.find_model(connection, name)
            service = models.read_service(connection)
            if model is None or not model.kept:
                raise HandoverError("model_unknown")
            if service.live == name:
                raise HandoverError("model_in_service")
            if kind is SwitchKind.ROLLED_BACK and not service.has_served(name):
                raise HandoverError("model_never_served")
            closed = kind is SwitchKind.PUT and not (model.gate or {}).get("open", False)
            if closed and not override:
                raise HandoverError("gate_closed")
            last = models.last_line(connection)
            if last is not None and last.kind == "begun":
                raise HandoverError("swap_under_way")
            before = models.find_model(connection, service.live) if service.live else None
            begun = models.add_line(connection, self._clock(), name, "begun", who, why.strip(), closed)
            return Wanted(model, kind, begun, Path(before.tree) if before else self._data)

        wanted = await self._database.write(work)
        log.info("swap_begun", model=name, kind=kind.value, by=who.id)
        self._task = asyncio.create_task(self._carry_out(self._swap, wanted), name=f"swap to {name}")
        return wanted.begun

    async def _carry_out(self, swap: Swap, wanted: Wanted) -> None:
        try:
            model_id = await swap.make_ready(wanted.model)
            if self.watch is not None:
                await self.watch.look()  # The first turn after the switch finds the engines known.
            await swap.put_in_place(wanted, model_id)
        except asyncio.CancelledError:
            await asyncio.shield(self._fail(wanted, STOPPED))
            raise
        except SwapFailed as failed:
            return await self._fail(wanted, str(failed))
        except HandoverError as error:
            return await self._fail(wanted, error.message)
        except Exception:
            log.exception("swap_failed", model=wanted.model.name)
            return await self._fail(wanted, "Något gick fel hos oss.")
        log.info("swapped", model=wanted.model.name, kind=wanted.kind.value)
        self._knowledge.forget()
        if self.watch is not None:
            await self.watch.look()
        self._bus.publish(ModelsChanged())

    async def _fail(self, wanted: Wanted, why: str) -> None:
        log.warning("swap_failed", model=wanted.model.name, why=why)

        def work(connection: Connection) -> None:
            supervision.lock_switch(connection)
            self._note_failure(connection, wanted.begun, why)

        try:
            await self._database.write(work)
        except HandoverError as error:
            log.warning("swap_failure_not_noted", code=error.code)  # Whoever looks next finds it abandoned.

    def _note_failure(self, connection: Connection, begun: Line, why: str) -> None:
        last = models.last_line(connection)
        if last is not None and last.id == begun.id:
            models.add_line(connection, self._clock(), begun.model, "failed", RULE, why)
