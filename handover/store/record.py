"""The record of conversations: rows and events, read and written in the caller's transaction.

These are plain functions of a `Connection`, so that one transaction can hold several of them and so that
the same code runs on SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Select, String, any_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from handover.core import events as e
from handover.core.conversation import Conversation, apply
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.store import tables as t

_CONVERSATION: TypeAdapter[Conversation] = TypeAdapter(Conversation)
#: Statements of every transaction are made once: making one takes longer than carrying it out.
_LOCK = (
    select(t.conversations.c.id, t.conversations.c.projection, t.conversations.c.context)
    .where(t.conversations.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(t.conversations.c.id)
    .with_for_update()
)
_INSERT, _INSERT_EVENTS = insert(t.conversations), insert(t.events)
_SET_CONTEXT = (
    update(t.conversations).where(t.conversations.c.id == bindparam("key")).values(context=bindparam("memory"))
)
#: `Conversation.is_on_list`, as the database sees it.
_ON_LIST = t.conversations.c.state.in_([State.WAITING, State.GUIDE]) | t.conversations.c.draft_id.is_not(None)
#: `routing.in_line`, as the database sees it.
_IN_LINE = (t.conversations.c.priority.desc(), t.conversations.c.waiting_since, t.conversations.c.id)
#: The most events that one page holds.
PAGE = 500
#: How much of a conversation is shown around an answer that is judged.
BEFORE, AFTER = 10, 60


@dataclass(frozen=True, slots=True)
class Stored:
    """An event with its place in the record."""

    seq: int
    at: datetime
    event: e.Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to: the events it appended (none for a repeat) and the conversation after it."""

    seq: int
    conversation: Conversation
    appended: tuple[Stored, ...] = ()
    bot_turn: int | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Events after a seq, in order, and where the conversation stands."""

    conversation: Conversation
    events: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Locked:
    """A conversation that nobody else changes until the transaction ends, and what the assistant remembers of it."""

    conversation: Conversation
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation to open: its id and the hash of its token are new and random."""

    conversation_id: str
    token_hash: str
    opened: e.Opened
    now: datetime
    account_id: str | None = None
    timer_at: datetime | None = None


def open_conversations(
    connection: Connection, openings: Sequence[Opening], there: Mapping[str, Locked]
) -> list[Outcome]:
    """Create conversations, each with its first event; one that is `there` already is left as it is."""
    rows: list[dict[str, Any]] = []
    outcomes: list[Outcome] = []
    for one in openings:
        if one.conversation_id in there:
            # The connection broke in the commit, and the commit was done after all.
            outcomes.append(Outcome(1, there[one.conversation_id].conversation, repeated=True))
            continue
        conversation = apply(Conversation(id=one.conversation_id), one.opened, 1, one.now)
        rows.append(
            {
                "token_hash": one.token_hash,
                "context": {},
                "account_id": one.account_id,
                "timer_at": one.timer_at,
                **columns(conversation),
            }
        )
        outcomes.append(Outcome(1, conversation, (Stored(1, one.now, one.opened),)))
    if rows:
        connection.execute(_INSERT, rows)
        insert_events(connection, [(made.conversation.id, made.appended[0]) for made in outcomes if made.appended])
    return outcomes


def get_conversation(connection: Connection, conversation_id: str, *, lock: bool = False) -> Conversation:
    """Return the projection; raise `conversation_unknown`. With `lock`, others wait until the transaction ends."""
    return _from_row(_get_row(connection, conversation_id, lock=lock))


def lock_conversations(connection: Connection, ids: Collection[str]) -> dict[str, Locked]:
    """Return those that exist, locked until the transaction ends.

    Rows are locked in the order of their ids, so that two transactions never wait for each other.
    """
    known = [one for one in ids if "\0" not in one]  # PostgreSQL has no such text.
    if not known:
        return {}
    rows = connection.execute(_LOCK, {"ids": known})
    return {row.id: Locked(_CONVERSATION.validate_python(row.projection), row.context) for row in rows}


def access_conversation(connection: Connection, conversation_id: str, token_hash: str) -> Conversation:
    """Return the conversation if the token is its own; raise `conversation_unknown` or `token_invalid`."""
    row = _get_row(connection, conversation_id)
    if row["token_hash"] != token_hash:
        raise HandoverError("token_invalid")
    return _from_row(row)


def get_context(connection: Connection, conversation_id: str) -> dict[str, Any]:
    """Return what the assistant remembers of the conversation (last service, misses in a row)."""
    return dict(_get_row(connection, conversation_id)["context"])


def set_contexts(connection: Connection, contexts: Mapping[str, dict[str, Any]]) -> None:
    """Replace what the assistant remembers of conversations."""
    if contexts:
        connection.execute(_SET_CONTEXT, [{"key": key, "memory": context} for key, context in contexts.items()])


def read_events(connection: Connection, conversation_id: str, after: int, limit: int = PAGE) -> Page:
    """Return the events after `after`; raise `after_in_future` for a seq that is not there yet."""
    conversation = get_conversation(connection, conversation_id)
    if after > conversation.last_seq:
        raise HandoverError("after_in_future")
    return Page(conversation, _select_events(connection, conversation_id, after, limit))


def read_around(connection: Connection, conversation_id: str, seq: int) -> Page:
    """Return an event with those shortly before and after it."""
    conversation = get_conversation(connection, conversation_id)
    return Page(conversation, _select_events(connection, conversation_id, max(0, seq - BEFORE), BEFORE + AFTER))


def was_decided(connection: Connection, conversation_id: str, command_id: str) -> bool:
    """Tell whether a command of this id was carried out, or refused for good, before."""
    where = (t.commands.c.conversation_id == conversation_id) & (t.commands.c.id == command_id)
    return connection.scalar(select(t.commands.c.id).where(where)) is not None


def read_heads(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Return the last seq of these conversations, and of all that are on the guides' list; PostgreSQL only."""
    table = t.conversations
    query = select(table.c.id, table.c.last_seq).where(
        (table.c.id == any_(bindparam("ids", type_=ARRAY(String)))) | _ON_LIST
    )
    return {row.id: row.last_seq for row in connection.execute(query, {"ids": list(ids)})}


def read_newest(connection: Connection, ids: Sequence[str], most: int) -> list[Page]:
    """Return these conversations, each with its newest events, at most `most`; PostgreSQL only."""
    table, wanted = t.conversations, {"ids": list(ids)}
    chosen = table.c.id == any_(bindparam("ids", type_=ARRAY(String)))
    conversations = [
        _CONVERSATION.validate_python(one)
        for one in connection.scalars(select(table.c.projection).where(chosen), wanted)
    ]
    rows = connection.execute(
        select(t.events.c.conversation_id, t.events.c.seq, t.events.c.at, t.events.c.body)
        .join(table, table.c.id == t.events.c.conversation_id)
        .where(chosen & (t.events.c.seq > table.c.last_seq - most))
        .order_by(t.events.c.seq),
        wanted,
    )
    events: dict[str, list[Stored]] = {}
    for row in rows:
        events.setdefault(row.conversation_id, []).append(Stored(row.seq, row.at, e.event_from_json(row.body)))
    # The second statement may see more than the first did.
    return [
        Page(one, tuple(stored for stored in events.get(one.id, ()) if stored.seq <= one.last_seq))
        for one in conversations
    ]


def list_desk(connection: Connection, guide_id: str) -> list[Conversation]:
    """Return what a guide's list shows: all that wait or hold a draft, and the guide's own, by urgency."""
    table = t.conversations
    rows = connection.execute(
        select(table)
        .where(
            (table.c.state == State.WAITING)
            | ((table.c.state == State.GUIDE) & (table.c.owner_id == guide_id))
            | table.c.draft_id.is_not(None)
        )
        .order_by(table.c.priority.desc(), table.c.waiting_since, table.c.last_at)
        .limit(PAGE)
    ).mappings()
    return [_from_row(row) for row in rows]


def list_drafts(connection: Connection) -> list[Conversation]:
    """Return all conversations in which a draft waits for a guide."""
    rows = connection.execute(select(t.conversations).where(t.conversations.c.draft_id.is_not(None)))
    return [_from_row(row) for row in rows.mappings()]


def list_live(connection: Connection) -> list[Conversation]:
    """Return the conversations that the assistant or a guide has now, those in which something was said last first."""
    table = t.conversations
    held = table.c.state.in_((State.BOT, State.GUIDE))
    query = select(table).where(held).order_by(table.c.last_at.desc()).limit(PAGE)
    return [_from_row(row) for row in connection.execute(query).mappings()]


def list_ids(connection: Connection, after: str, limit: int) -> list[str]:
    """Return the ids of conversations that come after an id, in order."""
    query = select(t.conversations.c.id).where(t.conversations.c.id > after)
    return list(connection.scalars(query.order_by(t.conversations.c.id).limit(limit)))


def list_queue(connection: Connection) -> list[str]:
    """Return the ids of all conversations that wait, first in line first."""
    query = select(t.conversations.c.id).where(t.conversations.c.state == State.WAITING)
    return list(connection.scalars(query.order_by(*_IN_LINE)))


def list_waiting(connection: Connection, limit: int) -> list[Conversation]:
    """Return those who wait, first in line first."""
    return [_CONVERSATION.validate_python(row.projection) for row in connection.execute(_waiting(limit))]


def lock_waiting(connection: Connection, limit: int) -> dict[str, Locked]:
    """Return those who wait, first in line first, locked; those that somebody else is changing are left out."""
    rows = connection.execute(_waiting(limit).with_for_update(skip_locked=True))
    return {row.id: Locked(_CONVERSATION.validate_python(row.projection), row.context) for row in rows}


def recent_waits(connection: Connection, since: datetime, limit: int = 200) -> list[tuple[datetime, timedelta]]:
    """Return when waits for a guide ended since then, and how long each was, newest first."""
    query = select(t.waits.c.at, t.waits.c.seconds).where(t.waits.c.at >= since).order_by(t.waits.c.at.desc())
    return [(row.at, timedelta(seconds=row.seconds)) for row in connection.execute(query.limit(limit))]


def due_conversations(connection: Connection, now: datetime, limit: int = 50) -> list[Conversation]:
    """Return conversations whose timer is due, locked against other replicas until the transaction ends."""
    table = t.conversations
    query = (
        select(table)
        .where(table.c.timer_at <= now)
        .order_by(table.c.timer_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_from_row(row) for row in connection.execute(query).mappings()]


def owned_by_lost_guides(
    connection: Connection, seen: tuple[datetime, datetime], limit: int = 50
) -> list[Conversation]:
    """Return conversations whose guide was not seen between these times, locked like `due_conversations`."""
    table = t.conversations
    query = (
        select(table)
        .outerjoin(t.presence, t.presence.c.account_id == table.c.owner_id)
        .where((table.c.state == State.GUIDE) & (t.presence.c.seen_at.is_(None) | ~t.presence.c.seen_at.between(*seen)))
        .limit(limit)
        .with_for_update(skip_locked=True, of=table)
    )
    return [_from_row(row) for row in connection.execute(query).mappings()]


def pull_in_timers(connection: Connection, now: datetime, longest: timedelta, longest_draft: timedelta) -> None:
    """Set timers that lie further ahead than any timer is set, as after a clock was set back, to the longest time."""
    table = t.conversations
    for chosen, most in ((table.c.draft_id.is_(None), longest), (table.c.draft_id.is_not(None), longest_draft)):
        connection.execute(update(table).where(chosen & (table.c.timer_at > now + most)).values(timer_at=now + most))


def clear_timer(connection: Connection, conversation_id: str) -> None:
    """Forget the timer of a conversation."""
    connection.execute(update(t.conversations).where(t.conversations.c.id == conversation_id).values(timer_at=None))


def _waiting(limit: int) -> Select[Any]:
    table = t.conversations
    query = select(table.c.id, table.c.projection, table.c.context).where(table.c.state == State.WAITING)
    return query.order_by(*_IN_LINE).limit(limit)


def _get_row(connection: Connection, conversation_id: str, *, lock: bool = False) -> RowMapping:
    if "\0" in conversation_id:  # PostgreSQL has no such text.
        raise HandoverError("conversation_unknown")
    query = select(t.conversations).where(t.conversations.c.id == conversation_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise HandoverError("conversation_unknown")
    return row


def _from_row(row: RowMapping) -> Conversation:
    return _CONVERSATION.validate_python(row["projection"])


def columns(conversation: Conversation) -> dict[str, Any]:
    """Return the row of a conversation, but for what is not made of its events (token, memory, account, timer)."""
    return {
        "id": conversation.id,
        "state": conversation.state.value,
        "owner_id": conversation.owner_id,
        "epoch": conversation.epoch,
        "last_seq": conversation.last_seq,
        "priority": conversation.priority,
        "waiting_since": conversation.waiting_since,
        "last_at": conversation.last_at,
        "draft_id": conversation.draft.id if conversation.draft else None,
        "projection": _CONVERSATION.dump_python(conversation, mode="json", by_alias=True),
    }


def insert_events(connection: Connection, events: Sequence[tuple[str, Stored]]) -> None:
    """Append events, each with the id of its conversation."""
    connection.execute(
        _INSERT_EVENTS,
        [
            {
                "conversation_id": conversation_id,
                "seq": one.seq,
                "at": one.at,
                "kind": one.event.kind,
                "body": e.event_to_json(one.event),
            }
            for conversation_id, one in events
        ],
    )


def _select_events(connection: Connection, conversation_id: str, after: int, limit: int) -> tuple[Stored, ...]:
    rows = connection.execute(
        select(t.events.c.seq, t.events.c.at, t.events.c.body)
        .where((t.events.c.conversation_id == conversation_id) & (t.events.c.seq > after))
        .order_by(t.events.c.seq)
        .limit(limit)
    )
    return tuple(Stored(row.seq, row.at, e.event_from_json(row.body)) for row in rows)
