"""Confidences that mean what they say, and the two thresholds a language drawn from them. Pure numpy."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

#: Of the held-out questions that are answered outright, at most this share may be answered wrongly.
MAX_WRONG_SHARE = 0.02
#: Below the lower threshold the right intent is among the first three less often than this.
MIN_TOP_THREE_SHARE = 0.60
#: A language with fewer held-out questions than this goes by the thresholds of all languages together: of 400 questions
#: 2 % are eight, and with fewer the place of the bound is chance.
MIN_QUESTIONS_A_LANGUAGE = 400
#: The key of those thresholds.
ANY_LANGUAGE = "any"
#: How much a unit of doubt takes from a confidence's logit, and the confidence above which none outweighs doubt more.
DOUBT_WEIGHT, SUREST = 4.0, 0.9975
#: No confidence reaches this threshold: they end at `MOST_SURE`.
NEVER, MOST_SURE = 1.0, 0.999999
_SHARPNESS_GRID = np.geomspace(0.5, 40.0, 80)
_BINS = 15


@dataclass(frozen=True)
class Thresholds:
    """Answer at or above `answer`; ask "menade du" at or above `ask`; search below."""

    answer: float
    ask: float

    def as_json(self) -> Dict[str, Any]:
        """Return a JSON object."""
        return asdict(self)

    def beside(self, doubt: float) -> "Thresholds":
        """Return the thresholds of a question of which it is doubtful whether the catalogue is about it at all."""
        if doubt <= 0:
            return self
        needed = float(_sigmoid(_logit(np.float64(self.answer)) + DOUBT_WEIGHT * doubt))
        return replace(self, answer=round(needed, 4) if needed <= SUREST else NEVER)


@dataclass(frozen=True)
class HeldOutScores:
    """Decision values of questions that nobody trained on, and which intents would be right for each.

    `scores` and `accepted` have the shape (questions, intents). `doubts` tell how doubtful it is that the catalogue is
    about a question, 0 where it is not; None: nowhere.
    """

    scores: np.ndarray
    accepted: np.ndarray
    languages: Sequence[str]
    doubts: Optional[np.ndarray] = None


def softmax(values: np.ndarray) -> np.ndarray:
    """Return each row turned into shares that sum to 1."""
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_sharpness(held_out: HeldOutScores) -> float:
    """Return the factor on the scores that makes softmax likeliest (temperature scaling, Guo et al. 2017)."""

    def loss(sharpness: float) -> float:
        chosen = (softmax(held_out.scores * sharpness) * held_out.accepted).sum(axis=1)
        return float(-np.log(np.clip(chosen, 1e-12, 1.0)).mean())

    return float(min(_SHARPNESS_GRID, key=loss))


def choose_thresholds_by_language(held_out: HeldOutScores, sharpness: float) -> Dict[str, Thresholds]:
    """Return the thresholds of each language with questions enough, and those of all together."""
    shares = softmax(held_out.scores * sharpness)
    languages = np.array(held_out.languages)
    doubts = np.zeros(len(shares)) if held_out.doubts is None else held_out.doubts
    chosen = {ANY_LANGUAGE: choose_thresholds(shares, held_out.accepted, doubts)}
    for language in sorted(set(held_out.languages)):
        rows = languages == language
        if rows.sum() >= MIN_QUESTIONS_A_LANGUAGE:
            chosen[language] = choose_thresholds(shares[rows], held_out.accepted[rows], doubts[rows])
    return chosen


def choose_thresholds(shares: np.ndarray, accepted: np.ndarray, doubts: Optional[np.ndarray] = None) -> Thresholds:
    """Return the thresholds that held-out confidences ask for.

    `answer` is the lowest confidence above which at most `MAX_WRONG_SHARE` are wrong (risk-coverage curve), where each
    is worth what its doubt leaves of it; `ask` is the lowest above which a right intent is often enough among the first
    three.
    """
    worth = shares.max(axis=1) if doubts is None else worth_beside(shares.max(axis=1), doubts)
    order = np.argsort(-worth, kind="stable")
    wrong = ~accepted[np.arange(len(shares)), shares.argmax(axis=1)]
    answer = _lowest(worth[order], wrong[order], MAX_WRONG_SHARE)
    order = np.argsort(-shares.max(axis=1), kind="stable")
    ranked = np.argsort(-shares, axis=1)[order]
    confidence, fine = shares.max(axis=1)[order], accepted[order]
    in_three = np.take_along_axis(fine, ranked[:, :3], axis=1).any(axis=1)
    ask = _where_share_falls(confidence, in_three, MIN_TOP_THREE_SHARE, max(50, len(shares) // 20))
    return Thresholds(answer=round(answer, 4), ask=round(min(ask, answer), 4))


def worth_beside(confidence: np.ndarray, doubts: np.ndarray) -> np.ndarray:
    """Return which confidences without doubt are worth as much as these with it, see `Thresholds.beside`."""
    outweighed = _sigmoid(np.minimum(_logit(confidence), _logit(np.float64(SUREST))) - DOUBT_WEIGHT * doubts)
    return np.where(doubts > 0, outweighed, confidence)


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, weighted by size."""
    return float(sum(b["share"] * abs(b["confidence"] - b["accuracy"]) for b in reliability(confidence, right)))


def reliability(confidence: np.ndarray, right: np.ndarray) -> List[Dict[str, float]]:
    """Return share, mean confidence and accuracy of each of 15 bins of equal width that is not empty."""
    bins = np.clip((confidence * _BINS).astype(int), 0, _BINS - 1)
    found = []
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            found.append(
                {
                    "share": float(inside.mean()),
                    "confidence": float(confidence[inside].mean()),
                    "accuracy": float(right[inside].mean()),
                }
            )
    return found


def _logit(share: np.ndarray) -> np.ndarray:
    within = np.clip(np.asarray(share, dtype=np.float64), 1e-9, 1 - 1e-9)
    return np.asarray(np.log(within / (1 - within)))


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-value)))


def _lowest(confidence: np.ndarray, wrong: np.ndarray, share: float) -> float:
    """Return the lowest confidence at which all that lies above holds at most `share` wrong."""
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    is_last_of_its_kind = np.append(confidence[1:] < confidence[:-1], True)
    fine = np.flatnonzero((risk <= share) & is_last_of_its_kind)
    return float(confidence[fine[-1]]) if len(fine) else 1.0


def _where_share_falls(confidence: np.ndarray, good: np.ndarray, share: float, window: int) -> float:
    """Return the confidence, going down, where the moving share of `good` first falls below `share`."""
    if len(good) <= window:
        return float(confidence[-1])
    moving = np.convolve(good, np.ones(window) / window, mode="valid")
    below = np.flatnonzero(moving < share)
    return float(confidence[below[0] + window // 2]) if len(below) else float(confidence[-1])
