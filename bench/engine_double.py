"""The tests' stand-in for the engine as a process of its own: `python -m bench.engine_double <port>`."""

from __future__ import annotations

import asyncio
import sys

from bench.running import SECRET
from tests.support.engine_double import engine_double


async def serve(port: int) -> None:
    """Answer until stopped."""
    async with engine_double(port) as double:
        double.secret = SECRET
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
