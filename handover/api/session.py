"""Signing in and out over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from handover.api.access import SignedInAccount, open_to
from handover.api.frames import SignedIn, SignIn
from handover.api.services import SESSION_COOKIE, Services
from handover.api.views import signed_in
from handover.settings import Mode


def session_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/session`."""
    router = APIRouter(prefix="/api/v1/session", tags=["session"])

    @router.post("", dependencies=[open_to("whoever has a password")])
    async def sign_in(response: Response, body: SignIn) -> SignedIn:
        """Sign in; sets the session cookie."""
        account, token = await services.sign_in.sign_in(body.username, body.password)
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=int(services.settings.session_max_seconds),
            path="/",
            secure=services.settings.mode is Mode.PRODUCTION,
            httponly=True,
            samesite="strict",
        )
        return signed_in(account)

    @router.get("")
    async def who_am_i(account: SignedInAccount) -> SignedIn:
        """Return who is signed in."""
        return signed_in(account)

    @router.delete("", status_code=204, dependencies=[open_to("whoever holds a session, or none any more")])
    async def sign_out(request: Request, response: Response) -> None:
        """Sign out; the cookie and the session are gone."""
        await services.sign_in.sign_out(request.cookies.get(SESSION_COOKIE))
        response.delete_cookie(SESSION_COOKIE, path="/")

    return router
