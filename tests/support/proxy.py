"""A TCP proxy that can cut the line: what a network does to a browser, between the browser and the real server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

LOOPBACK = "127.0.0.1"
CHUNK = 65_536
_UPGRADE = b"\r\nupgrade: websocket"


class CuttableLine:
    """Passes everything on to a port, until `cut`; `mend` lets new connections through again.

    `silence` lets the connections of now die unheard: they stay open, and nothing comes through any more.
    With `blocks_sockets` it breaks every request that would become a socket, as a network that knows of plain HTTP.
    """

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._whole = True
        self._dead: set[asyncio.StreamWriter] = set()
        self.blocks_sockets = False
        self.port = 0

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result(10)

    def mend(self) -> None:
        """Take connections again."""
        self._whole = True

    def silence(self) -> None:
        """Let nothing more through on the connections that are open; new ones are well."""
        self._dead |= self._open

    async def _cut(self) -> None:
        self._whole = False
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection(LOOPBACK, self._target_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, up_writer}
        self._open |= ends
        await asyncio.gather(self._pipe(reader, up_writer), self._pipe(up_reader, writer))
        self._open -= ends
        self._dead -= ends

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.blocks_sockets and _UPGRADE in data.lower():
                    break
                if writer not in self._dead:
                    writer.write(data)
                    await writer.drain()
        writer.close()

    async def serve(self, started: threading.Event) -> None:
        """Listen until cancelled."""
        server = await asyncio.start_server(self._accept, LOOPBACK, 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        async with server:
            await server.serve_forever()

    def run(self, started: threading.Event) -> None:
        """Run the proxy's loop in the thread that calls this."""
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self.serve(started))
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        pending = asyncio.all_tasks(self._loop)
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.close()

    def stop(self) -> None:
        """End the proxy."""
        self._loop.call_soon_threadsafe(self._task.cancel)


@contextmanager
def cuttable_line(target_port: int) -> Iterator[CuttableLine]:
    """Run a line to `target_port` until the block ends."""
    line, started = CuttableLine(target_port), threading.Event()
    thread = threading.Thread(target=line.run, args=(started,), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield line
    finally:
        line.stop()
        thread.join(10)
