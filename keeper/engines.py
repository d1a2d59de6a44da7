"""The engines of this machine: started beside each other, one group a model, and what is known of each."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from keeper.engine import Engine, EngineState, Launch
from keeper.launching import ENDPOINTS, SHARED_ENDPOINTS, engine_command, model_environment
from keeper.model_files import ModelBroken, ModelFile, ModelFiles, read_model_id
from keeper.notes import Note, read_notes, write_notes
from keeper.ports import lasting_ports
from keeper.process import Process
from keeper.settings import KeeperSettings
from keeper.warming import EngineProbe

log = structlog.get_logger(__name__)

LOGS = "logs"

#: Returns the command that serves a model at a port.
Serve = Callable[[Path, int], Sequence[str]]


@dataclass
class _Group:
    """The engines of one model, each with its task."""

    engines: list[Engine] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class ModelInUse(Exception):
    """The model is served: its file stays."""


class Engines:
    """Starts and stops engines by model; `open` comes first, `close` ends everything that it runs."""

    def __init__(self, settings: KeeperSettings, files: ModelFiles, serve: Serve | None = None) -> None:
        self._settings = settings
        self._files = files
        endpoints = SHARED_ENDPOINTS if settings.tracker_url else ENDPOINTS
        self._serve = serve or (lambda model, port: engine_command(model, port, endpoints))
        self._probe = EngineProbe(settings.engine_secret.get_secret_value())
        self._groups: dict[str, _Group] = {}
        self._leaving: dict[asyncio.Task[None], Engine] = {}
        self._starting: dict[str, asyncio.Lock] = {}
        self._surroundings = _surroundings(settings)
        self._environment = {
            **model_environment(),
            "KONTAKT_ENGINE_SECRET": settings.engine_secret.get_secret_value(),
            "KONTAKT_ACTIONS_URL": settings.actions_url,
            "KONTAKT_TRACKER_URL": settings.tracker_url,
        }

    async def open(self) -> None:
        """Take over the engines that an earlier keeper has left well; what else it left is ended."""
        (self._settings.folder / LOGS).mkdir(parents=True, exist_ok=True)
        await self._probe.__aenter__()
        for note in read_notes(self._settings.folder):
            process = Process.find(note.pid, note.created)
            if process is None:
                continue
            launch = await self._find_launch(note)
            if launch is None or (await self._probe.look(launch.url)).model_id != launch.model_id:
                log.info("engine_left_behind_ended", model=note.model, pid=note.pid)
                await asyncio.to_thread(process.kill)
                continue
            log.info("engine_taken_over", model=note.model, number=note.number, pid=note.pid)
            self._add(Engine(launch, self._probe, self._write_notes, process))
        self._write_notes()

    async def close(self) -> None:
        """Stop all engines, at once and together."""
        for model in tuple(self._groups):
            self._leave(model, drain=False)
        leaving = dict(self._leaving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        await asyncio.gather(*(engine.stop(drain=False) for engine in leaving.values()))
        self._write_notes()
        await self._probe.__aexit__()

    def all(self) -> list[Engine]:
        """Return all engines, those on their way out last."""
        return [*self._running(), *self._leaving.values()]

    async def start(self, model: str) -> list[Engine]:
        """Have a model served beside the others; what is served already stays as it is, what failed begins anew.

        Raises `ModelUnknown`.
        """
        file = self._files.get(model)
        async with self._starting.setdefault(model, asyncio.Lock()):
            group = self._groups.get(model)
            if group is not None and all(one.state is EngineState.FAILED for one in group.engines):
                del self._groups[model]
                group = None
            if group is None:
                for engine in await self._make(file):
                    self._add(engine)
        return self._groups[model].engines

    def stop(self, model: str) -> None:
        """Have a model no longer served, once the turns under way have ended; nothing when it is not."""
        self._leave(model, drain=True)

    def delete_model(self, model: str) -> None:
        """Delete the file of a model; raises `ModelUnknown`, and `ModelInUse` while an engine serves it."""
        if any(engine.launch.model == model for engine in self.all()):
            raise ModelInUse(model)
        self._files.delete(model)

    def _running(self) -> Iterator[Engine]:
        for group in self._groups.values():
            yield from group.engines

    async def _make(self, file: ModelFile) -> list[Engine]:
        """Return engines that are not started yet; of a model that cannot be read, one that has failed."""
        ports = lasting_ports(self._settings.engines)
        try:
            model_id = await asyncio.to_thread(read_model_id, file)
        except ModelBroken as broken:
            engine = Engine(self._launch(file, "", 1, ports[0]), self._probe, self._write_notes)
            engine.fail(f"Modellfilen gick inte att läsa: {broken}.")
            return [engine]
        launches = [self._launch(file, model_id, number, port) for number, port in enumerate(ports, 1)]
        for launch in launches:
            launch.log.unlink(missing_ok=True)
        return [Engine(launch, self._probe, self._write_notes) for launch in launches]

    def _add(self, engine: Engine) -> None:
        group = self._groups.setdefault(engine.launch.model, _Group())
        group.engines.append(engine)
        if engine.state is not EngineState.FAILED:
            name = f"engine {engine.launch.model}/{engine.launch.number}"
            group.tasks.append(asyncio.create_task(engine.run(), name=name))

    def _leave(self, model: str, drain: bool) -> None:
        group = self._groups.pop(model, None)
        if group is None:
            return
        for task in group.tasks:
            task.cancel()
        for engine in group.engines:
            leaving = asyncio.create_task(engine.stop(drain), name=f"stop {model}/{engine.launch.number}")
            self._leaving[leaving] = engine
            leaving.add_done_callback(lambda done: self._leaving.pop(done, None))
        self._write_notes()

    def _launch(self, file: ModelFile, model_id: str, number: int, port: int) -> Launch:
        folder = self._settings.folder
        return Launch(
            model=file.name,
            model_id=model_id,
            number=number,
            port=port,
            command=self._serve(file.path, port),
            env=self._environment,
            cwd=folder,
            log=folder / LOGS / f"{file.name}-{number}.log",
        )

    async def _find_launch(self, note: Note) -> Launch | None:
        if note.surroundings != self._surroundings:
            return None
        with suppress(LookupError, ModelBroken):
            file = self._files.get(note.model)
            model_id = await asyncio.to_thread(read_model_id, file)
            return self._launch(file, model_id, note.number, note.port)
        return None

    def _write_notes(self) -> None:
        notes = [
            Note(
                model=one.launch.model,
                number=one.launch.number,
                port=one.launch.port,
                pid=one.process.pid,
                created=one.process.created,
                surroundings=self._surroundings if one.state is EngineState.READY else "",
            )
            for one in self.all()
            if one.process is not None
        ]
        write_notes(self._settings.folder, notes)


def _surroundings(settings: KeeperSettings) -> str:
    """Return a fingerprint of what an engine is told when it starts."""
    told = [settings.engine_secret.get_secret_value(), settings.actions_url, settings.tracker_url, settings.engines]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
