"""A client that behaves as a good browser client does, and writes down all that it sees and does.

It makes the ids of its commands. What was not answered when the connection died goes out again under the same id
after the next hello, in the same order; so does what the service could not store at the moment.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
import uuid
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.chaos.journal import Journal

Frame = dict[str, Any]
#: Answers after which the same command goes out again under its id.
TRY_AGAIN = frozenset({"database_unavailable", "internal"})
#: Frames that tell of the present only, and are not written down.
FLEETING = ('{"type":"conversation"', '{"type":"typing"', '{"type":"queue"')
CONNECT_SECONDS = 4.0
#: A connection on which a command stays without an answer for so long is given up for a new one.
PATIENCE_SECONDS = 6.0
ANSWER_SECONDS = 60.0
AGAIN_SECONDS = 0.7
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 1.0
MOST_IN_FLIGHT, ROOM_LOOK_SECONDS = 100, 0.1
FAULTS = (OSError, TimeoutError, WebSocketException, EOFError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: accepted at a seq, or refused with a code."""

    seq: int | None
    code: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether it was carried out."""
        return self.code is None


@dataclass(slots=True)
class Sent:
    """A command without an answer yet."""

    frame: Frame
    answer: asyncio.Future[Answer]
    sent_at: float = 0.0
    #: On which connection it waits to go out again.
    put_off: int = 0


@dataclass
class World:
    """What all clients of a run share."""

    journal: Journal
    seed: int
    #: Ports by which the proxy is reached; each client has one of them.
    doors: list[int]
    running: bool = True
    #: Commands without an answer yet, of all clients.
    in_flight: int = 0
    done: Counter[str] = field(default_factory=Counter)
    #: For each door a client for plain HTTP.
    http_clients: list[httpx.AsyncClient] = field(default_factory=list)
    _sessions: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def session(self) -> int:
        """Return a number for a connection."""
        return next(self._sessions)

    def source(self, name: str) -> random.Random:
        """Return a seeded source of chance of one's own."""
        return random.Random(f"{self.seed} {name}")  # noqa: S311

    async def wait_for_room(self) -> None:
        """Wait while so much is unanswered that more would only pile up behind it, on a machine that is too slow."""
        while self.running and self.in_flight >= MOST_IN_FLIGHT:  # noqa: ASYNC110
            await asyncio.sleep(ROOM_LOOK_SECONDS)

    def door(self, number: int) -> int:
        """Return the port by which client `number` reaches the proxy."""
        return self.doors[number % len(self.doors)]

    def http(self, number: int) -> httpx.AsyncClient:
        """Return the client for plain HTTP of client `number`."""
        return self.http_clients[number % len(self.http_clients)]


class Peer(ABC):
    """One client: a connection that comes back, and the commands that wait for answers."""

    #: How frames begin that are neither written down nor heard.
    fleeting: tuple[str, ...] = FLEETING

    def __init__(self, name: str, world: World, port: int) -> None:
        self.name = name
        self.world = world
        self.port = port
        self.chance = world.source(name)
        self.outstanding: dict[str, Sent] = {}
        self.changed = asyncio.Event()
        self.welcomes = 0
        self._socket: ClientConnection | None = None
        self._outgoing: asyncio.Queue[Frame] | None = None
        self._session = 0
        self._away_until = 0.0
        self._back = asyncio.Event()
        self._left = False
        self._task: asyncio.Task[None] | None = None

    # What the two kinds of clients say and hear.

    @abstractmethod
    def path(self) -> str:
        """Return the path of the socket."""

    def headers(self) -> dict[str, str]:
        """Return what goes along with the connection's request."""
        return {}

    @abstractmethod
    def hello(self) -> Frame:
        """Return the first frame of a connection."""

    @abstractmethod
    def hear(self, frame: Frame) -> None:
        """Take in a frame that answers no command."""

    # The connection.

    def begin(self) -> None:
        """Connect, and keep connecting until `leave`."""
        self._task = asyncio.create_task(self._stay(), name=self.name)

    async def leave(self) -> None:
        """Close for good."""
        self._left = True
        self.world.journal.write("left", w=self.name)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def connected(self) -> bool:
        """Whether hello was said on the connection that is open now."""
        return self._outgoing is not None

    def abort(self, away_seconds: float = 0.0) -> bool:
        """Break the connection, as a lost network does; come back after a while. Tells whether there was one."""
        if self._socket is None:
            return False
        self._away_until = time.monotonic() + away_seconds
        if away_seconds:
            self.world.journal.write("away", w=self.name, until=self._away_until)
        self._socket.transport.abort()
        return True

    def come_back(self) -> None:
        """Stay away no longer, now or later."""
        self._back.set()

    async def _stay(self) -> None:
        failures = 0
        while not self._left:
            before = self.welcomes
            try:
                await self._connection()
            except FAULTS as error:
                self.world.done[f"no connection: {type(error).__name__}"] += 1
            failures = 0 if self.welcomes > before else failures + 1
            pause = min(FIRST_PAUSE_SECONDS * 2**failures, LONGEST_PAUSE_SECONDS) * self.chance.uniform(0.5, 1.0)
            await asyncio.sleep(pause)
            away = self._away_until - time.monotonic()
            if away > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._back.wait(), away)

    async def _connection(self) -> None:
        url = f"ws://127.0.0.1:{self.port}{self.path()}"
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await connect(
                url, proxy=None, compression=None, ping_interval=None, close_timeout=1, open_timeout=None,
                additional_headers=self.headers(),
            )  # fmt: skip
        self._socket = socket
        self._session = self.world.session()
        hello = self.hello()
        self.world.journal.write("connect", s=self._session, w=self.name, hello=_public(hello))
        outgoing: asyncio.Queue[Frame] = asyncio.Queue()
        for frame in (hello, *(sent.frame for sent in self.outstanding.values())):
            outgoing.put_nowait(frame)
        self._outgoing = outgoing
        tasks = [asyncio.create_task(self._read(socket)), asyncio.create_task(self._write(socket, outgoing))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._outgoing = self._socket = None
            for task in tasks:
                task.cancel()
            socket.transport.abort()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.world.journal.write("closed", s=self._session, code=socket.close_code)
            self.changed.set()

    async def _write(self, socket: ClientConnection, outgoing: asyncio.Queue[Frame]) -> None:
        while True:
            try:
                frame = await asyncio.wait_for(outgoing.get(), PATIENCE_SECONDS / 2)
            except TimeoutError:
                if self._is_stuck():
                    self.world.done["given_up_connections"] += 1
                    return
                continue
            if frame["type"] != "hello":
                sent = self.outstanding.get(frame["id"])
                if sent is not None:
                    sent.sent_at = time.monotonic()
                self.note_sent(self._session, frame)
            await socket.send(json.dumps(frame))

    def _is_stuck(self) -> bool:
        oldest = min((sent.sent_at for sent in self.outstanding.values()), default=None)
        return oldest is not None and time.monotonic() - oldest > PATIENCE_SECONDS

    async def _read(self, socket: ClientConnection) -> None:
        session = self._session
        async for raw in socket:
            text = str(raw)
            if text.startswith(self.fleeting):
                continue
            frame = json.loads(text)
            self.world.journal.write("frame", s=session, f=frame)
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame["type"] not in ("accepted", "error"):
            if frame["type"] == "welcome":
                self.world.done["reconnects"] += bool(self.welcomes)
                self.welcomes += 1
            self.hear(frame)
            self.changed.set()
            return
        if frame["type"] == "error" and frame["code"] in TRY_AGAIN:
            sent = self.outstanding.get(frame.get("id") or "")
            if sent is not None and sent.put_off != self._session:
                sent.put_off = self._session
                asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._again, sent, self._session)
            return
        self.settle(frame.get("id") or "", Answer(frame.get("seq"), frame.get("code")))

    def _again(self, sent: Sent, session: int) -> None:
        """Send a command again, unless a new connection has done so meanwhile."""
        sent.put_off = 0
        if sent.frame["id"] in self.outstanding and self._outgoing is not None and session == self._session:
            self._outgoing.put_nowait(sent.frame)

    # Commands.

    def send(self, kind: str, **fields: Any) -> Sent:
        """Send a command, now or after the next hello; its answer comes when it comes."""
        frame = {"type": kind, "id": str(uuid.UUID(int=self.chance.getrandbits(128), version=4)), **fields}
        sent = Sent(frame, asyncio.get_running_loop().create_future(), time.monotonic())
        self.outstanding[frame["id"]] = sent
        self.world.in_flight += 1
        self.note_first(frame)
        if self._outgoing is not None:
            self._outgoing.put_nowait(frame)
        return sent

    def send_again(self, frame: Frame) -> bool:
        """Send a frame as it is, also one that was answered; tells whether there was a connection for it."""
        if self._outgoing is None:
            return False
        self._outgoing.put_nowait(frame)
        return True

    async def do(self, kind: str, **fields: Any) -> Answer | None:
        """Send a command and wait for its answer; None at the deadline."""
        return await self.answer_to(self.send(kind, **fields))

    async def answer_to(self, sent: Sent) -> Answer | None:
        """Wait for the answer of a command; None at the deadline."""
        try:
            return await asyncio.wait_for(asyncio.shield(sent.answer), ANSWER_SECONDS)
        except TimeoutError:
            return None

    def settle(self, command_id: str, answer: Answer) -> None:
        """Note the answer of a command; a second one for the same is only written down."""
        sent = self.outstanding.pop(command_id, None)
        if sent is not None:
            self.world.in_flight -= 1
            sent.answer.set_result(answer)
        self.changed.set()

    def note_first(self, frame: Frame) -> None:
        """Write down that a command was made."""
        self.world.journal.write("command", w=self.name, f=self.about(frame))

    def note_sent(self, session: int | str, frame: Frame) -> None:
        """Write down that a command was handed to a connection."""
        self.world.journal.write("send", s=session, w=self.name, f=self.about(frame))

    def about(self, frame: Frame) -> Frame:
        """Return what is written down of a command."""
        return frame

    async def wait_until(self, fits: Any, seconds: float) -> bool:
        """Wait until something is so; tells whether it came in time."""
        try:
            async with asyncio.timeout(seconds):
                while not fits():
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            return False
        return True


def _public(hello: Frame) -> Frame:
    return {key: value for key, value in hello.items() if key != "token"}
