"""The guide's socket: the list of conversations, the events of those that are one's own or looked at, and commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from handover.api import frames as f
from handover.api.duty import DutySide, check_target
from handover.api.feed import Feed
from handover.api.guide_commands import guide_command
from handover.api.guide_list import GATHER_SECONDS, GuideList
from handover.api.knowledge_models import MAX_QUERY_CHARS
from handover.api.origins import is_own_origin
from handover.api.services import SESSION_COOKIE, Services
from handover.api.socket import (
    CLOSE_GOING_AWAY,
    CLOSE_NOT_ALLOWED,
    CLOSE_TRY_AGAIN,
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
from handover.api.views import guide_event_text, signed_in, summary, typing_now
from handover.bus import Announcement, Notice, SessionsChanged, TypingNotice
from handover.conversations import utc_now
from handover.core.commands import Guide, HandBack
from handover.core.conversation import Conversation
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.core.roles import Right
from handover.store import record
from handover.store.accounts import Account
from handover.store.supervision import Switch

log = structlog.get_logger(__name__)

#: How often a connected guide is noted as seen; well within the guide lease.
HEARTBEAT_SECONDS = 5.0
#: Within how long a waiting person is promised an answer.
PROMISE_SECONDS = 120
#: Frames that ask for more than a place at the desk.
FRAME_RIGHTS: dict[type[f.Frame], Right] = {f.Live: Right.LIVE, f.Whisper: Right.LIVE, f.Review: Right.REVIEW}
#: The most conversations that one guide looks at beside the own ones.
MAX_WATCHED = 20


class GuideDoor:
    """The plain ASGI app behind `/api/v1/guide`."""

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


async def _greet(socket: WebSocket, services: Services) -> GuideSession:
    """Return the session of a signed-in guide; else tell why not and raise `SocketClosed`."""
    if services.stopping.is_set():
        raise SocketClosed(CLOSE_GOING_AWAY)
    async with refusals_told(socket):
        if not is_own_origin(socket):
            raise HandoverError("origin_refused")
        account = await services.sign_in.access(socket.cookies.get(SESSION_COOKIE), Right.DESK)
        body = await receive_hello(socket)
        hello = f.GuideHello.model_validate(body)
    return GuideSession(socket, services, account, dict(hello.after))


@dataclass(frozen=True, slots=True)
class _Followed:
    """A conversation whose events this socket shows, and what ends the listening to it."""

    feed: Feed
    stop: Callable[[], None]


class GuideSession:
    """One open socket of a guide."""

    def __init__(self, socket: WebSocket, services: Services, account: Account, after: dict[str, int]) -> None:
        self._socket = socket
        self._services = services
        self._account = account
        self._guide = Guide(account.id, account.name)
        self._after = after
        self._line = Line(socket, self._send_more)
        self._writer = self._line.writer
        self._list = GuideList()
        self._gathering = False
        self._feeds: dict[str, _Followed] = {}
        #: Followed conversations that may have events which this socket has not sent.
        self._grown: dict[str, None] = {}
        self._watched: set[str] = set()
        self._duty = DutySide(services.duty, account.id, self._writer)
        self._sessions_changed = asyncio.Event()

    async def run(self) -> None:
        """Welcome the guide, then serve until either side ends it."""
        stop = self._services.bus.listen(None, self._heard)
        stop_waiting = self._services.stopping.on_set(lambda: self._writer.close_after(CLOSE_GOING_AWAY))
        heartbeat = asyncio.create_task(self._beat(), name="heartbeat")
        try:
            await self._line.serve(self._serve)
        finally:
            heartbeat.cancel()
            self._duty.end()
            stop_waiting()
            stop()
            for conversation_id in list(self._feeds):
                self._unfollow(conversation_id)

    async def _serve(self) -> None:
        try:
            told = await self._welcome()
        except HandoverError as error:
            log.warning("guide_socket_failed", guide=self._account.id, code=error.code)
            raise SocketClosed(CLOSE_TRY_AGAIN) from None
        stop_watching = self._services.supervision.watch(self._levels_changed)
        try:
            now = self._services.supervision.switch_now
            if now != told:
                self._levels_changed(now)
            await self._read()
        finally:
            stop_watching()

    async def _welcome(self) -> Switch:
        """Tell the guide where everything stands; return what was told of the switch."""
        switch = self._services.supervision.switch_now
        standing, colleagues = await self._duty.begin()
        desk = await self._services.database.read(lambda connection: record.list_desk(connection, self._account.id))
        await send(
            self._socket,
            f.GuideWelcome(
                guide=signed_in(self._account),
                presence=standing.presence,
                guides=colleagues,
                conversations=[summary(conversation) for conversation in desk],
                promise_seconds=PROMISE_SECONDS,
                all_off=switch.all_off,
                revision=switch.revision,
                server_time=utc_now().isoformat(),
            ),
        )
        self._list.start(desk)
        for conversation in desk:
            if self._is_own(conversation):
                self._follow(conversation.id, self._after.get(conversation.id, 0))
        return switch

    async def _read(self) -> None:
        while True:
            body = await receive_json(self._socket)
            try:
                await self._take(body)
            except HandoverError as error:
                self._writer.put(error_frame(error, id_of(body)))

    async def _take(self, body: dict[str, Any]) -> None:
        try:
            frame = f.GUIDE_FRAME.validate_python(body)
        except ValidationError as error:
            raise frame_error(body, error) from None
        match frame:
            case f.Ping():
                self._writer.put(f.Pong())
            case f.Typing():
                await self._typing(frame)
            case f.SetPresence():
                await self._set_presence(frame)
            case f.Watch():
                await self._watch(frame)
            case f.Unwatch():
                self._unwatch(frame.conversation_id)
            case f.Active():
                await self._check_active()
            case f.Live():
                await self._show_live(frame.on)
            case _:
                await self._command(frame)

    async def _command(self, frame: f.GuideCommandFrame) -> None:
        await self._check_active(FRAME_RIGHTS.get(type(frame), Right.DESK))
        if isinstance(frame, f.Transfer):
            await check_target(self._services, frame, self._account.id)
        command = guide_command(frame, self._guide)
        if isinstance(command, HandBack) and command.note:
            command = replace(command, service=await self._service_of(frame.conversation_id, command.note))
        outcome = await self._services.conversations.execute(frame.conversation_id, frame.id, command)
        self._writer.put(f.Accepted(id=frame.id, seq=outcome.seq, conversation_id=frame.conversation_id))

    async def _service_of(self, conversation_id: str, note: str) -> str | None:
        """Return the service that a note to the assistant is about, as far as the catalogue's search can tell."""
        conversation = await self._services.database.read(
            lambda connection: record.get_conversation(connection, conversation_id)
        )
        known = await self._services.knowledge.get()
        found = await known.search(note[:MAX_QUERY_CHARS], conversation.audience.value, 1)
        return found[0].faq_id.partition(".")[0] if found else None

    async def _check_session(self, right: Right = Right.DESK, *, active: bool = True) -> None:
        """A session that ended or lost its rights may not act through a socket that is still open.

        Raises `forbidden` for a right that goes beyond the desk's; without that one the socket is closed. Other
        roles than at the beginning close it too: it comes back at once, and is told what it may do now.
        """
        token = self._socket.cookies.get(SESSION_COOKIE)
        try:
            account = await self._services.sign_in.access(token, Right.DESK, active=active)
        except HandoverError as error:
            if error.code == "database_unavailable":
                raise
            await send(self._socket, error_frame(error))
            raise SocketClosed(CLOSE_NOT_ALLOWED) from None
        if right not in account.rights:
            raise HandoverError("forbidden")
        if account.roles != self._account.roles:
            raise SocketClosed(CLOSE_TRY_AGAIN)

    async def _check_active(self, right: Right = Right.DESK) -> None:
        """Check the session for something that a person does, and note that the guide is at the desk."""
        await self._check_session(right)
        await self._duty.note_activity()

    async def _set_presence(self, frame: f.SetPresence) -> None:
        await self._check_session()
        await self._duty.set_presence(frame.presence)
        self._writer.put(f.Accepted(id=frame.id))

    async def _watch(self, frame: f.Watch) -> None:
        await self._check_active()
        page = await self._services.conversations.read(frame.conversation_id, frame.after)
        if len(self._watched) >= MAX_WATCHED and frame.conversation_id not in self._watched:
            raise HandoverError("too_many_requests", "watched conversations")
        self._watched.add(frame.conversation_id)
        self._writer.put(f.SummaryFrame(conversation=summary(page.conversation)))
        self._follow(frame.conversation_id, frame.after)

    def _unwatch(self, conversation_id: str) -> None:
        self._watched.discard(conversation_id)
        followed = self._feeds.get(conversation_id)
        if followed is not None and not self._is_fed_own(followed.feed):
            self._unfollow(conversation_id)

    async def _show_live(self, on: bool) -> None:
        """Show a lead all that the assistant and the colleagues have now, and from then on."""
        await self._check_session(Right.LIVE)
        self._list.show_live(on)
        if on:
            await self._look_live()

    async def _look_live(self) -> None:
        for conversation in await self._services.database.read(record.list_live):
            self._list.change(conversation, followed=False)
        self._writer.wake()

    async def _typing(self, frame: f.Typing) -> None:
        """Tell the citizen that the owner writes; that somebody else does, only the guides who look on."""
        followed = self._feeds.get(frame.conversation_id or "")
        if frame.conversation_id and followed:
            aside = not self._is_fed_own(followed.feed)
            self._services.bus.publish(
                TypingNotice(frame.conversation_id, "guide", self._account.id, self._account.name, aside)
            )

    async def _send_more(self) -> None:
        for conversation in self._list.take():
            await send(self._socket, f.SummaryFrame(conversation=summary(conversation)))
        grown, self._grown = self._grown, {}
        for conversation_id in grown:
            await self._send_events(conversation_id)

    async def _send_events(self, conversation_id: str) -> None:
        while (followed := self._feeds.get(conversation_id)) is not None:
            try:
                events = await followed.feed.next_events()
            except HandoverError as error:
                log.warning("feed_failed", conversation=conversation_id, code=error.code)
                self._grown[conversation_id] = None
                self._writer.wake_after(FEED_RETRY_SECONDS)
                return
            if not events:
                self._let_go(conversation_id, followed.feed)
                return
            for stored in events:
                await send(self._socket, guide_event_text(conversation_id, stored))

    async def _beat(self) -> None:
        """Note that the guide is here, as long as the socket is open; end it when the session has ended.

        Word that sessions changed makes it look at once; without the word, the next beat finds out.
        """
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._sessions_changed.wait(), HEARTBEAT_SECONDS)
            self._sessions_changed.clear()
            try:
                await self._check_session(active=False)
                await self._duty.beat()
                if self._list.live:  # What another replica's assistant does is heard of only where there is a bus.
                    await self._look_live()
            except SocketClosed as closed:
                self._line.hang_up(closed.code)
                return
            except HandoverError as error:
                log.warning("heartbeat_failed", guide=self._account.id, code=error.code)

    def _heard(self, notice: Notice) -> None:
        """Hear of every conversation: the list shows them, and one's own are followed."""
        if isinstance(notice, SessionsChanged) and notice.account_id == self._account.id:
            self._sessions_changed.set()
        if not isinstance(notice, Announcement):
            return
        conversation = notice.conversation
        if self._is_own(conversation) and conversation.id not in self._feeds:
            self._follow(conversation.id, self._after.get(conversation.id, 0))
        if self._list.change(conversation, followed=conversation.id in self._feeds):
            self._writer.wake()
        elif self._list.gathers and not self._gathering:
            self._gathering = True
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._release)

    def _levels_changed(self, switch: Switch) -> None:
        self._writer.put(f.SupervisionFrame(all_off=switch.all_off, revision=switch.revision))

    def _release(self) -> None:
        self._gathering = False
        self._list.release()
        self._writer.wake()

    def _heard_followed(self, notice: Notice) -> None:
        """Hear of a conversation whose events are shown."""
        if isinstance(notice, TypingNotice):
            if notice.guide_id != self._account.id:
                self._writer.put(typing_now(notice))
            return
        if not isinstance(notice, Announcement):
            return
        followed = self._feeds.get(notice.conversation.id)
        if followed is not None:
            followed.feed.hint(notice)
            self._grown[notice.conversation.id] = None
            self._writer.wake()

    def _follow(self, conversation_id: str, after: int) -> None:
        if conversation_id not in self._feeds:
            feed = Feed(self._services.conversations, conversation_id, after)
            self._feeds[conversation_id] = _Followed(
                feed, self._services.bus.listen(conversation_id, self._heard_followed)
            )
        self._grown[conversation_id] = None
        self._writer.wake()

    def _unfollow(self, conversation_id: str) -> None:
        followed = self._feeds.pop(conversation_id, None)
        if followed is not None:
            followed.stop()
            # Should it come back to this socket, it goes on from here.
            self._after[conversation_id] = followed.feed.sent

    def _let_go(self, conversation_id: str, feed: Feed) -> None:
        """Stop following a conversation that is neither one's own nor watched, once its last event is told."""
        if conversation_id not in self._watched and not self._is_fed_own(feed):
            self._unfollow(conversation_id)

    def _is_own(self, conversation: Conversation) -> bool:
        return conversation.state is State.GUIDE and conversation.owner_id == self._account.id

    def _is_fed_own(self, feed: Feed) -> bool:
        return feed.state is State.GUIDE and feed.owner_id == self._account.id
