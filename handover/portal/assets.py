"""The portal's own files, named after their content so that browsers keep them for good."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

STATIC = Path(__file__).with_name("static")
PREFIX = "/portal"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in memory, plain and packed."""

    name: str
    media_type: str
    content: bytes
    packed: bytes

    @property
    def url(self) -> str:
        """Its address, which changes with its content."""
        return f"{PREFIX}/{self.name}"


class Assets:
    """All files of `static/`, read once."""

    def __init__(self) -> None:
        self._by_file = {path.name: _read(path) for path in STATIC.iterdir() if path.suffix in MEDIA_TYPES}
        self._by_name = {asset.name: asset for asset in self._by_file.values()}

    def url(self, file: str) -> str:
        """Return the address of a file by its plain name."""
        return self._by_file[file].url

    def answer(self, request: Request, name: str) -> Response | None:
        """Return the answer to who asks for a file by its full name, None when there is none."""
        asset = self._by_name.get(name)
        if asset is None:
            return None
        packs = takes_gzip(request)
        headers = {"Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding"}
        if packs:
            headers["Content-Encoding"] = "gzip"
        return Response(asset.packed if packs else asset.content, media_type=asset.media_type, headers=headers)


def takes_gzip(request: Request) -> bool:
    """Tell whether the browser unpacks gzip."""
    return "gzip" in request.headers.get("accept-encoding", "")


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    return Asset(name, MEDIA_TYPES[path.suffix], content, gzip.compress(content, mtime=0))
