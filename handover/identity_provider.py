"""Sign-in with OpenID Connect: authorization code with PKCE, by Authlib. Keeps no token of the provider's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc.errors import JoseError

from handover.core.claims import Identity, RoleRule, identity_of
from handover.core.errors import HandoverError

log = structlog.get_logger(__name__)

#: How long the provider may take for one answer.
TIMEOUT_SECONDS = 5.0
#: How far the provider's clock may be off.
LEEWAY_SECONDS = 60
SCOPE = "openid profile email"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in under way: what the browser must bring back, and what only we know of it."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class IdentityProvider:
    """The municipality's own sign-in. What it publishes of itself is fetched at the first use and kept."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, rule: RoleRule) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._rule = rule
        self._client: Any = OAuth().register(
            "provider",
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=f"{self._issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "timeout": TIMEOUT_SECONDS},
        )

    async def begin(self, redirect_uri: str) -> tuple[str, Attempt]:
        """Return where to send the browser, and the attempt to keep; raise `provider_unavailable`."""
        try:
            await self._check_issuer()
            began = await self._client.create_authorization_url(redirect_uri)
        except (httpx2.HTTPError, ValueError, RuntimeError) as error:
            raise _unavailable(error) from error
        return began["url"], Attempt(began["state"], began["nonce"], began["code_verifier"], redirect_uri)

    async def finish(self, attempt: Attempt, code: str) -> Identity:
        """Return who has signed in; raise `provider_unavailable`, or `sign_in_failed` for any answer that is not right.

        Signature, issuer, audience, times and nonce of the identity token are all checked.
        """
        try:
            token = await self._client.fetch_access_token(
                code=code, code_verifier=attempt.verifier, redirect_uri=attempt.redirect_uri
            )
            metadata = await self._client.load_server_metadata()
            claims = await self._client.parse_id_token(
                token,
                nonce=attempt.nonce,
                claims_options={
                    "iss": {"essential": True, "values": [metadata["issuer"]]},
                    "aud": {"essential": True, "values": [self._client_id]},
                },
                leeway=LEEWAY_SECONDS,
            )
            if claims is None:
                raise ValueError("no identity token")
            return identity_of(claims, self._rule)
        except (httpx2.HTTPError, RuntimeError) as error:
            raise _unavailable(error) from error
        except JoseError as error:
            # Its keys may be new under an old name: the next sign-in fetches them.
            self._client.server_metadata.pop("jwks", None)
            raise _failed(str(error)) from error
        except OAuthError as error:
            raise _failed(f"the provider says {error.error}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise _failed(type(error).__name__) from error

    async def find_sign_out_url(self, back_to: str) -> str | None:
        """Return where the browser ends its session at the provider, None where that is not offered or not reached."""
        try:
            metadata = await self._client.load_server_metadata()
            if "end_session_endpoint" not in metadata:
                return None
            ending = await self._client.create_logout_url(back_to, client_id=self._client_id)
        except (httpx2.HTTPError, ValueError, RuntimeError) as error:
            log.warning("provider_not_reached", error=type(error).__name__)
            return None
        url: str = ending["url"]
        return url

    def is_from_here(self, issuer: str | None) -> bool:
        """Tell whether an answer that names its issuer (RFC 9207) names this one; many providers name none."""
        return issuer is None or issuer.rstrip("/") == self._issuer

    async def _check_issuer(self) -> None:
        """Raise `ValueError` when somebody else answers at the provider's address."""
        metadata = await self._client.load_server_metadata()
        if not isinstance(metadata.get("issuer"), str) or metadata["issuer"].rstrip("/") != self._issuer:
            raise ValueError("the provider names another issuer than KONTAKT_OIDC_ISSUER")


def _unavailable(error: Exception) -> HandoverError:
    log.warning("provider_unavailable", error=type(error).__name__)
    return HandoverError("provider_unavailable", type(error).__name__)


def _failed(reason: str) -> HandoverError:
    """Say why in the log, by what names no person."""
    log.warning("sign_in_failed", reason=reason)
    return HandoverError("sign_in_failed", reason)
