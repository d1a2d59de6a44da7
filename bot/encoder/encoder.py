"""Sentences in, vectors out."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional, Sequence, TypeVar

import numpy as np
from sentencepiece import SentencePieceProcessor

from bot.encoder.build import GRAPH, META, PIECES, POSITIONS, WORDS
from bot.encoder.graph import INPUT, OUTPUT, STATES
from bot.encoder.session import open_session
from bot.encoder.weights import dequantize

#: The model was trained with this before what is asked; see its card.
PREFIX = "query: "
#: Of a longer sentence the first and the last half of so many pieces count: background often comes before the question.
MAX_PIECES = 192

_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """A text as the encoder read it: its vector, shape (1, width), its pieces' states, shape (pieces, width)."""

    text: str
    vector: np.ndarray
    states: np.ndarray


class SentenceEncoder:
    """Gives each text a vector of length 1; texts that mean the same lie close, also across languages.

    A text's vector depends on nothing but the text. `threads` is how many texts are worked on at once.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._session = open_session(folder / GRAPH)
        self._pieces = SentencePieceProcessor(model_file=str(folder / PIECES))
        self._words = np.load(folder / WORDS, mmap_mode="r")
        self._positions = np.load(folder / POSITIONS)
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        self._replacements = {int(character): text for character, text in meta["replacements"].items()}
        self._threads = threads

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return int(self._positions.shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row a text, shape (texts, width), 32-bit floats."""
        rows = self._map(self._encode, texts)
        return np.concatenate(rows) if rows else np.zeros((0, self.width), dtype=np.float32)

    def read_all(self, texts: Sequence[str]) -> List["Reading"]:
        """Return what `read` returns of each text."""
        return self._map(self.read, texts)

    def read(self, text: str) -> Reading:
        """Return the vector of a text, with what is needed for those of its parts."""
        vector, states = self._session.run([OUTPUT, STATES], {INPUT: self._words_of(text)})
        return Reading(text, np.asarray(vector), np.asarray(states)[0])

    def vectors_of_parts(self, reading: Reading, parts: Sequence[str]) -> np.ndarray:
        """Return one row a part, shape (parts, width): what its words mean in the whole text (Günther et al. 2024).

        The parts stand in the text in this order. Where one does not, or the text was cut, each is encoded by itself,
        which costs as much again as the whole did.
        """
        rows = self._rows_of(reading, parts)
        if rows is None:
            return self.encode(parts)
        vectors = np.stack([reading.states[row].mean(axis=0) for row in rows])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def _map(self, work: Callable[[str], _T], texts: Sequence[str]) -> List[_T]:
        if self._threads == 1 or len(texts) == 1:
            return [work(text) for text in texts]
        # ONNX Runtime lets go of the interpreter while it works, so threads use the cores.
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(work, texts))

    def _encode(self, text: str) -> np.ndarray:
        (vector,) = self._session.run([OUTPUT], {INPUT: self._words_of(text)})
        return np.asarray(vector)

    def _words_of(self, text: str) -> np.ndarray:
        pieces = self._cut(text)
        return np.asarray(dequantize(self._words[pieces]) + self._positions[: len(pieces)])[None]

    def _rows_of(self, reading: Reading, parts: Sequence[str]) -> Optional[List[List[int]]]:
        """Return which states belong to each part: those of its pieces, and of what begins and ends every text."""
        plain = self._plain(reading.text)
        pieces = self._pieces.encode(plain, out_type="immutable_proto").pieces
        last = len(pieces) + 1
        if len(reading.states) != last + 1:
            return None
        rows, end = [], 0
        for part in parts:
            sought = part.translate(self._replacements)
            begin = plain.find(sought, end)
            if begin < 0:
                return None
            end = begin + len(sought)
            own = [row for row, piece in enumerate(pieces, start=1) if piece.begin < end and piece.end > begin]
            rows.append([0, *own, last])
        return rows

    def _plain(self, text: str) -> str:
        return (PREFIX + text).translate(self._replacements)

    def _cut(self, text: str) -> List[int]:
        pieces: List[int] = self._pieces.encode(self._plain(text), add_bos=True, add_eos=True)
        if len(pieces) > MAX_PIECES:
            half = MAX_PIECES // 2
            pieces = [*pieces[:half], *pieces[-half:]]
        return pieces
