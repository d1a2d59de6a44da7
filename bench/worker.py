"""Processes that make the load: they get orders as lines of JSON on standard input and answer each with a line."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvloop

from bench.running import BenchError, raise_file_limit, stop
from scripts.stack import ROOT

Order = dict[str, Any]
Result = dict[str, Any]
Orders = dict[str, Callable[[Order], Awaitable[Result]]]


class Worker:
    """A process that does what it is told: a line of JSON in, a line of JSON out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid

    def ask(self, what: str, **fields: Any) -> dict[str, Any]:
        """Let it do one thing; return what came of it. Raises `BenchError` when it gives up."""
        self.tell(what, **fields)
        return self.answer(what)

    def tell(self, what: str, **fields: Any) -> None:
        """Begin one thing, so that several workers do theirs at the same time."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **fields}) + "\n")
        self._process.stdin.flush()

    def answer(self, what: str) -> dict[str, Any]:
        """Wait for what came of it."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchError(f"the load gave up during: {what}")
        return cast(dict[str, Any], json.loads(line))


@contextmanager
def worker(module: str) -> Iterator[Worker]:
    """Run `python -m <module>` and talk to it until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Worker(process)
    finally:
        stop(process)


def obey(make: Callable[[], Orders]) -> None:
    """Be such a process: carry out orders until standard input ends."""

    async def serve() -> None:
        orders = make()
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            print(json.dumps(await orders[order["do"]](order)), flush=True)

    raise_file_limit()
    uvloop.run(serve())
