"""An engine as a process: in a session of its own, so that it outlives a keeper that is killed, and can be found again.

A process that this keeper has started and one that an earlier keeper has left are handled alike.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

#: How long the remains of a killed process may take to go away.
GONE_SECONDS = 5.0
#: Somebody else's child can only be looked at.
LOOK_EVERY_SECONDS = 0.2


class Process:
    """A running process, or one that has ended."""

    def __init__(self, process: psutil.Process, child: subprocess.Popen[bytes] | None = None) -> None:
        self._process = process
        self._child = child
        self.pid = process.pid
        #: With the pid it names the process for good: pids are used again.
        self.created: float = process.create_time()

    @classmethod
    def start(
        cls, command: Sequence[str], env: Mapping[str, str], cwd: Path, log: Path, cores: Sequence[int]
    ) -> Process:
        """Start a process whose output is added to `log`, on these cores alone; raises `OSError`."""
        with log.open("ab") as output:
            child = subprocess.Popen(  # noqa: S603
                command,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started = cls(psutil.Process(child.pid), child)
        started.use_cores(cores)
        return started

    @classmethod
    def find(cls, pid: int, created: float) -> Process | None:
        """Return the process that had this pid then, None when it is gone."""
        with suppress(psutil.Error):
            found = cls(psutil.Process(pid))
            if abs(found.created - created) < 1.0 and found.lives:
                return found
        return None

    @property
    def lives(self) -> bool:
        """Whether it still runs."""
        if self._child is not None:
            return self._child.poll() is None
        try:
            return bool(self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    async def ended(self, within_seconds: float | None = None) -> bool:
        """Return True once it has ended, False when the time is over before."""
        clock = asyncio.get_running_loop().time
        deadline = None if within_seconds is None else clock() + within_seconds
        while self.lives:
            if deadline is not None and clock() >= deadline:
                return False
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        return True

    @property
    def was_killed(self) -> bool:
        """Whether it has ended by a signal; not known of one that another keeper has started."""
        return self._child is not None and (self._child.returncode or 0) < 0

    @property
    def memory(self) -> int | None:
        """The bytes that it keeps in memory, None when it has ended."""
        with suppress(psutil.Error):
            return int(self._process.memory_info().rss)
        return None

    def use_cores(self, cores: Sequence[int]) -> None:
        """Let it run on these cores; unlike its priority, this can be taken back without any right."""
        with suppress(psutil.Error, OSError):
            for thread in self._process.threads():
                with suppress(OSError):
                    os.sched_setaffinity(thread.id, cores)

    def ask_to_stop(self) -> None:
        """Ask it to stop, without waiting."""
        with suppress(psutil.NoSuchProcess):
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it with all that it has started, and return when it is gone, or after five seconds."""
        family = [self._process]
        with suppress(psutil.NoSuchProcess):
            family += self._process.children(recursive=True)
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, GONE_SECONDS)
        if self._child is not None:
            # The one who started it is also to notice that it has ended.
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(GONE_SECONDS)


def loading_cores() -> list[int]:
    """Return the cores on which an engine loads its model: one of ours, so that those that answer keep the others."""
    return sorted(os.sched_getaffinity(threading.get_native_id()))[-1:]


def all_cores() -> list[int]:
    """Return every core that this process may use."""
    return sorted(os.sched_getaffinity(threading.get_native_id()))
