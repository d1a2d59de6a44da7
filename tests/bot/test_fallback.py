"""When the engine says that it is not sure."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.components.fallback import CalibratedFallback


@pytest.fixture
def decide(tmp_path):
    """Gives the intent that is left after the component has seen a message."""
    storage, context = LocalModelStorage.create(tmp_path), ExecutionContext(GraphSchema({}))
    component = CalibratedFallback.create(
        CalibratedFallback.get_default_config(), storage, Resource("fallback"), context
    )

    def one(name, confidence, understood, second=0.0):
        ranking = [{"name": name, "confidence": confidence}, {"name": "bygglov.kostnad", "confidence": second}]
        data = {"intent": ranking[0], "intent_ranking": ranking, "understood": understood}
        (message,) = component.process([Message(data)])
        return message.get("intent")["name"]

    return one


@pytest.mark.parametrize(
    ("answer", "decided"), [(0.71, "nlu_fallback"), (0.7, "bygglov.behovs"), (0.2, "bygglov.behovs")]
)
def test_below_the_threshold_of_the_message_nothing_is_answered(decide, answer, decided):
    assert decide("bygglov.behovs", 0.7, {"thresholds": {"answer": answer, "ask": 0.1}}) == decided


def test_two_close_intents_are_no_reason_of_their_own(decide):
    assert decide("bygglov.behovs", 0.5, {"thresholds": {"answer": 0.4, "ask": 0.1}}, second=0.499) == "bygglov.behovs"


def test_danger_is_never_taken_back(decide):
    assert decide("danger.suicide", 0.3, {"thresholds": {"answer": 0.9, "ask": 0.5}}) == "danger.suicide"


@pytest.mark.parametrize("understood", [None, {}, {"thresholds": {}}])
def test_without_thresholds_nothing_is_sure(decide, understood):
    assert decide("bygglov.behovs", 0.99, understood) == "nlu_fallback"


def test_no_intent_at_all_is_not_sure(decide):
    assert decide(None, None, {"thresholds": {"answer": 0.4, "ask": 0.1}}) == "nlu_fallback"
