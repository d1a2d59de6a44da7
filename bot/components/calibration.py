"""Confidences that mean what they say, and the two thresholds drawn from them. Pure numpy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict

import numpy as np

#: Of what is answered outright in cross-validation, at most this share may be wrong. The examples stand closer to
#: their neighbours than people's questions do: on the held-out questions of tests/nlu the share is about half.
MAX_WRONG_SHARE = 0.04
#: Below the lower threshold the right intent is among the first three less often than this.
MIN_TOP_THREE_SHARE = 0.70
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


def softmax(values: np.ndarray) -> np.ndarray:
    """Return each row turned into shares that sum to 1."""
    shifted = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """Return the factor on the scores that makes softmax likeliest (temperature scaling, Guo et al. 2017).

    `scores` are held-out decision values, `truth` the column of the right intent of each row.
    """
    rows = np.arange(len(truth))

    def loss(sharpness: float) -> float:
        chosen = softmax(scores * sharpness)[rows, truth]
        return float(-np.log(np.clip(chosen, 1e-12, 1.0)).mean())

    return float(min(_SHARPNESS_GRID, key=loss))


def choose_thresholds(probabilities: np.ndarray, truth: np.ndarray) -> Thresholds:
    """Return the thresholds that held-out `probabilities` ask for.

    `answer` is the lowest confidence above which at most `MAX_WRONG_SHARE` are wrong (risk-coverage curve);
    `ask` is the lowest above which the right intent is often enough among the first three.
    """
    order = np.argsort(-probabilities.max(axis=1))
    ranked = np.argsort(-probabilities, axis=1)[order]
    confidence = probabilities.max(axis=1)[order]
    right = ranked[:, 0] == truth[order]
    answer = _lowest(confidence, ~right, MAX_WRONG_SHARE)
    in_three = (ranked[:, :3] == truth[order][:, None]).any(axis=1)
    window = max(50, len(truth) // 20)
    ask = _where_share_falls(confidence, in_three, MIN_TOP_THREE_SHARE, window)
    return Thresholds(answer=round(answer, 4), ask=round(min(ask, answer), 4))


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the mean gap between confidence and accuracy over equal-width bins, weighted by size."""
    edges = np.clip((confidence * _BINS).astype(int), 0, _BINS - 1)
    gap = 0.0
    for number in range(_BINS):
        inside = edges == number
        if inside.any():
            gap += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(gap)


def _lowest(confidence: np.ndarray, wrong: np.ndarray, share: float) -> float:
    """Return the lowest confidence at which all that lies above holds at most `share` wrong."""
    risk = np.cumsum(wrong) / np.arange(1, len(wrong) + 1)
    fine = np.flatnonzero(risk <= share)
    return float(confidence[fine[-1]]) if len(fine) else 1.0


def _where_share_falls(confidence: np.ndarray, good: np.ndarray, share: float, window: int) -> float:
    """Return the confidence, going down, where the moving share of `good` first falls below `share`."""
    if len(good) <= window:
        return float(confidence[-1])
    moving = np.convolve(good, np.ones(window) / window, mode="valid")
    below = np.flatnonzero(moving < share)
    return float(confidence[below[0] + window // 2]) if len(below) else float(confidence[-1])
