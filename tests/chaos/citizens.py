"""Citizens: each opens a conversation, talks, is helped, ends it, rates it, and opens the next."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
from websockets.asyncio.client import connect

from tests.chaos.peers import CONNECT_SECONDS, FAULTS, Answer, Frame, Peer, World

if TYPE_CHECKING:
    from tests.chaos.guides import Desk

#: Without vowels no word comes about that means something to the service.
LETTERS = "bcdfghjkmnpqrstvwxz"
WORDS = (
    "Hur ansöker jag om bygglov?",
    "När töms soporna?",
    "Jag undrar över min plats i kön till förskolan.",
    "Tack, det var bra att veta.",
    "Kan du säga det en gång till?",
    "Vad kostar ett parkeringstillstånd?",
)
STATE_AFTER = {
    "escalated": "waiting",
    "claimed": "guide",
    "released": "waiting",
    "transferred": "waiting",
    "handed_back": "bot",
    "closed": "closed",
}
#: How many things are said in a row, and how often without waiting for an answer in between.
BURST = (3, 8)
PIPED_SHARE = 0.4
SETTLE_SECONDS = 60.0
#: How often something is done that a client seldom does.
TWIN_SHARE, REPEAT_SHARE, REUSE_SHARE, HTTP_SHARE = 0.02, 0.02, 0.01, 0.3
CLOSE_SHARE = 0.02


def letters(number: int) -> str:
    """Return a number in letters that hold no digits, since a row of digits might be taken for personal data."""
    text = ""
    while True:
        number, rest = divmod(number, len(LETTERS))
        text = LETTERS[rest] + text
        if number == 0:
            return text


class CitizenLine(Peer):
    """A citizen's connection to one conversation."""

    def __init__(self, name: str, world: World, port: int, conversation_id: str, token: str) -> None:
        super().__init__(name, world, port)
        self.conversation_id = conversation_id
        self.token = token
        self.seen = 0
        self.state = "bot"
        self.answered = 0
        self._speaking = asyncio.Lock()

    def path(self) -> str:
        """Return the path of the citizens' socket."""
        return "/api/v1/citizen"

    def hello(self) -> Frame:
        """Return hello with the last seq seen."""
        return {
            "type": "hello", "conversation_id": self.conversation_id, "token": self.token, "after": self.seen,
        }  # fmt: skip

    def hear(self, frame: Frame) -> None:
        """Follow the record."""
        if frame["type"] != "event":
            return
        self.seen = frame["seq"]
        event = frame["event"]
        self.state = STATE_AFTER.get(event["kind"], self.state)
        self.answered = max(self.answered, event.get("reply_to") or 0)

    def about(self, frame: Frame) -> Frame:
        """Name the conversation beside the command."""
        return {**frame, "conversation_id": self.conversation_id}

    async def say(self, texts: list[str]) -> list[Answer | None]:
        """Say several things in a row without waiting in between; return the answers."""
        async with self._speaking:
            sent = [self.send("say", text=text) for text in texts]
            answers = [await self.answer_to(one) for one in sent]
        self.world.done["citizen_messages"] += sum(a is not None and a.accepted for a in answers)
        for one, answer in zip(sent, answers, strict=True):
            if answer is not None and answer.accepted:
                self._play_with(one.frame)
        return answers

    async def say_twice_at_once(self, text: str) -> None:
        """Say something on two connections at the same moment, under one id."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                twin = await connect(
                    f"ws://127.0.0.1:{self.port}{self.path()}", proxy=None, compression=None, ping_interval=None,
                    close_timeout=1,
                )  # fmt: skip
        except FAULTS:
            return
        session = self.world.session()
        hello = self.hello()
        self.world.journal.write("connect", s=session, w=self.name, hello={**hello, "token": ""})
        try:
            async with asyncio.timeout(CONNECT_SECONDS), self._speaking:
                await twin.send(json.dumps(hello))
                sent = self.send("say", text=text)
                self.note_sent(session, sent.frame)
                await twin.send(json.dumps(sent.frame))
                async for raw in twin:
                    frame = json.loads(raw)
                    if frame["type"] in ("event", "accepted", "error", "welcome"):
                        self.world.journal.write("frame", s=session, f=frame)
                    if frame.get("id") == sent.frame["id"]:
                        self.world.done["twins"] += 1
                        break
        except FAULTS:
            pass
        finally:
            twin.transport.abort()
            self.world.journal.write("closed", s=session, code=None)

    def _play_with(self, frame: Frame) -> None:
        """Now and then send an id again: as it was, or for something else, which must be refused."""
        roll = self.chance.random()
        if roll < REPEAT_SHARE:
            self.world.done["repeats"] += self.send_again(frame)
        elif roll < REPEAT_SHARE + REUSE_SHARE:
            self.world.done["reused_ids"] += self.send_again({**frame, "text": f"x-{frame['text']}"})


class Citizen:
    """One person with one conversation after the other."""

    def __init__(self, number: int, world: World, desk: Desk, think_seconds: float) -> None:
        self.number = number
        self.name = f"citizen-{number}"
        self.world = world
        self.desk = desk
        self.line: CitizenLine | None = None
        self._think = think_seconds
        self._chance = world.source(self.name)
        self._said = 0
        self._opened = 0
        self._http = world.http(number)

    async def live(self) -> None:
        """Hold conversations until the load ends; the last one stays open."""
        await asyncio.sleep(self._chance.uniform(0, self._think))
        while self.world.running:
            line = await self._open()
            if line is None:
                return
            self.line = line
            line.begin()
            await self._talk(line)
            if line.state == "closed":
                await self._end(line)

    async def close(self) -> None:
        """Give the connections back."""
        if self.line is not None:
            await self.line.leave()

    def next_text(self) -> str:
        """Return a text that nobody else says, by which it is found again."""
        self._said += 1
        return f"m-{letters(self.number)}-{letters(self._said)} {self._chance.choice(WORDS)}"

    async def _open(self) -> CitizenLine | None:
        while self.world.running:
            try:
                answer = await self._http.post("/api/v1/conversations", json={"language": "sv"})
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.CREATED:
                body = answer.json()
                self._opened += 1
                name = f"{self.name}.{self._opened}"
                self.world.journal.write("open", w=name, cv=body["conversation_id"])
                port = self.world.door(self.number)
                return CitizenLine(name, self.world, port, body["conversation_id"], body["token"])
            await asyncio.sleep(self._chance.uniform(0.2, 0.6))
        return None

    async def _talk(self, line: CitizenLine) -> None:
        await self._think_a_while()
        while self.world.running and line.state != "closed":
            match line.state:
                case "bot":
                    await self._ask(line)
                case "waiting":
                    self.desk.wanted(line)
                    await self._tell(line, 3)
                case "guide":
                    await self._tell(line, self._chance.randint(*BURST))
            await self._think_a_while()

    async def _think_a_while(self) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / self._think))
        await self.world.wait_for_room()

    async def _ask(self, line: CitizenLine) -> None:
        roll = self._chance.random()
        if roll < CLOSE_SHARE:
            await line.do("close")
            return
        if roll < CLOSE_SHARE + TWIN_SHARE and line.connected:
            await line.say_twice_at_once(self.next_text())
            return
        if not line.connected and roll < HTTP_SHARE:
            await self._say_by_http(line)
            return
        if roll > 0.9:
            await self._burst(line, self._chance.randint(2, 4))
            return
        answers = await line.say([self.next_text()])
        first = answers[0]
        if first is not None and first.accepted and first.seq is not None:
            seq = first.seq
            await line.wait_until(lambda: line.answered >= seq or line.state != "bot", 3.0)

    async def _tell(self, line: CitizenLine, length: int) -> None:
        """Say several things to a guide: mostly one after the other, sometimes all at once."""
        if self._chance.random() < PIPED_SHARE:
            await self._burst(line, length)
            return
        for _ in range(length):
            await line.say([self.next_text()])
            if line.state not in ("guide", "waiting"):
                return

    async def _burst(self, line: CitizenLine, length: int) -> None:
        await line.say([self.next_text() for _ in range(length)])

    async def _say_by_http(self, line: CitizenLine) -> None:
        """Say something over plain HTTP while there is no socket; it may go out on the next one as well."""
        sent = line.send("say", text=self.next_text())
        session = f"http-{self.world.session()}"
        line.note_sent(session, sent.frame)
        frame = await self._post(line, sent.frame)
        if frame is None:
            return
        self.world.journal.write("frame", s=session, f=frame)
        self.world.done["by_http"] += 1
        line._take(frame)

    async def _post(self, line: CitizenLine, frame: Frame) -> Frame | None:
        path = f"/api/v1/conversations/{line.conversation_id}/commands"
        try:
            answer = await self._http.post(path, json=frame, headers={"Authorization": f"Bearer {line.token}"})
            body: Any = answer.json()
        except (httpx.HTTPError, ValueError):
            return None
        return body if isinstance(body, dict) and body.get("type") in ("accepted", "error") else None

    async def _end(self, line: CitizenLine) -> None:
        """Rate what is over, wait for what is still to come, and leave; when the load ends, stay."""
        if not self.world.running:
            return
        await line.do("rate", score=self._chance.randint(1, 5))
        await line.wait_until(lambda: not line.outstanding and line.connected, SETTLE_SECONDS)
        await asyncio.sleep(0.5)
        self.line = None
        await line.leave()
