"""A refusal is an outcome too: it is kept with the command's id."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change; the previous release writes commands without the column."""
    op.add_column("commands", sa.Column("refused", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("commands", "refused")
