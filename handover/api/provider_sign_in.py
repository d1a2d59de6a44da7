"""Signing in with the municipality's own identity provider: there, back again, and on to the page one came for.

What is known of an attempt stands in a cookie of its own, signed, for ten minutes. It is `SameSite=Lax`, since the
provider sends the browser back from another site; the session's cookie is `Strict`, and a browser does not send that
on any step of such a journey. So the way back ends on a page of ours, which itself goes on to the console.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import asdict
from html import escape
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from handover.api.access import open_to
from handover.api.addresses import own_address
from handover.api.errors import render_error
from handover.api.services import Services
from handover.api.session_cookie import set_session
from handover.core.errors import HandoverError
from handover.identity_provider import Attempt, IdentityProvider
from handover.settings import Mode, Settings

PATH = "/api/v1/session/oidc"
ATTEMPT_COOKIE = "kontakt_sign_in"
ATTEMPT_SECONDS = 600
#: The pages that one can come back to; no address is taken from the request.
PAGES = {"console": "/console/", "chat": "/"}


def provider_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/session/oidc`; without a provider they answer `not_found`."""
    router = APIRouter(prefix=PATH, tags=["session"], dependencies=[open_to("whoever the identity provider knows")])
    attempts = Attempts(services.settings)

    @router.get("", response_class=RedirectResponse, status_code=302)
    async def begin(request: Request, to: Literal["console", "chat"] = "console") -> Response:
        """Send the browser to the identity provider; afterwards it goes on `to` one of our pages."""
        try:
            redirect_uri = f"{own_address(request, services.settings)}{PATH}/callback"
            url, attempt = await _provider(services).begin(redirect_uri)
        except HandoverError as error:
            return _refusal(request, error)
        response = RedirectResponse(url, status_code=302)
        attempts.keep(response, attempt, PAGES[to])
        return response

    @router.get("/callback", response_class=HTMLResponse)
    async def come_back(
        request: Request, state: str = "", code: str = "", iss: str | None = None, error: str = ""
    ) -> Response:
        """Take the browser back, check what the provider says, set the session cookie and go on."""
        try:
            provider = _provider(services)
            attempt, page = attempts.take(request)
            if attempt.state != state or not code or error or not provider.is_from_here(iss):
                raise HandoverError("sign_in_failed", "state, code or issuer")
            _, token = await services.sign_in.sign_in_as(await provider.finish(attempt, code))
        except HandoverError as refused:
            response = _refusal(request, refused)
        else:
            response = HTMLResponse(_page("Du är inloggad", "Du är inloggad.", page, go_on=True))
            set_session(response, token, services.settings)
        attempts.forget(response)
        return response

    return router


class Attempts:
    """Keeps what is known of a sign-in under way in the browser that began it, where no other page can put one."""

    def __init__(self, settings: Settings) -> None:
        secret = settings.oidc_client_secret.get_secret_value()
        self._key = OctKey.import_key(hashlib.sha256(f"kontakt sign-in attempt {secret}".encode()).digest())
        self._secure = settings.mode is Mode.PRODUCTION

    def keep(self, response: Response, attempt: Attempt, page: str) -> None:
        """Give the browser an attempt, and the page to go on to."""
        claims: dict[str, Any] = {**asdict(attempt), "page": page, "exp": int(time.time()) + ATTEMPT_SECONDS}
        response.set_cookie(
            ATTEMPT_COOKIE,
            jwt.encode({"alg": "HS256"}, claims, self._key),
            max_age=ATTEMPT_SECONDS,
            path=PATH,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def take(self, request: Request) -> tuple[Attempt, str]:
        """Return the browser's attempt and page; raise `sign_in_failed` for none, an old one or one of another hand."""
        try:
            claims = jwt.decode(request.cookies.get(ATTEMPT_COOKIE, ""), self._key, algorithms=["HS256"]).claims
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
        except (JoseError, ValueError) as error:
            raise HandoverError("sign_in_failed", type(error).__name__) from error
        page: str = claims.pop("page")
        del claims["exp"]
        return Attempt(**claims), page

    def forget(self, response: Response) -> None:
        """Take the attempt from the browser; an answer of the provider is good for one."""
        response.delete_cookie(ATTEMPT_COOKIE, path=PATH)


def _provider(services: Services) -> IdentityProvider:
    if services.provider is None:
        raise HandoverError("not_found")
    return services.provider


def _refusal(request: Request, error: HandoverError) -> Response:
    """Return a page that a person can read, or for a program the same error as everywhere."""
    if "text/html" not in request.headers.get("accept", ""):
        return render_error(error)
    return HTMLResponse(_page("Inloggningen", error.message, PAGES["console"]), status_code=error.status)


def _page(title: str, sentence: str, to: str, *, go_on: bool = False) -> str:
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(to)}">' if go_on else ""
    return (
        f'<!doctype html>\n<html lang="sv"><head><meta charset="utf-8">{refresh}'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title></head>\n"
        f'<body><main><h1>{escape(title)}</h1><p>{escape(sentence)}</p><p><a href="{escape(to)}">Fortsätt</a></p>'
        "</main></body></html>\n"
    )
