"""What the assistant missed: a projection of the record's events, kept in the transaction that appends them.

The text of a miss stays in the record and is read from there, so that it is gone when the record's is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select

from handover.core import events as e
from handover.core.labels import Label
from handover.core.misses import Guess, Miss, MissKind, find_misses, tells_of_misses, text_key
from handover.store import tables as t
from handover.store.record import Stored

#: How far back what happens in a conversation changes what was missed in it, in events.
WINDOW = 300


@dataclass(frozen=True, slots=True)
class Openness:
    """What makes a miss one that nobody has dealt with, at one moment."""

    #: Misses from here on are shown.
    since: datetime
    #: What was skipped before this comes back.
    skipped_since: datetime
    #: FAQs that labels name and that are not there any more: what waits for them is shown again.
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenMiss:
    """A miss that waits for a label, as far as grouping needs it."""

    text_key: str
    text: str
    audience: str
    weight: float
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class OpenText:
    """A text that waits for a label: its newest miss, and how many misses it has."""

    text_key: str
    #: Of the label that it has already, 0: it has none. Who labels it names the version that was seen.
    version: int
    text: str
    language: str
    audience: str
    count: int
    kinds: tuple[MissKind, ...]
    answered: str | None
    offered: tuple[str, ...]
    chosen: str | None
    label: str | None
    model_id: str | None
    at: datetime
    conversation_id: str
    seq: int
    held_by: str | None
    held_by_name: str | None


def project(connection: Connection, events: Sequence[tuple[str, Stored]]) -> None:
    """Bring the table in step with events that were appended in this transaction."""
    for conversation_id in sorted({key for key, stored in events if tells_of_misses(stored.event)}):
        history = _read_history(connection, conversation_id)
        floor = min((seq for seq, _, event in history if not isinstance(event, e.Opened)), default=1)
        _replace(connection, conversation_id, floor, find_misses(history))
    for conversation_id, stored in events:
        if isinstance(stored.event, e.Redacted):  # However long ago it was said.
            here = (t.misses.c.conversation_id == conversation_id) & (t.misses.c.seq == stored.event.target_seq)
            connection.execute(delete(t.misses).where(here))


def rebuild(connection: Connection, conversation_ids: Collection[str]) -> None:
    """Make the misses of conversations anew from the record."""
    for conversation_id in sorted(conversation_ids):
        rows = connection.execute(_EVENTS.where(t.events.c.conversation_id == conversation_id).order_by("seq"))
        _replace(connection, conversation_id, 1, find_misses(map(_from_row, rows)))


def list_open(connection: Connection, openness: Openness, limit: int) -> list[OpenMiss]:
    """Return the newest misses that nobody has dealt with, newest first."""
    table = t.misses
    query = (
        select(table.c.text_key, _TEXT.label("text"), table.c.audience, table.c.weight, table.c.guesses)
        .select_from(_WITH_LABELS)
        .where(_is_open(openness))
        .order_by(table.c.at.desc(), table.c.conversation_id, table.c.seq)
        .limit(limit)
    )
    return [
        OpenMiss(row.text_key, row.text, row.audience, row.weight, tuple(Guess(*pair) for pair in row.guesses))
        for row in connection.execute(query)
    ]


def list_texts(connection: Connection, keys: Collection[str], openness: Openness, now: datetime) -> dict[str, OpenText]:
    """Return those of the texts that wait for a label, by key, with who holds them now."""
    table, leases = t.misses, t.miss_leases
    age = func.row_number().over(
        partition_by=table.c.text_key, order_by=(table.c.at.desc(), table.c.conversation_id, table.c.seq.desc())
    )
    inner = (
        select(
            table,
            _TEXT.label("text"),
            func.coalesce(t.miss_labels.c.version, 0).label("version"),
            func.count().over(partition_by=table.c.text_key).label("times"),
            age.label("age"),
            leases.c.by_id.label("held_by"),
            leases.c.by_name.label("held_by_name"),
        )
        .select_from(_WITH_LABELS.outerjoin(leases, (leases.c.text_key == table.c.text_key) & (leases.c.until > now)))
        .where(table.c.text_key.in_(list(keys)) & _is_open(openness))
        .subquery()
    )
    rows = connection.execute(select(inner).where(inner.c.age == 1))
    return {row.text_key: _open_text(row) for row in rows}


def count_stamp(connection: Connection) -> tuple[Any, ...]:
    """Return something that is another whenever misses come or go, or labels are given or undone."""
    misses = connection.execute(select(func.count(), func.max(t.misses.c.at)).select_from(t.misses)).one()
    labels = connection.execute(
        select(func.count(), func.max(t.miss_labels.c.undone_at)).select_from(t.miss_labels)
    ).one()
    return (*misses, *labels)


def _replace(connection: Connection, conversation_id: str, floor: int, found: Sequence[Miss]) -> None:
    table = t.misses
    connection.execute(delete(table).where((table.c.conversation_id == conversation_id) & (table.c.seq >= floor)))
    if found:
        connection.execute(insert(table), [_columns(conversation_id, miss) for miss in found])


def _columns(conversation_id: str, miss: Miss) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "seq": miss.seq,
        "text_key": text_key(miss.text, miss.language, miss.audience),
        "at": miss.at,
        "language": miss.language,
        "audience": miss.audience,
        "kinds": [kind.value for kind in miss.kinds],
        "weight": miss.weight,
        "answered": miss.answered,
        "offered": list(miss.offered),
        "chosen": miss.chosen,
        "label": miss.label,
        "guesses": [[guess.faq, guess.likelihood] for guess in miss.guesses],
        "model_id": miss.model_id,
    }


_EVENTS = select(t.events.c.seq, t.events.c.at, t.events.c.body)
_TEXT = t.events.c.body["text"].as_string()
_WITH_LABELS = t.misses.join(
    t.events, and_(t.events.c.conversation_id == t.misses.c.conversation_id, t.events.c.seq == t.misses.c.seq)
).outerjoin(t.miss_labels, and_(t.miss_labels.c.text_key == t.misses.c.text_key, t.miss_labels.c.current))


def _read_history(connection: Connection, conversation_id: str) -> list[tuple[int, datetime, e.Event]]:
    """Return the newest events, oldest first, after the one that opened the conversation."""
    here = _EVENTS.where(t.events.c.conversation_id == conversation_id)
    newest = [_from_row(row) for row in connection.execute(here.order_by(t.events.c.seq.desc()).limit(WINDOW))]
    newest.reverse()
    if newest and newest[0][0] > 1:
        newest.insert(0, _from_row(connection.execute(here.where(t.events.c.seq == 1)).one()))
    return newest


def _from_row(row: Row[Any, Any, Any]) -> tuple[int, datetime, e.Event]:
    return row.seq, row.at, e.event_from_json(row.body)


def _is_open(openness: Openness) -> ColumnElement[bool]:
    """A label covers what was missed before it, and what the same model misses after it: that is known already."""
    miss, label = t.misses.c, t.miss_labels.c
    is_missed_again = (label.at < miss.at) & func.coalesce(label.model_id != miss.model_id, True)
    comes_back = (label.label == Label.SKIP) & (label.at <= openness.skipped_since)
    is_stale = label.faq.in_(sorted(openness.gone)) & label.change_set_id.is_(None)
    return (miss.at > openness.since) & or_(label.text_key.is_(None), is_missed_again, comes_back, is_stale)


def _open_text(row: Row[Any]) -> OpenText:
    return OpenText(
        text_key=row.text_key,
        version=row.version,
        text=row.text,
        language=row.language,
        audience=row.audience,
        count=row.times,
        kinds=tuple(map(MissKind, row.kinds)),
        answered=row.answered,
        offered=tuple(row.offered),
        chosen=row.chosen,
        label=row.label,
        model_id=row.model_id,
        at=row.at,
        conversation_id=row.conversation_id,
        seq=row.seq,
        held_by=row.held_by,
        held_by_name=row.held_by_name,
    )
