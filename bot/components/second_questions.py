"""Which questions a message asks beside its first: a logistic regression over what its clauses may mean.

Knows shares of confidence, not texts. Clauses are judged by what their words mean within the message, which the encoder
has read already (late chunking, Günther et al. 2024). Where that sees a chance of a second question, the clause that
speaks for it and the one that speaks most for the first question are read by themselves too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Dict, FrozenSet, List, Optional, Sequence, Tuple

import numpy as np
from sklearn.linear_model import LogisticRegression

#: Of the calibration's messages with one question at most this share may be taken to ask a second one.
MAX_MISTAKEN = 0.1
#: Two clauses are read by themselves where some second question is at least as likely as this without.
WORTH_READING = 0.05
#: So many second questions of a message at most.
MOST = 3
#: With fewer messages of two questions than this there is nothing to learn.
MIN_MESSAGES = 20
_FILE = "second_questions.json"
#: How many of the message's likeliest intents may be a second question, and what place those beyond have.
_LIKELY, _FAR = 6, 6
_LEAST = 1e-4


@dataclass(frozen=True)
class Clause:
    """A part of a message: the share of each intent by what it means within the message, and by itself if read."""

    asks: bool
    within: np.ndarray
    alone: Optional[np.ndarray] = None


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
    #: A constant and a weight a feature, for clauses that were not read by themselves and for those that were.
    _unread: List[float] = field(default_factory=list)
    _read: List[float] = field(default_factory=list)

    def fit(self, messages: Sequence[Message], asked: Sequence[FrozenSet[int]], intents: Intents) -> "SecondQuestions":
        """Learn from messages whose clauses were read by themselves too, and the columns of what each asks.

        Returns itself, and learns nothing from fewer than `MIN_MESSAGES` that ask for two things.
        """
        if sum(len(columns) > 1 for columns in asked) < MIN_MESSAGES:
            return self
        self._unread = _learn(messages, asked, intents, read=False)
        read = [self._as_read(message, intents) for message in messages]
        self._read = _learn(
            [message for message in read if message is not None],
            [columns for columns, message in zip(asked, read) if message is not None],
            intents,
            read=True,
        )
        single = [message for message, columns in zip(read, asked) if len(columns) == 1]
        self.offer_at = _bound([self._likeliest(message, intents) for message in single])
        return self

    def clauses_to_read(self, shares: np.ndarray, clauses: Sequence[Clause], intents: Intents) -> List[int]:
        """Return which clauses should be read by themselves, none or two; `shares` are those of the whole message."""
        likely = _judge(self._unread, shares, clauses, intents, read=False)
        if not likely or likely[0].likelihood < WORTH_READING:
            return []
        first = int(shares.argmax())
        rest = [number for number in range(len(clauses)) if number != likely[0].clause]
        return sorted((likely[0].clause, max(rest, key=lambda number: float(clauses[number].within[first]))))

    def find(self, shares: np.ndarray, clauses: Sequence[Clause], intents: Intents) -> List[Second]:
        """Return the questions beside the first, likeliest first; `clauses_to_read` were read by themselves."""
        likely = _judge(self._read, shares, clauses, intents, read=True)
        return [one for one in likely if one.likelihood >= self.offer_at][:MOST]

    def save(self, folder: Path) -> None:
        """Write JSON."""
        learnt = {"offer_at": self.offer_at, "unread": self._unread, "read": self._read}
        (folder / _FILE).write_text(json.dumps(learnt), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "SecondQuestions":
        """Return what `save` wrote."""
        learnt = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(learnt["offer_at"], learnt["unread"], learnt["read"])

    def _as_read(self, message: Message, intents: Intents) -> Optional[Message]:
        """Return a message as it is when the clauses that should be read are; None where there are none."""
        shares, clauses = message
        numbers = self.clauses_to_read(shares, clauses, intents)
        kept = [c if number in numbers else replace(c, alone=None) for number, c in enumerate(clauses)]
        return (shares, kept) if numbers else None

    def _likeliest(self, message: Optional[Message], intents: Intents) -> float:
        likely = _judge(self._read, *message, intents, read=True) if message is not None else []
        return likely[0].likelihood if likely else 0.0


def _learn(messages: Sequence[Message], asked: Sequence[FrozenSet[int]], intents: Intents, read: bool) -> List[float]:
    """Return a constant and a weight a feature; nothing where no message shows what a second question is, or is not."""
    rows, truth = [], []
    for (shares, clauses), columns in zip(messages, asked):
        for column, _, row in _candidates(shares, clauses, intents, read):
            rows.append(row)
            truth.append(len(columns) > 1 and column in columns)
    if len(set(truth)) < 2:
        return []
    learnt = LogisticRegression(max_iter=3_000).fit(np.array(rows), truth)
    return [float(learnt.intercept_[0]), *map(float, learnt.coef_[0])]


def _judge(
    weights: Sequence[float], shares: np.ndarray, clauses: Sequence[Clause], intents: Intents, read: bool
) -> List[Second]:
    found = _candidates(shares, clauses, intents, read) if weights else []
    likely = [
        Second(column, float(1 / (1 + np.exp(-(weights[0] + np.dot(weights[1:], row))))), clause)
        for column, clause, row in found
    ]
    return sorted(likely, key=lambda one: -one.likelihood)


def _candidates(
    shares: np.ndarray, clauses: Sequence[Clause], intents: Intents, read: bool
) -> List[Tuple[int, int, List[float]]]:
    """Return the columns of what may be a second question, each with the clause that speaks for it and its features."""
    if len(clauses) < 2:
        return []
    order = np.argsort(-shares, kind="stable")
    places = {int(column): place for place, column in enumerate(order[:_FAR])}
    first = int(order[0])
    columns = set(map(int, order[1:_LIKELY])) | {int(clause.within.argmax()) for clause in clauses}
    by_themselves = [clause.alone for clause in clauses if clause.alone is not None]
    if read and not by_themselves:
        raise ValueError("no clause was read by itself")
    if read:
        columns |= {int(alone.argmax()) for alone in by_themselves}
    asking = min(sum(clause.asks for clause in clauses), 3)
    found = []
    for column in sorted(columns - {first}):
        if not intents.is_question[column]:
            continue
        speaks = [float(clause.within[column]) + (_alone(clause, column) if read else 0.0) for clause in clauses]
        best = int(np.argmax(speaks))
        rest = [clause for number, clause in enumerate(clauses) if number != best]
        row = [
            _log_odds(shares[column]),
            float(places.get(column, _FAR)),
            _log_odds(max(clause.within[column] for clause in clauses)),
            _log_odds(max(clause.within[first] for clause in rest)),
            _log_odds(clauses[best].within[first]),
            float(asking),
            float(intents.service[column] == intents.service[first]),
            float(clauses[best].asks),
        ]
        if read:
            row.append(_log_odds(max(_alone(clause, column) for clause in clauses)))
            row.append(_log_odds(max(_alone(clause, first) for clause in rest)))
        found.append((column, best, row))
    return found


def _alone(clause: Clause, column: int) -> float:
    """Return the share of an intent in what a clause means by itself; none where it was not read."""
    return 0.0 if clause.alone is None else float(clause.alone[column])


def _log_odds(share: float) -> float:
    share = min(max(float(share), _LEAST), 1 - _LEAST)
    return float(np.log(share / (1 - share)))


def _bound(mistaken: Sequence[float]) -> float:
    """Return the likelihood that at most the allowed share of messages with one question reach."""
    if not mistaken:
        return 1.0
    return float(np.nextafter(np.quantile(mistaken, 1 - MAX_MISTAKEN, method="higher"), 1.0))
