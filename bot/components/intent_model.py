"""A linear model over TF-IDF features of words, lemmas and characters; knows scikit-learn, not Rasa."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.calibration import softmax

#: Tokens arrive separated by single spaces, so every run of non-space is a token.
TOKEN = r"[^ ]+"
_WEIGHTS_FILE = "weights.npz"
_WORDS_FILE = "features.json"


@dataclass(frozen=True)
class Sentence:
    """A text as the features see it: lower-cased characters, tokens and lemmas, each joined by spaces."""

    characters: str
    tokens: str
    lemmas: str


@dataclass(frozen=True)
class ModelSettings:
    """What can be tuned; the figures behind the defaults stand in docs/understanding.md."""

    word_ngrams: Tuple[int, int] = (1, 2)
    char_ngrams: Tuple[int, int] = (2, 4)
    word_weight: float = 1.0
    lemma_weight: float = 1.0
    char_weight: float = 1.0
    min_word_examples: int = 2
    min_char_examples: int = 3
    tolerance: float = 0.1
    regularization: float = 0.5
    folds: int = 3
    seed: int = 7


@dataclass
class IntentModel:
    """Fit once, then `scores` gives one row of decision values a sentence, in the order of `labels`."""

    settings: ModelSettings = field(default_factory=ModelSettings)
    labels: List[str] = field(default_factory=list)
    _vectorizers: List[TfidfVectorizer] = field(default_factory=list)
    _weights: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    _offsets: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def fit(self, sentences: Sequence[Sentence], labels: Sequence[str]) -> "IntentModel":
        """Learn from labelled sentences of at least three intents; returns itself."""
        features = self._learn_features(sentences)
        self._learn_weights(features, np.asarray(labels))
        return self

    def fit_with_held_out_scores(
        self, sentences: Sequence[Sentence], labels: Sequence[str]
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Learn as `fit` does; return what each sentence scores by weights learnt without it, and its true column.

        The vocabulary and its weights are those of all sentences; only the classifier is held out.
        """
        targets = np.asarray(labels)
        features = self._learn_features(sentences)
        self._learn_weights(features, targets)
        held_out = np.zeros((len(targets), len(self.labels)), dtype=np.float32)
        folds = StratifiedKFold(self.settings.folds, shuffle=True, random_state=self.settings.seed)
        splits = list(folds.split(features, targets))

        def one(train: np.ndarray, held: np.ndarray) -> np.ndarray:
            fold = IntentModel(self.settings)
            fold._learn_weights(features[train], targets[train])
            return fold._decide(features[held])

        # liblinear lets go of the interpreter while it works, so threads use the cores.
        jobs = Parallel(n_jobs=os.cpu_count() or 1, prefer="threads")
        for (_, held), scores in zip(splits, jobs(delayed(one)(*split) for split in splits)):
            held_out[held] = scores
        return held_out, np.searchsorted(self.labels, targets)

    def scores(self, sentences: Sequence[Sentence]) -> np.ndarray:
        """Return decision values, shape (sentences, labels); larger is surer."""
        return self._decide(self._weigh([v.transform(x) for v, x in zip(self._vectorizers, _columns(sentences))]))

    def probabilities(self, sentences: Sequence[Sentence], sharpness: float) -> np.ndarray:
        """Return calibrated confidences, shape (sentences, labels), each row summing to 1."""
        return softmax(self.scores(sentences) * sharpness)

    def save(self, folder: Path) -> None:
        """Write the model as plain arrays and JSON: nothing in it can run code when it is loaded."""
        arrays = {f"idf{number}": v.idf_ for number, v in enumerate(self._vectorizers)}
        np.savez(folder / _WEIGHTS_FILE, weights=self._weights, offsets=self._offsets, **arrays)
        words = [sorted(v.vocabulary_, key=v.vocabulary_.__getitem__) for v in self._vectorizers]
        content = json.dumps({"labels": self.labels, "features": words}, ensure_ascii=False)
        (folder / _WORDS_FILE).write_text(content, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, settings: ModelSettings) -> "IntentModel":
        """Return the model that `save` wrote with the same settings."""
        content = json.loads((folder / _WORDS_FILE).read_text(encoding="utf-8"))
        model = cls(settings, labels=content["labels"])
        with np.load(folder / _WEIGHTS_FILE, allow_pickle=False) as arrays:
            model._weights, model._offsets = arrays["weights"], arrays["offsets"]
            for number, (options, words) in enumerate(zip(_vectorizer_options(settings), content["features"])):
                vectorizer = TfidfVectorizer(vocabulary=words, **options)
                vectorizer.idf_ = arrays[f"idf{number}"]
                model._vectorizers.append(vectorizer)
        return model

    def _learn_features(self, sentences: Sequence[Sentence]) -> csr_matrix:
        self._vectorizers = [TfidfVectorizer(**options) for options in _vectorizer_options(self.settings)]
        return self._weigh([v.fit_transform(x) for v, x in zip(self._vectorizers, _columns(sentences))])

    def _learn_weights(self, features: csr_matrix, targets: np.ndarray) -> None:
        s = self.settings
        # One margin over all intents (Crammer and Singer 2001): righter here than one against the rest, and faster.
        classifier = LinearSVC(C=s.regularization, tol=s.tolerance, multi_class="crammer_singer", random_state=s.seed)
        classifier.fit(features, targets)
        self.labels = [str(label) for label in classifier.classes_]
        self._weights = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32)
        self._offsets = np.broadcast_to(classifier.intercept_, (len(self.labels),)).astype(np.float32)

    def _decide(self, features: csr_matrix) -> np.ndarray:
        # Of one type with the weights: scipy would make a copy of all of them, 50 MB, for every sentence otherwise.
        return np.asarray(features.astype(self._weights.dtype, copy=False) @ self._weights + self._offsets)

    def _weigh(self, matrices: Sequence[csr_matrix]) -> csr_matrix:
        s = self.settings
        weights = (s.word_weight, s.lemma_weight, s.char_weight)
        return hstack([m * np.float32(w) for m, w in zip(matrices, weights)], format="csr")


def _vectorizer_options(settings: ModelSettings) -> List[Dict[str, Any]]:
    shared: Dict[str, Any] = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
    words = {"ngram_range": settings.word_ngrams, "token_pattern": TOKEN, "min_df": settings.min_word_examples}
    lemmas = {"ngram_range": (1, 1), "token_pattern": TOKEN}
    characters = {
        "ngram_range": settings.char_ngrams,
        "analyzer": "char_wb",
        "min_df": settings.min_char_examples,
    }
    return [{**own, **shared} for own in (words, lemmas, characters)]


def _columns(sentences: Sequence[Sentence]) -> List[List[str]]:
    return [
        [s.tokens for s in sentences],
        [s.lemmas for s in sentences],
        [s.characters for s in sentences],
    ]
