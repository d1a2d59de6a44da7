"""The actions are told what Rasa tells them, without the history of the conversation."""

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.swifter.action_calls import tell_the_latest_only

DOMAIN = Domain.from_dict({"intents": ["avfall.sortering"], "actions": ["action_answer"]})


@pytest.fixture
def tracker():
    tracker = DialogueStateTracker("c1", slots=[])
    for text in ("min första fråga", "hur sorterar jag kartong"):
        data = {"text": text, "intent": {"name": "avfall.sortering", "confidence": 0.9}, "entities": []}
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(text, intent=data["intent"], parse_data=data, metadata={"language": "sv"}))
    return tracker


@pytest.fixture
def calls(tracker):
    """What Rasa itself would send, and what is sent after the change."""
    action, own = RemoteAction("action_answer", None), RemoteAction._action_call_format
    before = action._action_call_format(tracker, DOMAIN)
    tell_the_latest_only()
    yield before, action._action_call_format(tracker, DOMAIN)
    RemoteAction._action_call_format = own


def test_the_call_is_rasa_s_own_but_for_events_and_domain(calls):
    before, after = calls
    assert len(before["tracker"]["events"]) > 2 and before["domain"]["intents"]
    assert after == {
        **{key: value for key, value in before.items() if key != "domain"},
        "tracker": {**before["tracker"], "events": []},
    }


def test_the_latest_message_is_told_and_none_before_it(calls):
    _, after = calls
    assert after["tracker"]["latest_message"]["text"] == "hur sorterar jag kartong"
    assert after["tracker"]["latest_message"]["metadata"] == {"language": "sv"}
    assert "min första fråga" not in str(after)
