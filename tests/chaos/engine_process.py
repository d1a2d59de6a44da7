"""The engine double as a process of its own: `python -m tests.chaos.engine_process --port N`.

It answers after a small random delay, so that a guide who takes over may meet a turn that is under way.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from tests.support.engine_double import Body, EngineDouble, engine_double, reply, turn_answer

#: Most answers are quick; some are slow enough to be overtaken by everything.
QUICK_SECONDS = (0.01, 0.15)
SLOW_SECONDS = (0.3, 1.2)
SLOW_SHARE = 0.1
#: How often the double gives up and fetches a person.
ESCALATED_SHARE = 0.03


class SlowDouble(EngineDouble):
    """The double with delays drawn from a seeded source."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.secret = os.environ["KONTAKT_ENGINE_SECRET"]
        self._random = random.Random(seed)  # noqa: S311
        self.answer = self._answer

    async def turn(self, request: Request) -> Response:
        """Answer a turn after a while."""
        low, high = SLOW_SECONDS if self._random.random() < SLOW_SHARE else QUICK_SECONDS
        await asyncio.sleep(self._random.uniform(low, high))
        answer = await super().turn(request)
        self.asked.clear()
        return answer

    def _answer(self, body: Body) -> Body:
        said = body.get("text") or body["payload"]
        if self._random.random() < ESCALATED_SHARE:
            return turn_answer(reply("Jag hämtar en kollega.", "escalated", escalate="low_confidence"))
        return turn_answer(reply(f"Du skrev: {said}"))


async def serve(port: int, make: Callable[[], EngineDouble]) -> None:
    """Serve until asked to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with engine_double(port, make):
        await stop.wait()


def main() -> None:
    """Run until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    asyncio.run(serve(port, lambda: SlowDouble(port)))


if __name__ == "__main__":
    main()
