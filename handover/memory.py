"""When the interpreter looks for circular garbage: all of it seldom, for with ten thousand chats that takes a second.

Most objects here die by themselves. What is circular and old, such as a socket that was open for long, is looked for
once an hour.
"""

from __future__ import annotations

import asyncio
import gc

#: New objects before the young are looked through, and young looks before the middle-aged are.
YOUNG_OBJECTS, YOUNG_LOOKS = 10_000, 20
#: So many looks at the middle-aged do not come together within the hour.
NEVER = 1_000_000
COLLECT_EVERY_SECONDS = 3_600.0


def keep_collections_short() -> None:
    """Leave all that was loaded at the start out of every collection, and old objects out of the ordinary ones."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_LOOKS, NEVER)


async def collect_now_and_then() -> None:
    """Look for all garbage once an hour, until cancelled."""
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        gc.collect()
