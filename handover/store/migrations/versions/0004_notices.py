"""Notices of disturbances."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables as t

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the table."""
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("starts_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_by_name", sa.String(length=120), nullable=False),
        sa.Column("ended_at", t.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_by_name", sa.String(length=120), nullable=True),
        sa.CheckConstraint("severity IN ('info', 'warning', 'critical')", name=op.f("ck_notices_severity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_until", "notices", ["until"])


def downgrade() -> None:
    """Take the change back; what was announced is forgotten."""
    op.drop_table("notices")
