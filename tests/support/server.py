"""A real uvicorn server on a free loopback port, inside the test's event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from handover.api.frames import MAX_FRAME_BYTES
from tests.support.waiting import eventually

LOOPBACK = "127.0.0.1"


class QuietServer(uvicorn.Server):
    """A server that leaves the signals of the test run alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


def free_socket() -> socket.socket:
    """Return a socket bound to a free loopback port."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, 0))
    return bound


@asynccontextmanager
async def serving(app: Any, port: int | None = None, **options: Any) -> AsyncIterator[int]:
    """Serve an ASGI app with the options of `handover.__main__`; yields the port."""
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=2 * MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
        access_log=False,
        log_level="warning",
        **options,
    )
    server = QuietServer(config)
    bound = free_socket() if port is None else _bound_to(port)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await eventually(lambda: server.started or task.done(), "the server")
        if task.done():
            await task
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await task


def _bound_to(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, port))
    return bound
