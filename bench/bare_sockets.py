"""A bare uvicorn and starlette app that echoes, to weigh open sockets with nothing behind them.

`python -m bench.bare_sockets <port>`; uvicorn is set up as `handover/__main__.py` does it.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from scripts.stack import LOOPBACK


async def echo(socket: WebSocket) -> None:
    """Give back each message."""
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return


async def ready(_: Request) -> PlainTextResponse:
    """Say that it runs."""
    return PlainTextResponse("ok")


def main(port: int) -> None:
    """Serve until stopped."""
    app = Starlette(routes=[WebSocketRoute("/echo", echo), Route("/ready", ready)])
    uvicorn.run(
        app,
        host=LOOPBACK,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        backlog=2_048,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
