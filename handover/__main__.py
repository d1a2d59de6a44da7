"""Serve the handover service: `python -m handover`. Settings come from the environment, see docs/settings.md."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from catalogue.documents import CatalogueError
from handover.api.frames import MAX_FRAME_BYTES
from handover.api.services import Services
from handover.app import create_app
from handover.memory import keep_collections_short
from handover.settings import Settings

#: Sockets get this long to say goodbye; shutdown as a whole stays within ten seconds.
GOODBYE_SECONDS = 1.0
SHUTDOWN_SECONDS = 4
BACKLOG = 2_048
#: The thread that writes SQLite needs the interpreter ten times in a transaction, and should not wait 5 ms each time.
SWITCH_INTERVAL_SECONDS = 0.0005


class PoliteServer(uvicorn.Server):
    """uvicorn, but browsers are told to come back (1001) before their sockets are closed under them."""

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self._services = services

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse newcomers, say goodbye, then let uvicorn close what is left."""
        self._services.stopping.set()
        deadline = asyncio.get_running_loop().time() + GOODBYE_SECONDS
        while self.server_state.connections and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)


def server_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return how the app is served."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        ws_max_size=2 * MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        backlog=BACKLOG,
        forwarded_allow_ips=list(settings.trusted_proxies),
        access_log=False,
        log_level="warning",
    )


def main(build: Callable[[Settings], FastAPI] = create_app) -> int:
    """Run until stopped what `build` makes of the settings; the exit code."""
    try:
        settings = Settings()
        app = build(settings)
    except ValidationError as error:
        for fault in error.errors():
            print(f"settings: {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 2
    keep_collections_short()
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    PoliteServer(server_config(app, settings), app.state.services).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
