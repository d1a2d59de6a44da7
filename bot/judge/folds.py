"""Cross-validation on the model's own examples: each is asked of a model that was learnt without it.

Examples stand close to their neighbours on purpose, so this is harder than what people ask; it shows which FAQs are
told apart badly, and the held-out questions how good the model is. Vocabulary and weights of terms come from all
examples; the margin, the neighbours and their axes are learnt anew in each fold.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Dict

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bot.components.features import sentence_of
from bot.components.intent_model import IntentModel
from bot.judge.asking import Tell
from bot.judge.figures import confusion, per_label
from bot.judge.loading import Model

#: Two thirds of the examples teach, one third asks. More folds would cost their number in learning: of today's 48 639
#: examples one fold takes 34 s of one core.
FOLDS = 3
#: A fold may stop learning earlier than the model itself (0.1).
TOLERANCE = 0.3
MIN_EXAMPLES = 2 * FOLDS
#: What stands where it was left out, or where there is too little to do it on.
NOT_VALIDATED: Dict[str, Any] = {
    "folds": 0,
    "n": 0,
    "accuracy": None,
    "macro_f1": None,
    "faqs": [],
    "confusion": [],
    "seconds": 0.0,
}


def cross_validate(model: Model, tell: Tell) -> Dict[str, Any]:
    """Return accuracy, macro-F1, figures by FAQ and confused pairs, as JSON."""
    began = time.monotonic()
    inside = model.classifier.look_inside()
    neighbours, labels = inside.model.neighbours, np.array(inside.model.labels)
    texts = [inside.examples[row] for row in range(len(inside.examples))]
    counts = np.bincount(neighbours.columns, minlength=len(labels))
    kept = np.flatnonzero(counts[neighbours.columns] >= MIN_EXAMPLES) if texts else np.zeros(0, dtype=int)
    told = labels[neighbours.columns[kept]] if len(kept) else np.zeros(0, dtype=str)
    if len(set(told)) < 3:
        return NOT_VALIDATED
    centred = inside.features.centre(model.encoder.encode([texts[row] for row in kept]))
    features = inside.features.of([sentence_of(texts[row]) for row in kept], centred)
    settings = replace(inside.model.settings, tolerance=TOLERANCE)
    given = np.empty(len(kept), dtype=labels.dtype)
    splits = StratifiedKFold(FOLDS, shuffle=True, random_state=settings.seed).split(features, told)
    # One after the other: the service answers on the same cores.
    for number, (learnt, held) in enumerate(splits):
        tell(f"cross-validation, fold {number + 1} of {FOLDS}", number / FOLDS)
        fold = IntentModel(settings).fit(features[learnt], centred[learnt], told[learnt].tolist())
        given[held] = np.array(fold.labels)[fold.scores(features[held], centred[held]).argmax(axis=1)]
    faqs = per_label(told.tolist(), given.tolist())
    return {
        "folds": FOLDS,
        "n": len(kept),
        "accuracy": round(float((told == given).mean()), 4),
        "macro_f1": round(float(np.mean([one["f1"] for one in faqs])), 4),
        "faqs": faqs,
        "confusion": confusion(told.tolist(), given.tolist()),
        "seconds": round(time.monotonic() - began, 1),
    }
