"""What every client saw and did, and what was done to the system, as lines of JSON in one file."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Journal:
    """Appends one line for each thing that happened; `t` is monotonic time in seconds."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self.write("clock", wall=time.time())

    def write(self, kind: str, **fields: Any) -> None:
        """Append one line."""
        self._file.write(_encode({"k": kind, "t": round(time.monotonic(), 4), **fields}) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
