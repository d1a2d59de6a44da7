"""Vectors that were made before, kept on disk: a training encodes only what is new.

A file a way of encoding: `<fingerprint>.npy`, rows of a text's hash and its vector, sorted by hash. A changed file is
written beside the old one and takes its place whole; of two that write at once the later one stays, which costs time
and nothing else. What is read is what was written, bit for bit.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import List, Sequence

import numpy as np
import onnxruntime

from bot.encoder.build import GRAPH, META, PIECES, POSITIONS, WORDS
from bot.encoder.encoder import MAX_PIECES, PREFIX, Reading, SentenceEncoder

#: A file keeps at most so many vectors, 314 MB: two catalogues of today's size.
MAX_ROWS = 200_000
#: Files of other ways of encoding that stay, so that going back to the release before costs nothing.
OTHERS_KEPT = 1
_DIGEST_BYTES = 16
_CHUNK = 1024 * 1024


class CachedEncoder:
    """A `SentenceEncoder` that remembers in `folder`. `encoder_folder` is what `encoder` was made from."""

    def __init__(self, encoder: SentenceEncoder, encoder_folder: Path, folder: Path) -> None:
        self._encoder = encoder
        self._path = folder / f"{fingerprint(encoder_folder)}.npy"
        self._row = np.dtype([("key", f"S{2 * _DIGEST_BYTES}"), ("vector", "<f4", (encoder.width,))])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row a text, shape (texts, width), the same as the encoder's own."""
        keys = np.array([_key(text) for text in texts], dtype=self._row["key"])
        wanted, first, places = np.unique(keys, return_index=True, return_inverse=True)
        kept = self._read()
        at = np.searchsorted(kept["key"], wanted)
        known = at < len(kept)
        known[known] = kept["key"][at[known]] == wanted[known]
        rows = np.empty(len(wanted), dtype=self._row)
        rows["key"] = wanted
        rows["vector"][known] = kept["vector"][at[known]]
        if not known.all():
            rows["vector"][~known] = self._encoder.encode([texts[place] for place in first[~known]])
            others = np.delete(np.arange(len(kept)), at[known])[: max(0, MAX_ROWS - len(rows))]
            self._write(np.concatenate([rows[:MAX_ROWS], kept[others]]))
        return np.ascontiguousarray(rows["vector"][places])

    def read_all(self, texts: Sequence[str]) -> List[Reading]:
        """Return what the encoder's `read_all` does; states are not kept."""
        return self._encoder.read_all(texts)

    def vectors_of_parts(self, reading: Reading, parts: Sequence[str]) -> np.ndarray:
        """Return what the encoder's `vectors_of_parts` does."""
        return self._encoder.vectors_of_parts(reading, parts)

    def _read(self) -> np.ndarray:
        """Return what is kept, mapped into memory; nothing where there is no file or a broken one."""
        try:
            kept = np.load(self._path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return np.empty(0, dtype=self._row)
        return kept if kept.dtype == self._row else np.empty(0, dtype=self._row)

    def _write(self, rows: np.ndarray) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".part", delete=False) as file:
            try:
                np.save(file, rows[np.argsort(rows["key"])])
                file.flush()
                Path(file.name).replace(self._path)
            except BaseException:
                Path(file.name).unlink()
                raise
        others = [path for path in self._path.parent.glob("*.npy") if path != self._path]
        for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[OTHERS_KEPT:]:
            path.unlink()


def fingerprint(encoder_folder: Path) -> str:
    """Return a hash of all that a text's vector depends on beside the text."""
    digest = hashlib.blake2b(f"{onnxruntime.__version__} {PREFIX!r} {MAX_PIECES}".encode(), digest_size=_DIGEST_BYTES)
    for name in (GRAPH, PIECES, WORDS, POSITIONS, META):
        with (encoder_folder / name).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def _key(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest().encode()
