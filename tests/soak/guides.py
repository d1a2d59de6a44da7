"""The guides of a soak: they take who waits, take over now and then, answer each message, and hand back or close."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any

import httpx

from handover.api.services import SESSION_COOKIE
from tests.chaos.citizens import letters
from tests.chaos.peers import FLEETING, Frame, Peer, World
from tests.soak.service import Service

CLAIM_SECONDS, REPLY_SECONDS = (0.2, 2.0), (0.2, 2.5)
REPLIES = (1, 4)
#: How a guide is done with a conversation; the rest is closed.
HAND_BACK, RELEASE = 0.7, 0.1
#: Each guide takes a conversation over from the assistant every so often.
TAKE_OVER_SECONDS = (2.0, 8.0)


class Guide(Peer):
    """A guide at a desk of the soak; `some_talk` names a conversation that the assistant may have."""

    fleeting = tuple(kind for kind in FLEETING if "conversation" not in kind)

    def __init__(
        self, number: int, of: int, world: World, port: int, cookie: str, some_talk: Callable[[], str | None]
    ) -> None:
        super().__init__(f"guide-{number}", world, port)
        self._number, self._of = number, of
        self._cookie = cookie
        self._some_talk = some_talk
        self._seen: dict[str, int] = {}
        #: For each conversation that one has: how many replies are still to be given.
        self._own: dict[str, int] = {}
        self._said = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._claiming: set[str] = set()
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def path(self) -> str:
        """Return the path of the guides' socket."""
        return "/api/v1/guide"

    def headers(self) -> dict[str, str]:
        """Return the session's cookie."""
        return {"Cookie": f"kontakt_session={self._cookie}"}

    def hello(self) -> Frame:
        """Return hello with the last seq seen of each conversation that one has."""
        return {"type": "hello", "after": {talk: self._seen.get(talk, 0) for talk in self._own}}

    def hear(self, frame: Frame) -> None:
        """Take who waits, and answer what is said."""
        match frame["type"]:
            case "welcome":
                for line in frame["conversations"]:
                    self._consider(line)
            case "conversation":
                self._consider(frame["conversation"])
            case "event":
                talk, event = frame["conversation_id"], frame["event"]
                self._seen[talk] = frame["seq"]
                if event["kind"] in ("closed", "handed_back", "released"):
                    self._own.pop(talk, None)
                elif event["kind"] == "message" and event["from"] == "citizen" and talk in self._own:
                    self._start(self._answer(talk, event["text"].split()[0]))

    async def work(self) -> None:
        """Take conversations over from the assistant until the soak ends."""
        while self.world.running:
            await asyncio.sleep(self.chance.uniform(*TAKE_OVER_SECONDS))
            talk = self._some_talk()
            if talk is not None and self.world.running:
                self._start(self._fetch("take_over", talk, 0.0))

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _consider(self, line: Frame) -> None:
        talk = line["conversation_id"]
        mine = int(talk.replace("-", "")[-6:], 16) % self._of == self._number
        if line["state"] == "waiting" and mine and self.world.running:
            self._start(self._fetch("claim", talk, self.chance.uniform(*CLAIM_SECONDS)))

    async def _fetch(self, kind: str, talk: str, after: float) -> None:
        if talk in self._own or talk in self._claiming:
            return
        self._claiming.add(talk)
        await asyncio.sleep(after)
        answer = await self.do(kind, conversation_id=talk)
        self._claiming.discard(talk)
        if answer is None or not answer.accepted:
            return
        self.world.done[kind] += 1
        self._own[talk] = self.chance.randint(*REPLIES)
        await self._reply(talk, "Hej")

    async def _answer(self, talk: str, to: str) -> None:
        await asyncio.sleep(self.chance.uniform(*REPLY_SECONDS))
        await self._reply(talk, f"Svar till {to}")

    async def _reply(self, talk: str, text: str) -> None:
        """Reply, and leave the conversation after the last one."""
        async with self._turns[talk]:
            if talk not in self._own:
                return
            self._said += 1
            token = f"g-{letters(self._number)}-{letters(self._said)}"
            answer = await self.do("reply", conversation_id=talk, text=f"{token} {text}")
            if answer is None or not answer.accepted:
                return
            self.world.done["guide messages"] += 1
            left = self._own.get(talk, 0) - 1
            if left > 0:
                self._own[talk] = left
            # Nothing is left to do where the citizen has ended it meanwhile.
            if left > 0 or self._own.pop(talk, None) is None:
                return
            chance = self.chance.random()
            if chance < HAND_BACK:
                await self.do("hand_back", conversation_id=talk)
            elif chance < HAND_BACK + RELEASE:
                await self.do("release", conversation_id=talk)
            else:
                await self.do("close", conversation_id=talk, outcome="solved")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def sign_in(service: Service, world: World, port: int, some_talk: Callable[[], str | None]) -> list[Guide]:
    """Sign the guides in over HTTP, as their console would, and connect them."""
    guides = []
    for number, account in enumerate(service.guides):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            body = {"username": account.username, "password": service.password}
            answer = await http.post("/api/v1/session", json=body)
            answer.raise_for_status()
            cookie = answer.cookies[SESSION_COOKIE]
        world.journal.write("guide", w=f"guide-{number}", id=account.id)
        guides.append(Guide(number, len(service.guides), world, port, cookie, some_talk))
    for guide in guides:
        guide.begin()
    return guides
