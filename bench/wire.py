"""A WebSocket client that costs next to nothing, so that the load does not use up the machine that it measures.

It knows text frames, pings and closing, and masks with zeros, which RFC 6455 (5.3) lets a client choose and which
spares touching the payload. Everything else about it is a plain `asyncio.Protocol`.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from typing import cast

_TEXT, _CLOSE, _PING = 0x1, 0x8, 0x9
_SHORT, _MEDIUM = 125, 126
_ZERO_MASK = b"\0\0\0\0"
CONNECT_SECONDS = 30.0

Reader = Callable[[bytes], None]


class WireError(Exception):
    """The server did not open the socket, or closed it in the middle; the message holds what it said."""


class Wire(asyncio.Protocol):
    """One open socket; `read` gets the payload of each text frame."""

    def __init__(self, host: str, path: str, headers: dict[str, str], read: Reader) -> None:
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Version: 13",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self._request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.read = read
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rest = b""
        self._transport: asyncio.WriteTransport | None = None
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # uvloop's transports are like asyncio's, and no subclasses of them.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        """Note the end."""
        self.closed = True
        if not self._opened.done():
            self._opened.set_exception(WireError(f"closed before it was open: {error}"))

    def data_received(self, data: bytes) -> None:
        """Hand every whole frame to the reader and keep the rest."""
        data = self._rest + data if self._rest else data
        if not self._opened.done():
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self._opened.set_exception(WireError(data[:200].decode(errors="replace")))
                return
            self._opened.set_result(None)
            data = data[end + 4 :]
        self._rest = self._frames(data)

    def _frames(self, data: bytes) -> bytes:
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size > _SHORT:
                wide = 2 if size == _MEDIUM else 8
                if end - start < wide:
                    break
                size = int.from_bytes(data[start : start + wide])
                start += wide
            if end - start < size:
                break
            self._take(data[at] & 0xF, data[start : start + size])
            at = start + size
        return data[at:]

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _TEXT:
            self.read(payload)
        elif opcode == _PING:
            self._write(0x8A, payload)
        elif opcode == _CLOSE:
            self.closed = True
            self.close()

    def send(self, payload: bytes) -> None:
        """Send a text frame."""
        self._write(0x81, payload)

    def _write(self, first: int, payload: bytes) -> None:
        if self._transport is None or self.closed:
            raise WireError("not open")
        size = len(payload)
        short = size <= _SHORT
        head = bytes((first, 0x80 | size)) if short else struct.pack("!BBH", first, 0x80 | _MEDIUM, size)
        self._transport.write(head + _ZERO_MASK + payload)

    async def opened(self) -> None:
        """Return once the server has upgraded; raise `WireError` when it refuses."""
        await asyncio.wait_for(asyncio.shield(self._opened), CONNECT_SECONDS)

    def close(self) -> None:
        """Drop the connection; twice is once."""
        if self._transport is not None:
            self._transport.close()


async def connect(host: str, port: int, path: str, read: Reader, headers: dict[str, str] | None = None) -> Wire:
    """Open a socket; raises `WireError` or `OSError`."""
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(f"{host}:{port}", path, headers or {}, read), host, port)
    await wire.opened()
    return wire
