"""Tracker stores that forget: the truth about a conversation, and every word of it, is in the handover service.

`BoundedTrackerStore` is for one engine. `TextFreeSqlTrackerStore` is for several: another engine can go on with a
conversation.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, Iterable, List, Optional, Text, TypeVar

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, declarative_base

logger = logging.getLogger(__name__)

#: Conversations kept in memory; the one that was quiet longest goes first.
MAX_CONVERSATIONS = 1_000
#: Events of a conversation kept in the database, about ten turns; the policies look back over one.
KEPT_EVENTS = 50
#: Whatever is older than this is forgotten, however few events a conversation has, and how often that is looked for.
KEPT_SECONDS = 24 * 3_600.0
FORGET_EVERY_SECONDS = 3_600.0
#: Turns that may be read or written at the same time, each with a connection of its own.
CONNECTIONS = 4
#: A database that cannot be reached must not use up the time that a citizen waits: libpq gives up after this.
_POSTGRES_LIMITS = {"connect_timeout": "2", "tcp_user_timeout": "3000"}

#: What is kept of an event: nothing that is made of what somebody wrote.
_KEPT_KEYS = frozenset(
    {
        "event", "timestamp", "name", "policy", "confidence", "hide_rule_turn", "use_text_for_featurization",
        "input_channel", "message_id",
    }
)  # fmt: skip
_KEPT_METADATA = frozenset({"language", "audience", "thresholds", "model_id", "assistant_id"})
_KEPT_OF_INTENT = frozenset({"name", "confidence"})
_KEPT_OF_ENTITY = frozenset({"entity", "role", "group"})

Result = TypeVar("Result")


class _Bounded(OrderedDict):  # type: ignore[type-arg]
    """A dictionary that drops its oldest entry when it grows past the bound."""

    def __setitem__(self, key: Text, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > MAX_CONVERSATIONS:
            self.popitem(last=False)


class BoundedTrackerStore(TrackerStore):
    """A store in memory that keeps a conversation's newest events, without a word of what was said.

    Rasa's own writes all of a conversation as JSON and reads it again at every turn, so a turn costs the more the
    longer the conversation is.
    """

    def __init__(self, domain: Domain, event_broker: Optional[EventBroker] = None, **kwargs: Dict[Text, Any]) -> None:
        """Open an empty store; Rasa calls this with what endpoints.yml says."""
        kwargs.pop("host", None)
        super().__init__(domain, event_broker)
        self._events = _Bounded()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the newest events of the session, and what the slots were last set to."""
        await self.stream_events(tracker)
        known = {id(event) for event in self._events.get(tracker.sender_id, ())}
        events = _newest(_of_session(list(tracker.events)))
        self._events[tracker.sender_id] = [event if id(event) in known else _wordless(event) for event in events]

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Return a tracker made of what is kept, None for a conversation that is not known."""
        events = self._events.get(sender_id)
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots) if events else None

    async def keys(self) -> Iterable[Text]:
        """Return the ids of the conversations that are kept."""
        return list(self._events)


class TextFreeSqlTrackerStore(SQLTrackerStore):
    """Rasa's SQL store without a word of what was said, and bounded.

    Words live in the handover service's record alone, where `redact_event` can take them out again. A turn costs one
    read and one short transaction, however long the conversation is.
    """

    Base = declarative_base()

    class SQLEvent(Base):  # type: ignore[misc,valid-type]
        """One event. Rasa's own name for the table, `events`, is that of the handover service's record."""

        __tablename__ = "engine_events"
        __table_args__ = (sa.Index("ix_engine_events_sender_id_id", "sender_id", "id"),)

        id = sa.Column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
        sender_id = sa.Column(sa.String(255), nullable=False)
        type_name = sa.Column(sa.String(255), nullable=False)
        timestamp = sa.Column(sa.Float)
        intent_name = sa.Column(sa.String(255))
        action_name = sa.Column(sa.String(255))
        data = sa.Column(sa.Text)

    def __init__(self, domain: Optional[Domain] = None, **kwargs: Any) -> None:
        """Connect and make the table where it is missing; Rasa calls this with what endpoints.cluster.yml says."""
        super().__init__(domain, **kwargs)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="tracker_store")
        self._forget_at = 0.0

    @staticmethod
    def get_db_url(*args: Any, **kwargs: Any) -> sa.engine.URL:
        """Return the address with the limits of a connection, unless it names its own."""
        url = make_url(SQLTrackerStore.get_db_url(*args, **kwargs))
        if url.get_backend_name() != "postgresql":
            return url
        return url.update_query_dict({**_POSTGRES_LIMITS, **url.query})

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the tracker's new events without their words, and delete what is too old to be kept."""
        await self.stream_events(tracker)
        events = _of_session(list(tracker.events))[-KEPT_EVENTS:]
        if not events:
            return
        try:
            await self._in_thread(lambda session: self._write(session, tracker.sender_id, events))
        except SQLAlchemyError as error:
            # Rasa would keep the whole conversation in memory instead, without a bound and never to be read.
            logger.error("The turn of %s is not remembered: %s", tracker.sender_id, type(error).__name__)

    async def _retrieve(
        self, sender_id: Text, fetch_events_from_all_sessions: bool = False
    ) -> Optional[DialogueStateTracker]:
        """Return what is kept of a conversation, None where that is nothing or cannot be read.

        What the actions need to know comes with each turn, so a turn goes on without what was remembered.
        """
        row = self.SQLEvent.__table__.c
        query = sa.select(row.data).where(row.sender_id == sender_id).order_by(row.id)
        try:
            rows = await self._in_thread(lambda session: session.scalars(query).all())
        except SQLAlchemyError as error:
            logger.error("What is remembered of %s cannot be read: %s", sender_id, type(error).__name__)
            return None
        events = [json.loads(row) for row in rows]
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    async def _in_thread(self, work: Callable[[Session], Result]) -> Result:
        """Run a transaction beside the event loop, so that a slow database holds up its own turn and no other."""

        def transaction() -> Result:
            with self.session_scope() as session, session.begin():
                return work(session)

        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, transaction)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The database was restarted since; the whole pool of connections is new now.
            return await loop.run_in_executor(self._threads, transaction)

    def _write(self, session: Session, sender_id: Text, events: List[Event]) -> None:
        table = self.SQLEvent.__table__
        known = sa.select(table.c.type_name, table.c.action_name, table.c.timestamp)
        stored = {tuple(row) for row in session.execute(known.where(table.c.sender_id == sender_id))}
        # An engine that was thought dead may add its turn after another one did, so each event is looked for.
        rows = [row for row in (_row(sender_id, event) for event in events) if _key(row) not in stored]
        if not rows:
            return
        session.execute(table.insert(), rows)
        session.execute(table.delete().where(self._is_old(sender_id)))
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + FORGET_EVERY_SECONDS
            session.execute(table.delete().where(table.c.timestamp < time.time() - KEPT_SECONDS))

    def _is_old(self, sender_id: Text) -> Any:
        """Return the condition of what is older than the session or, but for the slots' values, the last events."""
        row = self.SQLEvent.__table__.c
        mine = row.sender_id == sender_id
        newest = sa.select(row.id).where(mine).order_by(row.id.desc()).limit(KEPT_EVENTS).subquery()
        slots = sa.select(sa.func.max(row.id)).where(mine, row.type_name == SlotSet.type_name).group_by(row.action_name)
        session_start = sa.select(sa.func.coalesce(sa.func.max(row.id), 0)).where(
            mine, row.type_name == SessionStarted.type_name
        )
        before_newest = row.id < sa.select(sa.func.min(newest.c.id)).scalar_subquery()
        before_session = row.id < session_start.scalar_subquery()
        return sa.and_(mine, sa.or_(before_session, sa.and_(before_newest, row.id.not_in(slots))))


def without_words(event: Dict[Text, Any]) -> Dict[Text, Any]:
    """Return an event as it may be kept: intents, actions, slots and times, and nothing of what was said.

    Slots stay as they are, so no slot may be filled from a message's text.
    """
    kept = {key: value for key, value in event.items() if key in _KEPT_KEYS}
    if event.get("metadata"):
        kept["metadata"] = _chosen(event["metadata"], _KEPT_METADATA)
    kind = event["event"]
    if kind == "slot":
        metadata = event["name"] == SESSION_START_METADATA_SLOT and isinstance(event["value"], dict)
        kept["value"] = _chosen(event["value"], _KEPT_METADATA) if metadata else event["value"]
    elif kind == "user":
        parsed = event.get("parse_data") or {}
        kept["text"] = ""
        kept["parse_data"] = {
            "text": "",
            "intent": _chosen(parsed.get("intent") or {}, _KEPT_OF_INTENT),
            "intent_ranking": [_chosen(ranked, _KEPT_OF_INTENT) for ranked in parsed.get("intent_ranking") or []],
            "entities": [_entity(entity) for entity in parsed.get("entities") or []],
        }
    elif kind == "bot":
        kept.update(text="", data={}, metadata=kept.get("metadata", {}))
    elif kind == "entities":
        kept["entities"] = [_entity(entity) for entity in event.get("entities") or []]
    return kept


def _wordless(event: Event) -> Event:
    """Return an event of a person or of the assistant as it may be kept, any other as it is."""
    if not isinstance(event, (UserUttered, BotUttered)):
        return event
    return Event.from_parameters(without_words(event.as_dict()))


def _chosen(values: Dict[Text, Any], keys: "frozenset[Text]") -> Dict[Text, Any]:
    return {key: value for key, value in values.items() if key in keys}


def _entity(entity: Dict[Text, Any]) -> Dict[Text, Any]:
    return {**_chosen(entity, _KEPT_OF_ENTITY), "value": ""}


def _of_session(events: List[Event]) -> List[Event]:
    """Return the events of the current session."""
    starts = [index for index, event in enumerate(events) if isinstance(event, SessionStarted)]
    return events[starts[-1] :] if starts else events


def _newest(events: List[Event]) -> List[Event]:
    """Return the last events, and before them the older ones that say what a slot was last set to."""
    older, newest = events[:-KEPT_EVENTS], events[-KEPT_EVENTS:]
    slots = {event.key: event for event in older if isinstance(event, SlotSet)}
    return [event for event in older if isinstance(event, SlotSet) and slots[event.key] is event] + newest


def _row(sender_id: Text, event: Event) -> Dict[Text, Any]:
    data = without_words(event.as_dict())
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data["timestamp"],
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _key(row: Dict[Text, Any]) -> "tuple[Any, ...]":
    return row["type_name"], row["action_name"], row["timestamp"]
