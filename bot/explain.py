"""What spoke for an answer: words, characters, the sentence vector, the examples nearby, as the model weighs them.

The shares of an intent add up to its decision value: a linear model and votes leave nothing unexplained. What is done
is done for one sentence that somebody looks at; it takes some 20 ms and keeps nothing.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from bot.components.features import Term, sentence_of
from bot.components.intent_classifier import SentenceClassifier

#: The first so many intents are explained, each by so many terms of a kind for it and against it.
EXPLAINED_INTENTS = 3
EXPLAINED_TERMS = 8
NEAREST = 8
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*")
_DIGITS = 4


def explain(
    classifier: SentenceClassifier, text: str, ranking: Sequence[Dict[str, Any]], vector: Optional[np.ndarray] = None
) -> Dict[str, Any]:
    """Return the tokens, what spoke for the first intents of a ranking, and the nearest examples, as JSON."""
    inside = classifier.look_inside()
    sentence = sentence_of(text)
    centred = inside.features.centre(inside.encoder.encode([text]) if vector is None else vector)
    terms = inside.features.terms(sentence)
    features = inside.features.of([sentence], centred)
    values = inside.model.scores(features, centred)[0]
    votes = inside.model.neighbours.votes(centred, len(inside.model.labels))[0]
    known = {term.text for term in terms if term.kind == "word"}
    explained = []
    for intent in [one["name"] for one in ranking if one["name"] in inside.model.labels][:EXPLAINED_INTENTS]:
        column = inside.model.labels.index(intent)
        gains = _gains(terms, inside.model.weights_of(np.array([t.column for t in terms], dtype=int), intent))
        of_vector = features[0, inside.features.vector_columns].toarray()[0]
        explained.append(
            {
                "intent": intent,
                "value": _round(values[column]),
                "words": _strongest(gains, "word"),
                "characters": _strongest(gains, "characters"),
                "of_words": _round(sum(gain for term, gain in gains if term.kind == "word")),
                "of_characters": _round(sum(gain for term, gain in gains if term.kind == "characters")),
                "of_vector": _round(of_vector @ inside.model.weights_of(inside.features.vector_columns, intent)),
                "of_neighbours": _round(inside.model.settings.vote_weight * votes[column]),
                "of_every_sentence": _round(inside.model.offset_of(intent)),
            }
        )
    return {
        "tokens": [
            {"text": m.group(), "start": m.start(), "end": m.end(), "is_known": m.group().lower() in known}
            for m in _TOKEN.finditer(text)
        ],
        # The pipeline has none; see docs/understanding.md.
        "lemmas": None,
        "explained": explained,
        "nearest": nearest_examples(classifier, centred, NEAREST),
        "sharpness": _round(inside.sharpness),
    }


def nearest_examples(classifier: SentenceClassifier, centred: np.ndarray, count: int) -> List[Dict[str, Any]]:
    """Return the examples nearest to a centred vector, the nearest first; `text` is None where the model keeps none."""
    inside = classifier.look_inside()
    neighbours = inside.model.neighbours
    closeness = neighbours.closeness(centred)[0]
    rows = np.argsort(-closeness, kind="stable")[:count]
    return [
        {
            "row": int(row),
            "text": inside.examples[int(row)] if len(inside.examples) == len(neighbours.columns) else None,
            "intent": inside.model.labels[neighbours.columns[row]],
            "similarity": _round(closeness[row]),
        }
        for row in rows
    ]


def _gains(terms: Sequence[Term], weights: np.ndarray) -> List[Any]:
    return [(term, float(term.weight * weight)) for term, weight in zip(terms, weights)]


def _strongest(gains: Sequence[Any], kind: str) -> List[Dict[str, Any]]:
    own = sorted((pair for pair in gains if pair[0].kind == kind), key=lambda pair: -abs(pair[1]))
    return [{"text": term.text, "gain": _round(gain)} for term, gain in own[:EXPLAINED_TERMS]]


def _round(value: Any) -> float:
    return round(float(value), _DIGITS)
