"""Waiting on conditions, never on the clock: each wait has a deadline and says what it waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable

#: Generous, since the machine that runs this may be busy; nothing waits this long when all is well.
DEADLINE_SECONDS = 15.0
_LOOK_EVERY_SECONDS = 0.01


async def eventually[T](
    look: Callable[[], T | Awaitable[T]], what: str = "the condition", deadline_seconds: float = DEADLINE_SECONDS
) -> T:
    """Return what `look` returns once that is true; fail at the deadline."""
    clock = asyncio.get_running_loop().time
    until = clock() + deadline_seconds
    while True:
        found = look()
        seen: T = await found if isawaitable(found) else found
        if seen:
            return seen
        if clock() > until:
            raise AssertionError(f"{what} did not come within {deadline_seconds} s")
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
