"""Alembic's environment: migrations run on the connection that `handover.store.migrate` gives."""

from alembic import context

from catalogue.models import Base
from handover.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[metadata, Base.metadata],
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
