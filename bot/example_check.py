"""Whether a new example stands too near to others, and whom it would turn: before anybody trains.

What the new example x would do to another sentence e is estimated to the first order, everything else held still:

- **votes**: those of e's nearest examples are counted anew with x among them, which is exact;
- **margin**: x moves the weights by one step of the passive-aggressive algorithm (PA-I, Crammer et al. 2006),
  tau = min(C, loss / (2 |x|^2)), towards its intent and away from the intent that now comes first on x. C is the
  model's own. An example that the model has right already, by a margin of 1, moves nothing.

Sentence e is *turned* when it has its own intent first today and would have x's intent first then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix

from bot.components.features import sentence_of
from bot.components.intent_classifier import Inside, SentenceClassifier
from bot.components.questions import HeldOut, read_held_out
from bot.encoder.cache import CachedEncoder
from bot.explain import NEAREST, nearest_examples

#: From here on two examples say the same in all but a letter or a word; what is merely about the same thing lies lower
#: ("vad kostar det att parkera i stan" and "… i centrum": 0.89).
NEAR_DUPLICATE = 0.97
#: So many of the nearest examples of other intents, and of the nearest held-out questions, are looked at.
WATCHED = 30


@dataclass(frozen=True)
class _Sentences:
    """Sentences as the model sees them, and the intents that are right for each."""

    texts: List[str]
    accepted: List[Tuple[str, ...]]
    features: csr_matrix
    centred: np.ndarray


class ExampleCheck:
    """Checks examples for one loaded model. Held-out questions are encoded at the first check, from what is kept."""

    def __init__(self, classifier: SentenceClassifier) -> None:
        self._classifier = classifier
        self._inside: Inside = classifier.look_inside()
        self._questions: Optional[Tuple[List[HeldOut], np.ndarray]] = None

    def check(self, text: str, intent: str) -> Dict[str, Any]:
        """Return the nearest examples, the near-duplicates among them, and who would be turned, as JSON."""
        inside = self._inside
        centred = inside.features.centre(inside.encoder.encode([text]))
        features = inside.features.of([sentence_of(text)], centred)
        nearest = nearest_examples(self._classifier, centred, WATCHED * 2)
        turned: List[Dict[str, Any]] = []
        is_known = intent in inside.model.labels
        if is_known:
            for kind, others in (
                ("example", self._examples(nearest, intent)),
                ("question", self._held_out(centred, intent)),
            ):
                turned += self._turned(kind, others, features, centred, intent)
        return {
            "is_known": is_known,
            "nearest": [_shown(one) for one in nearest[:NEAREST]],
            "near_duplicates": [_shown(one) for one in nearest if one["similarity"] >= NEAR_DUPLICATE],
            "turned": turned,
        }

    def _turned(
        self, kind: str, others: Optional[_Sentences], features: csr_matrix, centred: np.ndarray, intent: str
    ) -> List[Dict[str, Any]]:
        if others is None:
            return []
        model = self._inside.model
        labels, column = model.labels, model.labels.index(intent)
        now = model.scores(others.features, others.centred)
        votes = model.neighbours.votes(others.centred, len(labels))
        then_votes = model.neighbours.votes_with_one_more(others.centred, len(labels), centred, column)
        rival, step = self._step(features, column)
        pull = step * np.asarray((others.features @ features.T).todense())[:, 0]
        then = now + model.settings.vote_weight * (then_votes - votes)
        then[:, column] += pull
        then[:, rival] -= pull
        found = []
        for row, (text, accepted) in enumerate(zip(others.texts, others.accepted)):
            before, after = labels[int(now[row].argmax())], labels[int(then[row].argmax())]
            if before in accepted and after == intent and intent not in accepted:
                margin = now[row].max() - now[row, column]
                found.append({"kind": kind, "text": text, "intent": before, "margin": round(float(margin), 4)})
        return found

    def _step(self, features: csr_matrix, column: int) -> Tuple[int, float]:
        """Return the intent that the new example would be moved away from, and how far."""
        margins = self._inside.model.margins(features)[0]
        others = np.where(np.arange(len(margins)) == column, -np.inf, margins)
        rival = int(others.argmax())
        loss = max(0.0, 1.0 + float(others[rival] - margins[column]))
        squared = float(features.multiply(features).sum())
        return rival, min(self._inside.model.settings.regularization, loss / (2 * squared))

    def _examples(self, nearest: Sequence[Dict[str, Any]], intent: str) -> Optional[_Sentences]:
        others = [one for one in nearest if one["intent"] != intent and one["text"] is not None][:WATCHED]
        return self._see([one["text"] for one in others], [(one["intent"],) for one in others])

    def _held_out(self, centred: np.ndarray, intent: str) -> Optional[_Sentences]:
        questions, vectors = self._known_questions()
        order = np.argsort(-(vectors @ centred[0]), kind="stable")
        near = [questions[place] for place in order if not questions[place].accepts(intent)][:WATCHED]
        return self._see([question.text for question in near], [question.expect for question in near])

    def _known_questions(self) -> Tuple[List[HeldOut], np.ndarray]:
        if self._questions is None:
            inside = self._inside
            questions = [q for q in read_held_out(inside.calibration) if q.expect and q.outcome is None]
            encoder: Any = inside.encoder
            if inside.vectors is not None:
                encoder = CachedEncoder(inside.encoder, inside.encoder_folder, inside.vectors)
            vectors = inside.features.centre(encoder.encode([question.text for question in questions]))
            self._questions = (questions, vectors.astype(np.float16))
        return self._questions

    def _see(self, texts: List[str], accepted: List[Tuple[str, ...]]) -> Optional[_Sentences]:
        if not texts:
            return None
        features = self._inside.features
        centred = features.centre(self._inside.encoder.encode(texts))
        return _Sentences(texts, accepted, features.of([sentence_of(text) for text in texts], centred), centred)


def _shown(one: Dict[str, Any]) -> Dict[str, Any]:
    return {key: one[key] for key in ("text", "intent", "similarity")}
