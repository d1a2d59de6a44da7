"""Citizens who have their chat open and say nothing, in a process of their own: `python -m bench.idle_load`."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from bench.figures import summed_up
from bench.plain import Plain, PlainError
from bench.wire import Wire, WireError, connect
from bench.worker import Order, Orders, Result, obey

PARALLEL = 16
ARRIVE_SECONDS = 10.0
SEED = 7
#: What is said over HTTP; its number is found again on the socket.
TEXT = "Hej, är det någon där? Jag väntar fortfarande på besked om min ansökan. zq{letters}zq"

_clock = time.perf_counter


class Chat:
    """An open chat: its socket, and the moment when what was said last arrived."""

    def __init__(self) -> None:
        self.wire: Wire | None = None
        self.conversation_id = ""
        self.token = ""
        self.open = asyncio.Event()
        self.wanted = b""
        self.arrived: asyncio.Future[float] | None = None

    def read(self, payload: bytes) -> None:
        """Look whether it is what is waited for."""
        if self.arrived is None:
            self.open.set()
        elif self.wanted in payload and not self.arrived.done():
            self.arrived.set_result(_clock())


class Load:
    """All chats of this process."""

    def __init__(self) -> None:
        self._host = ""
        self._port = 0
        self._chats: list[Chat] = []
        self._chance = random.Random(SEED)  # noqa: S311

    async def open(self, order: Order) -> Result:
        """Open so many chats more; `bare` ones are sockets and no more."""
        self._host, self._port = order["host"], order["port"]
        left = iter(range(order["count"]))
        began = _clock()

        async def some(plain: Plain) -> None:
            for _ in left:
                self._chats.append(await (self._open_bare() if order["bare"] else self._open(plain)))

        await self._in_parallel([some] * PARALLEL)
        return {"open": len(self._chats), "seconds": round(_clock() - began, 1)}

    async def _open(self, plain: Plain) -> Chat:
        chat = Chat()
        opened = await plain.post("/api/v1/conversations", {})
        chat.conversation_id, chat.token = opened["conversation_id"], opened["token"]
        chat.wire = await connect(self._host, self._port, "/api/v1/citizen", chat.read)
        hello = {"type": "hello", "conversation_id": chat.conversation_id, "token": chat.token, "after": 0}
        chat.wire.send(json.dumps(hello).encode())
        await chat.open.wait()
        return chat

    async def _open_bare(self) -> Chat:
        chat = Chat()
        chat.wire = await connect(self._host, self._port, "/echo", chat.read)
        chat.wire.send(b"hello")
        await chat.open.wait()
        return chat

    async def reach(self, order: Order) -> Result:
        """Say something in random chats over HTTP, at a rate; take the time until it stands on the open socket."""
        took: list[float] = []
        faults: list[str] = []
        chats = self._chance.sample(self._chats, min(order["messages"], len(self._chats)))
        began = _clock()
        left = enumerate(chats)

        async def some(plain: Plain) -> None:
            for number, chat in left:
                await asyncio.sleep(max(0.0, began + number / order["rate"] - _clock()))
                try:
                    took.append(await _say(plain, chat, number))
                except (TimeoutError, PlainError, WireError) as error:
                    faults.append(f"{type(error).__name__}: {error}")

        await self._in_parallel([some] * PARALLEL)
        return {"reached": summed_up(took), "faults": len(faults), "fault": faults[0] if faults else ""}

    async def still_open(self, _: Order) -> Result:
        """Tell how many sockets are open."""
        return {"open": sum(chat.wire is not None and not chat.wire.closed for chat in self._chats)}

    async def _in_parallel(self, work: list[Callable[[Plain], Awaitable[None]]]) -> None:
        async with AsyncExitStack() as stack:
            plains = [await stack.enter_async_context(Plain(self._host, self._port)) for _ in work]
            await asyncio.gather(*(one(plain) for one, plain in zip(work, plains, strict=True)))


async def _say(plain: Plain, chat: Chat, number: int) -> float:
    letters = f"{number:06d}".translate(str.maketrans("0123456789", "abcdefghij"))
    chat.wanted = f"zq{letters}zq".encode()
    chat.arrived = asyncio.get_running_loop().create_future()
    body: dict[str, Any] = {"type": "say", "id": f"bench-{letters}", "text": TEXT.format(letters=letters)}
    began = _clock()
    headers = {"Authorization": f"Bearer {chat.token}"}
    posted = asyncio.ensure_future(plain.post(f"/api/v1/conversations/{chat.conversation_id}/commands", body, headers))
    arrived = await asyncio.wait_for(chat.arrived, ARRIVE_SECONDS)
    await posted
    return arrived - began


def make() -> Orders:
    """Return what this process can be told to do."""
    load = Load()
    return {"open": load.open, "reach": load.reach, "still_open": load.still_open}


if __name__ == "__main__":
    obey(make)
