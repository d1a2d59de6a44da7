"""Answers that a browser may keep for a while."""

from __future__ import annotations

import hashlib

from fastapi import Request, Response
from pydantic import BaseModel


def cached(request: Request, body: BaseModel, cache_control: str, vary: str) -> Response:
    """Return a body under an `ETag` and these headers; 304 where the asker has it already."""
    content = body.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": cache_control, "ETag": tag, "Vary": vary}
    has = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if tag in has:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
