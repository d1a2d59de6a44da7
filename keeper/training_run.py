"""One training under way: two steps, each a process group of its own, watched until it ends or is ended."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import structlog

from keeper.training_log import TrainingLog
from keeper.training_state import RUNNING, Training, TrainingState, write_training

log = structlog.get_logger(__name__)

STATE, LOG, JUDGEMENT, SCRATCH = "state.json", "log.txt", "judgement", "tmp"
_LINE_LIMIT = 64 * 1024
_GONE_SECONDS = 5.0
SENTENCES = {
    "train": "Träningen avbröts av ett fel. Loggen visar vad som hände.",
    "judge": "Modellen tränades men kunde inte bedömas. Loggen visar vad som hände.",
    "killed": "Träningen stoppades utifrån, troligen för att minnet tog slut. Försök igen när mindre annat pågår.",
    "full": "Disken är full. Frigör utrymme och försök igen.",
    "timeout": "Träningen tog för lång tid och stoppades.",
    "start": "Träningen gick inte att starta.",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be trained: the data of one commit, and which model to compare with."""

    id: str
    tree: Path
    against: Path | None = None


@dataclass(frozen=True, slots=True)
class Commands:
    """How each step is run; `judge` is given the model's name and where its figures go."""

    train: Callable[[Order], Sequence[str]]
    judge: Callable[[Order, str, Path], Sequence[str]]
    environment: Callable[[Order], dict[str, str]]


class _Failed(Exception):
    """A step ended badly; names the sentence."""


class Run:
    """Runs one order in its folder. `lock` is a descriptor that its processes inherit; it is closed at the end."""

    def __init__(self, order: Order, commands: Commands, folder: Path, lock: int, timeout_seconds: float) -> None:
        self._order = order
        self._commands = commands
        self._folder = folder
        self._lock = lock
        self._timeout_seconds = timeout_seconds
        self._lines = TrainingLog(folder / LOG)
        self._training = Training(order.id, TrainingState.TRAINING, datetime.now(UTC))
        self._write()

    @property
    def training(self) -> Training:
        """What is known of it at this moment."""
        lines = self._lines
        return replace(self._training, step=lines.step, share=lines.share, model=lines.model, tail=lines.tail)

    async def run(self) -> None:
        """Train and judge; whatever happens becomes the state that it ends in. To cancel it is to stop it."""
        state, problem = TrainingState.FAILED, None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._train_and_judge()
            state = TrainingState.DONE
        except _Failed as failed:
            problem = SENTENCES["full" if self._lines.disk_is_full else failed.args[0]]
        except TimeoutError:
            problem = SENTENCES["timeout"]
        except OSError as error:
            log.warning("training_not_started", training=self._order.id, error=error.strerror)
            problem = SENTENCES["start"]
        except asyncio.CancelledError:
            state = TrainingState.CANCELLED
        finally:
            self._lines.close()
            os.close(self._lock)
            shutil.rmtree(self._folder / SCRATCH, ignore_errors=True)
            self._become(state, problem)
            log.info("training_ended", training=self._order.id, state=state.value, model=self._lines.model)

    async def _train_and_judge(self) -> None:
        await self._step("train", self._commands.train(self._order))
        model = self._lines.model
        if model is None:
            raise _Failed("train")
        self._become(TrainingState.JUDGING)
        await self._step("judge", self._commands.judge(self._order, model, self._folder / JUDGEMENT))

    async def _step(self, name: str, command: Sequence[str]) -> None:
        """Run one step to its end; whatever ends the waiting ends all of its processes too."""
        environment = {**self._commands.environment(self._order), "TMPDIR": str(self._folder / SCRATCH)}
        process = await asyncio.create_subprocess_exec(
            "nice", "-n", "19", *command,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            env=environment, start_new_session=True, pass_fds=(self._lock,), limit=_LINE_LIMIT,
        )  # fmt: skip
        with suppress(psutil.Error):
            self._write({"pid": process.pid, "created": psutil.Process(process.pid).create_time()})
        try:
            if process.stdout is not None:
                await _copy(process.stdout, self._lines)
            code = await process.wait()
        finally:
            end_group(process.pid)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _GONE_SECONDS)
        if code != 0:
            raise _Failed("killed" if code == -signal.SIGKILL else name)

    def _become(self, state: TrainingState, problem: str | None = None) -> None:
        ended_at = None if state in RUNNING else datetime.now(UTC)
        self._training = replace(self._training, state=state, problem=problem, ended_at=ended_at)
        self._write()

    def _write(self, process: dict[str, Any] | None = None) -> None:
        """Keep what is known; on a full disk this keeper alone knows it."""
        try:
            write_training(self._folder / STATE, self.training, process)
        except OSError as error:
            log.warning("training_not_kept", training=self._order.id, error=error.strerror)


async def _copy(stream: asyncio.StreamReader, lines: TrainingLog) -> None:
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # A line longer than the limit was thrown away.
            continue
        if not line:
            return
        lines.add(line.decode("utf-8", "replace"))


def end_group(pid: int) -> None:
    """End every process of a group, which has the number of its first."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
