"""Guides, and the desk that brings them together with citizens: races for a conversation, and what follows."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.chaos.citizens import PIPED_SHARE, Citizen, CitizenLine, letters
from tests.chaos.peers import Answer, Frame, Peer, Sent, World

RACERS = (2, 3)
#: The most conversations that one guide has at a time.
MAX_OWN = 4
#: Nobody reaches for another conversation while so much is not answered yet.
MAX_UNANSWERED = 4
#: How an episode ends; the rest is closed by the guide.
HAND_BACK, RELEASE, TRANSFER = 0.72, 0.10, 0.10
REPLIES = (1, 3)
ROUNDS = (1, 3)
NOTE_SHARE = 0.1
REPEAT_CLAIM_SHARE = 0.1
#: Longer than the service waits for a guide who is gone.
VANISH_SECONDS = 38.0
VANISH_SHARE = 0.004


class Guide(Peer):
    """A guide who is signed in."""

    def __init__(self, number: int, world: World, port: int, account_id: str, cookie: str) -> None:
        super().__init__(f"guide-{number}", world, port)
        self.number = number
        self.account_id = account_id
        self.own: set[str] = set()
        self._cookie = cookie
        self._seen: dict[str, int] = {}
        self._said = 0

    def path(self) -> str:
        """Return the path of the guides' socket."""
        return "/api/v1/guide"

    def headers(self) -> dict[str, str]:
        """Return the session's cookie."""
        return {"Cookie": f"kontakt_session={self._cookie}"}

    def hello(self) -> Frame:
        """Return hello with the last seq seen of each conversation that one has."""
        return {"type": "hello", "after": {cv: self._seen[cv] for cv in self.own if cv in self._seen}}

    def hear(self, frame: Frame) -> None:
        """Follow the conversations that one has."""
        if frame["type"] == "event":
            self._seen[frame["conversation_id"]] = frame["seq"]

    def seen(self, conversation_id: str) -> int:
        """Return the last seq seen of a conversation."""
        return self._seen.get(conversation_id, 0)

    def next_text(self) -> str:
        """Return a text that nobody else says."""
        self._said += 1
        return f"m-l{letters(self.number)}-{letters(self._said)} Det ska jag ta reda på."


class Desk:
    """Stages the races and carries out what the winners do."""

    def __init__(self, world: World, races_per_second: float) -> None:
        self.guides: list[Guide] = []
        self.citizens: list[Citizen] = []
        self._world = world
        self._pause = 1.0 / races_per_second
        self._chance = world.source("desk")
        self._wanted: dict[str, CitizenLine] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wanted(self, line: CitizenLine) -> None:
        """Note that somebody waits for a guide."""
        self._wanted[line.conversation_id] = line

    async def run(self) -> None:
        """Stage races until the load ends."""
        kinds = (self._take_over, self._fetch, self._serve_waiting)
        while self._world.running:
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._pause)
            await self._world.wait_for_room()
            for stage in kinds:
                self._start(stage())

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=20)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _racers(self) -> list[Guide]:
        free = [
            guide
            for guide in self.guides
            if guide.connected and len(guide.own) < MAX_OWN and len(guide.outstanding) < MAX_UNANSWERED
        ]
        count = min(self._chance.randint(*RACERS), len(free))
        return self._chance.sample(free, count)

    def _somebody(self) -> Citizen | None:
        there = [c for c in self.citizens if c.line is not None and c.line.connected and c.line.state == "bot"]
        return self._chance.choice(there) if there else None

    async def _take_over(self) -> None:
        """A guide takes over while the assistant's turn is under way."""
        citizen, racers = self._somebody(), self._racers()
        if citizen is None or citizen.line is None or not racers:
            return
        line = citizen.line
        saying = asyncio.create_task(line.say([citizen.next_text()]))
        await asyncio.sleep(self._chance.uniform(0.0, 0.15))
        guides = racers[: self._chance.choice((1, 1, 2))]
        await self._race("takeover", "take_over", line, guides)
        await saying

    async def _fetch(self) -> None:
        """A citizen asks for a person, and guides race for the conversation."""
        citizen = self._somebody()
        if citizen is None or citizen.line is None:
            return
        line = citizen.line
        asked = await line.do("ask_human")
        if asked is not None and asked.accepted:
            await self._race("claim", "claim", line, self._racers())

    async def _serve_waiting(self) -> None:
        """Guides race for a conversation that waits."""
        if not self._wanted:
            return
        conversation_id = next(iter(self._wanted))
        line = self._wanted.pop(conversation_id)
        if line.state == "waiting":
            await self._race("claim", "claim", line, self._racers())

    async def _race(self, race: str, kind: str, line: CitizenLine, guides: list[Guide]) -> None:
        if not guides:
            return
        conversation_id = line.conversation_id
        sent = [(guide, guide.send(kind, conversation_id=conversation_id)) for guide in guides]
        if race == "takeover" or len(guides) > 1:
            self._world.done[f"{race}_races"] += 1
        self._world.journal.write("race", race=race, cv=conversation_id, guides=[guide.name for guide in guides])
        for guide, one in sent:
            if self._chance.random() < REPEAT_CLAIM_SHARE:
                guide.send_again(one.frame)
        answers = [(guide, await guide.answer_to(one)) for guide, one in sent]
        for guide, answer in answers:
            if answer is not None and answer.accepted:
                guide.own.add(conversation_id)
                self._start(self._episode(guide, line))

    async def _episode(self, guide: Guide, line: CitizenLine) -> None:
        """Help a citizen, then let go of the conversation."""
        conversation_id = line.conversation_id
        try:
            if self._chance.random() < VANISH_SHARE:
                guide.abort(VANISH_SECONDS)
                self._world.done["vanished_guides"] += 1
            for _ in range(self._chance.randint(*ROUNDS)):
                if not self._world.running:
                    return
                await asyncio.sleep(self._chance.uniform(0.1, 1.0))
                if not await self._reply(guide, conversation_id):
                    return
            await self._let_go(guide, conversation_id)
        finally:
            guide.own.discard(conversation_id)

    async def _reply(self, guide: Guide, conversation_id: str) -> bool:
        """Say something, perhaps note something; tells whether the conversation is still one's own."""
        if self._chance.random() < NOTE_SHARE:
            await guide.do("note", conversation_id=conversation_id, text=guide.next_text())
        piped = self._chance.random() < PIPED_SHARE
        sent: list[Sent] = []
        for _ in range(self._chance.randint(*REPLIES)):
            sent.append(guide.send("reply", conversation_id=conversation_id, text=guide.next_text()))
            if not piped:
                await guide.answer_to(sent[-1])
        answers = [await guide.answer_to(one) for one in sent]
        self._world.done["guide_messages"] += sum(a is not None and a.accepted for a in answers)
        return all(answer is not None and answer.accepted for answer in answers)

    async def _let_go(self, guide: Guide, conversation_id: str) -> Answer | None:
        roll = self._chance.random()
        if roll < HAND_BACK:
            return await guide.do("hand_back", conversation_id=conversation_id)
        if roll < HAND_BACK + RELEASE:
            return await guide.do("release", conversation_id=conversation_id)
        there = [one for one in self.guides if one.connected and one is not guide]
        if roll < HAND_BACK + RELEASE + TRANSFER and there:
            colleague = self._chance.choice(there).account_id
            return await guide.do("transfer", conversation_id=conversation_id, to_guide=colleague)
        return await guide.do("close", conversation_id=conversation_id)
