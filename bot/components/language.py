"""Which language a message is written in, as far as that can be told."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

import pycld2
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

#: Key of the parse result: a code like "sv", or None where the language cannot be told.
LANGUAGE_KEY = "language"
#: The languages that the catalogue has answers in; CLD2 tells three names of one of them apart.
CATALOGUE_LANGUAGES = frozenset({"sv", "en", "ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es"})
_SAME = {"hr": "bs", "sr": "bs", "sh": "bs", "no": "sv", "nn": "sv", "da": "sv"}
#: A few words of Swedish resemble Afrikaans or Manx: to believe in a language without answers takes so many words.
MIN_WORDS_OF_OTHERS = 4
#: One of the catalogue's needs so many, unless it is written in letters of its own.
MIN_WORDS = 3
_MIN_PERCENT = 70


def identify(text: Text) -> Optional[Text]:
    """Return the code of the language of `text`, or None where it is too short, too mixed or too uncertain."""
    try:
        is_reliable, _, guesses = pycld2.detect(text.encode("utf-8", "ignore"), bestEffort=False)
    except pycld2.error:
        return None
    _, code, percent, _ = guesses[0]
    if not is_reliable or percent < _MIN_PERCENT:
        return None
    code = _SAME.get(code, code).partition("-")[0]
    words = len(text.split())
    is_latin = any("a" <= letter <= "z" for letter in text.lower())
    needed = 1 if not is_latin else MIN_WORDS if code in CATALOGUE_LANGUAGES else MIN_WORDS_OF_OTHERS
    return code if words >= needed else None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class LanguageIdentifier(GraphComponent):
    """Set the language of each message, by CLD2 (Sites 2013)."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageIdentifier":
        """Return the component; it holds no state."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the language on each message."""
        for message in messages:
            message.set(LANGUAGE_KEY, identify(str(message.get(TEXT) or "")), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data as it is: training knows the language of each block."""
        return training_data
