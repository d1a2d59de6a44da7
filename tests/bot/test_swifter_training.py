"""Sets of examples are put together as Rasa puts them together, without copies."""

import pytest
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.swifter.training import train_without_copies


def data(*pairs, **rest):
    return TrainingData([Message.build(text, intent) for text, intent in pairs], **rest)


def sets():
    return (
        data(("vad kostar det", "bygglov.avgift"), ("hej", "dialogue.greet "), entity_synonyms={"dagis": "förskola"}),
        data(
            ("hej", "dialogue.greet"),
            ("vad kostar det", "avfall.avgift"),
            regex_features=[{"name": "a", "pattern": "b"}],
        ),
        None,
        data(responses={"utter_x": [{"text": "x"}]}, lookup_tables=[{"name": "t", "elements": ["a"]}]),
    )


def merged():
    first, *others = sets()
    return first.merge(*others)


def plain(found):
    return {
        "examples": [dict(example.data) for example in found.training_examples],
        "synonyms": found.entity_synonyms,
        "features": found.regex_features,
        "tables": found.lookup_tables,
        "responses": found.responses,
    }


@pytest.fixture
def rasa_s_own():
    methods = [
        (TrainingData, "sanitize_examples", staticmethod(TrainingData.sanitize_examples)),
        (TrainingData, "merge", TrainingData.merge),
        (TrainingData, "fingerprint", TrainingData.fingerprint),
        (SpacyNLP, "process_training_data", SpacyNLP.process_training_data),
        (SpacyTokenizer, "process_training_data", SpacyTokenizer.process_training_data),
    ]
    yield merged()
    for owner, name, method in methods:
        setattr(owner, name, method)


def test_merged_sets_are_what_rasa_makes_of_them(rasa_s_own):
    train_without_copies()
    assert plain(merged()) == plain(rasa_s_own)
    assert len(rasa_s_own.training_examples) == 3


def test_examples_are_not_copied(rasa_s_own):
    train_without_copies()
    first, second = data(("hej", "dialogue.greet")), data(("vad kostar det", "bygglov.avgift"))
    both = first.merge(second).training_examples
    assert both[0] is first.training_examples[0] and both[1] is second.training_examples[0]


def test_no_step_is_taken_for_one_of_an_earlier_training(rasa_s_own):
    train_without_copies()
    one = data(("hej", "dialogue.greet"))
    assert one.fingerprint() != one.fingerprint()
