"""The citizens of the turn benchmark, and the bare calls of the engine beside them: `python -m bench.turn_load`.

Both sides ask the same questions, in conversations of the same length, over connections that are kept open.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from bench.figures import summed_up
from bench.plain import Plain
from bench.wire import Wire, connect
from bench.worker import Order, Orders, Result, obey
from handover.engine import SECRET_HEADER, TURN_PATH

#: A real conversation is short; the engine's memory of it grows with each turn.
TURNS_A_CONVERSATION = 5
TURN_SECONDS = 20.0
WARM_UP_TURNS = 10
WARM_UP_SECONDS = 1.0

_clock = time.perf_counter


class TurnError(Exception):
    """A turn did not come to an answer of the assistant; the message says what came instead."""


class Asker(Protocol):
    """One side: asks in a conversation, and begins a new one."""

    async def renew(self) -> None:
        """Begin a conversation; not timed."""

    async def ask(self, text: str) -> None:
        """Return once the answer is there."""


class Bare:
    """The engine's webhook, asked as the handover service asks it."""

    def __init__(self, plain: Plain, secret: str) -> None:
        self._plain = plain
        self._headers = {SECRET_HEADER: secret}
        self._conversation = ""
        self._context: dict[str, Any] = {}
        self._turns = itertools.count()
        self.last: dict[str, Any] = {}

    async def renew(self) -> None:
        """Take another conversation's id."""
        self._conversation = f"bench-{uuid.uuid4()}"
        self._context = {}

    async def ask(self, text: str) -> None:
        """Post one turn."""
        body = {
            "conversation_id": self._conversation,
            "turn_id": f"{self._conversation}-{next(self._turns)}",
            "language": "sv",
            "audience": "citizen",
            "context": self._context,
            "text": text,
        }
        self.last = await self._plain.post(TURN_PATH, body, self._headers)
        for reply in self.last["replies"]:
            self._context = {**self._context, **reply["context"]}


class Whole:
    """A citizen's socket: from `say` to the assistant's message."""

    def __init__(self, plain: Plain, host: str, port: int) -> None:
        self._plain = plain
        self._host = host
        self._port = port
        self._wire: Wire | None = None
        self._answered: asyncio.Future[None] | None = None
        self._welcomed = asyncio.Event()
        self._fault = ""

    async def renew(self) -> None:
        """Open a conversation and its socket."""
        if self._wire is not None:
            self._wire.close()
        self._fault = ""
        opened = await self._plain.post("/api/v1/conversations", {})
        self._welcomed.clear()
        self._wire = await connect(self._host, self._port, "/api/v1/citizen", self._read)
        hello = {"type": "hello", "conversation_id": opened["conversation_id"], "token": opened["token"], "after": 0}
        self._wire.send(json.dumps(hello).encode())
        await self._welcomed.wait()

    async def ask(self, text: str) -> None:
        """Say it and wait for what the assistant says."""
        assert self._wire is not None
        self._answered = asyncio.get_running_loop().create_future()
        frame = {"type": "say", "id": f"bench-{uuid.uuid4()}", "text": text}
        self._wire.send(json.dumps(frame, ensure_ascii=False).encode())
        await asyncio.wait_for(self._answered, TURN_SECONDS)
        if self._fault:
            raise TurnError(self._fault)

    def _read(self, payload: bytes) -> None:
        if payload.startswith(b'{"type":"welcome"'):
            self._welcomed.set()
        elif payload.startswith(b'{"type":"error"') or b'"kind":"escalated"' in payload:
            self._end(payload[:300].decode(errors="replace"))
        elif payload.startswith(b'{"type":"event"') and b'"from":"bot"' in payload:
            self._end("")

    def _end(self, fault: str) -> None:
        self._fault = self._fault or fault
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(None)


class Load:
    """Where both sides are, and what is asked."""

    def __init__(self) -> None:
        self._host = ""
        self._engine = self._handover = 0
        self._secret = ""
        self._questions: list[str] = []

    async def choose(self, order: Order) -> Result:
        """Keep the questions that are answered at once, by the catalogue alone, so that no conversation escalates."""
        self._host, self._secret = order["host"], order["secret"]
        self._engine, self._handover = order["engine"], order["handover"]
        held = set(order["held"])
        async with Plain(self._host, self._engine) as plain:
            bare = Bare(plain, self._secret)
            for text in order["questions"]:
                await bare.renew()
                await bare.ask(text)
                replies = bare.last["replies"]
                if all(reply["decision"] == "answered" and reply["service"] not in held for reply in replies):
                    self._questions.append(text)
        return {"asked": len(order["questions"]), "kept": len(self._questions)}

    @asynccontextmanager
    async def _askers(self, side: str, count: int) -> AsyncIterator[list[Asker]]:
        async with AsyncExitStack() as stack:
            made: list[Asker] = []
            for _ in range(count):
                port = self._engine if side == "bare" else self._handover
                plain = await stack.enter_async_context(Plain(self._host, port))
                made.append(Bare(plain, self._secret) if side == "bare" else Whole(plain, self._host, port))
            yield made

    async def side_by_side(self, order: Order) -> Result:
        """Ask each question of both, in turns: what disturbs one disturbs the other."""
        bare_took: list[float] = []
        whole_took: list[float] = []
        inside: list[float] = []
        parsed: list[float] = []
        faults = 0
        async with self._askers("bare", 1) as (bare,), self._askers("whole", 1) as (whole,):
            for number in range(order["turns"] + WARM_UP_TURNS):
                text = self._questions[number % len(self._questions)]
                if number % TURNS_A_CONVERSATION == 0:
                    await bare.renew()
                    await whole.renew()
                first = await _timed(bare, text)
                try:
                    second = await _timed(whole, text)
                except TurnError:
                    faults += 1
                    await whole.renew()
                    continue
                if number >= WARM_UP_TURNS:
                    assert isinstance(bare, Bare)
                    bare_took.append(first)
                    whole_took.append(second)
                    inside.append(bare.last["total_ms"] / 1_000)
                    parsed.append(bare.last["parse_ms"] / 1_000)
        return {
            "bare": summed_up(bare_took),
            "whole": summed_up(whole_took),
            "engine_total": summed_up(inside),
            "engine_parse": summed_up(parsed),
            "faults": faults,
        }

    async def at_once(self, order: Order) -> Result:
        """Ask in several conversations at once, each its next question when it has its answer."""
        took: list[tuple[float, float]] = []
        faults: list[str] = []
        began = _clock() + WARM_UP_SECONDS
        until = began + order["seconds"]

        async def talk(asker: Asker, place: int) -> None:
            for number in itertools.count():
                if number % TURNS_A_CONVERSATION == 0:
                    await asker.renew()
                if _clock() > until:
                    return
                text = self._questions[(place * 7 + number) % len(self._questions)]
                try:
                    spent = await _timed(asker, text)
                except (TurnError, TimeoutError) as error:
                    faults.append(str(error) or "no answer in time")
                    await asker.renew()
                    continue
                took.append((_clock(), spent))

        async with self._askers(order["side"], order["conversations"]) as askers:
            await asyncio.gather(*(talk(asker, place) for place, asker in enumerate(askers)))
        counted = [spent for at, spent in took if began <= at <= until]
        return {
            "per_second": round(len(counted) / order["seconds"], 1),
            "took": summed_up(counted),
            "faults": len(faults),
            "fault": faults[0] if faults else "",
        }


async def _timed(asker: Asker, text: str) -> float:
    began = _clock()
    await asker.ask(text)
    return _clock() - began


def make() -> Orders:
    """Return what this process can be told to do."""
    load = Load()
    return {"choose": load.choose, "side_by_side": load.side_by_side, "at_once": load.at_once}


if __name__ == "__main__":
    obey(make)
