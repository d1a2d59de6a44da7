"""Which pages may connect and change something: our own, and for citizens those that the operator names."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from handover.api.errors import render_error
from handover.core.errors import HandoverError
from handover.settings import Settings

#: What is asked for there carries a conversation's token, which no browser sends by itself as it does a cookie.
CITIZEN_PATH = "/api/v1/conversations"
#: Methods that change nothing.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_allowed_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Tell whether the page that connects may open conversations: one of ours, or one that the operator names."""
    return connection.headers.get("origin") in settings.allowed_origins or is_own_origin(connection)


def is_own_origin(connection: HTTPConnection) -> bool:
    """Tell whether the request comes from a page that we served ourselves, or from no page at all.

    Browsers name the origin with every request that changes something and with every socket. What names none is a
    program, which has no cookies but those that its user gave it; should a browser leave the origin out all the same,
    its `Sec-Fetch-Site` still tells a page of somebody else's.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    return urlsplit(origin).netloc == connection.headers.get("host")


class OriginGuard:
    """Plain ASGI middleware: what changes something is refused to pages of others, whatever the route."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer `origin_refused`; sockets look themselves, to say so in a frame."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and not self._may(HTTPConnection(scope)):
            await render_error(HandoverError("origin_refused"))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may(self, connection: HTTPConnection) -> bool:
        path = connection.scope["path"]
        if path == CITIZEN_PATH or path.startswith(f"{CITIZEN_PATH}/"):
            return is_allowed_origin(connection, self._settings)
        return is_own_origin(connection)
