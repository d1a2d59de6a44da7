"""How much a sentence looks like what the catalogue is not about: doubt that an outright answer has to outweigh.

The intents share one margin, in which a question about a tax stands nearer to one about an invoice than to a hundred
others, and so seems sure. This model knows two sides only: out of scope, and everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.build import OUT_OF_SCOPE

#: Margins up to this leave no doubt: six of seven questions of the catalogue lie below it, and hardly any other.
NO_DOUBT_BELOW = -0.6
_FILE = "scope.npz"


@dataclass
class ScopeModel:
    """Fit once; then `doubts` tells of sentences."""

    regularization: float = 0.3
    tolerance: float = 0.01
    seed: int = 7
    _weights: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    _offset: float = 0.0

    @property
    def is_trained(self) -> bool:
        """Tell whether there were examples of both sides to learn from."""
        return bool(len(self._weights))

    def fit(self, features: csr_matrix, labels: Sequence[str]) -> None:
        """Learn from labelled sentences, danger left out; learns nothing where one side has no example."""
        outside = np.array([label == OUT_OF_SCOPE for label in labels])
        if outside.all() or not outside.any():
            return
        learnt = LinearSVC(
            C=self.regularization, tol=self.tolerance, class_weight="balanced", random_state=self.seed
        ).fit(features, outside)
        self._weights = learnt.coef_[0].astype(np.float32)
        self._offset = float(learnt.intercept_[0])

    def doubts(self, features: csr_matrix) -> np.ndarray:
        """Return how doubtful it is that a question of the catalogue is asked, 0 where it is not, shape (texts,)."""
        if not self.is_trained:
            return np.zeros(features.shape[0], dtype=np.float32)
        margins = features.astype(self._weights.dtype, copy=False) @ self._weights + np.float32(self._offset)
        return np.asarray(np.maximum(margins - NO_DOUBT_BELOW, 0.0))

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        np.savez(folder / _FILE, weights=self._weights, offset=self._offset)

    @classmethod
    def load(cls, folder: Path) -> "ScopeModel":
        """Return what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(_weights=arrays["weights"], _offset=float(arrays["offset"]))
