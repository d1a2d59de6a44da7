"""Earlier conversations of the same signed-in person, read in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select

from handover.core.conversation import Conversation
from handover.store import tables as t
from handover.store.record import get_conversation

#: The most that are listed, newest kept.
MAX_EARLIER = 20

Outcome = Literal["solved", "referred", "case_created", "no_contact"]

_CONVERSATION: TypeAdapter[Conversation] = TypeAdapter(Conversation)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conversation with what its projection does not hold; `outcome` is what a guide closed it with."""

    conversation: Conversation
    opened_at: datetime
    outcome: Outcome | None
    messages: int
    last_message_at: datetime | None


def list_earlier(connection: Connection, conversation_id: str) -> list[Earlier]:
    """Return what whoever opened this conversation had opened before, newest first; nothing where nobody was signed in.

    Raises `conversation_unknown`.
    """
    opened_at = get_conversation(connection, conversation_id).opened_at
    table, opening = t.conversations, t.events.alias("opening")
    account_id = connection.scalar(select(table.c.account_id).where(table.c.id == conversation_id))
    if account_id is None:
        return []
    rows = connection.execute(
        select(table.c.id, table.c.projection, opening.c.at)
        .join(opening, (opening.c.conversation_id == table.c.id) & (opening.c.seq == 1))
        .where((table.c.account_id == account_id) & (table.c.id != conversation_id) & (opening.c.at <= opened_at))
        .order_by(opening.c.at.desc(), table.c.id)
        .limit(MAX_EARLIER)
    ).all()
    ids = [row.id for row in rows]
    messages, outcomes = _count_messages(connection, ids), _outcomes(connection, ids)
    return [
        Earlier(
            _CONVERSATION.validate_python(row.projection),
            row.at,
            outcomes.get(row.id),
            *messages.get(row.id, (0, None)),
        )
        for row in rows
    ]


def _count_messages(connection: Connection, ids: list[str]) -> dict[str, tuple[int, datetime]]:
    """Return how many messages conversations have and when the last of them came."""
    events = t.events
    rows = connection.execute(
        select(events.c.conversation_id, func.count(), func.max(events.c.at))
        .where(events.c.conversation_id.in_(ids) & (events.c.kind == "message"))
        .group_by(events.c.conversation_id)
    )
    return {conversation_id: (count, last) for conversation_id, count, last in rows}


def _outcomes(connection: Connection, ids: list[str]) -> dict[str, Outcome | None]:
    events = t.events
    rows = connection.execute(
        select(events.c.conversation_id, events.c.body).where(
            events.c.conversation_id.in_(ids) & (events.c.kind == "closed")
        )
    )
    return {row.conversation_id: row.body.get("outcome") for row in rows}
