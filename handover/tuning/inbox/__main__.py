"""Make what was missed anew from the record, as after an upgrade: `python -m handover.tuning.inbox`."""

from __future__ import annotations

import asyncio

from handover.settings import Settings
from handover.store.database import Database
from handover.tuning.inbox.rebuilding import rebuild_all


async def main() -> None:
    """Rebuild all; the service may run meanwhile."""
    database = Database(Settings().resolved_database_url)
    try:
        print(f"{await rebuild_all(database)} conversations read")
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
