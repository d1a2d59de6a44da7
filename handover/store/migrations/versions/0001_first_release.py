"""The schema of the first release."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('guide', 'staff')", name=op.f("ck_accounts_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("waiting_since", handover.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("timer_at", handover.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("draft_id", sa.String(length=80), nullable=True),
        sa.Column("projection", sa.JSON(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(state = 'guide') = (owner_id IS NOT NULL)", name=op.f("ck_conversations_owner")),
        sa.CheckConstraint("state IN ('bot', 'waiting', 'guide', 'closed')", name=op.f("ck_conversations_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index("ix_conversations_owner", ["owner_id"], unique=False)
        batch_op.create_index("ix_conversations_queue", ["state", "priority", "waiting_since"], unique=False)
        batch_op.create_index("ix_conversations_timer", ["timer_at"], unique=False)

    op.create_table(
        "waits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
    )
    with op.batch_alter_table("waits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waits_at"), ["at"], unique=False)

    op.create_table(
        "commands",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_commands_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "id", name=op.f("pk_commands")),
    )
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("ck_events_seq")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_events_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_events")),
    )
    op.create_table(
        "presence",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("presence", sa.String(length=10), nullable=False),
        sa.Column("seen_at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("presence IN ('available', 'busy', 'away')", name=op.f("ck_presence_presence")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_presence_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", handover.store.tables.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_table(
        "turns",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", handover.store.tables.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("engine_ms", sa.Float(), nullable=True),
        sa.CheckConstraint("status IN ('queued', 'leased', 'done')", name=op.f("ck_turns_status")),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"], ["events.conversation_id", "events.seq"], name=op.f("fk_turns_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_turns")),
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index("ix_turns_open", ["status", "lease_until"], unique=False)

    op.create_table(
        "catalogue_imports",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_imports")),
    )
    op.create_table(
        "catalogue_placeholders",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catalogue_placeholders")),
    )
    op.create_table(
        "catalogue_services",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("search_words", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("audience IN ('citizen', 'staff')", name=op.f("ck_catalogue_services_audience")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_services")),
    )
    op.create_table(
        "catalogue_faqs",
        sa.Column("id", sa.String(length=81), nullable=False),
        sa.Column("service_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("law", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("reviewed", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("related", sa.JSON(), nullable=False),
        sa.CheckConstraint("source IN ('facts', 'law', 'example')", name=op.f("ck_catalogue_faqs_source")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["catalogue_services.id"], name=op.f("fk_catalogue_faqs_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_faqs")),
    )
    op.create_table(
        "catalogue_answers",
        sa.Column("faq_id", sa.String(length=81), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("translation", sa.String(), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["faq_id"], ["catalogue_faqs.id"], name=op.f("fk_catalogue_answers_faq_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("faq_id", "language", name=op.f("pk_catalogue_answers")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("catalogue_answers")
    op.drop_table("catalogue_faqs")
    op.drop_table("catalogue_services")
    op.drop_table("catalogue_placeholders")
    op.drop_table("catalogue_imports")
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index("ix_turns_open")

    op.drop_table("turns")
    op.drop_table("sessions")
    op.drop_table("presence")
    op.drop_table("events")
    op.drop_table("commands")
    with op.batch_alter_table("waits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waits_at"))

    op.drop_table("waits")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_timer")
        batch_op.drop_index("ix_conversations_queue")
        batch_op.drop_index("ix_conversations_owner")

    op.drop_table("conversations")
    op.drop_table("accounts")
