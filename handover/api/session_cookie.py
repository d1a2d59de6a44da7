"""The session cookie: read by our own pages' requests only, by no script, and in production over https alone."""

from __future__ import annotations

from starlette.responses import Response

from handover.api.services import SESSION_COOKIE
from handover.settings import Mode, Settings


def set_session(response: Response, token: str, settings: Settings) -> None:
    """Give the browser its session."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(settings.session_max_seconds),
        path="/",
        secure=settings.mode is Mode.PRODUCTION,
        httponly=True,
        samesite="strict",
    )


def forget_session(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(SESSION_COOKIE, path="/")
