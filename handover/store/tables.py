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
    false,
)
from sqlalchemy.types import TypeDecorator

from handover.core.changes import ChangeState
from handover.core.events import State
from handover.core.labels import Label
from handover.core.notices import Severity
from handover.core.rollout import Verdict
from handover.core.supervision import Level

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
    Index("ix_conversations_account", "account_id"),
    Index("ix_conversations_draft", "draft_id"),
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
    #: What the previous release reads; `roles` is what counts.
    Column("role", String(10), nullable=False),
    Column("roles", JSON, nullable=False, server_default='["guide"]'),
    Column("password_hash", Text, nullable=False),
    Column("demo", Boolean, nullable=False),
    #: Who this is at the identity provider: issuer and subject. None for an account with a password.
    Column("subject", String(400)),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    #: How many conversations this guide has at most at the same time.
    Column("capacity", Integer, nullable=False, server_default="3"),
    #: The services (none: all) and the languages that this guide answers in.
    Column("services", JSON, nullable=False, server_default="[]"),
    Column("languages", JSON, nullable=False, server_default='["sv", "en"]'),
    CheckConstraint(_one_of("role", ["guide", "staff"]), name="role"),
    Index("ix_accounts_subject", "subject", unique=True),
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
    #: When the guide last did something at the desk; None: as of `seen_at`.
    Column("active_at", UtcDateTime),
    #: Whether the guide was set away by the clock, and so comes back with the next thing done.
    Column("automatic", Boolean, nullable=False, server_default=false()),
    CheckConstraint(_one_of("presence", ["available", "busy", "away", "closed"]), name="presence"),
)

#: Who took which conversation, for an even share of the work over a shift.
assignments = Table(
    "assignments",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("account_id", String(64), nullable=False),
    Column("conversation_id", String(64), nullable=False),
    Column("via", String(10), nullable=False),
    Index("ix_assignments_account", "account_id", "at"),
)

#: Waits of the recent past, for the honest range that a waiting citizen is told.
waits = Table(
    "waits",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
)

#: The supervision level of each FAQ that somebody, or the rule, has decided on; the others have the default level.
faq_levels = Table(
    "faq_levels",
    metadata,
    Column("faq", String(130), primary_key=True),
    Column("level", String(10), nullable=False),
    Column("cap_lifted", Boolean, nullable=False),
    Column("target", Float),
    Column("floor", Float),
    #: Reviews from here on are evidence; what was reviewed before the last change of level no longer counts.
    Column("since", UtcDateTime, nullable=False),
    CheckConstraint(_one_of("level", [level.value for level in Level]), name="level"),
)

#: One row: whether everything is off, and a number that grows with each change of any level.
supervision = Table(
    "supervision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("all_off", Boolean, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

#: The audit log of supervision: who changed what, when and why; only ever added to.
level_changes = Table(
    "level_changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    #: The FAQ, None for what holds for all.
    Column("faq", String(130)),
    Column("action", String(20), nullable=False),
    Column("from_level", String(10)),
    Column("to_level", String(10)),
    #: None: the rule did it.
    Column("by_id", String(64)),
    Column("by_name", String(120)),
    Column("why", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    CheckConstraint(
        _one_of(
            "action", ["promoted", "demoted", "set", "cap_lifted", "cap_restored", "bounds_set", "all_off", "all_on"]
        ),
        name="action",
    ),
    Index("ix_level_changes_faq", "faq", "at"),
)

#: What was or is to be reviewed, one row a FAQ of an answer: a projection of the record's events.
reviews = Table(
    "reviews",
    metadata,
    Column("conversation_id", String(64), ForeignKey(conversations.c.id), primary_key=True),
    #: The id of the draft or of the bot's message.
    Column("item", String(80), primary_key=True),
    Column("faq", String(130), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("level", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("model_id", String(80)),
    #: `listed` waits on the review list, `drafted` for a guide's decision, `judged` is done, `void` was never judged.
    Column("status", String(10), nullable=False),
    Column("verdict", String(10)),
    Column("label", String(30)),
    Column("harmful", Boolean, nullable=False, server_default=false()),
    Column("judged_at", UtcDateTime),
    Column("judged_by", String(64)),
    #: How like the guide's own words an unseen answer was, 0 to 1, and the share of characters to change.
    Column("agreement", Float),
    Column("edit_distance", Float),
    CheckConstraint(_one_of("status", ["listed", "drafted", "judged", "void"]), name="status"),
    CheckConstraint(_one_of("verdict", [verdict.value for verdict in Verdict]), name="verdict"),
    Index("ix_reviews_faq", "faq", "judged_at"),
    Index("ix_reviews_status", "status", "at"),
)

#: What leads told everybody for a while; kept when it is over, with who put it up and who took it away.
notices = Table(
    "notices",
    metadata,
    Column("id", String(64), primary_key=True),
    #: By language; Swedish is always there.
    Column("texts", JSON, nullable=False),
    Column("severity", String(10), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_by_name", String(120), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64)),
    Column("ended_by_name", String(120)),
    CheckConstraint(_one_of("severity", [severity.value for severity in Severity]), name="severity"),
    Index("ix_notices_until", "until"),
)

#: Trained models that were judged, and those that a start has made; what one was said to be is never changed.
models = Table(
    "models",
    metadata,
    Column("name", String(80), primary_key=True),
    #: What the model calls itself in its answers; None until it was loaded once.
    Column("model_id", String(80)),
    #: The commit of the data that it was made from; None: the data folder as it was.
    Column("commit", String(64)),
    #: The fingerprint of the data folder that this data was branched from.
    Column("base", String(64), nullable=False),
    #: The folder of the data that goes into service with it.
    Column("tree", Text, nullable=False),
    #: Of its judgement; None: it was never judged.
    Column("figures", JSON(none_as_null=True)),
    #: Whether it may be put into service, and why not; None: it was never judged.
    Column("gate", JSON(none_as_null=True)),
    Column("made_at", UtcDateTime, nullable=False),
    #: None: a start of the service made it.
    Column("made_by_id", String(64)),
    Column("made_by_name", String(120)),
    #: Whether its file is still there.
    Column("kept", Boolean, nullable=False),
)

#: What was put into service when, by whom and why; only ever added to. A row `begun` is followed by what came of it.
model_switches = Table(
    "model_switches",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("model", String(80), ForeignKey(models.c.name), nullable=False),
    Column("kind", String(12), nullable=False),
    #: None: a start of the service did it.
    Column("by_id", String(64)),
    Column("by_name", String(120)),
    Column("why", Text, nullable=False),
    #: Whether a lead did it though the gate was closed.
    Column("overridden", Boolean, nullable=False, server_default=false()),
    CheckConstraint(_one_of("kind", ["begun", "put", "rolled_back", "failed"]), name="kind"),
    Index("ix_model_switches_kind", "kind", "at"),
)

#: Trainings, the one that runs and those that ran.
trainings = Table(
    "trainings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("change_set", String(64)),
    Column("commit", String(64)),
    #: The model that it led to; None until it is there.
    Column("model", String(80)),
    Column("state", String(12), nullable=False),
    Column("figures", JSON(none_as_null=True)),
    #: Why it came to nothing, in a sentence.
    Column("problem", Text),
    Column("started_by_id", String(64)),
    Column("started_by_name", String(120)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    CheckConstraint(_one_of("state", ["queued", "training", "judging", "done", "failed", "cancelled"]), name="state"),
    Index("ix_trainings_started_at", "started_at"),
)

#: Change sets of examples and answers: each a branch of the repository that holds the data folder.
change_sets = Table(
    "change_sets",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("state", String(12), nullable=False),
    Column("branch", String(80), nullable=False),
    #: The hash of the data folder that it goes back to, through whatever was in service when it was opened.
    Column("origin", String(64), nullable=False),
    #: The commits that its edits begin after and end with.
    Column("base", String(64), nullable=False),
    Column("head", String(64), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("opened_by_name", String(120), nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    #: The commit whose model answers, or was replaced by a newer one; since when. None: none of the set ever did.
    Column("served", String(64)),
    Column("served_at", UtcDateTime),
    CheckConstraint(_one_of("state", [state.value for state in ChangeState]), name="state"),
    Index("ix_change_sets_state", "state", "changed_at"),
)

#: The edits of change sets, one row a commit: a projection of the branches.
change_edits = Table(
    "change_edits",
    metadata,
    Column("change_set", String(64), ForeignKey(change_sets.c.id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("commit", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", String(64), nullable=False),
    Column("by_name", String(120), nullable=False),
    #: What it is about, an intent or a service, and what was done.
    Column("subject", String(130), nullable=False),
    Column("what", Text, nullable=False),
)

#: What the assistant missed: a projection of the record's events. The text stands in the record alone.
misses = Table(
    "misses",
    metadata,
    Column("conversation_id", String(64), primary_key=True),
    #: The message that was missed.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    #: The same for the same words, language and audience.
    Column("text_key", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("language", String(16), nullable=False),
    Column("audience", String(10), nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("weight", Float, nullable=False),
    Column("answered", String(130)),
    Column("offered", JSON, nullable=False),
    Column("chosen", String(200)),
    Column("label", String(30)),
    #: Pairs of a FAQ and how likely it was meant.
    Column("guesses", JSON, nullable=False),
    Column("model_id", String(80)),
    ForeignKeyConstraint(["conversation_id", "seq"], [events.c.conversation_id, events.c.seq]),
    Index("ix_misses_at", "at"),
    Index("ix_misses_text_key", "text_key"),
)

#: What people said of texts that were missed; only ever added to, an undone label stays.
miss_labels = Table(
    "miss_labels",
    metadata,
    Column("text_key", String(32), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    #: What was labelled at once, by one key.
    Column("act_id", String(64), nullable=False),
    Column("label", String(20), nullable=False),
    Column("faq", String(130)),
    Column("name", String(120)),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", String(64), nullable=False),
    Column("by_name", String(120), nullable=False),
    #: The model that had missed the text last.
    Column("model_id", String(80)),
    #: Whether it is the newest of its text that was not undone.
    Column("current", Boolean, nullable=False),
    Column("undone_at", UtcDateTime),
    #: Where the example went.
    Column("change_set_id", String(64)),
    CheckConstraint(_one_of("label", [label.value for label in Label]), name="label"),
    CheckConstraint("(label = 'faq') = (faq IS NOT NULL)", name="faq"),
    CheckConstraint("(label = 'new_faq') = (name IS NOT NULL)", name="name"),
    Index("ix_miss_labels_act_id", "act_id"),
    Index("ix_miss_labels_by", "by_id", "at"),
)

#: Who looks at which text of the inbox just now.
miss_leases = Table(
    "miss_leases",
    metadata,
    Column("text_key", String(32), primary_key=True),
    Column("by_id", String(64), nullable=False),
    Column("by_name", String(120), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Index("ix_miss_leases_by_id", "by_id"),
)
