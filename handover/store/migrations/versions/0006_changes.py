"""Change sets of examples and answers."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables as t

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""
    op.create_table(
        "change_sets",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("branch", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("opened_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_by_name", sa.String(length=120), nullable=False),
        sa.Column("changed_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("served", sa.String(length=64), nullable=True),
        sa.Column("served_at", t.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'in_training', 'in_service', 'abandoned')", name=op.f("ck_change_sets_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_sets")),
    )
    op.create_index("ix_change_sets_state", "change_sets", ["state", "changed_at"])
    op.create_table(
        "change_edits",
        sa.Column("change_set", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=130), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change_set"], ["change_sets.id"], name=op.f("fk_change_edits_change_set")),
        sa.PrimaryKeyConstraint("change_set", "number", name=op.f("pk_change_edits")),
    )


def downgrade() -> None:
    """Take the change back; the branches stay."""
    op.drop_table("change_edits")
    op.drop_table("change_sets")
