"""The one training of this machine: a model is trained, then judged, in processes that can be watched and stopped.

A model appears in the folder of models whole or not at all; whatever else a training leaves is in its own folder,
`<data dir>/keeper/trainings/<id>/`. A lock that the processes inherit keeps a second training away as long as one of
them lives, also when the keeper was killed; the next keeper ends what it finds and calls that training lost.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import structlog

from keeper.training_run import JUDGEMENT, SCRATCH, STATE, Commands, Order, Run, end_group
from keeper.training_state import RUNNING, Training, TrainingState, read_process, read_training, write_training

log = structlog.get_logger(__name__)

LOCK = "lock"
#: Longer than any training that comes to an end: 5 minutes of two cores alone, four times that on a busy machine.
TIMEOUT_SECONDS = 45 * 60.0
#: Folders of older trainings are deleted: their figures stand in the service's database.
KEPT = 20
LOST = "Tjänsten startades om medan träningen pågick. Starta den igen."
_GONE_SECONDS = 5.0


class TrainingRunning(Exception):
    """There is a training already."""


class TrainingUnknown(LookupError):
    """There is no such training."""


class Trainings:
    """Runs one training at a time; `open` first, `close` at the end, which cancels it."""

    def __init__(self, folder: Path, commands: Commands, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._folder = folder
        self._commands = commands
        self._timeout_seconds = timeout_seconds
        self._run: Run | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Note as lost what an earlier keeper left in the middle, and end what is left of it."""
        await asyncio.to_thread(self._find_lost)

    async def close(self) -> None:
        """Cancel the training under way."""
        if self._run is not None:
            await self.cancel(self._run.training.id)

    def start(self, order: Order) -> Training:
        """Start a training; raises `TrainingRunning`, and `OSError` where the disk takes nothing."""
        if self._task is not None and not self._task.done():
            raise TrainingRunning
        lock = self._take_lock()
        folder = self._folder / order.id
        try:
            shutil.rmtree(folder, ignore_errors=True)
            (folder / SCRATCH).mkdir(parents=True)
            self._forget_old()
        except OSError:
            os.close(lock)
            raise
        self._run = Run(order, self._commands, folder, lock, self._timeout_seconds)
        self._task = asyncio.create_task(self._run.run(), name="training")
        return self._run.training

    def get(self, training: str) -> Training:
        """Return a training; raises `TrainingUnknown`."""
        if self._run is not None and self._run.training.id == training:
            return self._run.training
        kept = read_training(self._folder / training / STATE) if _is_name(training) else None
        if kept is None:
            raise TrainingUnknown(training)
        return kept

    def find_file(self, training: str, name: str) -> Path:
        """Return the path of the log or of a file of the judgement; raises `TrainingUnknown`."""
        if _is_name(training) and _is_name(name) and name != STATE:
            for path in (self._folder / training / JUDGEMENT / name, self._folder / training / name):
                if path.is_file():
                    return path
        raise TrainingUnknown(f"{training}/{name}")

    async def cancel(self, training: str) -> Training:
        """Stop a training and return when nothing of it runs; one that has ended stays as it is."""
        if self.get(training).state in RUNNING and self._task is not None:
            # A task that never began would end without a word.
            await asyncio.sleep(0)
            self._task.cancel()
            await asyncio.wait([self._task])
        return self.get(training)

    def _find_lost(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob(f"*/{STATE}"):
            kept = read_training(path)
            if kept is None or kept.state not in RUNNING:
                continue
            _end_orphans(path)
            shutil.rmtree(path.parent / SCRATCH, ignore_errors=True)
            lost = replace(kept, state=TrainingState.LOST, problem=LOST, ended_at=datetime.now(UTC))
            with suppress(OSError):
                write_training(path, lost, None)
            log.warning("training_lost", training=kept.id)

    def _take_lock(self) -> int:
        descriptor = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise TrainingRunning from None
        return descriptor

    def _forget_old(self) -> None:
        folders = sorted(self._folder.glob("*/"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in folders[KEPT:]:
            shutil.rmtree(path, ignore_errors=True)


def _end_orphans(path: Path) -> None:
    """End the processes of a training whose keeper is gone, if they are still the same ones."""
    noted = read_process(path)
    if noted is None:
        return
    pid, created = noted
    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        if abs(leader.create_time() - created) < 1.0:
            end_group(pid)
            leader.wait(_GONE_SECONDS)


def _is_name(text: str) -> bool:
    return bool(text) and Path(text).name == text and not text.startswith(".")
