"""Roles, skills and capacity, who took what, supervision levels with their audit log, and reviews."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables as t

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release writes accounts and presence without the new columns."""
    # Column by column: SQLite would make the table anew, and drop the sessions of everybody with the old one.
    for column in (
        sa.Column("roles", sa.JSON(), nullable=False, server_default='["guide"]'),
        sa.Column("subject", sa.String(length=400), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("capacity", sa.Integer(), nullable=False, server_default="3"),
        sa.Column("services", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("languages", sa.JSON(), nullable=False, server_default='["sv", "en"]'),
    ):
        op.add_column("accounts", column)
    op.create_index("ix_accounts_subject", "accounts", ["subject"], unique=True)
    op.execute("UPDATE accounts SET roles = '[\"staff\"]' WHERE role = 'staff'")
    with op.batch_alter_table("presence") as presence:
        presence.add_column(sa.Column("active_at", t.UtcDateTime(timezone=True), nullable=True))
        presence.add_column(sa.Column("automatic", sa.Boolean(), nullable=False, server_default=sa.false()))
        presence.drop_constraint(op.f("ck_presence_presence"), type_="check")
        presence.create_check_constraint(
            op.f("ck_presence_presence"), "presence IN ('available', 'busy', 'away', 'closed')"
        )
    op.create_index("ix_conversations_account", "conversations", ["account_id"])
    op.create_index("ix_conversations_draft", "conversations", ["draft_id"])
    op.create_table(
        "assignments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_table(
        "faq_levels",
        sa.Column("faq", sa.String(length=130), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("cap_lifted", sa.Boolean(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("floor", sa.Float(), nullable=True),
        sa.Column("since", t.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "level IN ('off', 'shadow', 'approve', 'sampled', 'auto')", name=op.f("ck_faq_levels_level")
        ),
        sa.PrimaryKeyConstraint("faq", name=op.f("pk_faq_levels")),
    )
    op.create_table(
        "supervision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("all_off", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_supervision_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_table(
        "level_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("faq", sa.String(length=130), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("from_level", sa.String(length=10), nullable=True),
        sa.Column("to_level", sa.String(length=10), nullable=True),
        sa.Column("by_id", sa.String(length=64), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "action IN ('promoted', 'demoted', 'set', 'cap_lifted', 'cap_restored', 'bounds_set', 'all_off', 'all_on')",
            name=op.f("ck_level_changes_action"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_changes")),
    )
    op.create_table(
        "reviews",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("faq", sa.String(length=130), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("label", sa.String(length=30), nullable=True),
        sa.Column("harmful", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("judged_at", t.UtcDateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.String(length=64), nullable=True),
        sa.Column("agreement", sa.Float(), nullable=True),
        sa.Column("edit_distance", sa.Float(), nullable=True),
        sa.CheckConstraint("status IN ('listed', 'drafted', 'judged', 'void')", name=op.f("ck_reviews_status")),
        sa.CheckConstraint("verdict IN ('good', 'edited', 'wrong', 'unclear')", name=op.f("ck_reviews_verdict")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_reviews_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "item", "faq", name=op.f("pk_reviews")),
    )
    op.create_index("ix_assignments_account", "assignments", ["account_id", "at"])
    op.create_index("ix_level_changes_faq", "level_changes", ["faq", "at"])
    op.create_index("ix_reviews_faq", "reviews", ["faq", "judged_at"])
    op.create_index("ix_reviews_status", "reviews", ["status", "at"])
    op.execute("INSERT INTO supervision (id, revision, all_off) VALUES (1, 0, false)")


def downgrade() -> None:
    """Take the change back; guides that are done for the day are away again."""
    for table in ("reviews", "level_changes", "supervision", "faq_levels", "assignments"):
        op.drop_table(table)
    op.drop_index("ix_conversations_draft", "conversations")
    op.drop_index("ix_conversations_account", "conversations")
    op.execute("UPDATE presence SET presence = 'away' WHERE presence = 'closed'")
    with op.batch_alter_table("presence") as presence:
        presence.drop_constraint(op.f("ck_presence_presence"), type_="check")
        presence.create_check_constraint(op.f("ck_presence_presence"), "presence IN ('available', 'busy', 'away')")
        presence.drop_column("automatic")
        presence.drop_column("active_at")
    op.drop_index("ix_accounts_subject", "accounts")
    for name in ("languages", "services", "capacity", "disabled", "subject", "roles"):
        op.drop_column("accounts", name)
