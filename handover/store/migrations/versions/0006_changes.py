"""Change sets of examples and answers."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""


def downgrade() -> None:
    """Take the change back."""
