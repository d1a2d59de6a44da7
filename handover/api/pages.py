"""The pages and files that browsers get: demo page, widget, console, API docs. Only files of the build are served."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.staticfiles import PathLike, StaticFiles

from handover.api.access import open_to
from handover.api.errors import render_error
from handover.api.services import Services
from handover.core.errors import HandoverError

#: Nothing from elsewhere, no inline script; the API docs' page needs one inline script and is told apart.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
API_DOCS = "/api-docs"
#: Files of the widget whose name holds a hash of what they hold: they may be kept for ever. The rest is asked for anew.
HASHED_FILE = re.compile(r"-[0-9a-f]{12}\.(?:js|json)$")
FOR_EVER, ASK_ANEW = "public, max-age=31536000, immutable", "no-cache"

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def mount_pages(app: FastAPI, services: Services) -> None:
    """Add the pages to the app; what was not built is simply not there."""
    dist = services.settings.web_dist
    router = APIRouter(include_in_schema=False, dependencies=[open_to("everybody")])

    @router.get("/")
    async def demo_page() -> FileResponse:
        return FileResponse(dist / "widget" / "demo" / "index.html")

    @router.get(API_DOCS)
    async def api_docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Kontakt API",
            swagger_js_url=f"{API_DOCS}/files/swagger-ui-bundle.js",
            swagger_css_url=f"{API_DOCS}/files/swagger-ui.css",
            swagger_favicon_url="data:,",
        )

    app.include_router(router)
    app.mount("/widget", WidgetFiles(directory=dist / "widget", html=True, check_dir=False))
    for path, folder in (("/console", dist / "console"), (f"{API_DOCS}/files", dist / "api-docs")):
        app.mount(path, StaticFiles(directory=folder, html=True, check_dir=False))


class WidgetFiles(StaticFiles):
    """The widget's files, which pages elsewhere load too: each says how long it may be kept, and for whom."""

    def file_response(self, full_path: PathLike, *args: Any, **options: Any) -> Response:
        """Return the file, or 304 where the asker has it."""
        response = super().file_response(full_path, *args, **options)
        response.headers["Cache-Control"] = FOR_EVER if HASHED_FILE.search(str(full_path)) else ASK_ANEW
        response.headers["Vary"] = "Origin"
        return response


class BodyLimit:
    """Plain ASGI middleware that refuses bodies over the limit, told or found out while they come in."""

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        max_bytes: int,
        longer: Mapping[re.Pattern[str], int],
    ) -> None:
        """`longer` names paths whose bodies may be longer, and how long."""
        self._app = app
        self._max_bytes = max_bytes
        self._longer = longer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then pass the request on with it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        most = next((size for path, size in self._longer.items() if path.fullmatch(scope["path"])), self._max_bytes)
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > most:
            await render_error(HandoverError("frame_too_large"))(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if len(body) > most:
                await render_error(HandoverError("frame_too_large"))(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        parts: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def replay() -> Message:
            return parts.pop() if parts else await receive()

        await self._app(scope, replay, send)


class SecurityHeaders:
    """Plain ASGI middleware that sets the headers which every answer carries."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add headers to HTTP answers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        docs = scope["path"] == API_DOCS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "no-referrer")
                policy = CONTENT_SECURITY_POLICY
                if docs:
                    policy += "; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
                headers.setdefault("Content-Security-Policy", policy)
            await send(message)

        await self._app(scope, receive, send_with_headers)
