"""One engine process from its start to its end: starting, warming, ready; or failed; or stopping."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import structlog

from keeper.ports import LOOPBACK
from keeper.process import Process, all_cores, loading_cores
from keeper.restarts import Pauses
from keeper.warming import ColdEngine, EngineProbe

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = 0.2
#: How long loading and warming may take; Rasa needs half a minute on a busy machine.
READY_SECONDS = 180.0
#: Rasa loads its model before it listens, so whoever answers without one has failed; it gets this long all the same.
EMPTY_SECONDS = 3.0
#: How often an engine that was never ready is started again after it was killed, as where memory is short.
MOST_STARTS = 3
#: How long the turns under way may take once nobody asks any more: the service hears of it, and has its deadline.
DRAIN_SECONDS = 10.0
#: How long an engine may take to end; whoever stops the keeper waits five seconds.
STOP_SECONDS = 3.0
LOG_LINES = 3
MAX_PROBLEM_CHARS = 600


class EngineState(StrEnum):
    """What an engine is doing."""

    STARTING = "starting"
    WARMING = "warming"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Launch:
    """What one engine is: its model, the number among those of the model, where it listens and how it is started."""

    model: str
    model_id: str
    number: int
    port: int
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    log: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"


class Failed(Exception):
    """The engine cannot serve its model; the message is a sentence."""


class Engine:
    """One engine; `run` is its one task, `on_change` is called whenever its state or its process is another."""

    def __init__(
        self, launch: Launch, probe: EngineProbe, on_change: Callable[[], None], adopted: Process | None = None
    ) -> None:
        self.launch = launch
        self.process = adopted
        self.problem: str | None = None
        self.state = EngineState.READY if adopted else EngineState.STARTING
        self.since = datetime.now(UTC)
        self._probe = probe
        self._on_change = on_change
        self._pauses = Pauses()
        #: Whether it has answered citizens: then it is started again however often it ends.
        self._proven = adopted is not None

    async def run(self) -> None:
        """Keep it running until cancelled; returns when it has failed."""
        if self.process is not None:
            await self._until_end(self.process)
        starts = 0
        while True:
            starts += 1
            try:
                process = await self._start()
            except Failed as failed:
                killed = self.process is not None and self.process.was_killed
                if not self._proven and (not killed or starts >= MOST_STARTS):
                    return self.fail(str(failed))
                log.warning("engine_not_ready", engine=self._name, why=str(failed))
            else:
                await self._until_end(process)
            await self._pause()

    def fail(self, problem: str) -> None:
        """Note that it cannot serve its model, and why, in a sentence."""
        self.problem = problem
        self._become(EngineState.FAILED)
        log.error("engine_failed", engine=self._name, why=problem)

    async def stop(self, drain: bool) -> None:
        """Let the turns under way end, then stop it; `run` must have been cancelled before."""
        drain = drain and self.state is EngineState.READY
        self._become(EngineState.STOPPING)
        if self.process is None:
            return
        if drain:
            await asyncio.sleep(DRAIN_SECONDS)
        self.process.ask_to_stop()
        await self.process.ended(STOP_SECONDS)
        await asyncio.to_thread(self.process.kill)

    async def _start(self) -> Process:
        """Return the process once it is ready; raises `Failed`, and then nothing of it runs."""
        self._become(EngineState.STARTING)
        one = self.launch
        self._pauses.started(time.monotonic())
        try:
            process = self.process = Process.start(one.command, one.env, one.cwd, one.log, loading_cores())
        except OSError as error:
            raise Failed(f"Motorn gick inte att starta: {type(error).__name__}.") from None
        self._on_change()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._loaded(process)
                self._become(EngineState.WARMING)
                await self._probe.warm(one.url)
        except (TimeoutError, ColdEngine, Failed) as error:
            ended = not process.lives
            await asyncio.to_thread(process.kill)
            if isinstance(error, Failed):
                raise
            what = "Motorn svarar inte som den ska" if isinstance(error, ColdEngine) else "Motorn blev inte klar i tid"
            raise Failed(self._problem("Motorn avslutades medan den värmdes upp" if ended else what)) from None
        process.use_cores(all_cores())
        self._proven = True
        self._become(EngineState.READY)
        return process

    async def _loaded(self, process: Process) -> None:
        """Return when the model is loaded; raises `Failed` when it is another one, or will not be."""
        empty_since: float | None = None
        while process.lives:
            health = await self._probe.look(self.launch.url)
            if health.model_id == self.launch.model_id:
                return
            if health.model_id is not None:
                raise Failed(f"Motorn laddade en annan modell: {health.model_id}.")
            now = time.monotonic()
            empty_since = (empty_since or now) if health.answers else None
            if empty_since is not None and now - empty_since > EMPTY_SECONDS:
                raise Failed(self._problem("Motorn kunde inte ladda modellen"))
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        raise Failed(self._problem("Motorn avslutades innan modellen var laddad"))

    async def _until_end(self, process: Process) -> None:
        await process.ended()
        await asyncio.to_thread(process.kill)  # It may have left others behind.
        log.warning("engine_ended", engine=self._name, end=self._log_end())

    async def _pause(self) -> None:
        self._become(EngineState.STARTING)
        pause = self._pauses.next(time.monotonic())
        log.info("engine_starts_again", engine=self._name, in_seconds=pause)
        await asyncio.sleep(pause)

    def _become(self, state: EngineState) -> None:
        if state is not self.state:
            self.state, self.since = state, datetime.now(UTC)
            log.info("engine_state", engine=self._name, state=state.value)
        self._on_change()

    def _problem(self, what: str) -> str:
        end = self._log_end()
        return f"{what}. Loggens slut: {end}"[:MAX_PROBLEM_CHARS] if end else f"{what}."

    def _log_end(self) -> str:
        """Return the last lines of the log as one."""
        try:
            lines = self.launch.log.read_text(errors="replace").split("\n")
        except OSError:
            return ""
        return " / ".join([line.strip() for line in lines if line.strip()][-LOG_LINES:])

    @property
    def _name(self) -> str:
        return f"{self.launch.model}/{self.launch.number}"
