"""What a trained model makes of one text: ranking, thresholds, danger and second questions. Knows nothing of Rasa.

What it is made of is filled in while the classifier trains or loads, and then stays as it is: any thread may ask.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Callable, Dict, FrozenSet, List, Mapping, Optional, Sequence, Text, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from bot.build import is_faq
from bot.components import calibration, danger_model
from bot.components.calibration import ANY_LANGUAGE, Thresholds
from bot.components.danger_model import Danger, DangerModel
from bot.components.features import SentenceFeatures, sentence_of
from bot.components.intent_model import IntentModel
from bot.components.scope_model import ScopeModel
from bot.components.second_questions import Clause, Intents, SecondQuestions
from bot.components.segments import asks, split_clauses
from bot.encoder.cache import CachedEncoder
from bot.encoder.encoder import Reading, SentenceEncoder

#: Above this share of the confidence, a citizen's question is about an internal service.
STAFF_SHARE_TO_SIGN_IN = 0.6
#: A message in which no second intent has this confidence is one question, unless two of its clauses ask.
LEAST_SECOND = 0.0001
_RANKING_LENGTH = 10


@dataclass(frozen=True)
class Understood:
    """The likeliest intents, likeliest first, and what else a message tells: values of a parse result."""

    ranking: List[Dict[Text, Any]]
    beside: Dict[Text, Any]


@dataclass
class _Parts:
    """The clauses of a message, two or more or none, and what is seen of them within it, once somebody asks."""

    texts: List[Text]
    see: Callable[[Sequence[Text]], Tuple[csr_matrix, np.ndarray]]

    @cached_property
    def seen(self) -> Tuple[csr_matrix, np.ndarray]:
        """Features and centred vectors, a row a clause."""
        return self.see(self.texts)


@dataclass
class Understanding:
    """The parts of a model. `staff` names the internal services, whose intents are hidden from citizens."""

    features: SentenceFeatures
    model: IntentModel
    staff: FrozenSet[Text]
    danger: DangerModel = field(default_factory=DangerModel)
    scope: ScopeModel = field(default_factory=ScopeModel)
    second: SecondQuestions = field(default_factory=SecondQuestions)
    sharpness: float = 1.0
    thresholds: Dict[Text, Thresholds] = field(default_factory=lambda: {ANY_LANGUAGE: Thresholds(answer=1.0, ask=1.0)})
    encoder: "SentenceEncoder | CachedEncoder | None" = None

    def understand(self, text: Text, given: Mapping[Text, Any], reading: Optional[Reading] = None) -> Understood:
        """Return what a text says to whoever asks; `given` may hold audience, language and context of the message.

        `reading` is what the encoder read of it, if it was asked before.
        """
        reading = reading or self.opened().read(text)
        features, centred = self.see([text], reading.vector)
        parts = _Parts(
            split_clauses(text), lambda texts: self.see(texts, self.opened().vectors_of_parts(reading, texts))
        )
        audience = given.get("audience")
        (shares,), (staff_share,) = self.shares(features, centred, audience)
        ranking = self._ranking(shares, range(len(shares)))
        thresholds = self.thresholds.get(str(given.get("language")), self.thresholds[ANY_LANGUAGE])
        beside = {
            "thresholds": thresholds.beside(float(self.doubts(features, shares[None])[0])).as_json(),
            "staff_share": round(float(staff_share), 4),
            "within_service": self._within(shares, (given.get("context") or {}).get("service")),
            "questions": self._also(parts, shares, audience),
        }
        if self.danger.is_trained:
            danger = self._judge_danger(features, parts, ranking[0])
            beside["danger"] = asdict(danger)
            if danger.is_alarm:
                name = danger_model.PREFIX + danger.category
                ranking = [{"name": name, "confidence": danger.likelihood}, *ranking]
        return Understood(ranking, beside)

    def see(self, texts: Sequence[Text], vectors: Optional[np.ndarray] = None) -> Tuple[csr_matrix, np.ndarray]:
        """Return features and centred vectors of texts, whose vectors may be known already."""
        centred = self.features.centre(self.opened().encode(texts) if vectors is None else vectors)
        return self.features.of([sentence_of(text) for text in texts], centred), centred

    def shares(
        self, features: csr_matrix, centred: np.ndarray, audience: Optional[Text]
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Return the confidence of each intent, shape (texts, intents), and what internal services took from a citizen.

        Where they take most of a text they keep it, so that the citizen can be told to sign in; else the others get it.
        """
        shares = calibration.softmax(self.model.scores(features, centred) * self.sharpness)
        hidden = self._hidden(audience)
        staff_shares = shares[:, hidden].sum(axis=1)
        shared_out = staff_shares <= STAFF_SHARE_TO_SIGN_IN
        shares[np.ix_(shared_out, hidden)] = 0.0
        shares[shared_out] /= 1 - staff_shares[shared_out, None]
        return shares, staff_shares

    def doubts(self, features: csr_matrix, scores: np.ndarray) -> np.ndarray:
        """Return how doubtful it is that texts are the catalogue's where they seem to be, by their scores or shares."""
        return np.where(self.intents.is_question[scores.argmax(axis=1)], self.scope.doubts(features), 0.0)

    def is_hidden(self, intent: Text, audience: Optional[Text]) -> bool:
        """Tell whether somebody must not see an intent, since it belongs to a service for employees."""
        return audience != "staff" and intent.partition(".")[0] in self.staff

    def opened(self) -> "SentenceEncoder | CachedEncoder":
        """Return the encoder; raises `RuntimeError` before there is one."""
        if self.encoder is None:
            raise RuntimeError("the component is neither trained nor loaded")
        return self.encoder

    @cached_property
    def intents(self) -> Intents:
        """What is known of the intents, once the model knows them."""
        return Intents.of(self.model.labels, is_faq)

    @cached_property
    def _of_staff(self) -> np.ndarray:
        return np.array([self.is_hidden(label, None) for label in self.model.labels], dtype=bool)

    def _hidden(self, audience: Optional[Text]) -> np.ndarray:
        return np.zeros_like(self._of_staff) if audience == "staff" else self._of_staff

    def _within(self, shares: np.ndarray, service: Optional[Text]) -> List[Dict[Text, Any]]:
        """Return the ranking among the questions of one service, their confidences summing to 1."""
        columns = [i for i, label in enumerate(self.model.labels) if service and label.startswith(f"{service}.")]
        whole = float(shares[columns].sum()) if columns else 0.0
        return self._ranking(shares / whole, columns) if whole > 0 else []

    def _also(self, parts: _Parts, shares: np.ndarray, audience: Optional[Text]) -> List[Dict[Text, Any]]:
        """Return the questions that a message asks beside its first, likeliest first, each with its clause."""
        texts = parts.texts
        if not texts or (np.partition(shares, -2)[-2] < LEAST_SECOND and sum(map(asks, texts)) < 2):
            return []
        within, _ = self.shares(*parts.seen, audience)
        clauses = [Clause(asks(text), row) for text, row in zip(texts, within)]
        return [
            {"text": texts[one.clause], "name": self.model.labels[one.column], "confidence": one.likelihood}
            for one in self.second.find(shares, clauses, self.intents)
        ]

    def _judge_danger(self, features: csr_matrix, parts: _Parts, best: Dict[Text, Any]) -> Danger:
        """Return what the whole message tells of danger or, where that is no alarm, a part of it."""
        beside = best["name"], best["confidence"]
        danger = self.danger.judge(features, *beside)
        suspicious = [] if danger.is_alarm or not parts.texts else self.danger.suspicious(parts.seen[0])
        if not suspicious:
            return danger
        alone, _ = self.see([parts.texts[row] for row in suspicious])
        return self.danger.judge(features, *beside, self.danger.likeliest(alone))

    def _ranking(self, shares: np.ndarray, columns: Sequence[int]) -> List[Dict[Text, Any]]:
        places = np.asarray(columns)
        best = places[np.argsort(-shares[places], kind="stable")[:_RANKING_LENGTH]]
        return [
            {"name": self.model.labels[i], "confidence": min(calibration.MOST_SURE, float(shares[i]))} for i in best
        ]
