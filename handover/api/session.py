"""Signing in with a password, telling who is signed in, and signing out, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from handover.api.access import SignedInAccount, open_to
from handover.api.account_models import SignedOut, SignInWays
from handover.api.addresses import client_address, own_address
from handover.api.frames import SignedIn, SignIn
from handover.api.services import SESSION_COOKIE, Services
from handover.api.session_cookie import forget_session, set_session
from handover.api.views import signed_in
from handover.core.errors import HandoverError

#: Where the provider sends the browser when it has ended its own session.
AFTER_SIGN_OUT = "/console/"


def session_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/session`."""
    router = APIRouter(prefix="/api/v1/session", tags=["session"])
    settings, provider = services.settings, services.provider

    @router.get("/ways", dependencies=[open_to("whoever wants to sign in")])
    async def get_ways() -> SignInWays:
        """Return how one can sign in here."""
        return SignInWays(password=settings.takes_passwords, provider=provider is not None)

    @router.post("", dependencies=[open_to("whoever has a password")])
    async def sign_in(request: Request, response: Response, body: SignIn) -> SignedIn:
        """Sign in with a password; sets the session cookie."""
        if not settings.takes_passwords:
            raise HandoverError("password_sign_in_off")
        await services.throttle.count(body.username, client_address(request))
        account, token = await services.sign_in.sign_in(body.username, body.password)
        await services.throttle.forget(body.username)
        set_session(response, token, settings)
        return signed_in(account)

    @router.get("")
    async def who_am_i(account: SignedInAccount) -> SignedIn:
        """Return who is signed in."""
        return signed_in(account)

    @router.delete("", dependencies=[open_to("whoever holds a session, or none any more")])
    async def sign_out(request: Request, response: Response) -> SignedOut:
        """Sign out; the cookie and the session are gone, and what is open with it is closed.

        `provider_url` is where the browser goes to end its session at the identity provider too.
        """
        token = request.cookies.get(SESSION_COOKIE)
        account = await services.sign_in.find(token, active=False)
        await services.sign_in.sign_out(token)
        forget_session(response)
        if provider is None or account is None or account.subject is None:
            return SignedOut()
        back_to = own_address(request, settings) + AFTER_SIGN_OUT
        return SignedOut(provider_url=await provider.find_sign_out_url(back_to))

    return router
