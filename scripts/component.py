"""One component of a cluster as a process: started in a group of its own, watched, stopped or killed whole."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from scripts.stack import LOOPBACK, ROOT, RunError

STOP_SECONDS = 6.0
#: How long the remains of a killed group may take to go away.
GONE_SECONDS = 5.0
PROBE_SECONDS = 2.0
_LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Component:
    """What a component is: how it is started, whether it is ready, how it is asked to stop."""

    name: str
    command: list[str]
    log: Path
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cwd: Path = ROOT
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    ready_seconds: float = 60.0
    #: Whether it may have to be started again because what it left behind is still there.
    insists: bool = False


class Running:
    """The process of a component, or the lack of one. Calls for one component come one after another."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start in a session of its own, its output added to its log; raises `RunError` when it runs already."""
        if self.pid is not None:
            raise RunError(f"{self.component.name} runs already.")
        user = self.component.user
        with self.component.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.component.command,
                cwd=self.component.cwd,
                env=dict(self.component.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        self.starts += 1

    def kill(self) -> None:
        """Kill the whole group at once, as the kernel would; nothing is said to it."""
        if self._process is None:
            return
        kill_group(self._process.pid)
        self._process.wait(GONE_SECONDS)

    def ask_to_stop(self) -> None:
        """Ask it to stop, without waiting."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.component.stop_signal)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to stop, wait, and kill what is left at the deadline."""
        self.ask_to_stop()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        self.kill()

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until it is ready; raises `RunError` at the deadline, or when it ends before."""
        limit = self.component.ready_seconds if seconds is None else seconds
        deadline = time.monotonic() + limit
        while not (self.pid is not None and self.component.ready()):
            if time.monotonic() > deadline:
                raise RunError(f"{self.component.name} did not get ready in {limit:.0f} s; see {self.component.log}")
            if self.pid is None:
                if not self.component.insists:
                    raise RunError(f"{self.component.name} ended while it started; see {self.component.log}")
                time.sleep(0.3)
                self.start()
            time.sleep(_LOOK_EVERY_SECONDS)


def kill_group(pid: int) -> None:
    """Kill a process, its group and its children, which may have groups of their own, and wait until they are gone."""
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        leader = psutil.Process(pid)
        family = [leader, *leader.children(recursive=True)]
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    deadline = time.monotonic() + GONE_SECONDS
    while any(_lives(one) for one in family) and time.monotonic() < deadline:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    """Tell whether a process still holds anything; one that only waits to be noticed by its parent does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def answers_200(port: int, path: str, host: str = LOOPBACK) -> bool:
    """Tell whether an address answers 200."""
    connection = http.client.HTTPConnection(host, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
