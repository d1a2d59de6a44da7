"""An HTTP client of one connection that is kept open: as little as it takes, so that its own time hardly counts."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self


class PlainError(Exception):
    """The answer was no success; the message holds its first line."""


class Plain:
    """One connection; use as an async context manager, one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    async def _open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Send JSON, return the JSON of the answer; raises `PlainError`."""
        try:
            return await self._post(path, body, headers or {})
        except (ConnectionError, asyncio.IncompleteReadError):
            # The server has closed a connection that was still for a while.
            await self._open()
            return await self._post(path, body, headers or {})

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        assert self._reader is not None
        assert self._writer is not None
        content = json.dumps(body).encode()
        lines = [
            f"POST {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        answer = await self._reader.readexactly(int(fields["content-length"]))
        if not head[0].split()[1].startswith("2"):
            raise PlainError(f"{path}: {head[0]}")
        found: dict[str, Any] = json.loads(answer)
        return found
