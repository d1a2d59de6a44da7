"""Rasa's FallbackClassifier with the threshold that the model was trained to, instead of a typed one."""

from __future__ import annotations

from typing import Tuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.danger_model import PREFIX
from bot.components.intent_classifier import UNDERSTOOD_KEY


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CalibratedFallback(FallbackClassifier):
    """Predict `nlu_fallback` when the confidence is below the model's own upper threshold; never instead of danger."""

    def _nlu_confidence_below_threshold(self, message: Message) -> Tuple[bool, float]:
        intent = message.data[INTENT]
        confidence = float(intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0)
        if str(intent.get(INTENT_NAME_KEY)).startswith(PREFIX):
            return False, confidence
        thresholds = (message.get(UNDERSTOOD_KEY) or {}).get("thresholds") or {}
        return confidence < float(thresholds.get("answer", 1.0)), confidence

    def _nlu_prediction_ambiguous(self, message: Message) -> Tuple[bool, None]:
        """Calibrated confidences leave nothing to a second rule: two close intents cannot both be sure."""
        return False, None
