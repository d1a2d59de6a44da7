"""The tracker stores: bounded, and, where they write to a database, without a word of what was said."""

import asyncio
import json
import sqlite3
import time

import pytest
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    EntitiesAdded,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy.exc import OperationalError

from bot.tracker_store import (
    KEPT_EVENTS,
    KEPT_SECONDS,
    MAX_CONVERSATIONS,
    BoundedTrackerStore,
    TextFreeSqlTrackerStore,
    without_words,
)

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [bygglov.behovs]
    entities: [service]
    actions: [action_answer_faq]
    slots:
      service:
        type: text
        mappings: [{type: custom}]
    """
)
#: What somebody wrote, what was found in it, and what was answered: none of it may be kept.
WORDS = ("Krukmakaren", "altanbygge", "Snickargatan", "Altansvaret", "Länktiteln", "Sammanhanget", "Handlingstexten")


def turn(service=None):
    """Return the events of one turn, as Rasa makes them."""
    text = "Krukmakaren vill ha ett altanbygge på Snickargatan"
    entity = {"entity": "service", "value": "altanbygge", "start": 24, "end": 34, "extractor": "Spacy"}
    intent = {"name": "bygglov.behovs", "confidence": 0.93}
    metadata = {"language": "sv", "audience": "citizen", "context": {"about": "Sammanhanget"}}
    parsed = {
        "text": text,
        "intent": intent,
        "intent_ranking": [intent, {"name": "dialogue.greet", "confidence": 0.02}],
        "entities": [entity],
        "text_tokens": [[0, 11]],
        "summary": "Krukmakaren",
    }
    reply = {"text": "Altansvaret", "links": [{"title": "Länktiteln"}]}
    return [
        UserUttered(text, intent, [entity], parsed, input_channel="kontakt", message_id="c-1", metadata=metadata),
        EntitiesAdded([entity]),
        *([SlotSet("service", service)] if service else []),
        ActionExecuted("action_answer_faq", "RulePolicy", 1.0, action_text="Handlingstexten"),
        BotUttered("Altansvaret", {"custom": reply}, {"template": "Altansvaret"}),
        ActionExecuted("action_listen", "RulePolicy", 1.0),
    ]


def beginning():
    """Return the events with which Rasa begins a session."""
    metadata = {"language": "sv", "context": {"about": "Sammanhanget"}}
    return [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        SlotSet("session_started_metadata", metadata),
        ActionExecuted("action_listen"),
    ]


@pytest.fixture
def path(tmp_path):
    """The database's file."""
    return tmp_path / "tracker.sqlite3"


def open_store(path):
    """Open the store as the engine does at its start, from what endpoints.cluster.yml says."""
    config = EndpointConfig(f"sqlite:///{path}", type="bot.tracker_store.TextFreeSqlTrackerStore")
    store = TrackerStore.create(config, DOMAIN)
    assert isinstance(store, TextFreeSqlTrackerStore)
    return store


async def say(store, *events, sender="c"):
    """Carry out one turn: read the tracker, add what happens, write it."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events([*([] if tracker.events else beginning()), *events], DOMAIN)
    await store.save(tracker)
    return tracker


def rows(path, query="SELECT type_name, action_name, intent_name FROM engine_events ORDER BY id"):
    """Return what the database holds."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_no_word_of_a_turn_is_in_the_database(path):
    asyncio.run(say(open_store(path), *turn()))
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"bygglov.behovs" in written
    for word in WORDS:
        for found in (word, word.lower(), json.dumps(word)[1:-1]):
            assert found.encode() not in written


def test_another_engine_goes_on_with_slots_intents_and_actions(path):
    asyncio.run(say(open_store(path), *turn(service="bygglov")))
    tracker = asyncio.run(open_store(path).retrieve("c"))
    assert tracker.get_slot("service") == "bygglov"
    assert tracker.latest_message.intent == {"name": "bygglov.behovs", "confidence": 0.93}
    assert [entity["entity"] for entity in tracker.latest_message.entities] == ["service"]
    assert tracker.latest_message.text == ""
    assert (tracker.latest_action_name, tracker.events[0].type_name) == ("action_listen", "session_started")
    assert not [event for event in tracker.events if event.type_name == "bot" and (event.text or event.data)]


def test_what_is_kept_is_kept_again_unchanged(path):
    for event in [*beginning(), *turn(service="bygglov")]:
        once = without_words(event.as_dict())
        again = type(event)._from_parameters(json.loads(json.dumps(once)))
        assert without_words(again.as_dict()) == once
        assert again.timestamp == event.timestamp


def test_turns_are_added_once_and_in_order(path):
    async def talk():
        for store in (open_store(path), open_store(path)):
            tracker = await say(store, *turn())
            await store.save(tracker)

    asyncio.run(talk())
    # What comes before the session's start belongs to the session before.
    begun = [event.type_name for event in beginning()[1:]]
    assert [kind for kind, _, _ in rows(path)] == begun + 2 * [event.type_name for event in turn()]


def test_conversation_keeps_its_last_events_and_its_slots(path):
    async def talk():
        store = open_store(path)
        await say(store, *turn(service="bygglov"))
        for _ in range(40):
            tracker = await say(store, *turn())
            await store.save(tracker)
        return await open_store(path).retrieve("c")

    tracker = asyncio.run(talk())
    slots = [name for kind, name, _ in rows(path) if kind == "slot"]
    assert slots == ["session_started_metadata", "service"]
    assert len(rows(path)) == KEPT_EVENTS + len(slots) == len(tracker.events)
    assert tracker.get_slot("service") == "bygglov"
    assert tracker.latest_action_name == "action_listen"


def test_another_conversation_is_left_alone(path):
    async def talk():
        store = open_store(path)
        await say(store, *turn(), sender="other")
        for _ in range(20):
            await say(store, *turn())

    asyncio.run(talk())
    count = "SELECT count(*) FROM engine_events WHERE sender_id = 'other'"
    assert rows(path, count) == [(len(beginning()) - 1 + len(turn()),)]


def test_new_session_forgets_the_one_before(path):
    async def talk():
        store = open_store(path)
        await say(store, *turn(service="bygglov"))
        await say(store, *beginning(), *turn())
        return await open_store(path).retrieve("c")

    tracker = asyncio.run(talk())
    assert tracker.get_slot("service") is None
    assert [kind for kind, _, _ in rows(path)].count("session_started") == 1


def test_engine_that_was_thought_dead_adds_its_own_turn_and_nothing_else(path):
    async def talk():
        late, other = open_store(path), open_store(path)
        tracker = await say(late, *turn())
        slow = await late.retrieve("c")
        await say(other, *turn())
        slow.update_with_events(turn(), DOMAIN)
        await late.save(slow)
        return tracker, await other.retrieve("c")

    before, after = asyncio.run(talk())
    assert len(after.events) == len(before.events) - 1 + 2 * len(turn())
    assert after.latest_action_name == "action_listen"


def test_what_was_quiet_for_a_day_is_forgotten(path):
    async def talk():
        await say(open_store(path), *turn(), sender="old")
        connection = sqlite3.connect(path)
        connection.execute("UPDATE engine_events SET timestamp = ?", (time.time() - KEPT_SECONDS - 1,))
        connection.commit()
        connection.close()
        await say(open_store(path), *turn(), sender="new")

    asyncio.run(talk())
    assert set(rows(path, "SELECT sender_id FROM engine_events")) == {("new",)}


def test_record_of_the_handover_service_may_be_in_the_same_database(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE events (conversation_id TEXT, seq INTEGER)")
    connection.close()
    asyncio.run(say(open_store(path), *turn()))
    assert rows(path, "SELECT * FROM events") == []
    assert rows(path)


def test_database_that_was_restarted_costs_no_turn(path):
    """The first use of a connection that the restart cut off fails; the next one gets a new connection."""
    store = open_store(path)
    begin, failures = store.sessionmaker, [1]

    def cut_off():
        if failures:
            failures.pop()
            raise OperationalError("SELECT 1", {}, Exception("terminated"), connection_invalidated=True)
        return begin()

    store.sessionmaker = cut_off
    asyncio.run(say(store, *turn()))
    assert rows(path)


def test_turn_goes_on_while_the_database_is_away(path, caplog):
    store = open_store(path)

    def away():
        raise OperationalError("SELECT 1", {}, Exception("Krukmakaren"), connection_invalidated=False)

    store.sessionmaker = away
    tracker = asyncio.run(say(store, *turn()))
    assert tracker.latest_action_name == "action_listen"
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "Krukmakaren" not in caplog.text


def test_postgres_is_not_waited_for_longer_than_a_turn_may_take():
    url = TextFreeSqlTrackerStore.get_db_url(host="postgresql://rasa:secret@db/engine?connect_timeout=7")
    assert dict(url.query) == {"connect_timeout": "7", "tcp_user_timeout": "3000"}
    assert (url.password, url.database) == ("secret", "engine")


def test_store_in_memory_drops_what_was_quiet_longest():
    async def talk():
        store = BoundedTrackerStore(DOMAIN)
        for number in range(MAX_CONVERSATIONS + 1):
            await store.save(DialogueStateTracker(str(number), DOMAIN.slots))
        return await store.keys()

    kept = asyncio.run(talk())
    assert (len(kept), "0" in kept, "1" in kept) == (MAX_CONVERSATIONS, False, True)
