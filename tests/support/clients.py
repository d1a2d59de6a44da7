"""Clients of the two sockets and of the long poll, as a browser would use them: typed, and patient up to a deadline."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.waiting import DEADLINE_SECONDS

Frame = dict[str, Any]
Event = dict[str, Any]


class Refused(Exception):
    """The server answered a command with an error frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame["code"])
        self.code: str = frame["code"]
        self.frame = frame


def new_id() -> str:
    """Return an id for a command."""
    return str(uuid.uuid4())


class SocketClient:
    """A socket whose frames are kept as they come; `wait_for_frame` hands each of them out once."""

    def __init__(self, url: str, hello: Frame, **options: Any) -> None:
        self._url = url
        self._hello = hello
        self._options = options
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._taken: set[int] = set()
        self.frames: list[Frame] = []
        self.close_code: int | None = None

    @property
    def socket(self) -> ClientConnection:
        """The open socket."""
        if self._socket is None:
            raise RuntimeError("not connected")
        return self._socket

    async def open(self) -> None:
        """Connect and say hello."""
        self._socket = await connect(self._url, proxy=None, max_size=None, **self._options)
        self.close_code = None
        self._reader = asyncio.create_task(self._read())
        if self._hello:
            with suppress(ConnectionClosed):  # A server may close before it has heard a word.
                await self.send(self._hello)

    async def close(self) -> None:
        """Close from this side; twice is once."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def send(self, frame: Frame | str | bytes) -> None:
        """Send a frame, or anything at all."""
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def wait_for_frame(self, fits: Callable[[Frame], bool], what: str = "frame") -> Frame:
        """Return the first frame not handed out yet that fits; fail at the deadline or when the socket closes."""
        try:
            async with asyncio.timeout(DEADLINE_SECONDS), self._news:
                while True:
                    for number, frame in enumerate(self.frames):
                        if number not in self._taken and fits(frame):
                            self._taken.add(number)
                            return frame
                    if self.close_code is not None:
                        raise AssertionError(f"closed with {self.close_code} before {what}: {self.frames[-5:]}")
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"no {what} in time; the last frames: {self.frames[-5:]}") from None

    async def wait_for_type(self, kind: str, **fields: Any) -> Frame:
        """Return the first frame of a type, with these fields, that was not handed out yet."""
        return await self.wait_for_frame(lambda f: f["type"] == kind and fields.items() <= f.items(), kind)

    async def wait_closed(self) -> int:
        """Return the code with which the server closes."""
        if self._reader is None:
            raise RuntimeError("not connected")
        try:
            await asyncio.wait_for(asyncio.shield(self._reader), DEADLINE_SECONDS)
        except TimeoutError:
            raise AssertionError(f"still open; the last frames: {self.frames[-5:]}") from None
        assert self.close_code is not None
        return self.close_code

    async def do(self, kind: str, command_id: str | None = None, **fields: Any) -> Frame:
        """Send a command and return its `accepted`; raises `Refused`."""
        sent_id = command_id or new_id()
        await self.send({"type": kind, "id": sent_id, **fields})
        answer = await self.wait_for_frame(
            lambda f: f["type"] in ("accepted", "error") and f.get("id") == sent_id, f"answer to {kind}"
        )
        if answer["type"] == "error":
            raise Refused(answer)
        return answer

    async def _read(self) -> None:
        try:
            async for raw in self.socket:
                async with self._news:
                    self.frames.append(json.loads(raw))
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        finally:
            async with self._news:
                self.close_code = self.socket.close_code
                self._news.notify_all()


def _fits(event: Event, kind: str, fields: dict[str, Any]) -> bool:
    wanted = {("from" if key == "sender" else key): value for key, value in fields.items()}
    return event["kind"] == kind and all(event.get(key) == value for key, value in wanted.items())


class CitizenClient(SocketClient):
    """A citizen's socket."""

    def __init__(self, base: str, conversation_id: str, token: str, after: int = 0, **options: Any) -> None:
        hello = {"type": "hello", "conversation_id": conversation_id, "token": token, "after": after}
        super().__init__(f"{base.replace('http', 'ws', 1)}/api/v1/citizen", hello, **options)
        self.base = base
        self.conversation_id = conversation_id
        self.token = token

    @property
    def events(self) -> list[tuple[int, Event]]:
        """All events so far with their seq, in the order in which they came."""
        return [(frame["seq"], frame["event"]) for frame in self.frames if frame["type"] == "event"]

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Who said what, in order."""
        return [(event["from"], event["text"]) for _, event in self.events if event["kind"] == "message"]

    async def wait_for(self, kind: str, **fields: Any) -> Event:
        """Return the first event of a kind, with these fields (`sender` is `from`), not handed out yet."""
        frame = await self.wait_for_frame(lambda f: f["type"] == "event" and _fits(f["event"], kind, fields), kind)
        event: Event = frame["event"]
        return event

    async def say(self, text: str, command_id: str | None = None) -> Frame:
        """Say something; return the `accepted` frame."""
        return await self.do("say", command_id, text=text)

    async def reconnect(self, after: int | None = None) -> None:
        """Close if need be, and come back with the last seq seen (or `after`)."""
        await self.close()
        last = max((seq for seq, _ in self.events), default=0)
        self._hello = {**self._hello, "after": last if after is None else after}
        await self.open()


class GuideClient(SocketClient):
    """A guide's socket; every event names its conversation."""

    def __init__(self, base: str, cookie: str, after: dict[str, int] | None = None, **options: Any) -> None:
        headers = {"Cookie": f"kontakt_session={cookie}", **options.pop("additional_headers", {})}
        url = f"{base.replace('http', 'ws', 1)}/api/v1/guide"
        super().__init__(url, {"type": "hello", "after": after or {}}, additional_headers=headers, **options)
        self.cookie = cookie

    def events(self, conversation_id: str) -> list[tuple[int, Event]]:
        """All events so far of one conversation with their seq."""
        return [
            (frame["seq"], frame["event"])
            for frame in self.frames
            if frame["type"] == "event" and frame["conversation_id"] == conversation_id
        ]

    async def wait_for(self, kind: str, conversation_id: str, **fields: Any) -> Event:
        """Return the first event of a kind in a conversation that was not handed out yet."""
        frame = await self.wait_for_frame(
            lambda f: (
                f["type"] == "event" and f["conversation_id"] == conversation_id and _fits(f["event"], kind, fields)
            ),
            kind,
        )
        event: Event = frame["event"]
        return event

    async def wait_for_line(self, conversation_id: str, state: str) -> Frame:
        """Return the line of the list that shows a conversation in a state, from the welcome or later."""

        def shows(line: Frame) -> bool:
            return line["conversation_id"] == conversation_id and line["state"] == state

        def fits(frame: Frame) -> bool:
            lines = frame["conversations"] if frame["type"] == "welcome" else [frame.get("conversation")]
            return any(line is not None and shows(line) for line in lines)

        frame = await self.wait_for_frame(fits, f"line in state {state}")
        lines = frame["conversations"] if frame["type"] == "welcome" else [frame["conversation"]]
        return next(line for line in lines if shows(line))

    async def act(self, kind: str, conversation_id: str, command_id: str | None = None, **fields: Any) -> Frame:
        """Carry out a command on a conversation; return its `accepted` or raise `Refused`."""
        return await self.do(kind, command_id, conversation_id=conversation_id, **fields)


class PollingCitizen:
    """The same conversation over plain HTTP."""

    def __init__(self, http: httpx.AsyncClient, conversation_id: str, token: str) -> None:
        self._http = http
        self._path = f"/api/v1/conversations/{conversation_id}"
        self.headers = {"Authorization": f"Bearer {token}"}
        self.conversation_id = conversation_id
        self.events: list[tuple[int, Event]] = []
        self.state = ""
        self._read = 0

    async def poll(self, wait: float = 0.0) -> Frame:
        """Ask once for what is new; return the page."""
        after = self.events[-1][0] if self.events else 0
        params = {"after": after, "wait": wait}
        answer = await self._http.get(f"{self._path}/events", params=params, headers=self.headers, timeout=30)
        answer.raise_for_status()
        page: Frame = answer.json()
        self.events += [(frame["seq"], frame["event"]) for frame in page["events"]]
        self.state = page["state"]
        return page

    async def wait_for(self, kind: str, **fields: Any) -> Event:
        """Poll until an event comes that was not looked at yet and fits."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                for place, (_, event) in itertools.islice(enumerate(self.events), self._read, None):
                    if _fits(event, kind, fields):
                        self._read = place + 1
                        return event
                await self.poll(wait=5)

    async def do(self, kind: str, command_id: str | None = None, **fields: Any) -> Frame:
        """Send a command and return its `accepted`; raises `Refused`."""
        body = {"type": kind, "id": command_id or new_id(), **fields}
        answer = await self._http.post(f"{self._path}/commands", json=body, headers=self.headers)
        frame: Frame = answer.json()
        if answer.is_error:
            raise Refused(frame)
        return frame


@asynccontextmanager
async def raw_socket(base: str, path: str, **options: Any) -> AsyncIterator[SocketClient]:
    """Open a socket without saying hello."""
    async with SocketClient(f"{base.replace('http', 'ws', 1)}{path}", {}, **options) as client:
        yield client
