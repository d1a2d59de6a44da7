"""What citizens' and guides' sockets share: one reader, one writer, bounded queues, named errors."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from handover.api.frames import MAX_FRAME_BYTES, ErrorFrame, Frame
from handover.core.errors import HandoverError

log = structlog.get_logger(__name__)

#: Frames that may wait for a slow reader before it is closed with "try again".
MAX_WAITING_FRAMES = 512
#: How long a browser may take to say hello, and to take one frame.
HELLO_TIMEOUT_SECONDS = 10.0
SEND_TIMEOUT_SECONDS = 15.0
#: How long the close frame of a browser that does not read may wait; after that the connection is just dropped.
CLOSE_TIMEOUT_SECONDS = 5.0

#: A record that cannot be read is asked for again after this time; the socket stays open meanwhile.
FEED_RETRY_SECONDS = 1.0

CLOSE_GOING_AWAY = 1001
CLOSE_NOT_TEXT = 1007
CLOSE_NOT_ALLOWED = 1008
CLOSE_TOO_LARGE = 1009
CLOSE_TRY_AGAIN = 1013


class SocketClosed(Exception):
    """The conversation over this socket is over; `code` is what to close it with, None when it is gone already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(str(code))
        self.code = code


class Outbox:
    """Frames on their way to one browser. `put` never waits: a reader that is too slow is cut off."""

    def __init__(self) -> None:
        self._frames: deque[Frame] = deque()
        self._woken = asyncio.Event()
        self.overflowed = False

    def put(self, frame: Frame) -> None:
        """Add a frame; past the bound the socket is marked as too slow."""
        if len(self._frames) >= MAX_WAITING_FRAMES:
            self.overflowed = True
        else:
            self._frames.append(frame)
        self._woken.set()

    def wake(self) -> None:
        """Let the writer look whether there is something to do."""
        self._woken.set()

    def wake_after(self, seconds: float) -> None:
        """Let the writer look again after a while."""
        asyncio.get_running_loop().call_later(seconds, self._woken.set)

    async def wait(self) -> None:
        """Wait until there is something to do."""
        await self._woken.wait()
        self._woken.clear()

    def take(self) -> list[Frame]:
        """Return and forget all frames that wait; raise `SocketClosed` when there were too many."""
        if self.overflowed:
            raise SocketClosed(CLOSE_TRY_AGAIN)
        frames = list(self._frames)
        self._frames.clear()
        return frames


async def receive_json(socket: WebSocket) -> dict[str, Any]:
    """Return the next frame as a JSON object; raise `SocketClosed` for what is no frame, or at the end."""
    try:
        message = await socket.receive()
    except (WebSocketDisconnect, RuntimeError):
        raise SocketClosed(None) from None
    if message["type"] != "websocket.receive":
        raise SocketClosed(None)
    text = message.get("text")
    if text is None:
        raise SocketClosed(CLOSE_NOT_TEXT)
    if len(text.encode()) > MAX_FRAME_BYTES:
        raise SocketClosed(CLOSE_TOO_LARGE)
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise SocketClosed(CLOSE_NOT_TEXT) from None
    if not isinstance(body, dict):
        raise SocketClosed(CLOSE_NOT_TEXT)
    return body


async def receive_hello(socket: WebSocket) -> dict[str, Any]:
    """Return the first frame; raise `hello_expected` for another one, `TimeoutError` when none comes."""
    async with asyncio.timeout(HELLO_TIMEOUT_SECONDS):
        body = await receive_json(socket)
    if body.get("type") != "hello":
        raise HandoverError("hello_expected")
    return body


@asynccontextmanager
async def refusals_told(socket: WebSocket) -> AsyncIterator[None]:
    """Tell the browser why its hello was refused, and turn the refusal into `SocketClosed`."""
    try:
        yield
    except TimeoutError:
        raise SocketClosed(CLOSE_NOT_ALLOWED) from None
    except ValidationError:
        await send(socket, error_frame(HandoverError("frame_malformed")))
        raise SocketClosed(CLOSE_NOT_ALLOWED) from None
    except HandoverError as error:
        await send(socket, error_frame(error))
        code = CLOSE_TRY_AGAIN if error.code == "database_unavailable" else CLOSE_NOT_ALLOWED
        raise SocketClosed(code) from None


def frame_error(body: dict[str, Any], error: ValidationError) -> HandoverError:
    """Return the error for a frame that does not fit: of an unknown type, or malformed."""
    unknown = any(fault["type"] in ("union_tag_invalid", "union_tag_not_found") for fault in error.errors())
    return HandoverError("frame_unknown" if unknown else "frame_malformed")


def id_of(body: dict[str, Any]) -> str | None:
    """Return the id of a frame that may be anything, for the error that answers it."""
    given = body.get("id")
    return given if isinstance(given, str) and len(given) <= 64 and given.isascii() else None


def error_frame(error: HandoverError, command_id: str | None = None) -> ErrorFrame:
    """Return the frame that tells a browser of an error."""
    return ErrorFrame(id=command_id, code=error.code, message=error.message)


async def send(socket: WebSocket, frame: Frame) -> None:
    """Send one frame; raise `SocketClosed` when the browser is gone or does not take it in time."""
    text = frame.model_dump_json(by_alias=True, exclude_none=True)
    try:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await socket.send_text(text)
    except TimeoutError:
        raise SocketClosed(CLOSE_TRY_AGAIN) from None
    except (WebSocketDisconnect, RuntimeError, OSError):
        raise SocketClosed(None) from None


async def serve(
    socket: WebSocket,
    reader: Callable[[], Coroutine[Any, Any, None]],
    writer: Callable[[], Coroutine[Any, Any, None]],
) -> None:
    """Run reader and writer until the first ends, end the other, close the socket with the right code."""
    tasks = {asyncio.create_task(reader()), asyncio.create_task(writer())}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        code = _close_code(done)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await close(socket, code)


async def close(socket: WebSocket, code: int | None) -> None:
    """Close the socket if it is still open; None means the browser has closed it already."""
    if code is None or socket.application_state is WebSocketState.DISCONNECTED:
        return
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
            await socket.close(code)
    except (TimeoutError, RuntimeError, OSError):
        return


def _close_code(done: set[asyncio.Task[None]]) -> int | None:
    for task in done:
        error = task.exception()
        if isinstance(error, SocketClosed):
            return error.code
        if error is not None:
            log.error("socket_failed", exc_info=error)
            return CLOSE_TRY_AGAIN
    return CLOSE_GOING_AWAY
