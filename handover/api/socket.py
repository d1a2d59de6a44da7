"""What citizens' and guides' sockets share: one reader, one writer, bounded queues, named errors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
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


class Writer:
    """Sends what there is to one browser, one thing at a time; a task exists only while there is something to send.

    `put` never waits: a reader that is too slow is cut off. `more` is called after the frames that wait, and sends
    what the session has beside them. When writing fails, `on_failure` is called with the code to close with.
    """

    def __init__(
        self, socket: WebSocket, more: Callable[[], Awaitable[None]], on_failure: Callable[[int | None], None]
    ) -> None:
        self._socket = socket
        self._more = more
        self._on_failure = on_failure
        self._frames: list[Frame] = []
        self._again = False
        self._task: asyncio.Task[None] | None = None
        self._failed = False
        self._goodbye: int | None = None

    def put(self, frame: Frame) -> None:
        """Send a frame soon; past the bound the browser is told to try again."""
        if len(self._frames) >= MAX_WAITING_FRAMES:
            self.close_after(CLOSE_TRY_AGAIN)
            return
        self._frames.append(frame)
        self.wake()

    def close_after(self, code: int) -> None:
        """Close with `code`, once what is being sent is sent."""
        self._goodbye = code
        self.wake()

    def wake(self) -> None:
        """Look whether there is something to send."""
        self._again = True
        if self._task is None and not self._failed:
            self._task = asyncio.create_task(self._run(), name="socket writer")

    def wake_after(self, seconds: float) -> None:
        """Look again after a while."""
        asyncio.get_running_loop().call_later(seconds, self.wake)

    async def stop(self) -> None:
        """Send nothing more; return when nothing is being sent."""
        self._failed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                if self._goodbye is not None:
                    raise SocketClosed(self._goodbye)
                frames, self._frames = self._frames, []
                for frame in frames:
                    await send(self._socket, frame)
                await self._more()
        except SocketClosed as closed:
            self._fail(closed.code)
        except Exception:
            log.exception("socket_failed")
            self._fail(CLOSE_TRY_AGAIN)
        finally:
            self._task = None

    def _fail(self, code: int | None) -> None:
        if not self._failed:
            self._failed = True
            self._on_failure(code)


class Line:
    """One open socket: the reader runs in the task that serves it, a `Writer` beside it; the first to end ends both."""

    def __init__(self, socket: WebSocket, more: Callable[[], Awaitable[None]]) -> None:
        self.socket = socket
        self.writer = Writer(socket, more, self.hang_up)
        self._serving: asyncio.Task[Any] | None = None
        self._hung_up = False
        self._code: int | None = None

    def hang_up(self, code: int | None) -> None:
        """End the reader; the socket is closed with `code`, None when the browser has closed it already."""
        if not self._hung_up:
            self._hung_up, self._code = True, code
            if self._serving is not None:
                self._serving.cancel()

    async def serve(self, reader: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run `reader` until it or the writer ends, then close the socket with the right code."""
        self._serving = task = asyncio.current_task()
        try:
            if not self._hung_up:
                await reader()
        except SocketClosed as closed:
            self._code = closed.code
        except asyncio.CancelledError:
            if not self._hung_up or task is None or task.uncancel() > 0:
                raise
        except Exception:
            log.exception("socket_failed")
            self._code = CLOSE_TRY_AGAIN
        finally:
            self._hung_up = True
            await self.writer.stop()
        await close(self.socket, self._code)


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


async def send(socket: WebSocket, frame: Frame | str) -> None:
    """Send one frame, or its text; raise `SocketClosed` when the browser is gone or does not take it in time."""
    text = frame if isinstance(frame, str) else frame.model_dump_json(by_alias=True, exclude_none=True)
    try:
        async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
            await socket.send_text(text)
    except TimeoutError:
        raise SocketClosed(CLOSE_TRY_AGAIN) from None
    except (WebSocketDisconnect, RuntimeError, OSError):
        raise SocketClosed(None) from None


async def close(socket: WebSocket, code: int | None) -> None:
    """Close the socket if it is still open; None means the browser has closed it already."""
    if code is None or socket.application_state is WebSocketState.DISCONNECTED:
        return
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
            await socket.close(code)
    except (TimeoutError, RuntimeError, OSError, WebSocketDisconnect):
        return
