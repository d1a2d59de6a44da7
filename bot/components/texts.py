"""Texts kept beside a model and read one at a time from disk: who explains an answer names the examples behind it."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Sequence

import numpy as np


class Texts:
    """Texts by their row. Nothing is held in memory: file and places are mapped, and stay readable once unlinked."""

    def __init__(self, ends: np.ndarray, data: "mmap.mmap | bytes") -> None:
        self._ends = ends
        self._data = data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> str:
        start = int(self._ends[row - 1]) if row else 0
        return bytes(self._data[start : int(self._ends[row])]).decode("utf-8")

    @staticmethod
    def save(folder: Path, name: str, texts: Sequence[str]) -> None:
        """Write `name`.txt, all texts one after the other, and `name`.npy, where each ends."""
        encoded = [text.encode("utf-8", "replace") for text in texts]
        np.save(folder / f"{name}.npy", np.cumsum([len(one) for one in encoded], dtype=np.int64))
        (folder / f"{name}.txt").write_bytes(b"".join(encoded))

    @classmethod
    def load(cls, folder: Path, name: str) -> "Texts":
        """Return what `save` wrote; no texts where it did not."""
        path = folder / f"{name}.txt"
        if not path.is_file() or not path.stat().st_size:
            return cls(np.zeros(0, dtype=np.int64), b"")
        with path.open("rb") as file:
            return cls(np.load(folder / f"{name}.npy", mmap_mode="r"), mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ))
