"""Models, which of them was in service when, trainings."""

import sqlalchemy as sa
from alembic import op

import handover.store.tables as t

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""
    op.create_table(
        "models",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("model_id", sa.String(length=80), nullable=True),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("tree", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("gate", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.String(length=64), nullable=True),
        sa.Column("made_by_name", sa.String(length=120), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_models")),
    )
    op.create_table(
        "model_switches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("overridden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("kind IN ('begun', 'put', 'rolled_back', 'failed')", name=op.f("ck_model_switches_kind")),
        sa.ForeignKeyConstraint(["model"], ["models.name"], name=op.f("fk_model_switches_model_models")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_switches")),
    )
    op.create_index("ix_model_switches_kind", "model_switches", ["kind", "at"])
    op.create_table(
        "trainings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("change_set", sa.String(length=64), nullable=True),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("started_by_id", sa.String(length=64), nullable=True),
        sa.Column("started_by_name", sa.String(length=120), nullable=True),
        sa.Column("started_at", t.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", t.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'training', 'judging', 'done', 'failed', 'cancelled')",
            name=op.f("ck_trainings_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index("ix_trainings_started_at", "trainings", ["started_at"])


def downgrade() -> None:
    """Take the change back; what was in service when is forgotten, model files stay."""
    op.drop_table("trainings")
    op.drop_table("model_switches")
    op.drop_table("models")
