"""Votes of the nearest examples: what stands close to a sentence, whatever words it uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

#: How many examples vote, and how many of one intent at most.
VOTERS = 100
VOTERS_AN_INTENT = 5
#: The vectors are turned and cut to so many numbers: nearly as right as all 384, at a sixth of the memory and the time.
WIDTH = 64
_FILE = "neighbours.npz"
_ROWS_AT_ONCE = 512
#: Up to so many vectors are compared one after the other: a product of two matrices first copies all examples.
_FEW = 8
_SAMPLED_EVERY, _SPARE = 16, 8


@dataclass
class Neighbours:
    """All examples as short vectors of length 1, with the column of each one's intent."""

    axes: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    examples: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    columns: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))

    @classmethod
    def of(cls, vectors: np.ndarray, columns: np.ndarray) -> "Neighbours":
        """Return neighbours made of centred vectors and the columns of their intents."""
        width = min(WIDTH, *vectors.shape)
        _, turned = np.linalg.eigh(vectors.T @ vectors)
        axes = np.ascontiguousarray(turned[:, ::-1][:, :width], dtype=np.float32)
        return cls(axes, _shorten(vectors, axes), columns.astype(np.int32))

    def subset(self, rows: np.ndarray) -> "Neighbours":
        """Return neighbours that know some examples only."""
        return Neighbours(self.axes, self.examples[rows], self.columns[rows])

    def closeness(self, vectors: np.ndarray) -> np.ndarray:
        """Return how close each example lies to each vector, 1 at most, shape (vectors, examples)."""
        short = _shorten(vectors, self.axes)
        if len(short) <= _FEW:
            return np.array([self.examples @ one for one in short]).reshape(len(short), len(self.examples))
        return np.asarray(short @ self.examples.T)

    def votes_with_one_more(self, vectors: np.ndarray, intents: int, vector: np.ndarray, column: int) -> np.ndarray:
        """Return the votes as they would be with one example more; its vector has the shape (1, width)."""
        extra = _shorten(vectors, self.axes) @ _shorten(vector, self.axes).T
        columns = np.append(self.columns, np.int32(column))
        votes = np.zeros((len(vectors), intents), dtype=np.float32)
        for row, one in enumerate(vectors):
            _vote(np.append(self.closeness(one[None])[0], extra[row]), columns, votes[row])
        return votes

    def votes(self, vectors: np.ndarray, intents: int) -> np.ndarray:
        """Return how much nearer than the farthest voter the voters of each intent are, shape (vectors, intents)."""
        votes = np.zeros((len(vectors), intents), dtype=np.float32)
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            for row, closeness in enumerate(self.closeness(vectors[start : start + _ROWS_AT_ONCE]), start):
                _vote(closeness, self.columns, votes[row])
        return votes

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        np.savez(folder / _FILE, axes=self.axes, examples=self.examples, columns=self.columns)

    @classmethod
    def load(cls, folder: Path) -> "Neighbours":
        """Return what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays["axes"], arrays["examples"], arrays["columns"])


def _vote(closeness: np.ndarray, of_examples: np.ndarray, votes: np.ndarray) -> None:
    voters = _nearest(closeness, min(VOTERS, len(closeness)))
    columns, gains = of_examples[voters], closeness[voters] - closeness[voters[-1]]
    # Of each intent the nearest few: the place of a voter among its own intent's, nearest first.
    order = np.argsort(columns, kind="stable")
    first = np.searchsorted(columns[order], columns[order])
    allowed = order[np.arange(len(voters)) - first < VOTERS_AN_INTENT]
    np.add.at(votes, columns[allowed], gains[allowed])


def _nearest(closeness: np.ndarray, count: int) -> np.ndarray:
    """Return the rows of the `count` highest numbers, highest first.

    Only what lies above a bound is sorted. The bound is guessed from a sample; where it was too high, everything is.
    """
    sample = closeness[::_SAMPLED_EVERY]
    place = len(sample) - 2 * count // _SAMPLED_EVERY - _SPARE
    likely = np.flatnonzero(closeness >= np.partition(sample, place)[place]) if place > 0 else np.arange(len(closeness))
    if len(likely) < count:
        likely = np.arange(len(closeness))
    return likely[np.argsort(-closeness[likely], kind="stable")[:count]]


def _shorten(vectors: np.ndarray, axes: np.ndarray) -> np.ndarray:
    short = vectors @ axes
    return np.asarray(short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9), dtype=np.float32)
