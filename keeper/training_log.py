"""What a training prints: kept up to a bound, and read for how far it is."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

#: What is kept of a log that runs wild; whatever goes wrong is told in the tail.
MAX_LOG_BYTES = 1024 * 1024
TAIL_LINES = 200
MAX_LINE_CHARS = 500

#: Lines that name a step, and about how much of all the work is done then, by CPU time on the whole catalogue.
_STEPS: tuple[tuple[re.Pattern[str], float, str], ...] = tuple(
    (re.compile(pattern), share, step)
    for pattern, share, step in (
        (r"^training kontakt-", 0.02, "Läser exemplen"),
        (r"Starting to train component 'SentenceClassifier'", 0.12, "Gör om exemplen till vektorer"),
        (r"sentences are encoded", 0.40, "Räknar ord och tecken"),
        (r"features are counted", 0.45, "Lär sig frågorna"),
        (r"intents; on \d+ held-out", 0.60, "Lär sig känna igen fara"),
        (r"Finished training component 'SentenceClassifier'", 0.63, "Packar modellen"),
    )
)
_JUDGING = re.compile(r"^\[judge\] (?P<share>[01]\.\d\d) (?P<step>asking|cross-validation|done)")
#: Where each step of the judgement begins and how long it is.
_JUDGED: dict[str, tuple[float, float, str]] = {
    "asking": (0.66, 0.08, "Ställer testfrågorna"),
    "cross-validation": (0.76, 0.23, "Korsvaliderar"),
    "done": (0.99, 0.01, "Klar"),
}
_MODEL = re.compile(r"\b(kontakt-[0-9a-f]+)\.tar\.gz")
_FULL = "No space left on device"


class TrainingLog:
    """Takes lines; gives step and share, which never go back, the model's name and the last lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._left = MAX_LOG_BYTES
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.step = "Väntar"
        self.share = 0.0
        #: The model that is trained, as soon as its name was told.
        self.model: str | None = None
        self.disk_is_full = False

    @property
    def tail(self) -> tuple[str, ...]:
        """The last lines."""
        return tuple(self._tail)

    def add(self, line: str) -> None:
        """Take one line; a log that cannot be written is no reason to stop a training."""
        line = line.rstrip()[:MAX_LINE_CHARS]
        self._tail.append(line)
        self._read(line)
        with suppress(OSError):
            self._keep(line.encode("utf-8", "replace") + b"\n")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _keep(self, data: bytes) -> None:
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
        if self._left > 0:
            self._file.write(data if len(data) <= self._left else b"...\n")
        self._left -= len(data)

    def _read(self, line: str) -> None:
        if named := _MODEL.search(line):
            self.model = named[1]
        self.disk_is_full |= _FULL in line
        for share, step in _steps_of(line):
            if share >= self.share:
                self.share, self.step = share, step


def _steps_of(line: str) -> Iterator[tuple[float, str]]:
    if judged := _JUDGING.match(line):
        start, length, step = _JUDGED[judged["step"]]
        yield start + length * float(judged["share"]), step
    for pattern, share, step in _STEPS:
        if pattern.search(line):
            yield share, step
