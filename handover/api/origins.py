"""Which pages may connect: our own, and those that the operator names."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from handover.settings import Settings


def is_allowed_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Tell whether the page that connects may; programs that send no Origin may, they hold no cookies of ours."""
    origin = connection.headers.get("origin")
    return origin is None or origin in settings.allowed_origins or is_own_origin(connection)


def is_own_origin(connection: HTTPConnection) -> bool:
    """Tell whether the request comes from a page that we served ourselves."""
    origin = connection.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == connection.headers.get("host")
