"""The citizen's socket: hello, what was missed, then commands one way and events the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from handover.api import frames as f
from handover.api.citizen_commands import citizen_command
from handover.api.feed import Feed
from handover.api.origins import is_allowed_origin
from handover.api.services import Services
from handover.api.socket import (
    CLOSE_GOING_AWAY,
    FEED_RETRY_SECONDS,
    Line,
    SocketClosed,
    close,
    error_frame,
    frame_error,
    id_of,
    receive_hello,
    receive_json,
    refusals_told,
    send,
)
from handover.api.views import citizen_event_text, queue_place
from handover.bus import Announcement, Notice, TypingNotice
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.queue import Place

log = structlog.get_logger(__name__)


class CitizenDoor:
    """The plain ASGI app behind `/api/v1/citizen`; ten thousand sockets stay open in it, so nothing lies between."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket from its opening to its end."""
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        try:
            session = await _greet(socket, self._services)
        except SocketClosed as closed:
            await close(socket, closed.code)
            return
        await session.run()


async def _greet(socket: WebSocket, services: Services) -> CitizenSession:
    """Return the session that a good hello opens; else tell why not and raise `SocketClosed`."""
    if services.stopping.is_set():
        raise SocketClosed(CLOSE_GOING_AWAY)
    async with refusals_told(socket):
        if not is_allowed_origin(socket, services.settings):
            raise HandoverError("origin_refused")
        body = await receive_hello(socket)
        hello = f.Hello.model_validate(body)
        await services.conversations.check_token(hello.conversation_id, hello.token)
        page = await services.conversations.read(hello.conversation_id, hello.after)
    await send(socket, f.Welcome(seq=page.conversation.last_seq, state=page.conversation.state))
    return CitizenSession(socket, services, hello.conversation_id, hello.after)


class CitizenSession:
    """One open socket of a citizen."""

    def __init__(self, socket: WebSocket, services: Services, conversation_id: str, after: int) -> None:
        self._socket = socket
        self._services = services
        self._conversation_id = conversation_id
        self._line = Line(socket, self._send_events)
        self._writer = self._line.writer
        self._feed = Feed(services.conversations, conversation_id, after)
        self._stop_watching: Callable[[], None] | None = None

    async def run(self) -> None:
        """Serve until either side ends it."""
        stop_listening = self._services.bus.listen(self._conversation_id, self._heard)
        stop_waiting = self._services.stopping.on_set(lambda: self._writer.close_after(CLOSE_GOING_AWAY))
        self._writer.wake()
        try:
            await self._line.serve(self._read)
        finally:
            stop_listening()
            stop_waiting()
            self._watch_queue(False)

    async def _read(self) -> None:
        while True:
            body = await receive_json(self._socket)
            try:
                await self._take(body)
            except HandoverError as error:
                self._writer.put(error_frame(error, id_of(body)))

    async def _take(self, body: dict[str, Any]) -> None:
        try:
            frame = f.CITIZEN_FRAME.validate_python(body)
        except ValidationError as error:
            raise frame_error(body, error) from None
        if isinstance(frame, f.Typing):
            self._services.bus.publish(TypingNotice(self._conversation_id, "citizen"))
            return
        if isinstance(frame, f.Ping):
            self._writer.put(f.Pong())
            return
        outcome = await self._services.conversations.execute(
            self._conversation_id, frame.id, await citizen_command(frame, self._services.danger)
        )
        self._writer.put(f.Accepted(id=frame.id, seq=outcome.seq))

    async def _send_events(self) -> None:
        while True:
            try:
                events = await self._feed.next_events()
            except HandoverError as error:
                log.warning("feed_failed", conversation=self._conversation_id, code=error.code)
                self._writer.wake_after(FEED_RETRY_SECONDS)
                return
            for stored in events:
                await send(self._socket, citizen_event_text(stored))
            if not events:
                break
        self._watch_queue(self._feed.state is State.WAITING)

    def _watch_queue(self, waiting: bool) -> None:
        if waiting and self._stop_watching is None:
            self._stop_watching = self._services.queue.watch(self._conversation_id, self._placed)
        elif not waiting and self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    def _placed(self, place: Place) -> None:
        self._writer.put(queue_place(place))

    def _heard(self, notice: Notice) -> None:
        if isinstance(notice, Announcement):
            self._feed.hint(notice)
            self._writer.wake()
        elif isinstance(notice, TypingNotice) and notice.sender != "citizen" and not notice.aside:
            self._writer.put(f.TypingNow(sender=notice.sender))
