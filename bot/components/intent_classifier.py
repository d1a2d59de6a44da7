"""The classifier of the pipeline: text in; calibrated ranking, thresholds, danger and second questions out."""

from __future__ import annotations

import json
import logging
import os
import re
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Text, Tuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.build import is_faq
from bot.components import calibration, danger_model
from bot.components.calibration import ANY_LANGUAGE, HeldOutScores, Thresholds
from bot.components.danger_model import Danger, DangerModel
from bot.components.features import FeatureSettings, Sentence, SentenceFeatures
from bot.components.intent_model import IntentModel, ModelSettings
from bot.components.questions import HeldOut, read_held_out
from bot.components.scope_model import ScopeModel
from bot.components.second_questions import Clause, Intents, SecondQuestions
from bot.components.segments import asks, split_clauses
from bot.components.texts import Texts
from bot.encoder.cache import CachedEncoder
from bot.encoder.encoder import Reading, SentenceEncoder, put_in_use

logger = logging.getLogger(__name__)

#: Key of the parse result under which everything beside the ranking stands.
UNDERSTOOD_KEY = "understood"
#: Key of a message's metadata under which the encoder's `Reading` of it may be given.
READING_KEY = "reading"
#: Where `bot.build` leaves what the component needs, inside the folder that its setting `folder` names.
ENCODER_FOLDER, CALIBRATION_FOLDER, STAFF_FILE = "encoder", "calibration", "staff.json"
#: With fewer held-out questions than this, confidences are calibrated in cross-validation instead.
MIN_HELD_OUT = 300
#: Above this share of the confidence, a citizen's question is about an internal service.
STAFF_SHARE_TO_SIGN_IN = 0.6
#: The file of `data/calibration/` with messages of two questions, and of one that looks like two. Easier than what
#: confidences are calibrated on, it teaches nothing else.
SECOND_QUESTIONS = "two"
#: A message in which no second intent has this confidence is one question, unless two of its clauses ask.
LEAST_SECOND = 0.0001
_RANKING_LENGTH = 10
_META = "calibration.json"
#: The texts of the model's examples, in the order of its neighbours.
_EXAMPLES = "examples"
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_PAIRS = ("word_ngrams", "char_ngrams")


@dataclass(frozen=True)
class Inside:
    """What a loaded classifier is made of, for whoever judges it or explains what it says. Nobody changes it."""

    encoder: SentenceEncoder
    features: SentenceFeatures
    model: IntentModel
    danger: DangerModel
    sharpness: float
    examples: Texts
    encoder_folder: Path
    #: Where questions that nobody trained on stand, and where vectors are kept, if anywhere.
    calibration: Path
    vectors: Optional[Path]


@dataclass
class _Parts:
    """The clauses of a message, two or more or none, and what is seen of them within it, once somebody asks."""

    texts: List[Text]
    see: Callable[[Sequence[Text]], Tuple[csr_matrix, np.ndarray]]

    @cached_property
    def seen(self) -> Tuple[csr_matrix, np.ndarray]:
        """Features and centred vectors, a row a clause."""
        return self.see(self.texts)


_in_use: Optional["SentenceClassifier"] = None


def find_classifier_in_use() -> Optional["SentenceClassifier"]:
    """Return the classifier of the model that was loaded last, None before there is one."""
    return _in_use


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(GraphComponent, IntentClassifier):
    """Rank intents by words, characters and sentence vectors; tell danger; say how sure is sure enough."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The tunable settings, see `FeatureSettings` and `ModelSettings`, the folder that `bot.build` filled, and one
        where vectors are kept from training to training, if any."""
        return {**asdict(FeatureSettings()), **asdict(ModelSettings()), "folder": None, "vectors": None}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        self._feature_settings = FeatureSettings(**_known(config, FeatureSettings))
        self._model_settings = ModelSettings(**_known(config, ModelSettings))
        self._folder = Path(str(config["folder"]))
        self._vectors = Path(str(config["vectors"])) if config.get("vectors") else None
        self._storage = storage
        self._resource = resource
        self._encoder: "SentenceEncoder | CachedEncoder | None" = None
        self._examples = Texts(np.zeros(0, dtype=np.int64), b"")
        self._features = SentenceFeatures(self._feature_settings)
        self._model = IntentModel(self._model_settings)
        self._danger = DangerModel()
        self._scope = ScopeModel()
        self._second = SecondQuestions()
        self._sharpness = 1.0
        self._thresholds = {ANY_LANGUAGE: Thresholds(answer=1.0, ask=1.0)}
        self._staff = frozenset(json.loads((self._folder / STAFF_FILE).read_text(encoding="utf-8")))
        #: Which intents are hidden, for employees and for citizens.
        self._hidden = (np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
        self._intents = Intents.of((), is_faq)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceClassifier":
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn intents and danger, then calibrate on questions that nobody trained on."""
        self._encoder = self._training_encoder()
        examples = [m for m in training_data.intent_examples if m.get(INTENT)]
        texts = [str(m.get(TEXT)) for m in examples]
        labels = np.array([str(m.get(INTENT)) for m in examples])
        vectors = self._encoder.encode(texts)
        logger.info("%d sentences are encoded", len(texts))
        features = self._features.learn([sentence_of(text) for text in texts], vectors)
        centred = self._features.centre(vectors)
        of_danger = np.array([label.startswith(danger_model.PREFIX) for label in labels])
        known = (features[~of_danger], centred[~of_danger], labels[~of_danger].tolist())
        held_out = read_held_out(self._folder / CALIBRATION_FOLDER)
        logger.info("%d features are counted", features.shape[1])
        self._scope.fit(features[~of_danger], labels[~of_danger])
        scored = self._fit_intents(known, held_out)
        self._note_hidden()
        self._calibrate(scored)
        self._fit_second(held_out)
        if of_danger.any():
            self._fit_danger(features, labels, of_danger, held_out)
        self._persist([text for text, is_danger in zip(texts, of_danger) if not is_danger])
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent, ranking and what else was understood on each message."""
        for message in messages:
            self._classify(message)
        return messages

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceClassifier":
        """Return the trained component; raises `ValueError` when the model holds none."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._features = SentenceFeatures.load(folder, component._feature_settings)
            component._model = IntentModel.load(folder, component._model_settings)
            component._danger = DangerModel.load(folder)
            component._scope = ScopeModel.load(folder)
            component._second = SecondQuestions.load(folder)
            component._examples = Texts.load(folder, _EXAMPLES)
            meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        component._sharpness = float(meta["sharpness"])
        component._thresholds = {language: Thresholds(**pair) for language, pair in meta["thresholds"].items()}
        component._encoder = SentenceEncoder(component._folder / ENCODER_FOLDER)
        put_in_use(component._encoder)
        global _in_use
        _in_use = component
        component._note_hidden()
        return component

    def look_inside(self) -> Inside:
        """Return what the classifier is made of; raises `RuntimeError` when it was not loaded."""
        if not isinstance(self._encoder, SentenceEncoder):
            raise RuntimeError("the component is not loaded")
        return Inside(
            encoder=self._encoder,
            features=self._features,
            model=self._model,
            danger=self._danger,
            sharpness=self._sharpness,
            examples=self._examples,
            encoder_folder=self._folder / ENCODER_FOLDER,
            calibration=self._folder / CALIBRATION_FOLDER,
            vectors=self._vectors,
        )

    def is_staff_only(self, intent: str) -> bool:
        """Tell whether an intent belongs to a service for employees."""
        return self._is_hidden(intent, None)

    def _training_encoder(self) -> "SentenceEncoder | CachedEncoder":
        folder = self._folder / ENCODER_FOLDER
        encoder = SentenceEncoder(folder, threads=os.cpu_count() or 1)
        return encoder if self._vectors is None else CachedEncoder(encoder, folder, self._vectors)

    def _fit_intents(
        self,
        known: Tuple[csr_matrix, np.ndarray, List[str]],
        held_out: Sequence[HeldOut],
    ) -> HeldOutScores:
        """Learn; return scores of sentences that were not learnt from: held-out questions, else held-out folds."""
        questions = [q for q in held_out if q.is_danger is None and len(q.expect) <= 1 and q.source != SECOND_QUESTIONS]
        if len(questions) >= MIN_HELD_OUT:
            self._model.fit(*known)
            features, centred = self._see([q.text for q in questions])
            scores = self._model.scores(features, centred)
            hidden = np.array([[self._is_hidden(x, q.audience) for x in self._model.labels] for q in questions])
            accepted = np.array([[q.accepts(x) for x in self._model.labels] for q in questions])
            answerable = accepted.any(axis=1)
            scores[hidden & ~accepted] = -np.inf
            languages = np.array([q.language for q in questions])
            doubts = self._doubts(features, scores)
            return HeldOutScores(
                scores[answerable], accepted[answerable], languages[answerable].tolist(), doubts[answerable]
            )
        logger.warning("only %d held-out questions: confidences are calibrated in cross-validation", len(questions))
        scores, columns = self._model.fit_with_held_out_scores(*known)
        return HeldOutScores(
            scores, columns[:, None] == np.arange(len(self._model.labels)), [ANY_LANGUAGE] * len(scores)
        )

    def _calibrate(self, scored: HeldOutScores) -> None:
        self._sharpness = calibration.fit_sharpness(scored)
        self._thresholds = calibration.choose_thresholds_by_language(scored, self._sharpness)
        shares = calibration.softmax(scored.scores * self._sharpness)
        right = scored.accepted[np.arange(len(shares)), shares.argmax(axis=1)]
        logger.info(
            "%d intents; on %d held-out sentences: accuracy %.3f, calibration error %.3f, thresholds %s",
            len(self._model.labels),
            len(right),
            right.mean(),
            calibration.expected_calibration_error(shares.max(axis=1), right),
            {language: pair.as_json() for language, pair in self._thresholds.items()},
        )

    def _fit_second(self, held_out: Sequence[HeldOut]) -> None:
        """Learn when a message asks a second question, from held-out messages of one and of two."""
        told = [q for q in held_out if q.expect and q.outcome in (None, "multi")]
        texts = [q.text for q in told]
        split = [split_clauses(text) for text in texts]
        if not any(split):
            return
        readings = self._opened().read_all(texts)
        whole = self._shares_by_audience(told, *self._see(texts, _rows(r.vector for r in readings)))
        messages = list(zip(whole, self._clauses_of(told, readings, split)))
        columns = {label: column for column, label in enumerate(self._model.labels)}
        asked = [frozenset(columns[x] for x in (q.expect if q.outcome else q.expect[:1]) if x in columns) for q in told]
        self._second.fit(messages, asked, self._intents)
        logger.info("second questions: offered from %.3f, of %d messages", self._second.offer_at, len(told))

    def _clauses_of(
        self, told: Sequence[HeldOut], readings: Sequence[Reading], split: Sequence[List[str]]
    ) -> List[List[Clause]]:
        """Return the clauses of each message, read by themselves too: all together, which is faster than in turns."""
        texts = [part for parts in split for part in parts]
        askers = [q for q, parts in zip(told, split) for _ in parts]
        vectors = [self._opened().vectors_of_parts(r, parts) for r, parts in zip(readings, split) if parts]
        within = self._shares_by_audience(askers, *self._see(texts, _rows(vectors)))
        alone = self._shares_by_audience(askers, *self._see(texts))
        clauses = iter([Clause(asks(text), *rows) for text, *rows in zip(texts, within, alone)])
        return [list(islice(clauses, len(parts))) for parts in split]

    def _shares_by_audience(self, told: Sequence[HeldOut], features: csr_matrix, centred: np.ndarray) -> np.ndarray:
        """Return the confidence of each intent for whoever asks, shape (texts, intents)."""
        for_staff = np.array([q.audience == "staff" or self.is_staff_only(q.expect[0]) for q in told])
        shares = np.zeros((len(told), len(self._model.labels)), dtype=np.float32)
        for audience, rows in (("staff", for_staff), ("citizen", ~for_staff)):
            if rows.any():
                shares[rows], _ = self._shares(features[rows], centred[rows], audience)
        return shares

    def _fit_danger(
        self, features: csr_matrix, labels: np.ndarray, of_danger: np.ndarray, held_out: Sequence[HeldOut]
    ) -> None:
        self._danger.fit(features[of_danger], labels[of_danger], features[~of_danger], labels[~of_danger])
        told = [q for q in held_out if q.is_danger is not None]
        if len({q.is_danger for q in told}) < 2:
            logger.warning("no held-out sentences of danger and of none: the model of danger raises no alarm")
            return
        seen, _ = self._see([q.text for q in told])
        self._danger.calibrate(seen, np.array([bool(q.is_danger) for q in told]))
        logger.info("danger: alarm above %.3f, harmless below %.3f", self._danger.alarm_at, self._danger.harmless_below)

    def _classify(self, message: Message) -> None:
        text = str(message.get(TEXT) or "")
        given = message.get(METADATA) or {}
        reading = given.get(READING_KEY) or self._opened().read(text)
        features, centred = self._see([text], reading.vector)
        parts = _Parts(
            split_clauses(text), lambda texts: self._see(texts, self._opened().vectors_of_parts(reading, texts))
        )
        (shares,), (staff_share,) = self._shares(features, centred, given.get("audience"))
        ranking = self._ranking(shares, range(len(shares)))
        thresholds = self._thresholds.get(str(given.get("language")), self._thresholds[ANY_LANGUAGE])
        understood = {
            "thresholds": thresholds.beside(float(self._doubts(features, shares[None])[0])).as_json(),
            "staff_share": round(float(staff_share), 4),
            "within_service": self._within(shares, (given.get("context") or {}).get("service")),
            "questions": self._also(parts, shares, given.get("audience")),
        }
        if self._danger.is_trained:
            danger = self._judge_danger(features, parts, ranking[0])
            understood["danger"] = asdict(danger)
            if danger.is_alarm:
                name = danger_model.PREFIX + danger.category
                ranking = [{"name": name, "confidence": danger.likelihood}, *ranking]
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(UNDERSTOOD_KEY, understood, add_to_output=True)

    def _doubts(self, features: csr_matrix, scores: np.ndarray) -> np.ndarray:
        """Return how doubtful it is that texts are the catalogue's where they seem to be, by their scores or shares."""
        seems = np.array([is_faq(self._model.labels[column]) for column in scores.argmax(axis=1)])
        return np.where(seems, self._scope.doubts(features), 0.0)

    def _shares(
        self, features: csr_matrix, centred: np.ndarray, audience: Optional[Text]
    ) -> Tuple[np.ndarray, np.ndarray]:
        """Return the confidence of each intent, shape (texts, intents), and what internal services took from a citizen.

        Where they take most of a text they keep it, so that the citizen can be told to sign in; else the others get it.
        """
        shares = calibration.softmax(self._model.scores(features, centred) * self._sharpness)
        hidden = self._hidden[audience != "staff"]
        staff_shares = shares[:, hidden].sum(axis=1)
        shared_out = staff_shares <= STAFF_SHARE_TO_SIGN_IN
        shares[np.ix_(shared_out, hidden)] = 0.0
        shares[shared_out] /= 1 - staff_shares[shared_out, None]
        return shares, staff_shares

    def _within(self, shares: np.ndarray, service: Optional[Text]) -> List[Dict[Text, Any]]:
        """Return the ranking among the questions of one service, their confidences summing to 1."""
        columns = [i for i, label in enumerate(self._model.labels) if service and label.startswith(f"{service}.")]
        whole = float(shares[columns].sum()) if columns else 0.0
        return self._ranking(shares / whole, columns) if whole > 0 else []

    def _also(self, parts: _Parts, shares: np.ndarray, audience: Optional[Text]) -> List[Dict[Text, Any]]:
        """Return the questions that a message asks beside its first, likeliest first, each with its clause."""
        texts = parts.texts
        if not texts or (np.partition(shares, -2)[-2] < LEAST_SECOND and sum(map(asks, texts)) < 2):
            return []
        features, centred = parts.seen
        within, _ = self._shares(features, centred, audience)
        clauses = [Clause(asks(text), row) for text, row in zip(texts, within)]
        to_read = self._second.clauses_to_read(shares, clauses, self._intents)
        if not to_read:
            return []
        centred = self._features.centre(self._opened().encode([texts[number] for number in to_read]))
        alone, _ = self._shares(self._features.with_vectors(features[to_read], centred), centred, audience)
        for number, row in zip(to_read, alone):
            clauses[number] = replace(clauses[number], alone=row)
        return [
            {"text": texts[one.clause], "name": self._model.labels[one.column], "confidence": one.likelihood}
            for one in self._second.find(shares, clauses, self._intents)
        ]

    def _judge_danger(self, features: csr_matrix, parts: _Parts, best: Dict[Text, Any]) -> Danger:
        """Return what the whole message tells of danger or, where that is no alarm, a part of it."""
        beside = best["name"], best["confidence"]
        danger = self._danger.judge(features, *beside)
        suspicious = [] if danger.is_alarm or not parts.texts else self._danger.suspicious(parts.seen[0])
        if not suspicious:
            return danger
        alone, _ = self._see([parts.texts[row] for row in suspicious])
        return self._danger.judge(features, *beside, self._danger.likeliest(alone))

    def _ranking(self, shares: np.ndarray, columns: Sequence[int]) -> List[Dict[Text, Any]]:
        places = np.asarray(columns)
        best = places[np.argsort(-shares[places], kind="stable")[:_RANKING_LENGTH]]
        return [
            {"name": self._model.labels[i], "confidence": min(calibration.MOST_SURE, float(shares[i]))} for i in best
        ]

    def _see(self, texts: Sequence[str], vectors: Optional[np.ndarray] = None) -> Tuple[csr_matrix, np.ndarray]:
        """Return features and centred vectors of texts, whose vectors may be known already."""
        centred = self._features.centre(self._opened().encode(texts) if vectors is None else vectors)
        return self._features.of([sentence_of(text) for text in texts], centred), centred

    def _opened(self) -> SentenceEncoder:
        if self._encoder is None:
            raise RuntimeError("the component is neither trained nor loaded")
        return self._encoder

    def _note_hidden(self) -> None:
        """Note which of the model's intents each audience may not see."""
        of_staff = np.array([self._is_hidden(label, None) for label in self._model.labels], dtype=bool)
        self._hidden = (np.zeros(len(of_staff), dtype=bool), of_staff)
        self._intents = Intents.of(self._model.labels, is_faq)

    def _is_hidden(self, intent: str, audience: Optional[Text]) -> bool:
        return audience != "staff" and intent.partition(".")[0] in self._staff

    def _persist(self, texts: Sequence[str]) -> None:
        with self._storage.write_to(self._resource) as folder:
            Texts.save(folder, _EXAMPLES, texts)
            self._features.save(folder)
            self._model.save(folder)
            self._danger.save(folder)
            self._scope.save(folder)
            self._second.save(folder)
            meta = {
                "sharpness": self._sharpness,
                "thresholds": {language: pair.as_json() for language, pair in self._thresholds.items()},
            }
            (folder / _META).write_text(json.dumps(meta), encoding="utf-8")


def _rows(vectors: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(vectors))


def sentence_of(text: str) -> Sentence:
    """Return a text as the features see it."""
    plain = text.lower()
    return Sentence(" ".join(plain.split()), " ".join(_WORD.findall(plain)))


def _known(config: Dict[Text, Any], settings: type) -> Dict[Text, Any]:
    names = {field.name for field in fields(settings)}
    return {key: tuple(value) if key in _PAIRS else value for key, value in config.items() if key in names}
