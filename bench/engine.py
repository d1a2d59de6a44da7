"""`make bench-engine`: one parse, one turn, many turns at once, and the memory of one engine process with its actions.

The questions are those of `tests/nlu` that the assistant is not trained on, asked as the handover service asks them.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import time
import uuid
from contextlib import AsyncExitStack
from typing import Any

from bench.figures import Summary, summed_up
from bench.plain import Plain
from bench.report import Row, at_most, table, wanted_at_least
from bench.running import machine, weigh
from handover.engine import SECRET_HEADER, TURN_PATH
from handover.evaluate import read_questions
from handover.settings import Settings
from scripts.scratch_engine import ScratchEngine, scratch_engine
from scripts.stack import LOOPBACK, ROOT, RunError

CLIENTS = 8
TURNS = 400
SECONDS = 15.0
WARM_UP_TURNS = 50
SEED = 7
KIB_IN_MIB = 1024
#: What is wanted of one engine process.
PARSE_MS, TURN_MS, PER_SECOND, MEMORY_MB = 8.0, 15.0, 120.0, 900.0


class Client:
    """Asks questions one after the other over one connection, each as the first of a conversation of its own."""

    def __init__(self, plain: Plain, secret: str, questions: list[str], offset: int) -> None:
        self._plain = plain
        self._secret = secret
        self._questions = itertools.islice(itertools.cycle(questions), offset, None)

    async def ask(self) -> dict[str, Any]:
        """Ask the next question; return the engine's answer."""
        body = {
            "conversation_id": f"bench-{uuid.uuid4()}",
            "turn_id": str(uuid.uuid4()),
            "text": next(self._questions),
            "language": "sv",
            "audience": "citizen",
            "context": {},
        }
        return await self._plain.post(TURN_PATH, body, {SECRET_HEADER: self._secret})


async def one_by_one(client: Client) -> tuple[Summary, Summary]:
    """Return what a parse and a whole turn take, in seconds, when nothing else is asked."""
    for _ in range(WARM_UP_TURNS):
        await client.ask()
    parses, turns = [], []
    for _ in range(TURNS):
        began = time.perf_counter()
        answer = await client.ask()
        turns.append(time.perf_counter() - began)
        parses.append(answer["parse_ms"] / 1_000)
    return summed_up(parses), summed_up(turns)


async def at_once(clients: list[Client]) -> float:
    """Return how many turns a second are answered when every client asks again as soon as it is answered."""
    until = time.perf_counter() + SECONDS
    answered = 0

    async def go_on(client: Client) -> None:
        nonlocal answered
        while time.perf_counter() < until:
            await client.ask()
            answered += 1

    began = time.perf_counter()
    await asyncio.gather(*map(go_on, clients))
    return answered / (time.perf_counter() - began)


async def load(engine: ScratchEngine, questions: list[str]) -> tuple[Summary, Summary, float]:
    """Ask one by one, then all at once."""
    async with AsyncExitStack() as stack:
        plains = [await stack.enter_async_context(Plain(LOOPBACK, engine.port)) for _ in range(CLIENTS)]
        clients = [Client(plain, engine.secret, questions, number * 17) for number, plain in enumerate(plains)]
        parse, turn = await one_by_one(clients[0])
        return parse, turn, await at_once(clients)


def questions() -> list[str]:
    """Return the held-out questions of citizens in an order of their own."""
    found = [
        q.text for path in sorted((ROOT / "tests" / "nlu").glob("*.jsonl")) for q in read_questions(path) if q.expect
    ]
    random.Random(SEED).shuffle(found)  # noqa: S311  (an order, no secret)
    return found


def measure() -> list[Row]:
    """Run engine and actions on a database of their own; return the rows."""
    with scratch_engine(Settings()) as engine:
        parse, turn, per_second = asyncio.run(load(engine, questions()))
        memory = weigh(engine.pid).rss / KIB_IN_MIB
    return [
        at_most("engine", "one parse, p50", parse["p50"], "ms", PARSE_MS),
        Row("engine", "one parse, p99", parse["p99"], "ms"),
        at_most("engine", "one turn, p50", turn["p50"], "ms", TURN_MS),
        Row("engine", "one turn, p99", turn["p99"], "ms"),
        wanted_at_least("engine", f"turns a second, {CLIENTS} clients", per_second, "/s", PER_SECOND),
        at_most("engine", "memory of the engine process", memory, "MiB", MEMORY_MB),
    ]


def main() -> int:
    """Measure and print; the exit code."""
    try:
        rows = measure()
    except RunError as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 1
    print("\n" + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in machine().items()))
    print(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
