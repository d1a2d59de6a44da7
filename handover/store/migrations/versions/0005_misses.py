"""What the assistant did not get right, for the inbox."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables as t

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""
    op.create_table(
        "misses",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text_key", sa.String(length=32), nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("answered", sa.String(length=130), nullable=True),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.String(length=200), nullable=True),
        sa.Column("label", sa.String(length=30), nullable=True),
        sa.Column("guesses", sa.JSON(), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id", "seq"],
            ["events.conversation_id", "events.seq"],
            name=op.f("fk_misses_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name=op.f("pk_misses")),
    )
    op.create_index("ix_misses_at", "misses", ["at"])
    op.create_index("ix_misses_text_key", "misses", ["text_key"])
    op.create_table(
        "miss_labels",
        sa.Column("text_key", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act_id", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("faq", sa.String(length=130), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("undone_at", t.UtcDateTime(timezone=True), nullable=True),
        sa.Column("change_set_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "label IN ('right', 'faq', 'new_faq', 'out_of_scope', 'skip')", name=op.f("ck_miss_labels_label")
        ),
        sa.CheckConstraint("(label = 'faq') = (faq IS NOT NULL)", name=op.f("ck_miss_labels_faq")),
        sa.CheckConstraint("(label = 'new_faq') = (name IS NOT NULL)", name=op.f("ck_miss_labels_name")),
        sa.PrimaryKeyConstraint("text_key", "version", name=op.f("pk_miss_labels")),
    )
    op.create_index("ix_miss_labels_act_id", "miss_labels", ["act_id"])
    op.create_index("ix_miss_labels_by", "miss_labels", ["by_id", "at"])
    op.create_table(
        "miss_leases",
        sa.Column("text_key", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("until", t.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("text_key", name=op.f("pk_miss_leases")),
    )
    op.create_index("ix_miss_leases_by_id", "miss_leases", ["by_id"])


def downgrade() -> None:
    """Take the change back; labels are forgotten, misses can be made anew from the record."""
    op.drop_table("miss_leases")
    op.drop_table("miss_labels")
    op.drop_table("misses")
