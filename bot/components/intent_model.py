"""A linear model over TF-IDF features of words, lemmas and characters; knows scikit-learn, not Rasa."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.calibration import softmax

#: Tokens arrive separated by single spaces, so every run of non-space is a token.
TOKEN = r"[^ ]+"


@dataclass(frozen=True)
class Sentence:
    """A text as the features see it: lower-cased characters, tokens and lemmas, each joined by spaces."""

    characters: str
    tokens: str
    lemmas: str


@dataclass
class ModelSettings:
    """What can be tuned; the figures behind the defaults stand in docs/understanding.md."""

    word_ngrams: Tuple[int, int] = (1, 2)
    char_ngrams: Tuple[int, int] = (2, 5)
    word_weight: float = 1.0
    lemma_weight: float = 1.0
    char_weight: float = 1.0
    regularization: float = 0.5
    folds: int = 4
    seed: int = 7


@dataclass
class IntentModel:
    """Fit once, then `scores` gives one row of decision values a sentence, in the order of `labels`."""

    settings: ModelSettings = field(default_factory=ModelSettings)
    vectorizers: List[TfidfVectorizer] = field(default_factory=list)
    classifier: Any = None

    @property
    def labels(self) -> List[str]:
        """The intents, in the order of the columns of `scores`."""
        return [str(label) for label in self.classifier.classes_]

    def fit(self, sentences: Sequence[Sentence], labels: Sequence[str]) -> "IntentModel":
        """Learn from labelled sentences; returns itself."""
        self.vectorizers = _vectorizers(self.settings)
        columns = _columns(sentences)
        matrices = [v.fit_transform(texts) for v, texts in zip(self.vectorizers, columns)]
        self.classifier = _classifier(self.settings).fit(self._weigh(matrices), labels)
        return self

    def scores(self, sentences: Sequence[Sentence]) -> np.ndarray:
        """Return decision values, shape (sentences, labels); larger is surer."""
        matrices = [v.transform(texts) for v, texts in zip(self.vectorizers, _columns(sentences))]
        values = np.asarray(self.classifier.decision_function(self._weigh(matrices)))
        return values if values.ndim == 2 else np.stack([-values, values], axis=1)

    def probabilities(self, sentences: Sequence[Sentence], sharpness: float) -> np.ndarray:
        """Return calibrated confidences, shape (sentences, labels), each row summing to 1."""
        return softmax(self.scores(sentences) * sharpness)

    def _weigh(self, matrices: Sequence[csr_matrix]) -> csr_matrix:
        s = self.settings
        weights = (s.word_weight, s.lemma_weight, s.char_weight)
        return hstack([m * w for m, w in zip(matrices, weights)], format="csr")


def out_of_fold_scores(
    sentences: Sequence[Sentence], labels: Sequence[str], settings: ModelSettings
) -> Tuple[np.ndarray, List[str]]:
    """Return the scores that each sentence gets from a model that has not seen it, and the label order."""
    names = sorted(set(labels))
    targets = np.asarray(labels)
    values = np.zeros((len(sentences), len(names)))
    folds = StratifiedKFold(settings.folds, shuffle=True, random_state=settings.seed)
    for train, held in folds.split(np.zeros(len(targets)), targets):
        model = IntentModel(settings).fit([sentences[i] for i in train], list(targets[train]))
        values[held] = model.scores([sentences[i] for i in held])
    return values, names


def _vectorizers(settings: ModelSettings) -> List[TfidfVectorizer]:
    shared: Dict[str, Any] = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
    return [
        TfidfVectorizer(ngram_range=settings.word_ngrams, token_pattern=TOKEN, **shared),
        TfidfVectorizer(ngram_range=(1, 1), token_pattern=TOKEN, **shared),
        TfidfVectorizer(ngram_range=settings.char_ngrams, analyzer="char_wb", min_df=2, **shared),
    ]


def _classifier(settings: ModelSettings) -> LinearSVC:
    return LinearSVC(C=settings.regularization, random_state=settings.seed, dual=True)


def _columns(sentences: Sequence[Sentence]) -> List[List[str]]:
    return [
        [s.tokens for s in sentences],
        [s.lemmas for s in sentences],
        [s.characters for s in sentences],
    ]
