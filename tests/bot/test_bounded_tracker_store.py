"""The store in memory keeps what the next turn needs, and no more of it the longer a conversation lasts."""

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
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
    kept = remember(store, "one", [*events, *(UserUttered(str(number)) for number in range(3 * KEPT_EVENTS))])
    assert len(kept.events) == KEPT_EVENTS + 1
    assert kept.get_slot("context") == 2
    assert kept.events[-1].text == str(3 * KEPT_EVENTS - 1)


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
