"""The store in memory keeps what the next turn needs, and no more of it the longer a conversation lasts."""

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import KEPT_EVENTS, MAX_CONVERSATIONS, BoundedTrackerStore

DOMAIN = Domain.from_dict({"slots": {"context": {"type": "any", "mappings": [{"type": "custom"}]}}})


@pytest.fixture
def store():
    return BoundedTrackerStore(DOMAIN)


def remember(store, sender, events):
    async def work():
        tracker = await store.get_or_create_tracker(sender)
        for event in events:
            tracker.update(event)
        await store.save(tracker)
        return await store.retrieve(sender)

    return asyncio.run(work())


def test_next_turn_finds_events_and_slots(store):
    remember(store, "one", [SessionStarted(), UserUttered("hej"), SlotSet("context", {"misses": 1})])
    again = remember(store, "one", [ActionExecuted("action_listen")])
    assert [event.type_name for event in again.events] == ["session_started", "user", "slot", "action"]
    assert again.get_slot("context") == {"misses": 1}


def test_long_conversation_keeps_its_newest_events_and_the_slot_that_was_set_long_ago(store):
    events = [SessionStarted(), SlotSet("context", 1), SlotSet("context", 2)]
    said = [UserUttered("hej", message_id=str(number)) for number in range(3 * KEPT_EVENTS)]
    kept = remember(store, "one", [*events, *said])
    assert len(kept.events) == KEPT_EVENTS + 1
    assert kept.get_slot("context") == 2
    assert kept.events[-1].message_id == str(3 * KEPT_EVENTS - 1)


def test_not_a_word_of_what_was_said_is_kept(store):
    intent = {"name": "avfall.sortering", "confidence": 0.9}
    parsed = {"text": "mitt hemliga ord", "intent": intent, "entities": [{"entity": "service", "value": "hemliga"}]}
    metadata = {"language": "sv", "understood": {"questions": [{"text": "hemliga"}]}}
    asked = UserUttered(
        "mitt hemliga ord", intent, parsed["entities"], parse_data=parsed, message_id="m1", metadata=metadata
    )
    answered = BotUttered("svar", data={"custom": {"text": "hemliga svar"}}, metadata={"utter_action": "hemliga"})
    remember(store, "one", [SessionStarted(), asked, ActionExecuted("action_answer"), answered])
    again = remember(store, "one", [ActionExecuted("action_listen")])
    kept = [event.as_dict() for event in again.events]
    assert [event["event"] for event in kept] == ["session_started", "user", "action", "bot", "action"]
    assert "hemliga" not in str(kept) and "svar" not in str(kept)
    assert again.latest_message.intent["name"] == "avfall.sortering"
    assert [entity["entity"] for entity in again.latest_message.entities] == ["service"]
    assert again.latest_message.message_id == "m1" and again.latest_message.metadata == {"language": "sv"}


def test_turn_that_fails_leaves_nothing_behind(store):
    remember(store, "one", [SessionStarted()])

    async def fail():
        tracker = await store.get_or_create_tracker("one")
        tracker.update(UserUttered("som aldrig sparas"))
        return await store.retrieve("one")

    assert [event.type_name for event in asyncio.run(fail()).events] == ["session_started"]


def test_conversation_that_was_quiet_longest_goes_first(store):
    for number in range(MAX_CONVERSATIONS + 1):
        store._events[str(number)] = [SessionStarted()]
    assert asyncio.run(store.retrieve("0")) is None
    assert isinstance(asyncio.run(store.retrieve("1")), DialogueStateTracker)
    assert len(asyncio.run(store.keys())) == MAX_CONVERSATIONS
