"""Bring the database's schema up to date; `python -m handover.store.migrate`.

Migrations work with the previous release. On PostgreSQL an advisory lock lets them run once though several
replicas start together, and a lock time-out keeps them from holding up a busy table.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from handover.settings import Settings
from handover.store.database import Database

SCRIPTS = Path(__file__).with_name("migrations")
#: Any number that nothing else in this database locks by.
ADVISORY_LOCK = 582_000_001
LOCK_TIMEOUT = "5s"


def upgrade(connection: Connection) -> None:
    """Run all migrations that the database lacks, in the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate(url: str) -> None:
    """Bring the database at `url` up to date."""
    # Waiting for another replica's migrations, and migrating much, may both take their time.
    database = Database(url, statement_timeout_seconds=None)
    try:
        await database.write(upgrade)
    finally:
        await database.close()


def main() -> None:
    """Migrate the database of the settings."""
    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(migrate(settings.resolved_database_url))


if __name__ == "__main__":
    main()
