"""Making what was missed anew from the record, a few conversations at a time."""

from __future__ import annotations

from sqlalchemy import Connection

from handover.store import misses, record
from handover.store.database import Database

#: So many conversations in one transaction: nobody waits long behind it.
AT_ONCE = 50


async def rebuild_all(database: Database) -> int:
    """Make the misses of every conversation anew; return how many conversations there are."""
    after, total = "", 0
    while True:

        def work(connection: Connection, after: str = after) -> list[str]:
            ids = record.list_ids(connection, after, AT_ONCE)
            # Nobody appends to them meanwhile.
            record.lock_conversations(connection, ids)
            misses.rebuild(connection, ids)
            return ids

        done = await database.write(work)
        total += len(done)
        if len(done) < AT_ONCE:
            return total
        after = done[-1]
