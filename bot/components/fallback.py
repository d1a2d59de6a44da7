"""Rasa's FallbackClassifier with the threshold that the model was trained to, instead of a typed one."""

from __future__ import annotations

from typing import Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import THRESHOLDS_KEY


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CalibratedFallback(FallbackClassifier):
    """Predict `nlu_fallback` when the confidence is below the model's own upper threshold."""

    def _nlu_confidence_below_threshold(self, message: Message) -> Tuple[bool, float]:
        confidence = float(message.data[INTENT].get(PREDICTED_CONFIDENCE_KEY) or 0.0)
        thresholds = message.get(THRESHOLDS_KEY) or {}
        return confidence < float(thresholds.get("answer", 1.0)), confidence

    def _nlu_prediction_ambiguous(self, message: Message) -> Tuple[bool, None]:
        """Calibrated confidences leave nothing to a second rule: two close intents cannot both be sure."""
        return False, None
