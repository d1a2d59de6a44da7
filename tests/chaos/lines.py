"""A line to a port that can be cut and delayed: what a network does between two processes."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

LOOPBACK = "127.0.0.1"
_UPGRADE = b"\r\nupgrade: websocket"


class ChaosLine:
    """Passes everything on to a port; `cut` breaks all connections until `mend`, `delay` holds bytes back."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.delay = 0.0
        self.whole = True
        #: Whether requests that would become sockets are broken, as by a proxy that knows of plain HTTP alone.
        self.blocks_sockets = False
        self.port = 0
        self.ends: set[asyncio.Transport] = set()
        self.dials: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen on a free loopback port."""
        self._server = await asyncio.get_running_loop().create_server(lambda: _Near(self), LOOPBACK, 0, backlog=1_024)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End the line and all that goes over it."""
        if self._server is not None:
            self._server.close()
        self.cut()
        await asyncio.gather(*self.dials, return_exceptions=True)

    def cut(self) -> int:
        """Break every connection and refuse new ones; return how many ends were broken."""
        self.whole = False
        broken = len(self.ends)
        for end in tuple(self.ends):
            end.abort()
        return broken

    def mend(self) -> None:
        """Take connections again."""
        self.whole = True

    def incoming(self, data: bytes) -> bytes:
        """Return what is passed on of bytes that come from the port: a line may be of a kind that changes them."""
        return data


class _End(asyncio.Protocol):
    """One side of a connection; what it hears it gives to the other side, in order, when its time has come."""

    def __init__(self, line: ChaosLine) -> None:
        self.line = line
        self.other: _End | None = None
        self.transport: asyncio.Transport | None = None
        self._held: deque[tuple[float, bytes | None]] = deque()
        #: What was heard before there was another side.
        self._early: list[bytes | None] = []

    def join(self, other: _End) -> None:
        """Set the other side, and give it what was heard so far."""
        self.other = other
        for data in self._early:
            self._give(data)
        self._early.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.line.ends.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport is not None:
            self.line.ends.discard(self.transport)
        self.pass_on(None)

    def data_received(self, data: bytes) -> None:
        self.pass_on(self.line.incoming(data))

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None and not self.other.transport.is_closing():
            self.other.transport.resume_reading()

    def pass_on(self, data: bytes | None) -> None:
        """Give bytes to the other side; None says that there will be no more."""
        if not self.line.delay and not self._held:
            self._give(data)
            return
        loop = asyncio.get_running_loop()
        due = loop.time() + self.line.delay
        if self._held:
            due = max(due, self._held[-1][0])
        self._held.append((due, data))
        loop.call_at(due, self._flush)

    def _flush(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._held and self._held[0][0] <= now + 0.001:
            self._give(self._held.popleft()[1])

    def _give(self, data: bytes | None) -> None:
        if self.other is None:
            self._early.append(data)
            return
        there = self.other.transport
        if there is None or there.is_closing():
            return
        if data is None:
            there.close()
        else:
            there.write(data)


class _Near(_End):
    """The side that called."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self.transport is None:
            return
        if not self.line.whole:
            self.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._dial(self.transport))
        self.line.dials.add(task)
        task.add_done_callback(self.line.dials.discard)

    def data_received(self, data: bytes) -> None:
        if self.line.blocks_sockets and _UPGRADE in data.lower():
            if self.transport is not None:
                self.transport.abort()
        else:
            self.pass_on(data)

    async def _dial(self, transport: asyncio.Transport) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, far = await loop.create_connection(lambda: _End(self.line), LOOPBACK, self.line.target_port)
        except OSError:
            transport.abort()
            return
        if transport.is_closing() or not self.line.whole or far.transport is None:
            transport.abort()
            if far.transport is not None:
                far.transport.abort()
            return
        far.join(self)
        self.join(far)
