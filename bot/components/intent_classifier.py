"""The classifier of the pipeline: text in; calibrated ranking, thresholds, danger and second questions out."""

from __future__ import annotations

import json
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Text, Tuple

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

from bot.components import calibration, danger_model
from bot.components.calibration import ANY_LANGUAGE, HeldOutScores, Thresholds
from bot.components.danger_model import DangerModel
from bot.components.features import FeatureSettings, SentenceFeatures, sentence_of
from bot.components.intent_model import IntentModel, ModelSettings
from bot.components.questions import HeldOut, read_held_out
from bot.components.scope_model import ScopeModel
from bot.components.second_questions import Clause, SecondQuestions
from bot.components.segments import asks, split_clauses
from bot.components.texts import Texts
from bot.components.understanding import Understanding, Understood
from bot.encoder.cache import CachedEncoder
from bot.encoder.encoder import Reading, SentenceEncoder

logger = logging.getLogger(__name__)

#: Key of the parse result under which everything beside the ranking stands.
UNDERSTOOD_KEY = "understood"
#: Key of a message's metadata under which what the classifier's `think` made of it may be given.
THOUGHT_KEY = "thought"
#: Where `bot.build` leaves what the component needs, inside the folder that its setting `folder` names.
ENCODER_FOLDER, CALIBRATION_FOLDER, STAFF_FILE = "encoder", "calibration", "staff.json"
#: With fewer held-out questions than this, confidences are calibrated in cross-validation instead.
MIN_HELD_OUT = 300
#: The file of `data/calibration/` with messages of two questions, and of one that looks like two. Easier than what
#: confidences are calibrated on, it teaches nothing else.
SECOND_QUESTIONS = "two"
_META = "calibration.json"
#: The texts of the model's examples, in the order of its neighbours.
_EXAMPLES = "examples"
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


@dataclass(frozen=True)
class Thought:
    """What a classifier made of a text, and which classifier: nobody else believes it."""

    by: "SentenceClassifier"
    understood: Understood


@dataclass(frozen=True)
class _Told:
    """Held-out messages of one question and of two as the encoder read them, and their clauses, none of many."""

    questions: Sequence[HeldOut]
    readings: Sequence[Reading]
    clauses: Sequence[List[str]]


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
        self._examples = Texts(np.zeros(0, dtype=np.int64), b"")
        self._learnt = Understanding(
            features=SentenceFeatures(self._feature_settings),
            model=IntentModel(self._model_settings),
            staff=frozenset(json.loads((self._folder / STAFF_FILE).read_text(encoding="utf-8"))),
        )

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
        learnt, encoder = self._learnt, self._training_encoder()
        learnt.encoder = encoder
        examples = [m for m in training_data.intent_examples if m.get(INTENT)]
        texts = [str(m.get(TEXT)) for m in examples]
        labels = np.array([str(m.get(INTENT)) for m in examples])
        vectors = encoder.encode(texts)
        logger.info("%d sentences are encoded", len(texts))
        features = learnt.features.learn([sentence_of(text) for text in texts], vectors)
        centred = learnt.features.centre(vectors)
        of_danger = np.array([label.startswith(danger_model.PREFIX) for label in labels])
        known = (features[~of_danger], centred[~of_danger], labels[~of_danger].tolist())
        held_out = read_held_out(self._folder / CALIBRATION_FOLDER)
        logger.info("%d features are counted", features.shape[1])
        self._fit_danger(features, labels, of_danger, held_out)
        learnt.scope.fit(features[~of_danger], labels[~of_danger])
        # Learning the intents takes long, on one core, and lets go of the interpreter. Nothing else is learnt
        # meanwhile: liblinear has one source of random numbers for the whole process.
        with ThreadPoolExecutor(1) as beside:
            told = beside.submit(self._read_told, held_out)
            self._calibrate(self._fit_intents(known, held_out))
            self._fit_second(told.result())
        self._persist([text for text, is_danger in zip(texts, of_danger) if not is_danger])
        return self._resource

    def think(self, text: Text, given: Mapping[Text, Any]) -> Thought:
        """Return what `process` would make of a text with this metadata; from any thread, beside others' turns."""
        return Thought(self, self._learnt.understand(text, given))

    def understand(self, text: Text, given: Mapping[Text, Any], reading: Optional[Reading] = None) -> Understood:
        """Return what a text says, see `Understanding.understand`."""
        return self._learnt.understand(text, given, reading)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent, ranking and what else was understood on each message."""
        for message in messages:
            given = message.get(METADATA) or {}
            thought = given.get(THOUGHT_KEY)
            if thought is None or thought.by is not self:
                thought = self.think(str(message.get(TEXT) or ""), given)
            ranking = thought.understood.ranking
            message.set("intent", dict(ranking[0]), add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set(UNDERSTOOD_KEY, thought.understood.beside, add_to_output=True)
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
        learnt = component._learnt
        with model_storage.read_from(resource) as folder:
            learnt.features = SentenceFeatures.load(folder, component._feature_settings)
            learnt.model = IntentModel.load(folder, component._model_settings)
            learnt.danger = DangerModel.load(folder)
            learnt.scope = ScopeModel.load(folder)
            learnt.second = SecondQuestions.load(folder)
            component._examples = Texts.load(folder, _EXAMPLES)
            meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        learnt.sharpness = float(meta["sharpness"])
        learnt.thresholds = {language: Thresholds(**pair) for language, pair in meta["thresholds"].items()}
        learnt.encoder = SentenceEncoder(component._folder / ENCODER_FOLDER)
        global _in_use
        _in_use = component
        return component

    def look_inside(self) -> Inside:
        """Return what the classifier is made of; raises `RuntimeError` when it was not loaded."""
        learnt = self._learnt
        if not isinstance(learnt.encoder, SentenceEncoder):
            raise RuntimeError("the component is not loaded")
        return Inside(
            encoder=learnt.encoder,
            features=learnt.features,
            model=learnt.model,
            danger=learnt.danger,
            sharpness=learnt.sharpness,
            examples=self._examples,
            encoder_folder=self._folder / ENCODER_FOLDER,
            calibration=self._folder / CALIBRATION_FOLDER,
            vectors=self._vectors,
        )

    def is_staff_only(self, intent: str) -> bool:
        """Tell whether an intent belongs to a service for employees."""
        return self._learnt.is_hidden(intent, None)

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
        learnt = self._learnt
        if len(questions) >= MIN_HELD_OUT:
            learnt.model.fit(*known)
            features, centred = learnt.see([q.text for q in questions])
            scores = learnt.model.scores(features, centred)
            labels = learnt.model.labels
            hidden = np.array([[learnt.is_hidden(label, q.audience) for label in labels] for q in questions])
            accepted = np.array([[q.accepts(label) for label in labels] for q in questions])
            answerable = accepted.any(axis=1)
            scores[hidden & ~accepted] = -np.inf
            languages = np.array([q.language for q in questions])
            doubts = learnt.doubts(features, scores)
            return HeldOutScores(
                scores[answerable], accepted[answerable], languages[answerable].tolist(), doubts[answerable]
            )
        logger.warning("only %d held-out questions: confidences are calibrated in cross-validation", len(questions))
        scores, columns = learnt.model.fit_with_held_out_scores(*known)
        return HeldOutScores(
            scores, columns[:, None] == np.arange(len(learnt.model.labels)), [ANY_LANGUAGE] * len(scores)
        )

    def _calibrate(self, scored: HeldOutScores) -> None:
        learnt = self._learnt
        learnt.sharpness = calibration.fit_sharpness(scored)
        learnt.thresholds = calibration.choose_thresholds_by_language(scored, learnt.sharpness)
        shares = calibration.softmax(scored.scores * learnt.sharpness)
        right = scored.accepted[np.arange(len(shares)), shares.argmax(axis=1)]
        logger.info(
            "%d intents; on %d held-out sentences: accuracy %.3f, calibration error %.3f, thresholds %s",
            len(learnt.model.labels),
            len(right),
            right.mean(),
            calibration.expected_calibration_error(shares.max(axis=1), right),
            {language: pair.as_json() for language, pair in learnt.thresholds.items()},
        )

    def _read_told(self, held_out: Sequence[HeldOut]) -> _Told:
        """Read the held-out messages of one question and of two."""
        told = [q for q in held_out if q.expect and q.outcome in (None, "multi")]
        clauses = [split_clauses(q.text) for q in told]
        return _Told(told, self._learnt.opened().read_all([q.text for q in told]), clauses)

    def _fit_second(self, told: _Told) -> None:
        """Learn when a message asks a second question."""
        if not any(told.clauses):
            return
        learnt = self._learnt
        texts = [q.text for q in told.questions]
        whole = self._shares_by_audience(told.questions, *learnt.see(texts, _rows(r.vector for r in told.readings)))
        columns = {label: column for column, label in enumerate(learnt.model.labels)}
        asked = [
            frozenset(columns[x] for x in (q.expect if q.outcome else q.expect[:1]) if x in columns)
            for q in told.questions
        ]
        learnt.second.fit(list(zip(whole, self._clauses_of(told))), asked, learnt.intents)
        logger.info("second questions: offered from %.3f, of %d messages", learnt.second.offer_at, len(texts))

    def _clauses_of(self, told: _Told) -> List[List[Clause]]:
        """Return the clauses of each message: all are judged together, which is faster than in turns."""
        texts = [part for parts in told.clauses for part in parts]
        askers = [q for q, parts in zip(told.questions, told.clauses) for _ in parts]
        encoder = self._learnt.opened()
        vectors = _rows(encoder.vectors_of_parts(r, parts) for r, parts in zip(told.readings, told.clauses) if parts)
        within = self._shares_by_audience(askers, *self._learnt.see(texts, vectors))
        clauses = iter([Clause(asks(text), row) for text, row in zip(texts, within)])
        return [list(islice(clauses, len(parts))) for parts in told.clauses]

    def _shares_by_audience(self, told: Sequence[HeldOut], features: csr_matrix, centred: np.ndarray) -> np.ndarray:
        """Return the confidence of each intent for whoever asks, shape (texts, intents)."""
        for_staff = np.array([q.audience == "staff" or self.is_staff_only(q.expect[0]) for q in told])
        shares = np.zeros((len(told), len(self._learnt.model.labels)), dtype=np.float32)
        for audience, rows in (("staff", for_staff), ("citizen", ~for_staff)):
            if rows.any():
                shares[rows], _ = self._learnt.shares(features[rows], centred[rows], audience)
        return shares

    def _fit_danger(
        self, features: csr_matrix, labels: np.ndarray, of_danger: np.ndarray, held_out: Sequence[HeldOut]
    ) -> None:
        if not of_danger.any():
            return
        danger = self._learnt.danger
        danger.fit(features[of_danger], labels[of_danger], features[~of_danger], labels[~of_danger])
        told = [q for q in held_out if q.is_danger is not None]
        if len({q.is_danger for q in told}) < 2:
            logger.warning("no held-out sentences of danger and of none: the model of danger raises no alarm")
            return
        seen, _ = self._learnt.see([q.text for q in told])
        danger.calibrate(seen, np.array([bool(q.is_danger) for q in told]))
        logger.info("danger: alarm above %.3f, harmless below %.3f", danger.alarm_at, danger.harmless_below)

    def _persist(self, texts: Sequence[str]) -> None:
        learnt = self._learnt
        with self._storage.write_to(self._resource) as folder:
            Texts.save(folder, _EXAMPLES, texts)
            learnt.features.save(folder)
            learnt.model.save(folder)
            learnt.danger.save(folder)
            learnt.scope.save(folder)
            learnt.second.save(folder)
            meta = {
                "sharpness": learnt.sharpness,
                "thresholds": {language: pair.as_json() for language, pair in learnt.thresholds.items()},
            }
            (folder / _META).write_text(json.dumps(meta), encoding="utf-8")


def _rows(vectors: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(vectors))


def _known(config: Dict[Text, Any], settings: type) -> Dict[Text, Any]:
    names = {field.name for field in fields(settings)}
    return {key: tuple(value) if key in _PAIRS else value for key, value in config.items() if key in names}
