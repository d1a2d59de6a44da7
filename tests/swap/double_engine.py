"""The engine double as a process that serves a model file: `python -m tests.swap.double_engine --model F --port N`.

A model whose id begins with `broken` is never loaded, as when Rasa misses a part of it; one that begins with `fatal`
ends the process, and of one that begins with `mute` no sentence can be judged.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from keeper.model_files import ModelFiles, read_model_id
from tests.support.engine_double import EngineDouble, engine_double

LOADING_SECONDS = 1.0
TURN_SECONDS = (0.01, 0.06)


class ModelDouble(EngineDouble):
    """The double with a model of a file."""

    def __init__(self, model_id: str) -> None:
        super().__init__()
        self.secret = os.environ["KONTAKT_ENGINE_SECRET"]
        self.model_id = model_id
        self.healthy = not model_id.startswith("broken")
        if model_id.startswith("mute"):
            self.judge = lambda _: JSONResponse({}, 500)

    async def turn(self, request: Request) -> Response:
        """Answer a turn after a moment."""
        await asyncio.sleep(random.uniform(*TURN_SECONDS))  # noqa: S311
        answer = await super().turn(request)
        self.asked.clear()
        return answer


async def _serve(model_id: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await asyncio.sleep(LOADING_SECONDS)
    async with engine_double(port, lambda: ModelDouble(model_id)):
        await stop.wait()


def main() -> int:
    """Run until stopped; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    model_id = read_model_id(ModelFiles(options.model.parent).get(options.model.name.removesuffix(".tar.gz")))
    if model_id.startswith("fatal"):
        print("det gick inte att ladda modellen", file=sys.stderr)
        return 3
    asyncio.run(_serve(model_id, options.port))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
