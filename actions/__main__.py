"""Serve the actions on loopback: `python -m actions`.

Reads `KONTAKT_ACTIONS_PORT`, `KONTAKT_DATABASE_URL`, `KONTAKT_SERVED_DATA` or else `KONTAKT_DATA`,
and `KONTAKT_ENGINE_SECRET`. Calls without the secret in `X-Kontakt-Secret` are refused.
"""

from __future__ import annotations

import hmac
import logging
import os
from pathlib import Path
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from actions.actions import ALL_ACTIONS
from actions.source import AssistantSource

SECRET_HEADER = "X-Kontakt-Secret"
LOOPBACK = "127.0.0.1"


def build_app(source: AssistantSource, secret: str) -> Sanic[Any, Any]:
    """Return rasa-sdk's app with our actions, behind the secret; errors never repeat the request's text."""
    executor = ActionExecutor()
    for action in ALL_ACTIONS:
        executor.register_action(action(source))
    app: Sanic[Any, Any] = create_app(executor)

    @app.on_request
    async def check_secret(request: Request) -> HTTPResponse | None:
        if request.path == "/health":
            return None
        given = request.headers.get(SECRET_HEADER) or ""
        if hmac.compare_digest(given.encode(), secret.encode()):
            return None
        return json({"error": "the secret is missing or wrong"}, status=401)

    @app.on_response  # type: ignore[untyped-decorator]
    async def hide_request(request: Request, response: HTTPResponse) -> HTTPResponse | None:
        if response.status != 500:
            return None
        return json({"error": "the action failed"}, status=500)

    @app.after_server_stop
    async def close_source(_: Sanic[Any, Any]) -> None:
        await source.close()

    return app


def main() -> None:
    """Run until stopped."""
    logging.basicConfig(level=logging.WARNING)
    data = os.environ.get("KONTAKT_SERVED_DATA") or os.environ["KONTAKT_DATA"]
    source = AssistantSource(os.environ["KONTAKT_DATABASE_URL"], Path(data))
    app = build_app(source, os.environ["KONTAKT_ENGINE_SECRET"])
    app.run(
        host=LOOPBACK,
        port=int(os.environ["KONTAKT_ACTIONS_PORT"]),
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
