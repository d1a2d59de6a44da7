"""The citizens and guides of the relay benchmark, in a process of their own: `python -m bench.load`.

Reads one order a line from standard input and answers each with a line, both JSON; see `bench.relay`. A message is
found again at the guide by a mark in its text, so nothing needs to be parsed while the clock runs.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import uvloop

from bench.figures import Summary, summed_up
from bench.running import raise_file_limit
from bench.wire import Wire, connect

#: What citizens write; a mark of letters follows that redaction has no reason to touch.
TEXTS = (
    "Hej! Jag undrar om jag behöver bygglov för en altan på baksidan av huset, den blir ungefär en meter hög.",
    "Min son ska börja på förskolan i höst och vi har inte fått något besked om plats ännu. När brukar det komma?",
    "Soptunnan tömdes inte i tisdags fast den stod ute vid vägen. Kan någon komma förbi och hämta den i veckan?",
    "Tack för svaret. Då fyller jag i blanketten i kväll och skickar in den tillsammans med ritningarna.",
    "Vart vänder jag mig om gatlyktan utanför vårt hus har varit trasig sedan i förra veckan? Det är väldigt mörkt.",
)
MARK = b"zq"
MARK_LETTERS = 8
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
SETUP_PARALLEL = 16
SETUP_SECONDS = 60.0
WARM_UP_SECONDS = 1.0
#: How long messages under way may take to arrive after a phase has ended.
DRAIN_SECONDS = 30.0
#: With more messages under way than this in an open loop the service does not keep up, and the phase ends.
MAX_UNDER_WAY = 1_000
SEED = 7

_clock = time.perf_counter


def mark(number: int) -> str:
    """Return the letters by which a message is found again."""
    return f"{number:08x}".translate(_LETTERS)


class Citizen:
    """A citizen's socket, and when the messages that are not accepted yet were sent."""

    def __init__(self, load: Load, conversation_id: str, token: str) -> None:
        self._load = load
        self.conversation_id = conversation_id
        self.hello = {"type": "hello", "conversation_id": conversation_id, "token": token, "after": 0}
        self.wire: Wire | None = None
        self.waiting: deque[float] = deque()
        self.welcomed = asyncio.Event()

    def read(self, payload: bytes) -> None:
        """Note that a message was accepted; everything else is not looked at."""
        if payload.startswith(b'{"type":"accepted"'):
            if self.waiting:
                self._load.accepted.append(_clock() - self.waiting.popleft())
            else:
                self._load.asked += 1
        elif payload.startswith(b'{"type":"error"'):
            self._load.failed(payload)
        elif payload.startswith(b'{"type":"welcome"'):
            self.welcomed.set()

    def send(self, frame: dict[str, Any]) -> None:
        """Send a frame of which no latency is taken."""
        assert self.wire is not None
        self.wire.send(json.dumps(frame).encode())

    def say(self, number: int, at: float) -> None:
        """Say a marked message whose time counts from `at`."""
        assert self.wire is not None
        text = TEXTS[number % len(TEXTS)]
        self.waiting.append(at)
        letters = mark(number)
        self.wire.send(f'{{"type":"say","id":"bench-{letters}","text":"{text} zq{letters}"}}'.encode())


class Guide:
    """A guide's socket; tells the load of each marked message that arrives."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.wire: Wire | None = None
        self.welcomed = asyncio.Event()

    def read(self, payload: bytes) -> None:
        """Look for the mark."""
        at = payload.find(MARK)
        if at > 0:
            self._load.delivered(payload[at + len(MARK) : at + len(MARK) + MARK_LETTERS])
        elif payload.startswith(b'{"type":"accepted"'):
            self._load.claimed += 1
        elif payload.startswith(b'{"type":"error"'):
            self._load.failed(payload)
        elif payload.startswith(b'{"type":"welcome"'):
            self.welcomed.set()


class Load:
    """All citizens and guides."""

    def __init__(self) -> None:
        self.citizens: list[Citizen] = []
        self.guides: list[Guide] = []
        #: Conversations that wait for a guide, and those that a guide has.
        self.asked = 0
        self.claimed = 0
        self.accepted: list[float] = []
        self.refused: list[str] = []
        self.total = 0
        self._numbers = itertools.count()
        self._under_way: dict[bytes, tuple[Citizen, float]] = {}
        self._relayed: list[tuple[float, float]] = []
        #: In a closed loop a citizen whose message has arrived says the next.
        self._again = False
        self._arrived = asyncio.Event()

    async def set_up(self, order: dict[str, Any]) -> dict[str, Any]:
        """Open the conversations and sockets, and let the guides claim them, each the same number."""
        host, port, names = order["host"], order["port"], order["guides"]
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}", trust_env=False, timeout=30) as http:
            for name in names:
                await self._sign_in(http, host, port, name, order["password"])
            gate = asyncio.Semaphore(SETUP_PARALLEL)

            async def one() -> None:
                async with gate:
                    await self._open(http, host, port)

            await asyncio.gather(*(one() for _ in range(order["conversations"])))
        for citizen in self.citizens:
            citizen.send({"type": "ask_human", "id": f"ask-{citizen.conversation_id}"})
        await self._until(lambda: self.asked == len(self.citizens))
        for number, citizen in enumerate(self.citizens):
            guide = self.guides[number % len(self.guides)]
            assert guide.wire is not None
            claim = {"type": "claim", "id": f"claim-{citizen.conversation_id}"}
            guide.wire.send(json.dumps(claim | {"conversation_id": citizen.conversation_id}).encode())
        await self._until(lambda: self.claimed == len(self.citizens))
        return {"claimed": self.claimed, "refused": self.refused[:3]}

    async def _until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(SETUP_SECONDS):
            while not reached() and not self.refused:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def _sign_in(self, http: httpx.AsyncClient, host: str, port: int, name: str, password: str) -> None:
        answer = await http.post("/api/v1/session", json={"username": name, "password": password})
        answer.raise_for_status()
        cookies = "; ".join(f"{key}={value}" for key, value in answer.cookies.items())
        http.cookies.clear()
        guide = Guide(self)
        guide.wire = await connect(host, port, "/api/v1/guide", guide.read, {"Cookie": cookies})
        guide.wire.send(b'{"type":"hello","after":{}}')
        await guide.welcomed.wait()
        self.guides.append(guide)

    async def _open(self, http: httpx.AsyncClient, host: str, port: int) -> None:
        answer = await http.post("/api/v1/conversations", json={})
        answer.raise_for_status()
        citizen = Citizen(self, answer.json()["conversation_id"], answer.json()["token"])
        citizen.wire = await connect(host, port, "/api/v1/citizen", citizen.read)
        citizen.send(citizen.hello)
        await citizen.welcomed.wait()
        self.citizens.append(citizen)

    def say(self, citizen: Citizen, at: float) -> None:
        """Let a citizen say the next message."""
        number = next(self._numbers)
        self._under_way[mark(number).encode()] = (citizen, at)
        self.total += 1
        citizen.say(number, at)

    def delivered(self, letters: bytes) -> None:
        """Note that a guide has a message."""
        found = self._under_way.pop(letters, None)
        if found is None:
            self.failed(b"a message that nobody sent, or that came twice")
            return
        now = _clock()
        citizen, sent = found
        self._relayed.append((now, now - sent))
        if self._again:
            self.say(citizen, now)
        elif not self._under_way:
            self._arrived.set()

    def failed(self, payload: bytes) -> None:
        """Note a refusal."""
        self.refused.append(payload[:200].decode(errors="replace"))

    async def closed_loop(self, order: dict[str, Any]) -> dict[str, Any]:
        """Keep `in_flight` messages under way, one a citizen; the next is said when the guide has the former."""
        self._begin()
        step = len(self.citizens) / order["in_flight"]
        self._again = True
        for place in range(order["in_flight"]):
            self.say(self.citizens[int(place * step)], _clock())
        await asyncio.sleep(WARM_UP_SECONDS)
        began = _clock()
        await asyncio.sleep(order["seconds"])
        ended = _clock()
        self._again = False
        await self._drain()
        return self._came_of(began, ended)

    async def open_loop(self, order: dict[str, Any]) -> dict[str, Any]:
        """Say messages at a rate, come what may, at random times; the time of each counts from when it was due."""
        self._begin()
        chance = random.Random(SEED)  # noqa: S311
        rate, until = order["rate"], _clock() + WARM_UP_SECONDS + order["seconds"]
        began, due = _clock() + WARM_UP_SECONDS, _clock()
        while due < until and len(self._under_way) <= MAX_UNDER_WAY:
            # Also where it is late already, so that what arrives is read.
            await asyncio.sleep(max(0.0, due - _clock()))
            self.say(chance.choice(self.citizens), due)
            due += chance.expovariate(rate)
        ended = min(until, _clock())
        overloaded = len(self._under_way) > MAX_UNDER_WAY
        await self._drain()
        return {**self._came_of(min(began, ended - WARM_UP_SECONDS / 2), ended), "overloaded": overloaded}

    def _begin(self) -> None:
        self.accepted.clear()
        self._relayed.clear()
        self._arrived.clear()

    async def _drain(self) -> None:
        if self._under_way:
            try:
                await asyncio.wait_for(self._arrived.wait(), DRAIN_SECONDS)
            except TimeoutError:
                return
        while any(citizen.waiting for citizen in self.citizens):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def _came_of(self, began: float, ended: float) -> dict[str, Any]:
        counted = [took for at, took in self._relayed if began <= at]
        in_time = sum(began <= at <= ended for at, _ in self._relayed)
        relay: Summary = summed_up(counted)
        return {
            "per_second": round(in_time / (ended - began), 1),
            "relay": relay,
            "accepted": summed_up(self.accepted),
            "lost": len(self._under_way),
            "refused": self.refused[:3],
            "total": self.total,
        }


async def serve() -> None:
    """Carry out orders until standard input ends."""
    load = Load()
    orders: dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {
        "set_up": load.set_up,
        "closed_loop": load.closed_loop,
        "open_loop": load.open_loop,
    }
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        print(json.dumps(await orders[order["do"]](order)), flush=True)


if __name__ == "__main__":
    raise_file_limit()
    uvloop.run(serve())
