"""What the machine does to anybody meanwhile: a bare committed insert now and then, beside the phase that is measured.

Where its p99 is bad too, the figure beside it says more of the machine and its other users than of the service.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.figures import Summary, summed_up

EVERY_SECONDS = 0.05
ROW = "x" * 300


class Control:
    """Takes the time of single commits to disk while the block runs; `seen` is what came of it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "control.db"
        self._took: list[float] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="control")
        self.seen: Summary = {}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self.seen = summed_up(self._took)

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE IF NOT EXISTS control (id INTEGER PRIMARY KEY, body TEXT)",
        ):
            connection.execute(statement)
        while not self._done.wait(EVERY_SECONDS):
            began = time.perf_counter()
            connection.execute("INSERT INTO control (body) VALUES (?)", (ROW,))
            self._took.append(time.perf_counter() - began)
        connection.close()
