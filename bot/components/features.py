"""What the models see of a sentence: TF-IDF of words and characters, and its vector. Knows scikit-learn, not Rasa."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

#: Tokens arrive separated by single spaces, so every run of non-space is a token.
TOKEN = r"[^ ]+"
#: So many words are remembered with their runs of characters, about 2 MB.
WORDS_REMEMBERED = 8_192
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_WORDS_FILE = "features.json"
_NUMBERS_FILE = "features.npz"


@dataclass(frozen=True)
class Sentence:
    """A text as the features see it: lower-cased characters, and tokens joined by spaces."""

    characters: str
    tokens: str


def sentence_of(text: str) -> Sentence:
    """Return a text as the features see it."""
    plain = text.lower()
    return Sentence(" ".join(plain.split()), " ".join(_WORD.findall(plain)))


@dataclass(frozen=True)
class FeatureSettings:
    """What can be tuned; the figures behind the defaults stand in docs/understanding.md."""

    word_ngrams: Tuple[int, int] = (1, 2)
    char_ngrams: Tuple[int, int] = (2, 4)
    min_word_examples: int = 3
    min_char_examples: int = 5
    word_weight: float = 1.0
    char_weight: float = 1.0
    vector_weight: float = 1.0


class _Counted:
    """One kind of terms, as scikit-learn's `TfidfVectorizer` learnt them.

    Its own `transform` checks and copies so much that a single sentence takes five times as long.
    """

    def __init__(self, vectorizer: TfidfVectorizer, vocabulary: Dict[str, int], idf: np.ndarray) -> None:
        self.terms_of: Callable[[str], List[str]] = vectorizer.build_analyzer()
        self.vocabulary = vocabulary
        self.idf = idf
        # Runs of characters end where words do, so those of a text are those of its words.
        self._by_word = vectorizer.analyzer == "char_wb"
        self._columns_of_word = lru_cache(WORDS_REMEMBERED)(self._look_up)

    @classmethod
    def of(cls, vectorizer: TfidfVectorizer) -> "_Counted":
        """Return what a fitted vectorizer knows."""
        vocabulary = {term: int(column) for term, column in vectorizer.vocabulary_.items()}
        return cls(vectorizer, vocabulary, vectorizer.idf_.astype(np.float32))

    def weigh(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """Return the columns of the text's known terms and their weights, which have length 1 together."""
        counts = Counter(self._columns(text))
        places = np.fromiter(counts.keys(), np.int32, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        weights = (np.log(times) + 1) * self.idf[places]
        return places, weights / max(float(np.linalg.norm(weights)), 1e-9)

    def _columns(self, text: str) -> Iterable[int]:
        if not self._by_word:
            return self._look_up(text)
        return chain.from_iterable(map(self._columns_of_word, text.split()))

    def _look_up(self, text: str) -> Tuple[int, ...]:
        columns = map(self.vocabulary.get, self.terms_of(text))
        return tuple(column for column in columns if column is not None)


@dataclass(frozen=True)
class Term:
    """A word, a pair of words or a run of characters in a sentence: its place among the features, and its weight."""

    kind: str
    text: str
    column: int
    weight: float


class SentenceFeatures:
    """Learnt once from all examples; then the same for every model and every sentence."""

    def __init__(self, settings: FeatureSettings) -> None:
        self._settings = settings
        self._counted: List[_Counted] = []
        self._middle = np.zeros(0, dtype=np.float32)

    def learn(self, sentences: Sequence[Sentence], vectors: np.ndarray) -> csr_matrix:
        """Learn vocabulary, weights and the middle of the vectors; return the features, one row a sentence."""
        vectorizers = [TfidfVectorizer(**options) for options in _vectorizer_options(self._settings)]
        self._counted = [_Counted.of(v.fit(column)) for v, column in zip(vectorizers, _columns(sentences))]
        self._middle = vectors.mean(axis=0)
        return self.of(sentences, self.centre(vectors))

    def of(self, sentences: Sequence[Sentence], centred: np.ndarray) -> csr_matrix:
        """Return the features of sentences whose vectors `centre` has seen."""
        s = self._settings
        columns, weights, ends = [], [], [0]
        for texts, vector in zip(zip(*_columns(sentences)), centred):
            start = 0
            for counted, text, weight in zip(self._counted, texts, (s.word_weight, s.char_weight)):
                places, values = counted.weigh(text)
                columns.append(places + np.int32(start))
                weights.append(values * np.float32(weight))
                start += len(counted.vocabulary)
            columns.append(np.arange(start, start + len(vector), dtype=np.int32))
            weights.append(vector * np.float32(s.vector_weight))
            ends.append(ends[-1] + sum(map(len, columns[-3:])))
        width = sum(len(counted.vocabulary) for counted in self._counted) + centred.shape[1]
        joined = (np.concatenate(weights, dtype=np.float32), np.concatenate(columns), np.array(ends, dtype=np.int32))
        return csr_matrix(joined, shape=(len(sentences), width))

    def terms(self, sentence: Sentence) -> List[Term]:
        """Return the terms of a sentence that the features know: what `of` makes of it, but for the vector."""
        s, found, start = self._settings, [], 0
        kinds = (("word", sentence.tokens, s.word_weight), ("characters", sentence.characters, s.char_weight))
        for counted, (kind, text, weight) in zip(self._counted, kinds):
            names = {counted.vocabulary[term]: term for term in counted.terms_of(text) if term in counted.vocabulary}
            places, values = counted.weigh(text)
            found += [Term(kind, names[p], int(p) + start, float(v) * weight) for p, v in zip(places, values)]
            start += len(counted.vocabulary)
        return found

    @property
    def vector_columns(self) -> np.ndarray:
        """Where a sentence's vector stands among its features."""
        start = sum(len(counted.vocabulary) for counted in self._counted)
        return np.arange(start, start + len(self._middle))

    def centre(self, vectors: np.ndarray) -> np.ndarray:
        """Return vectors as seen from the middle of all examples, of length 1.

        The encoder's own all point much the same way; what tells them apart is what is left.
        """
        moved = vectors - self._middle
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON: nothing in it can run code when it is loaded."""
        weights = {f"idf{number}": counted.idf for number, counted in enumerate(self._counted)}
        np.savez(folder / _NUMBERS_FILE, middle=self._middle, **weights)
        words = [sorted(c.vocabulary, key=c.vocabulary.__getitem__) for c in self._counted]
        (folder / _WORDS_FILE).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, settings: FeatureSettings) -> "SentenceFeatures":
        """Return what `save` wrote with the same settings."""
        features = cls(settings)
        words = json.loads((folder / _WORDS_FILE).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS_FILE, allow_pickle=False) as numbers:
            features._middle = numbers["middle"]
            for number, (options, terms) in enumerate(zip(_vectorizer_options(settings), words)):
                vocabulary = {term: column for column, term in enumerate(terms)}
                features._counted.append(_Counted(TfidfVectorizer(**options), vocabulary, numbers[f"idf{number}"]))
        return features


def _vectorizer_options(settings: FeatureSettings) -> List[Dict[str, Any]]:
    shared: Dict[str, Any] = {"sublinear_tf": True, "lowercase": False, "dtype": np.float32}
    words = {"ngram_range": settings.word_ngrams, "token_pattern": TOKEN, "min_df": settings.min_word_examples}
    characters = {
        "ngram_range": settings.char_ngrams,
        "analyzer": "char_wb",
        "min_df": settings.min_char_examples,
    }
    return [{**own, **shared} for own in (words, characters)]


def _columns(sentences: Sequence[Sentence]) -> List[List[str]]:
    return [[s.tokens for s in sentences], [s.characters for s in sentences]]
