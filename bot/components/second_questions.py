"""Which questions a message asks beside its first: a logistic regression over what its clauses may mean.

Knows shares of confidence, not texts. Clauses are judged by what their words mean within the message, which the encoder
has read already (late chunking, Günther et al. 2024).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, FrozenSet, List, Sequence, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression

#: Of the calibration's messages with one question, many of which were made to look like two, at most this share may be
#: taken to ask a second one.
MAX_MISTAKEN = 0.15
#: What is less likely than this is never a second question, however few messages with one question seem to ask two.
LEAST_LIKELY = 0.05
#: So many second questions of a message at most.
MOST = 3
#: With fewer messages of two questions than this there is nothing to learn.
MIN_MESSAGES = 20
#: Above this share of a clause the clause surely means that.
SURE = 0.5
#: The regression's penalty, less is stronger: a hundred and seventy weights are learnt from some thousands of messages.
REGULARIZATION = 0.1
#: So many spreads from the middle at most a feature counts: products of rare values would outweigh everything.
FARTHEST = 3.0
_FILE = "second_questions.json"
#: How many of the message's likeliest intents may be a second question, and what place those beyond have.
_LIKELY, _FAR = 6, 6
_LEAST = 1e-4
_MOST_ASKING = 3


@dataclass(frozen=True)
class Clause:
    """A part of a message, and the share of each intent by what it means within the message."""

    asks: bool
    within: np.ndarray


#: The share of each intent in the whole message, and its clauses.
Message = Tuple[np.ndarray, Sequence[Clause]]


@dataclass(frozen=True)
class Second:
    """A question beside the first: the column of its intent, how likely it is asked, and which clause asks it."""

    column: int
    likelihood: float
    clause: int


@dataclass(frozen=True)
class Intents:
    """What is known of the model's intents, by column: which are questions of the catalogue, and of which service."""

    is_question: np.ndarray
    service: np.ndarray

    @classmethod
    def of(cls, labels: Sequence[str], is_question: Callable[[str], bool]) -> "Intents":
        """Return what the labels say."""
        services: Dict[str, int] = {}
        numbers = [services.setdefault(label.partition(".")[0], len(services)) for label in labels]
        return cls(np.array([is_question(label) for label in labels], dtype=bool), np.array(numbers, dtype=int))


@dataclass
class SecondQuestions:
    """Fit once, then `find` looks at one message at a time. Not fitted, it finds nothing."""

    offer_at: float = 1.0
    #: What the features are moved by and divided by, so that they weigh alike.
    _middle: List[float] = field(default_factory=list)
    _spread: List[float] = field(default_factory=list)
    #: A constant, and a weight a feature and a product of two.
    _weights: List[float] = field(default_factory=list)

    def fit(self, messages: Sequence[Message], asked: Sequence[FrozenSet[int]], intents: Intents) -> "SecondQuestions":
        """Learn from messages and the columns of what each asks; return itself.

        Learns nothing from fewer than `MIN_MESSAGES` that ask for two things.
        """
        if sum(len(columns) > 1 for columns in asked) < MIN_MESSAGES:
            return self
        rows, truth = [], []
        for (shares, clauses), columns in zip(messages, asked):
            for column, _, row in _candidates(shares, clauses, intents):
                rows.append(row)
                truth.append(len(columns) > 1 and column in columns)
        if len(set(truth)) < 2:
            return self
        seen = np.array(rows)
        self._middle = seen.mean(axis=0).tolist()
        self._spread = np.maximum(seen.std(axis=0), _LEAST).tolist()
        learnt = LogisticRegression(C=REGULARIZATION, max_iter=3_000).fit(self._products(seen), truth)
        self._weights = [float(learnt.intercept_[0]), *map(float, learnt.coef_[0])]
        single = [message for message, columns in zip(messages, asked) if len(columns) == 1]
        self.offer_at = _bound([self._likeliest(message, intents) for message in single])
        return self

    def find(self, shares: np.ndarray, clauses: Sequence[Clause], intents: Intents) -> List[Second]:
        """Return the questions beside the first, likeliest first; `shares` are those of the whole message."""
        return [one for one in self._judge(shares, clauses, intents) if one.likelihood >= self.offer_at][:MOST]

    def save(self, folder: Path) -> None:
        """Write JSON."""
        learnt = {
            "offer_at": self.offer_at,
            "middle": self._middle,
            "spread": self._spread,
            "weights": self._weights,
        }
        (folder / _FILE).write_text(json.dumps(learnt), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "SecondQuestions":
        """Return what `save` wrote."""
        learnt = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(learnt["offer_at"], learnt["middle"], learnt["spread"], learnt["weights"])

    def _judge(self, shares: np.ndarray, clauses: Sequence[Clause], intents: Intents) -> List[Second]:
        found = _candidates(shares, clauses, intents) if self._weights else []
        if not found:
            return []
        values = self._products(np.array([row for _, _, row in found])) @ self._weights[1:] + self._weights[0]
        likely = [
            Second(column, float(likelihood), clause)
            for (column, clause, _), likelihood in zip(found, 1 / (1 + np.exp(-values)))
        ]
        return sorted(likely, key=lambda one: -one.likelihood)

    def _likeliest(self, message: Message, intents: Intents) -> float:
        likely = self._judge(*message, intents)
        return likely[0].likelihood if likely else 0.0

    def _products(self, rows: np.ndarray) -> np.ndarray:
        """Return the features alike in weight, and the product of each two of them."""
        alike = np.clip((rows - self._middle) / self._spread, -FARTHEST, FARTHEST)
        one, other = np.triu_indices(alike.shape[1])
        return np.hstack([alike, alike[:, one] * alike[:, other]])


def _candidates(shares: np.ndarray, clauses: Sequence[Clause], intents: Intents) -> List[Tuple[int, int, List[float]]]:
    """Return the columns of what may be a second question, each with the clause that speaks for it and its features."""
    if len(clauses) < 2:
        return []
    order = np.argsort(-shares, kind="stable")
    places = {int(column): place for place, column in enumerate(order[:_FAR])}
    first = int(order[0])
    means = [int(clause.within.argmax()) for clause in clauses]
    told = {meant for clause, meant in zip(clauses, means) if clause.within[meant] > SURE}
    of_message = [
        float(min(sum(clause.asks for clause in clauses), _MOST_ASKING)),
        _log_odds(shares[first]),
        float(intents.is_question[first]),
        float(len(clauses)),
        float(sum(bool(intents.is_question[meant]) for meant in told)),
    ]
    found = []
    for column in sorted({*map(int, order[1:_LIKELY]), *means} - {first}):
        if not intents.is_question[column]:
            continue
        best = int(np.argmax([clause.within[column] for clause in clauses]))
        speaks = clauses[best]
        rest = [number for number in range(len(clauses)) if number != best]
        of_column = [
            _log_odds(shares[column]),
            float(places.get(column, _FAR)),
            _log_odds(speaks.within[column]),
            _log_odds(speaks.within[first]),
            _log_odds(max(clauses[number].within[first] for number in rest)),
            float(any(means[number] == first for number in rest)),
            float(means[best] == column),
            float(intents.is_question[means[best]]),
            float(speaks.asks),
            float(best == 0),
            float(best == len(clauses) - 1),
            float(intents.service[column] == intents.service[first]),
        ]
        found.append((column, best, [*of_message, *of_column]))
    return found


def _log_odds(share: float) -> float:
    share = min(max(float(share), _LEAST), 1 - _LEAST)
    return float(np.log(share / (1 - share)))


def _bound(mistaken: Sequence[float]) -> float:
    """Return the likelihood that at most the allowed share of messages with one question reach."""
    if not mistaken:
        return 1.0
    reached = np.quantile(mistaken, 1 - MAX_MISTAKEN, method="higher")
    return max(LEAST_LIKELY, float(np.nextafter(reached, 1.0)))
