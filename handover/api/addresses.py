"""Where a request comes from, and what we are called there; behind a proxy that is trusted, as the proxy says."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from handover.settings import Mode, Settings


def client_address(connection: HTTPConnection) -> str:
    """Return the address of the browser; uvicorn has put it in place of a trusted proxy's."""
    return connection.client.host if connection.client else ""


def own_address(connection: HTTPConnection, settings: Settings) -> str:
    """Return our own address as the browser knows it, without a path; in production it is always https."""
    scheme = "https" if settings.mode is Mode.PRODUCTION else connection.url.scheme
    return f"{scheme}://{connection.url.netloc}"
