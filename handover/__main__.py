"""Serve the handover service: `python -m handover`. Settings come from the environment, see docs/settings.md."""

from __future__ import annotations

import sys

import uvicorn
from pydantic import ValidationError

from catalogue.documents import CatalogueError
from handover.api.frames import MAX_FRAME_BYTES
from handover.app import create_app
from handover.settings import Settings

#: Sockets get this long to say goodbye; shutdown as a whole stays within ten seconds.
SHUTDOWN_SECONDS = 5
BACKLOG = 2_048


def main() -> int:
    """Run until stopped; the exit code."""
    try:
        settings = Settings()
        app = create_app(settings)
    except ValidationError as error:
        for fault in error.errors():
            print(f"settings: {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 2
    config = uvicorn.Config(
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
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
