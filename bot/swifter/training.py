"""What Rasa does with 70 000 examples while it trains though it need not: over a minute, before anything is learnt.

It copies all examples each time it puts two sets of them together, and tells by a hash of all of them after each step
whether a step could be left out the next time, which `--force` never asks. And it has spaCy cut every example into
words, which none of our components learns from: they cut a text themselves, as they do when it is asked.
"""

from __future__ import annotations

import uuid
from typing import Dict, List, Optional, Text

from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def train_without_copies() -> None:
    """Let Rasa put examples together as they are, and leave them to the components that learn from them."""
    TrainingData.sanitize_examples = staticmethod(_without_repeats)
    TrainingData.merge = _merge
    TrainingData.fingerprint = _never_the_same
    SpacyNLP.process_training_data = _Uncut.by_spacy
    SpacyTokenizer.process_training_data = _Uncut.by_tokenizer


def _without_repeats(examples: List[Message]) -> List[Message]:
    """Return the examples in order, each once; what is clean already is not set again, which would forget its hash."""
    for example in examples:
        intent = example.get(INTENT)
        if intent and intent != intent.strip():
            example.set(INTENT, intent.strip())
    return list(dict.fromkeys(examples))


def _merge(self: TrainingData, *others: Optional[TrainingData]) -> TrainingData:
    """Return everything of this and the others as one."""
    parts = [self, *(other for other in others if other)]
    synonyms: Dict[Text, Text] = {}
    responses: Dict = {}
    for part in parts:
        synonyms.update(part.entity_synonyms)
        responses.update(part.responses)
    return TrainingData(
        [example for part in parts for example in part.training_examples],
        synonyms,
        [feature for part in parts for feature in part.regex_features],
        [table for part in parts for table in part.lookup_tables],
        responses,
    )


def _never_the_same(self: TrainingData) -> Text:
    return uuid.uuid4().hex


class _Uncut:
    """Takes the place of components that cut examples into words; Rasa looks at the types of their methods."""

    def by_spacy(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        return training_data

    def by_tokenizer(self, training_data: TrainingData) -> TrainingData:
        return training_data
