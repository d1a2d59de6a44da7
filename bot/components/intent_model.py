"""Which intent a sentence has: one linear margin over all intents, and the votes of the nearest examples."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.neighbours import Neighbours

_WEIGHTS_FILE = "weights.npz"
_LABELS_FILE = "labels.json"


@dataclass(frozen=True)
class ModelSettings:
    """What can be tuned; the figures behind the defaults stand in docs/understanding.md."""

    regularization: float = 0.25
    tolerance: float = 0.1
    vote_weight: float = 0.4
    folds: int = 3
    seed: int = 7


@dataclass
class IntentModel:
    """Fit once, then `scores` gives one row of decision values a sentence, in the order of `labels`."""

    settings: ModelSettings = field(default_factory=ModelSettings)
    labels: List[str] = field(default_factory=list)
    #: In 16 bits, which is half the memory: whole numbers of the `_steps` of their intents.
    _weights: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int16))
    _steps: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    _offsets: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    _neighbours: Neighbours = field(default_factory=Neighbours)

    def fit(self, features: csr_matrix, centred: np.ndarray, labels: List[str]) -> "IntentModel":
        """Learn from the features and centred vectors of labelled sentences, three intents or more; returns itself."""
        self.labels = sorted(set(labels))
        columns = np.searchsorted(self.labels, labels)
        self._neighbours = Neighbours.of(centred, columns)
        self._learn(features, columns)
        return self

    def fit_with_held_out_scores(
        self, features: csr_matrix, centred: np.ndarray, labels: List[str]
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Learn as `fit` does; return what each sentence scores by a model learnt without it, and its true column."""
        self.fit(features, centred, labels)
        columns = np.searchsorted(self.labels, labels)
        held_out = np.zeros((len(columns), len(self.labels)), dtype=np.float32)
        folds = StratifiedKFold(self.settings.folds, shuffle=True, random_state=self.settings.seed)
        splits = list(folds.split(features, columns))

        def one(train: np.ndarray, held: np.ndarray) -> np.ndarray:
            fold = IntentModel(self.settings, self.labels, _neighbours=self._neighbours.subset(train))
            fold._learn(features[train], columns[train])
            return fold.scores(features[held], centred[held])

        # liblinear lets go of the interpreter while it works, so threads use the cores.
        jobs = Parallel(n_jobs=os.cpu_count() or 1, prefer="threads")
        for (_, held), scores in zip(splits, jobs(delayed(one)(*split) for split in splits)):
            held_out[held] = scores
        return held_out, columns

    @property
    def neighbours(self) -> Neighbours:
        """The examples that vote."""
        return self._neighbours

    def scores(self, features: csr_matrix, centred: np.ndarray) -> np.ndarray:
        """Return decision values, shape (sentences, labels); larger is surer."""
        votes = self._neighbours.votes(centred, len(self.labels))
        return np.asarray(self.margins(features) + np.float32(self.settings.vote_weight) * votes)

    def margins(self, features: csr_matrix) -> np.ndarray:
        """Return the decision values without the votes, shape (sentences, labels)."""
        margins = np.empty((features.shape[0], len(self.labels)), dtype=np.float32)
        for row, (start, end) in enumerate(zip(features.indptr, features.indptr[1:])):
            # Only the weights of what stands in the sentence are widened.
            weights = self._weights[features.indices[start:end]].astype(np.float32)
            whole = features.data[start:end].astype(np.float32, copy=False) @ weights
            margins[row] = whole * self._steps + self._offsets
        return margins

    def weights_of(self, columns: np.ndarray, label: str) -> np.ndarray:
        """Return how much each of some features speaks for an intent, and against it below zero."""
        place = self.labels.index(label)
        return np.asarray(self._weights[columns, place] * self._steps[place], dtype=np.float32)

    def offset_of(self, label: str) -> float:
        """Return what speaks for an intent whatever is said."""
        return float(self._offsets[self.labels.index(label)])

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: nothing in it can run code when it is loaded."""
        np.savez(folder / _WEIGHTS_FILE, weights=self._weights, steps=self._steps, offsets=self._offsets)
        (folder / _LABELS_FILE).write_text(json.dumps(self.labels), encoding="utf-8")
        self._neighbours.save(folder)

    @classmethod
    def load(cls, folder: Path, settings: ModelSettings) -> "IntentModel":
        """Return the model that `save` wrote with the same settings."""
        labels = json.loads((folder / _LABELS_FILE).read_text(encoding="utf-8"))
        with np.load(folder / _WEIGHTS_FILE, allow_pickle=False) as arrays:
            learnt = [arrays[name] for name in ("weights", "steps", "offsets")]
            return cls(settings, labels, *learnt, Neighbours.load(folder))

    def _learn(self, features: csr_matrix, columns: np.ndarray) -> None:
        s = self.settings
        # One margin over all intents (Crammer and Singer 2001): righter here than one against the rest, and faster.
        classifier = LinearSVC(C=s.regularization, tol=s.tolerance, multi_class="crammer_singer", random_state=s.seed)
        classifier.fit(features, columns)
        # Rounding changes a decision value in its fourth digit.
        steps = np.maximum(np.abs(classifier.coef_).max(axis=1), 1e-9) / np.iinfo(np.int16).max
        self._weights = np.ascontiguousarray(np.rint(classifier.coef_.T / steps), dtype=np.int16)
        self._steps = steps.astype(np.float32)
        self._offsets = np.broadcast_to(classifier.intercept_, (len(self.labels),)).astype(np.float32)
