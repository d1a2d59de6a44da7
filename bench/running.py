"""The processes of a benchmark: started, waited for, weighed and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from handover.settings import Settings
from scripts.stack import LOOPBACK, ROOT, Ports, free_port, process_environment, wait_ready

#: What the processes say; the last run's.
LOGS = ROOT / "build" / "bench-logs"
SECRET = "engine-secret-of-the-benchmark-0123456789"
STOP_SECONDS = 15.0
#: Limit of open files that a process of many sockets asks for, within what the system lets it have.
WANTED_FILES = 65_536


class BenchError(Exception):
    """It could not be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Weight:
    """The memory of a process in kB; `uss` is what would come free if it ended, `rss` counts shared pages too."""

    rss: int
    uss: int


def weigh(pid: int) -> Weight:
    """Return the memory of a process."""
    memory = psutil.Process(pid).memory_full_info()
    return Weight(memory.rss // 1024, memory.uss // 1024)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


@contextmanager
def background(command: list[str], log: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the block ends, its output in a file of this name under `LOGS`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / log).open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process, politely first."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Service:
    """A running handover service."""

    host: str
    port: int
    pid: int


@contextmanager
def handover(database_url: str, folder: Path, profile_to: Path | None = None) -> Iterator[Service]:
    """Run the service as it is run in earnest, beside a stand-in for the engine."""
    ports = Ports(handover=free_port(), engine=free_port(), actions=free_port())
    settings = Settings(database_url=database_url, data_dir=folder)
    env = process_environment(settings, ports, SECRET)
    command = [sys.executable, "-m", "handover"]
    if profile_to is not None:
        command = [sys.executable, "-m", "bench.sampled", str(profile_to), "handover"]
    double = [sys.executable, "-m", "bench.engine_double", str(ports.engine)]
    with background(double, "engine-double.log", env):
        wait_ready([f"http://{LOOPBACK}:{ports.engine}/webhooks/kontakt/health"], 30.0)
        with background(command, "handover.log", env) as process:
            wait_ready([f"http://{LOOPBACK}:{ports.handover}/ready"], 60.0)
            yield Service(LOOPBACK, ports.handover, process.pid)


def raise_file_limit() -> int:
    """Let this process open as many files as it may; return how many."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "load_average_before": round(os.getloadavg()[0], 2),
        "python": sys.version.split()[0],
        "at": time.strftime("%Y-%m-%d"),
    }
