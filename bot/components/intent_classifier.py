"""The intent classifier of the pipeline: spaCy document in, calibrated ranking and thresholds out."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import calibration
from bot.components.intent_model import IntentModel, ModelSettings, Sentence

logger = logging.getLogger(__name__)

#: Key of the parse result that holds the thresholds chosen when the model was trained.
THRESHOLDS_KEY = "thresholds"
_RANKING_LENGTH = 10
_META = "calibration.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Rank intents by a linear model on TF-IDF features; confidences are calibrated on held-out folds."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Components that come before this one in the pipeline."""
        return [SpacyNLP]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """The tunable settings; see `ModelSettings`."""
        return {**asdict(ModelSettings())}

    def __init__(self, config: Dict[Text, Any], storage: ModelStorage, resource: Resource) -> None:
        known = {key: config[key] for key in asdict(ModelSettings()) if key in config}
        pairs = ("word_ngrams", "char_ngrams")
        self._settings = ModelSettings(**{key: tuple(v) if key in pairs else v for key, v in known.items()})
        self._storage = storage
        self._resource = resource
        self._model = IntentModel(self._settings)
        self._sharpness = 1.0
        self._thresholds = calibration.Thresholds(answer=1.0, ask=1.0)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntentClassifier":
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn intents, then calibration and thresholds from folds held out."""
        examples = [m for m in training_data.intent_examples if m.get(INTENT)]
        sentences = [_sentence(message) for message in examples]
        labels = [str(message.get(INTENT)) for message in examples]
        scores, truth = self._model.fit_with_held_out_scores(sentences, labels)
        self._sharpness = calibration.fit_sharpness(scores, truth)
        shares = calibration.softmax(scores * self._sharpness)
        self._thresholds = calibration.choose_thresholds(shares, truth)
        right = shares.argmax(axis=1) == truth
        logger.info(
            "cross-validation: %d examples, %d intents, accuracy %.3f, calibration error %.3f, thresholds %s",
            len(labels),
            len(self._model.labels),
            right.mean(),
            calibration.expected_calibration_error(shares.max(axis=1), right),
            self._thresholds.as_json(),
        )
        self._persist()
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent, ranking and thresholds on each message."""
        for message in messages:
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        shares = self._model.probabilities([_sentence(message)], self._sharpness)[0]
        best = np.argsort(-shares)[:_RANKING_LENGTH]
        labels = self._model.labels
        ranking = [{"name": labels[i], "confidence": float(shares[i])} for i in best]
        message.set("intent", dict(ranking[0]), add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(THRESHOLDS_KEY, self._thresholds.as_json(), add_to_output=True)

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            meta = {"sharpness": self._sharpness, **self._thresholds.as_json()}
            (folder / _META).write_text(json.dumps(meta), encoding="utf-8")

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        """Return the trained component; raises `ValueError` when the model holds none."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = IntentModel.load(folder, component._settings)
            meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        component._sharpness = float(meta["sharpness"])
        component._thresholds = calibration.Thresholds(float(meta["answer"]), float(meta["ask"]))
        return component


def _sentence(message: Message) -> Sentence:
    doc = message.get(SPACY_DOCS[TEXT])
    text = str(message.get(TEXT) or "").lower()
    tokens = [token.lower_ for token in doc if not token.is_space and not token.is_punct] if doc else []
    lemmas = [token.lemma_ for token in doc if not token.is_space and not token.is_punct] if doc else []
    return Sentence(" ".join(text.split()), " ".join(tokens), " ".join(lemmas))
