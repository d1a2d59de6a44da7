"""Models, which of them was in service when, trainings."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""


def downgrade() -> None:
    """Take the change back."""
