"""A real OpenID Connect provider in a process of its own, a relay that twists what it says, and a browser's journey."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.kontakt import Kontakt
from tests.support.server import serving
from tests.support.waiting import DEADLINE_SECONDS

LOOPBACK = "127.0.0.1"
BEGIN = "/api/v1/session/oidc"


class Provider:
    """A provider process; `tell` says what it claims of a person from now on."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self._process = process

    def tell(self, sub: str, **claims: object) -> None:
        """Set a person's claims."""
        httpx.put(f"{self.url}/users/{sub}", json=claims, trust_env=False).raise_for_status()

    def kill(self) -> None:
        """End the process; twice is once."""
        self._process.kill()
        self._process.wait(DEADLINE_SECONDS)


@contextmanager
def provider_process(*options: str) -> Iterator[Provider]:
    """Run a provider until the block ends."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", LOOPBACK, "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    provider = Provider(f"http://{LOOPBACK}:{port}", process)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if b"Uvicorn running" in line:
                break
        else:
            raise RuntimeError("the provider did not start")
        yield provider
    finally:
        provider.kill()
        process.stderr.close()


@dataclass
class Twists:
    """What a relay changes: who asks for a token, whose keys are shown as its own, what is published."""

    client_id: str | None = None
    keys_of: str | None = None
    metadata: Callable[[dict[str, object]], dict[str, object]] = field(default=lambda found: found)


@asynccontextmanager
async def relay_to(provider: Provider, twists: Twists) -> AsyncIterator[str]:
    """Stand before a provider under an address of its own, which the provider takes for its own; yields the address."""

    async def pass_on(request: Request) -> Response:
        path, body = request.url.path, await request.body()
        kept = ("content-type", "authorization")
        headers = {name: request.headers[name] for name in kept if name in request.headers}
        headers["X-Forwarded-Host"] = request.headers["host"]
        if path == "/oauth2/token" and twists.client_id is not None:
            body += b"&" + urlencode({"client_id": twists.client_id, "client_secret": "its secret"}).encode()
            del headers["authorization"]
        async with httpx.AsyncClient(trust_env=False) as http:
            url = f"{provider.url}{path}?{request.url.query}"
            answer = await http.request(request.method, url, content=body, headers=headers)
            foreign = (await http.get(f"{twists.keys_of}/jwks")).json()["keys"][0] if twists.keys_of else None
        content = answer.content
        if path.startswith("/.well-known/"):
            content = json.dumps(twists.metadata(answer.json())).encode()
        if path == "/jwks" and foreign is not None:
            content = json.dumps({"keys": [foreign | {"kid": answer.json()["keys"][0]["kid"]}]}).encode()
        shown = {name: answer.headers[name] for name in ("location", "content-type") if name in answer.headers}
        return Response(content, answer.status_code, shown)

    async with serving(Starlette(routes=[Route("/{path:path}", pass_on, methods=["GET", "POST"])])) as port:
        yield f"http://{LOOPBACK}:{port}"


class Browser:
    """One browser with cookies of its own, on its way to the provider and back."""

    def __init__(self, kontakt: Kontakt) -> None:
        self._kontakt = kontakt
        self.http = httpx.AsyncClient(base_url=kontakt.url, trust_env=False, headers={"Accept": "text/html"})

    async def begin(self, **query: str) -> str:
        """Press the button; return where the browser is sent."""
        answer = await self.http.get(BEGIN, params=query)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    async def prove(self, authorize_url: str, sub: str = "", **form: str) -> str:
        """Sign in at the provider as `sub`; return where the browser is sent back to."""
        answer = await self.http.post(authorize_url, data={"sub": sub, **form})
        assert answer.status_code == 302, answer.text
        location: str = answer.headers["location"]
        assert location.startswith(f"{self._kontakt.url}{BEGIN}/callback")
        return location

    async def come_back(self, callback_url: str) -> httpx.Response:
        """Follow the way back."""
        return await self.http.get(callback_url)

    async def sign_in(self, sub: str, **query: str) -> httpx.Response:
        """Make the whole journey."""
        return await self.come_back(await self.prove(await self.begin(**query), sub))

    async def who(self) -> httpx.Response:
        """Ask who is signed in."""
        return await self.http.get("/api/v1/session")


@asynccontextmanager
async def browser_of(kontakt: Kontakt) -> AsyncIterator[Browser]:
    """Open a browser until the block ends."""
    browser = Browser(kontakt)
    async with browser.http:
        yield browser


def with_query(url: str, **changed: str) -> str:
    """Return an address with other values in its query."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | changed
    return parts._replace(query=urlencode(query)).geturl()
