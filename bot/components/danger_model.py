"""Whether a sentence tells of acute danger, learnt from examples of danger and of everything else.

The second net: handover's patterns (`data/crisis.yml`) find what is said outright, this model what is said otherwise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.build import ASK_HUMAN, is_faq

PREFIX = "danger."
#: Examples that use the same words and tell of no danger.
HARMLESS = "danger.none"
#: Questions of the catalogue that people in danger ask too: their examples teach neither danger nor safety.
NEIGHBOURS = frozenset({"familj.vald", "familj.orosanmalan", "sakerhet.kris"})
#: Of the calibration's harmless sentences with such words, at most this share may be taken for danger. They were made
#: to provoke it: of those by other hands fewer are (docs/understanding.md).
MAX_FALSE_ALARMS = 0.065
#: What surely is an ordinary question of the catalogue raises an alarm only where danger is likelier than this.
SURE_QUESTION, ALARM_BESIDE_SURE_QUESTION = 0.8, 0.6
#: … and a pattern's find counts only where danger is at least this likely.
HARMLESS_BESIDE_SURE_QUESTION = 0.2
#: Who surely asks for a person gets one anyway; but a farewell resembles such a wish, so patterns stand beside it.
SURE_OF_PERSON, ALARM_BESIDE_PERSON = 0.95, 0.65
#: No ordinary questions: who asks them may be in danger.
OF_NEED = NEIGHBOURS | {"bostad.hemlos", "forsorjningsstod.akut"}
#: Where a pattern found danger, the model may say no only when fewer than this of the calibration's dangers look as
#: harmless.
MAX_VETOED = 0.01
#: … and never when danger is likelier than this: patterns are narrow enough to be believed.
MAX_HARMLESS = 0.1
#: Who asks about an invoice and tells of a lifeless baby in the same breath seems harmless as a whole. A part that is
#: as likely as this to tell of danger, as it looks within its message, is read by itself …
SUSPICIOUS_PART = 0.15
#: … and raises an alarm above this, beside a sure question above that.
ALARM_OF_PART, ALARM_OF_PART_BESIDE_SURE = 0.85, 0.95
#: With a part as likely as this a message is not harmless, whatever the whole looks like.
DOUBT_OF_PART = 0.3
MIN_CATEGORIES = 3
_NEAR_WEIGHT = 3.0
_FILE = "danger.npz"
_META = "danger.json"


@dataclass(frozen=True)
class Danger:
    """A category of `data/crisis.yml`, how likely there is danger, and what follows for this sentence."""

    category: str
    likelihood: float
    is_alarm: bool
    is_harmless: bool


@dataclass(frozen=True)
class _Limits:
    """Above which likelihood a whole and a part raise an alarm, and below which a whole is harmless."""

    alarm: float
    alarm_of_part: float
    harmless: float


@dataclass
class DangerModel:
    """Fit and calibrate once; then `judge` sentences one at a time."""

    categories: List[str] = field(default_factory=list)
    alarm_at: float = 1.0
    harmless_below: float = 0.0
    regularization: float = 0.3
    seed: int = 7
    #: Slope and offset that turn decision values into likelihoods (Platt 1999).
    _scale: Tuple[float, float] = (1.0, 0.0)
    #: One column that tells danger, then one a category.
    _weights: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    _offsets: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    @property
    def is_trained(self) -> bool:
        """Tell whether there were examples of danger to learn from."""
        return bool(self.categories)

    def fit(self, danger: csr_matrix, labels: Sequence[str], rest: csr_matrix, rest_labels: Sequence[str]) -> None:
        """Learn from sentences labelled `danger.…`, of three categories of danger or more, and from all others."""
        kinds = np.array([label[len(PREFIX) :] for label in labels])
        harmful = kinds != HARMLESS[len(PREFIX) :]
        kept = np.array([label not in NEIGHBOURS for label in rest_labels])
        features = vstack([danger, rest[kept]], format="csr")
        truth = np.concatenate([harmful, np.zeros(kept.sum(), dtype=bool)])
        near = np.concatenate([np.full(len(kinds), _NEAR_WEIGHT), np.ones(kept.sum())])
        if len(set(kinds[harmful])) < MIN_CATEGORIES:
            raise ValueError(f"examples of {MIN_CATEGORIES} categories of danger or more are needed")
        alarm = LinearSVC(C=self.regularization, random_state=self.seed).fit(features, truth, sample_weight=near)
        kind = LinearSVC(C=self.regularization, random_state=self.seed).fit(danger[harmful], kinds[harmful])
        self.categories = [str(name) for name in kind.classes_]
        self._weights = np.vstack([alarm.coef_, kind.coef_]).T.astype(np.float32)
        self._offsets = np.concatenate([alarm.intercept_, kind.intercept_]).astype(np.float32)

    def calibrate(self, features: csr_matrix, is_danger: np.ndarray) -> None:
        """Choose likelihoods and limits on sentences that nobody trained on, danger and look-alikes of it."""
        values = self._decide(features)[:, 0]
        fitted = LogisticRegression(C=1e3).fit(values[:, None], is_danger)
        self._scale = (float(fitted.coef_[0, 0]), float(fitted.intercept_[0]))
        likely = self._likelihoods(values)
        self.alarm_at = float(np.quantile(likely[~is_danger], 1 - MAX_FALSE_ALARMS, method="higher"))
        self.harmless_below = min(
            self.alarm_at, MAX_HARMLESS, float(np.quantile(likely[is_danger], MAX_VETOED, method="lower"))
        )

    def judge(
        self, features: csr_matrix, question: str = "", confidence: float = 0.0, part: Optional[csr_matrix] = None
    ) -> Danger:
        """Return what the model thinks of one message, which is taken for a question of the catalogue that surely.

        `part` is what was read by itself of it, as `likeliest` chose it.
        """
        whole = self._one(features)
        limits = self._limits(question, confidence)
        alarmed, harmless = whole.likelihood > limits.alarm, whole.likelihood < limits.harmless
        if part is None:
            return replace(whole, is_alarm=alarmed, is_harmless=harmless)
        alone = self._one(part)
        found = alone if not alarmed and alone.likelihood > limits.alarm_of_part else whole
        return replace(
            found, is_alarm=alarmed or found is alone, is_harmless=harmless and alone.likelihood < DOUBT_OF_PART
        )

    def suspicious(self, parts: csr_matrix) -> List[int]:
        """Return which parts, as they look within their message, are to be read by themselves."""
        return [int(row) for row in np.flatnonzero(self.likelihoods(parts) >= SUSPICIOUS_PART)]

    def likeliest(self, parts: csr_matrix) -> csr_matrix:
        """Return the row of the part that most likely tells of danger."""
        return parts[int(self.likelihoods(parts).argmax())]

    def likelihoods(self, features: csr_matrix) -> np.ndarray:
        """Return how likely each text is to tell of danger, shape (texts,)."""
        return self._likelihoods(self._decide(features)[:, 0])

    def _one(self, features: csr_matrix) -> Danger:
        values = self._decide(features)[0]
        return Danger(self.categories[int(values[1:].argmax())], float(self._likelihoods(values[:1])[0]), False, False)

    def _limits(self, question: str, confidence: float) -> _Limits:
        """Return the limits beside what else was understood."""
        if question == ASK_HUMAN and confidence >= SURE_OF_PERSON:
            alarm = max(self.alarm_at, ALARM_BESIDE_PERSON)
            return _Limits(alarm, max(alarm, ALARM_OF_PART), self.harmless_below)
        if is_faq(question) and question not in OF_NEED and confidence >= SURE_QUESTION:
            alarm = max(self.alarm_at, ALARM_BESIDE_SURE_QUESTION)
            return _Limits(alarm, max(alarm, ALARM_OF_PART_BESIDE_SURE), HARMLESS_BESIDE_SURE_QUESTION)
        return _Limits(self.alarm_at, max(self.alarm_at, ALARM_OF_PART), self.harmless_below)

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON."""
        np.savez(folder / _FILE, weights=self._weights, offsets=self._offsets)
        meta = {
            "categories": self.categories,
            "alarm_at": self.alarm_at,
            "harmless_below": self.harmless_below,
            "scale": self._scale,
        }
        (folder / _META).write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "DangerModel":
        """Return what `save` wrote."""
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(
                categories=meta["categories"],
                alarm_at=meta["alarm_at"],
                harmless_below=meta["harmless_below"],
                _scale=tuple(meta["scale"]),
                _weights=arrays["weights"],
                _offsets=arrays["offsets"],
            )

    def _decide(self, features: csr_matrix) -> np.ndarray:
        return np.asarray(features.astype(self._weights.dtype, copy=False) @ self._weights + self._offsets)

    def _likelihoods(self, values: np.ndarray) -> np.ndarray:
        slope, offset = self._scale
        return np.asarray(1 / (1 + np.exp(-(slope * values + offset))))
