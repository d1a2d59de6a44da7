"""Running a coroutine from plain code, wherever that is."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_apart[T](work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in a thread of its own: Playwright keeps a loop in the main one from the first story on."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()
