"""Drawing a page: template in, an answer out that browsers may keep for as long as it is safe."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response

from catalogue.documents import CORE_LANGUAGES
from handover.portal.asked import KIOSK, SEARCH, START, STATEMENT, Asked
from handover.portal.assets import Assets, takes_gzip
from handover.portal.strings import BRAND, LANGUAGES, Language, Strings, direction
from handover.settings import Mode, Settings

TEMPLATES = Path(__file__).with_name("templates")
MAX_QUERY_CHARS = 200
PUBLIC = "public, max-age=60"
NOT_KEPT = "no-store"
_PACK_FROM_BYTES = 500
#: What a page leaves open: addresses in other languages, structured data, the service it is about, ...
_DEFAULTS: dict[str, object] = {
    "alternates": [],
    "data": None,
    "service": None,
    "query": {},
    "fresh": False,
    "notices": (),
}


class Pages:
    """The templates with everything that all of them use."""

    def __init__(self, settings: Settings, strings: Strings, assets: Assets) -> None:
        self._settings = settings
        self._strings = strings
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            brand=BRAND,
            demo=settings.mode is Mode.DEMO,
            core_languages=CORE_LANGUAGES,
            direction=direction,
            asset=assets.url,
            start=START,
            search_path=SEARCH,
            kiosk_path=KIOSK,
            statement_path=STATEMENT,
            kiosk_idle_seconds=settings.kiosk_idle_seconds,
            max_query_chars=MAX_QUERY_CHARS,
        )

    def answer(
        self,
        request: Request,
        asked: Asked,
        template: str,
        status: int = 200,
        *,
        path: str = START,
        spoken: Sequence[Language] = tuple(LANGUAGES.values()),
        **values: object,
    ) -> Response:
        """Return a drawn page, 304 where the browser has it already; `path` and `spoken` are for its language menu."""
        context = _DEFAULTS | values | {"asked": asked, "path": path, "spoken": spoken}
        say = partial(self._strings.say, language=asked.language)
        text = self._environment.get_template(template).render(context, say=say)
        return _answer(request, text.encode(), _caching(asked, status), status)


def _caching(asked: Asked, status: int) -> str:
    """Return how long an answer may be kept, and by whom: what is internal or on a public computer nowhere."""
    return NOT_KEPT if asked.kiosk or asked.is_staff or status != 200 else PUBLIC


def _answer(request: Request, content: bytes, caching: str, status: int) -> Response:
    headers = {"Cache-Control": caching, "Vary": "Cookie, Accept-Encoding"}
    if caching is PUBLIC:
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers["ETag"] = tag
        if tag in {one.strip() for one in request.headers.get("If-None-Match", "").split(",")}:
            return Response(status_code=304, headers=headers)
    if takes_gzip(request) and len(content) >= _PACK_FROM_BYTES:
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, compresslevel=5, mtime=0)
    return Response(content, status, headers, media_type="text/html")
