"""Rows become figures. Pure numpy; every share stands with the number that it is a share of."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np

from bot.components.calibration import expected_calibration_error, reliability
from bot.judge.asking import Row

#: A curve is drawn with so many points at most.
CURVE_POINTS = 100
#: So many pairs of confused FAQs are told, the most frequent first.
MAX_PAIRS = 200
_DIGITS = 4


def figures_of(rows: Sequence[Row]) -> Dict[str, Any]:
    """Return everything that the held-out questions tell of a model, as JSON."""
    faq = [row for row in rows if row.kind == "faq"]
    told = [_truth(row) for row in faq]
    given = [row.first_faq or "" for row in faq]
    confidence = np.array([row.confidence for row in faq])
    right = np.array([row.first in row.expect for row in faq], dtype=bool)
    return {
        "questions": len(rows),
        "groups": groups(rows),
        "risk_coverage": risk_coverage(confidence, right) if faq else [],
        "reliability": [_rounded(one) for one in reliability(confidence, right)] if faq else [],
        "calibration_error": _round(expected_calibration_error(confidence, right)) if faq else 0.0,
        "overconfidence": _round(overconfidence(confidence, right)) if faq else 0.0,
        "confusion": confusion(told, given),
        "faqs": per_label(told, given),
        "danger": danger(rows),
    }


def groups(rows: Sequence[Row]) -> List[Dict[str, Any]]:
    """Return for all, each language, each language's voices and each other kind of question how it went."""
    of_group: Dict[Tuple[str, str, str], List[Row]] = defaultdict(list)
    for row in rows:
        for key in {(row.kind, "", ""), (row.kind, row.language, ""), (row.kind, row.language, row.style)}:
            of_group[key].append(row)
    found = []
    for (kind, language, style), members in sorted(of_group.items()):
        answered = [row for row in members if row.decision == "answered"]
        wrong = [row for row in answered if _is_wrong(row)]
        found.append(
            {
                "kind": kind,
                "language": language,
                "style": style,
                "n": len(members),
                "right": sum(row.right for row in members),
                "answered": len(answered),
                "answered_wrong": len(wrong),
            }
        )
    return found


def risk_coverage(confidence: np.ndarray, right: np.ndarray) -> List[Dict[str, float]]:
    """Return, from the surest question on, the share that is answered, the share of them that is wrong, and from which
    confidence on that is so (El-Yaniv and Wiener 2010)."""
    order = np.argsort(-confidence, kind="stable")
    risk = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    places = np.unique(np.linspace(0, len(order) - 1, min(CURVE_POINTS, len(order))).round().astype(int))
    return [
        {
            "coverage": _round((place + 1) / len(order)),
            "risk": _round(risk[place]),
            "confidence": _round(confidence[order[place]]),
        }
        for place in places
    ]


def overconfidence(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the part of the calibration error that comes from being surer than right.

    A model that turns wrong where it was right cannot get a smaller one, which is why the gate goes by it.
    """
    return float(sum(b["share"] * max(0.0, b["confidence"] - b["accuracy"]) for b in reliability(confidence, right)))


def confusion(told: Sequence[str], given: Sequence[str]) -> List[Dict[str, Any]]:
    """Return the cells beside the confusion matrix's diagonal that are not empty, the fullest first."""
    pairs = Counter((one, other) for one, other in zip(told, given) if one != other)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MAX_PAIRS]
    return [{"expected": one, "given": other, "n": n} for (one, other), n in ordered]


def per_label(told: Sequence[str], given: Sequence[str]) -> List[Dict[str, Any]]:
    """Return precision, recall, F1 and the counts behind them, by label; of labels that are told or given."""
    hits = Counter(one for one, other in zip(told, given) if one == other)
    wanted, chosen = Counter(told), Counter(given)
    return [
        {
            "name": name,
            "n": wanted[name],
            "right": hits[name],
            "given": chosen[name],
            "precision": _round(hits[name] / chosen[name]) if chosen[name] else None,
            "recall": _round(hits[name] / wanted[name]) if wanted[name] else None,
            "f1": _round(2 * hits[name] / (wanted[name] + chosen[name])),
        }
        for name in sorted({*wanted, *chosen} - {""})
    ]


def danger(rows: Sequence[Row]) -> Dict[str, Any]:
    """Return the dangers that the model alone misses and the harmless sentences that it takes for danger."""
    dangers = [row for row in rows if row.kind == "crisis"]
    harmless = [row for row in rows if row.kind == "not_crisis"]
    return {
        "n": len(dangers),
        "missed": [row.id for row in dangers if not row.right],
        "harmless": len(harmless),
        "false_alarms": [row.id for row in harmless if not row.right],
    }


def _is_wrong(row: Row) -> bool:
    """Tell whether an answer was none that was wanted; what only looks like danger may be answered as it likes."""
    if row.kind in ("faq", "several"):
        return not set(row.faqs) & set(row.expect)
    return row.kind != "not_crisis"


def _truth(row: Row) -> str:
    """Where several FAQs are right, the one that was given, if it is one of them."""
    return row.first_faq if row.first_faq in row.expect else row.expect[0]


def _rounded(numbers: Dict[str, float]) -> Dict[str, float]:
    return {key: _round(value) for key, value in numbers.items()}


def _round(value: Any) -> float:
    return round(float(value), _DIGITS)
