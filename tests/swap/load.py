"""Citizens who ask at a steady rate over real sockets, through swaps and faults, and what came of each turn."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from contextlib import suppress
from dataclasses import dataclass

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.support.clients import CitizenClient, new_id

#: Everyday questions of services that are not sensitive; the answers are sent at once.
QUESTIONS = (
    "Hej!",
    "Hur ofta töms soptunnan?",
    "Behöver jag bygglov för en altan?",
    "Var kan jag lämna grovsopor?",
    "Hur skaffar jag lånekort på biblioteket?",
    "När har återvinningscentralen öppet?",
    "Vad kostar ett bygglov?",
    "Hur lånar jag e-böcker?",
)
QUESTIONS_A_CONVERSATION = 6
#: After so long an answer is not waited for any more.
GIVEN_UP_SECONDS = 30.0
RETRY_SECONDS = 0.2
#: What the assistant says or does to answer a citizen; the rest is a person being fetched.
FAILURES = frozenset({"engine_failure"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn of one citizen: when it was asked (seconds of the monotonic clock) and how long the answer took."""

    conversation_id: str
    at: float
    seconds: float
    #: None when it was answered, else what went wrong.
    failure: str | None


class Load:
    """New conversations at a steady rate; each asks several times. Use `run` as a task, and `finish` at the end."""

    def __init__(self, url: str, conversations_per_second: float, think_seconds: float, seed: int = 1) -> None:
        self._url = url
        self._rate = conversations_per_second
        self._think = think_seconds
        self._chance = random.Random(seed)  # noqa: S311
        self._running = True
        self._citizens: set[asyncio.Task[None]] = set()
        self.turns: list[Asked] = []

    async def run(self) -> None:
        """Open conversations until `finish`."""
        async with httpx.AsyncClient(base_url=self._url, trust_env=False, timeout=10.0) as http:
            for number in itertools.count():
                if not self._running:
                    break
                task = asyncio.create_task(self._live(http), name=f"citizen {number}")
                self._citizens.add(task)
                await asyncio.sleep(self._chance.expovariate(self._rate))
            await asyncio.gather(*self._citizens)

    def finish(self) -> None:
        """Open no more; those under way ask what they were about to."""
        self._running = False

    async def _live(self, http: httpx.AsyncClient) -> None:
        client = CitizenClient(self._url, *await self._open(http))
        await _patiently(client.open)
        try:
            for question in self._chance.sample(QUESTIONS, QUESTIONS_A_CONVERSATION):
                if not self._running:
                    break
                if await self._ask(client, question):
                    break  # A person has it now.
                await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._think)
        finally:
            await client.close()

    async def _open(self, http: httpx.AsyncClient) -> tuple[str, str]:
        while True:
            with suppress(httpx.HTTPError):
                answer = await http.post("/api/v1/conversations", json={"language": "sv"})
                answer.raise_for_status()
                return answer.json()["conversation_id"], answer.json()["token"]
            await asyncio.sleep(RETRY_SECONDS)

    async def _ask(self, client: CitizenClient, question: str) -> bool:
        """Ask once, whatever happens to the socket; tell whether a person has the conversation now."""
        began, sent_id, failure, ended = time.monotonic(), new_id(), None, False
        try:
            async with asyncio.timeout(GIVEN_UP_SECONDS):
                said = await _said(client, question, sent_id)
                ended = await _answered(client, said)
        except TimeoutError:
            failure = "no_answer"
        reasons = {event["reason"] for _, event in client.events if event["kind"] == "escalated"}
        if reasons & FAILURES:
            failure = "engine_failure"
        self.turns.append(Asked(client.conversation_id, began, time.monotonic() - began, failure))
        return ended or failure is not None


async def _said(client: CitizenClient, text: str, sent_id: str) -> int:
    """Say something once, also over several connections; return its seq."""
    while True:
        with suppress(ConnectionClosed, AssertionError):
            return int((await client.say(text, sent_id))["seq"])
        await _patiently(client.reconnect)


async def _answered(client: CitizenClient, said: int) -> bool:
    """Return when the assistant has answered what was said, False; or a person was fetched, True."""
    while True:
        after = [event for seq, event in client.events if seq > said]
        if any(event["kind"] == "escalated" for event in after):
            return True
        if any(event["kind"] == "message" and event["from"] == "bot" for event in after):
            return False
        try:
            await client.wait_for_frame(lambda frame: frame["type"] == "event", "event")
        except AssertionError:
            if client.close_code is not None:
                await _patiently(client.reconnect)


async def _patiently(connect: object) -> None:
    while True:
        with suppress(OSError, InvalidHandshake, ConnectionClosed):
            await connect()  # type: ignore[operator]
            return
        await asyncio.sleep(RETRY_SECONDS)
