"""The handover service's tables. The JSON of a conversation's row is the projection of its events."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from handover.core.events import State

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, always UTC-aware in Python whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is not a point in time")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC; SQLite gives back naive values."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _one_of(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


conversations = Table(
    "conversations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner_id", String(64)),
    Column("epoch", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("waiting_since", UtcDateTime),
    Column("last_at", UtcDateTime, nullable=False),
    Column("timer_at", UtcDateTime),
    Column("draft_id", String(80)),
    Column("projection", JSON, nullable=False),
    Column("context", JSON, nullable=False),
    Column("account_id", String(64)),
    CheckConstraint(_one_of("state", [s.value for s in State]), name="state"),
    CheckConstraint("(state = 'guide') = (owner_id IS NOT NULL)", name="owner"),
    Index("ix_conversations_queue", "state", "priority", "waiting_since"),
    Index("ix_conversations_timer", "timer_at"),
    Index("ix_conversations_owner", "owner_id"),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", String(64), ForeignKey(conversations.c.id), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("body", JSON, nullable=False),
    CheckConstraint("seq > 0", name="seq"),
)

commands = Table(
    "commands",
    metadata,
    Column("conversation_id", String(64), ForeignKey(conversations.c.id), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("seq", Integer),
    Column("refused", String(40)),
    Column("at", UtcDateTime, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("outcome", String(30)),
    Column("engine_ms", Float),
    ForeignKeyConstraint(["conversation_id", "seq"], [events.c.conversation_id, events.c.seq]),
    CheckConstraint(_one_of("status", ["queued", "leased", "done"]), name="status"),
    Index("ix_turns_open", "status", "lease_until"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(10), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    CheckConstraint(_one_of("role", ["guide", "staff"]), name="role"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", String(64), ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

presence = Table(
    "presence",
    metadata,
    Column("account_id", String(64), ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("presence", String(10), nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    CheckConstraint(_one_of("presence", ["available", "busy", "away"]), name="presence"),
)

#: Waits of the recent past, for the honest range that a waiting citizen is told.
waits = Table(
    "waits",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
)
