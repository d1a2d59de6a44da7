"""Taking a text out of the record after the fact, and out of what is made of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from handover.core import events as e
from handover.core.conversation import apply
from handover.core.errors import HandoverError
from handover.store import misses, record
from handover.store import tables as t
from handover.store.record import Outcome, Stored


def redact_event(
    connection: Connection, conversation_id: str, seq: int, now: datetime, guide_id: str | None
) -> Outcome:
    """Take the text of one message out of the record after the fact, and say so with an event."""
    conversation = record.get_conversation(connection, conversation_id, lock=True)
    where = (t.events.c.conversation_id == conversation_id) & (t.events.c.seq == seq)
    body = connection.scalar(select(t.events.c.body).where(where))
    if body is None or "text" not in body:
        raise HandoverError("bad_request", "no text to redact there")
    connection.execute(update(t.events).where(where).values(body={**body, "text": "[borttaget]"}))
    event = e.Redacted(target_seq=seq, guide_id=guide_id)
    after = apply(conversation, event, conversation.last_seq + 1, now)
    stored = Stored(after.last_seq, now, event)
    record.insert_events(connection, [(conversation_id, stored)])
    misses.project(connection, [(conversation_id, stored)])
    connection.execute(
        update(t.conversations).where(t.conversations.c.id == conversation_id).values(**record.columns(after))
    )
    return Outcome(after.last_seq, after, (stored,))
