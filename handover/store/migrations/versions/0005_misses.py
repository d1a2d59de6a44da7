"""What the assistant did not get right, for the inbox."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release knows nothing of the tables."""


def downgrade() -> None:
    """Take the change back."""
