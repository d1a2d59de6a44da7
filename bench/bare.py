"""What the machine itself can do: bare `websockets` that echo, and bare committed inserts with the same drivers."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import aiosqlite
import asyncpg
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from bench.databases import Store
from bench.options import Backend
from bench.running import background
from scripts.stack import LOOPBACK, free_port

#: As many sockets as speak at once, each with one message under way.
ECHO_SOCKETS = 50
ROW = "x" * 300
PARALLEL_CONNECTIONS = 8

_clock = time.perf_counter


def echoes_per_second(seconds: float) -> float:
    """Return how many messages a second a bare server in a process of its own gives back."""
    port = free_port()
    with background([sys.executable, "-m", "bench.bare", str(port)], "echo.log"):
        return uvloop.run(_echo(port, seconds))


async def _echo(port: int, seconds: float) -> float:
    sockets = [await _connect(port) for _ in range(ECHO_SOCKETS)]
    until = _clock() + seconds

    async def talk(socket: ClientConnection) -> int:
        count = 0
        while _clock() < until:
            await socket.send(ROW)
            await socket.recv()
            count += 1
        return count

    began = _clock()
    counts = await asyncio.gather(*(talk(socket) for socket in sockets))
    took = _clock() - began
    for socket in sockets:
        await socket.close()
    return sum(counts) / took


async def _connect(port: int) -> ClientConnection:
    for _ in range(100):
        try:
            return await connect(f"ws://{LOOPBACK}:{port}", compression=None, proxy=None)
        except OSError:
            await asyncio.sleep(0.05)
    raise OSError("the echo server did not start")


def inserts_per_second(store: Store, seconds: float, connections: int = 1) -> float:
    """Return how many committed rows a second the bare driver writes, each connection one after another."""
    return uvloop.run(_insert(store, seconds, connections))


async def _insert(store: Store, seconds: float, connections: int) -> float:
    writers = [await _writer(store) for _ in range(connections)]
    until = _clock() + seconds

    async def write(insert: Callable[[], Awaitable[object]]) -> int:
        count = 0
        while _clock() < until:
            await insert()
            count += 1
        return count

    began = _clock()
    counts = await asyncio.gather(*(write(insert) for insert, _ in writers))
    took = _clock() - began
    for _, close in writers:
        await close()
    return sum(counts) / took


Writer = tuple[Callable[[], Awaitable[object]], Callable[[], Awaitable[object]]]


async def _writer(store: Store) -> Writer:
    if store.backend is Backend.SQLITE:
        return await _sqlite_writer(store.bare)
    return await _postgres_writer(store.bare)


async def _sqlite_writer(path: str) -> Writer:
    connection = await aiosqlite.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        await connection.execute(f"PRAGMA {pragma}")
    await connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, body TEXT)")

    async def insert() -> None:
        await (await connection.execute("INSERT INTO bare (body) VALUES (?)", (ROW,))).close()

    return insert, connection.close


async def _postgres_writer(socket_folder: str) -> Writer:
    connection = await asyncpg.connect(host=socket_folder, user="postgres", database="bare")
    await connection.execute("CREATE TABLE IF NOT EXISTS bare (id BIGSERIAL PRIMARY KEY, body TEXT)")

    async def insert() -> None:
        await connection.execute("INSERT INTO bare (body) VALUES ($1)", ROW)

    return insert, connection.close


async def _give_back(socket: ServerConnection) -> None:
    async for message in socket:
        await socket.send(message)


async def _serve(port: int) -> None:
    async with serve(_give_back, LOOPBACK, port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
