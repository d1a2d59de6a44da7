"""Votes of the nearest examples: what stands close to a sentence, whatever words it uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import numpy as np

from bot.components.coarse_search import CoarseSearch

#: How many examples vote, and how many of one intent at most.
VOTERS = 100
VOTERS_AN_INTENT = 5
#: The vectors are turned and cut to so many numbers: nearly as right as all 384, at a sixth of the memory and the time.
WIDTH = 64
_FILE, _SEARCH_FILE = "neighbours.npz", "neighbours.onnx"
_ROWS_AT_ONCE = 512
#: Of up to so many vectors each is compared in full only with the examples that may be nearest to it.
_FEW = 16


@dataclass
class Neighbours:
    """All examples as short vectors of length 1, in 16 bits, with the column of each one's intent."""

    axes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    examples: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float16))
    columns: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    #: Only what was saved and loaded has one: training asks for many at once.
    _search: Optional[CoarseSearch] = None

    @classmethod
    def of(cls, vectors: np.ndarray, columns: np.ndarray) -> "Neighbours":
        """Return neighbours made of centred vectors and the columns of their intents."""
        width = min(WIDTH, *vectors.shape)
        _, turned = np.linalg.eigh(vectors.T @ vectors)
        axes = np.ascontiguousarray(turned[:, ::-1][:, :width], dtype=np.float32)
        return cls(axes, _shorten(vectors, axes).astype(np.float16), columns.astype(np.int32))

    def subset(self, rows: np.ndarray) -> "Neighbours":
        """Return neighbours that know some examples only."""
        return Neighbours(self.axes, self.examples[rows], self.columns[rows])

    def closeness(self, vectors: np.ndarray) -> np.ndarray:
        """Return how close each example lies to each vector, 1 at most, shape (vectors, examples)."""
        return np.asarray(_shorten(vectors, self.axes) @ self.examples.T.astype(np.float32))

    def votes_with_one_more(self, vectors: np.ndarray, intents: int, vector: np.ndarray, column: int) -> np.ndarray:
        """Return the votes as they would be with one example more; its vector has the shape (1, width)."""
        examples = np.concatenate([self.examples, _shorten(vector, self.axes).astype(np.float16)])
        return Neighbours(self.axes, examples, np.append(self.columns, np.int32(column))).votes(vectors, intents)

    def votes(self, vectors: np.ndarray, intents: int) -> np.ndarray:
        """Return how much nearer than the farthest voter the voters of each intent are, shape (vectors, intents)."""
        votes = np.zeros((len(vectors), intents), dtype=np.float32)
        short = _shorten(vectors, self.axes)
        if self._search is not None and len(short) <= _FEW:
            for row, (one, likely) in enumerate(zip(short, self._search.likely(short, VOTERS))):
                _vote(self.examples[likely].astype(np.float32) @ one, self.columns[likely], votes[row])
            return votes
        examples = self.examples.T.astype(np.float32)
        for start in range(0, len(short), _ROWS_AT_ONCE):
            for row, closeness in enumerate(short[start : start + _ROWS_AT_ONCE] @ examples, start):
                likely = np.argpartition(closeness, -VOTERS)[-VOTERS:] if len(closeness) > VOTERS else slice(None)
                _vote(closeness[likely], self.columns[likely], votes[row])
        return votes

    def save(self, folder: Path) -> None:
        """Write plain arrays, and the graph of the search."""
        np.savez(folder / _FILE, axes=self.axes, examples=self.examples, columns=self.columns)
        CoarseSearch.write(self.examples.astype(np.float32), folder / _SEARCH_FILE)

    @classmethod
    def load(cls, folder: Path) -> "Neighbours":
        """Return what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            search = CoarseSearch(folder / _SEARCH_FILE)
            return cls(arrays["axes"], arrays["examples"], arrays["columns"], search)


def _vote(closeness: np.ndarray, of_examples: np.ndarray, votes: np.ndarray) -> None:
    voters = np.argsort(-closeness, kind="stable")[:VOTERS]
    columns, gains = of_examples[voters], closeness[voters] - closeness[voters[-1]]
    # Of each intent the nearest few: the place of a voter among its own intent's, nearest first.
    order = np.argsort(columns, kind="stable")
    first = np.searchsorted(columns[order], columns[order])
    allowed = order[np.arange(len(voters)) - first < VOTERS_AN_INTENT]
    np.add.at(votes, columns[allowed], gains[allowed])


def _shorten(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    short = vectors @ axes
    return np.asarray(short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9), dtype=np.float32)
