"""People at real widgets in a real browser: each has a tab and a line of its own, writes, and is disturbed."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as BrowserError

from tests.chaos.citizens import letters
from tests.chaos.lines import ChaosLine
from tests.soak.people import Appeared, Line, Said, Talk

PAGE = "/widget/demo/plain.html"
SCRIPT = Path(__file__).with_name("page.js")
#: The share of people whose network knows of plain HTTP alone.
BLOCKED_SHARE = 0.2
WRITES = ("Hur gör jag?", "Vad kostar det?", "Tack! 👍🏽", "Och sen?", "<b>fet</b> & 'citat'", "مرحبا")
ASKS_FOR_A_PERSON, ENDS = 0.06, 0.02
#: On a machine that is too busy for so many tabs the soak ends, and says so.
OPEN_SECONDS, STEP_SECONDS = 300.0, 60.0
#: What happens to people, and how often beside the rest.
TROUBLES = {"cut": 5, "silence": 2, "delay": 3, "reload": 3, "offline": 2}
CUT_SECONDS, SILENCE_SECONDS, DELAY_SECONDS, OFFLINE_SECONDS = (0.0, 6.0), (3.0, 20.0), (3.0, 8.0), (1.0, 6.0)
LATE_SECONDS = (0.2, 2.5)
#: Longer than any soak: nothing comes through any more, and nobody is told.
FOR_EVER = 1e5


@dataclass
class Soak:
    """What all people of a soak share."""

    seed: int
    running: bool = True
    #: Troubles come in such pauses on average.
    trouble_seconds: float = 60.0
    #: People write in such pauses on average.
    think_seconds: float = 33.0
    done: Counter[str] = field(default_factory=Counter)


class Person:
    """Somebody at a widget, in a tab of their own; `talks` is what they lived through, the current one last."""

    def __init__(self, number: int, soak: Soak, line: ChaosLine) -> None:
        self.name = f"widget-{number}"
        self.line = line
        self.talks = [Talk(self.name)]
        self.closed = False
        self._number = number
        self._soak = soak
        self._chance = random.Random(f"{soak.seed} {self.name}")  # noqa: S311
        self._writes = 0
        #: One thing at a time is done with the page; a page that loads is not to be touched.
        self._hand = asyncio.Lock()
        self._page: Page
        line.blocks_sockets = self._chance.random() < BLOCKED_SHARE

    @property
    def talk(self) -> Talk:
        """The conversation of now."""
        return self.talks[-1]

    async def arrive(self, context: BrowserContext) -> None:
        """Open the page and the chat."""
        self._page = await context.new_page()
        async with self._hand:
            await self._load()

    async def live(self) -> None:
        """Write until the soak ends, and be disturbed meanwhile."""
        await asyncio.gather(self._write_on(), self._suffer())

    async def _write_on(self) -> None:
        await self._pause(0.0, self._soak.think_seconds)
        while self._soak.running:
            await self._step()
            await self._pause(0.25 * self._soak.think_seconds, 1.75 * self._soak.think_seconds)

    async def _step(self) -> None:
        """Write something, or ask for a person, or end the conversation; begin another where this one is over."""
        async with self._hand:
            if not self._soak.running:
                return
            if self.closed or (self.talk.said and await self._is_closed()):
                await self._begin_anew()
                return
            chance = self._chance.random()
            if self.talk.said and chance < ASKS_FOR_A_PERSON:
                self._soak.done["asked for a person"] += await self._press("Prata med en människa")
            elif len(self.talk.said) > 3 and chance < ASKS_FOR_A_PERSON + ENDS:
                self._soak.done["ended by the citizen"] += await self._press("Avsluta", "Ja, avsluta")
            else:
                await self._say()

    async def _say(self) -> None:
        self._writes += 1
        text = f"w-{letters(self._number)}-{letters(self._writes)} {self._chance.choice(WRITES)}"
        at = time.time()
        done = await self._page.evaluate("text => soak.say(text)", text)
        if done and done["sent"]:
            self.talk.conversation = done["conversation"] or self.talk.conversation
            self.talk.said.append(Said(text, at))
            self._soak.done["citizen messages"] += 1

    async def _press(self, *names: str) -> bool:
        return bool(await self._page.evaluate("names => soak.press(...names)", list(names)))

    async def _is_closed(self) -> bool:
        return bool((await self._look())["closed"])

    async def _begin_anew(self) -> None:
        """Leave a conversation that is over, once nothing of it is on its way, for another."""
        found = await self._look()
        if any(delivery.startswith("Skickar") for _, delivery in self.talk.unsent):
            return
        if found["closed"] and await self._press("Starta en ny chatt"):
            self._soak.done["conversations begun anew"] += 1
            self.talks.append(Talk(self.name, troubles=self.talk.troubles))

    async def look(self) -> None:
        """Note what the person sees now."""
        async with self._hand:
            await self._look()

    async def _look(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._page.evaluate("soak.look()")
        talk = self.talk
        talk.conversation = found["conversation"] or talk.conversation
        talk.shown = [Line(one["who"], one["text"]) for one in found["lines"]]
        talk.unsent = [(one["text"], one["delivery"]) for one in found["pending"]]
        for one in found["appeared"]:
            if one["first"] or not talk.lives:
                talk.lives.append([])
            talk.lives[-1].append(Appeared(Line(one["who"], one["text"]), one["at"]))
        return found

    # What happens to people.

    async def _suffer(self) -> None:
        while self._soak.running:
            await self._pause(0.5 * self._soak.trouble_seconds, 1.5 * self._soak.trouble_seconds)
            if not self._soak.running:
                return
            (kind,) = self._chance.choices(list(TROUBLES), list(TROUBLES.values()))
            began = time.time()
            await getattr(self, f"_{kind}")()
            self.talk.troubles.append((began, time.time()))
            self._soak.done[kind] += 1

    async def _cut(self) -> None:
        self.line.cut()
        await self._pause(*CUT_SECONDS)
        self.line.mend()

    async def _silence(self) -> None:
        """Nothing comes through, and nobody is told, until the line breaks."""
        self.line.delay = FOR_EVER
        await self._pause(*SILENCE_SECONDS)
        self.line.cut()
        self.line.delay = 0.0
        self.line.mend()

    async def _delay(self) -> None:
        self.line.delay = self._chance.uniform(*LATE_SECONDS)
        await self._pause(*DELAY_SECONDS)
        self.line.delay = 0.0

    async def _offline(self) -> None:
        """There is no network; the browser tells the page when it has one again.

        It is told by hand: the browser's own word reaches every tab of the process, so that all would connect anew.
        """
        self.line.cut()
        await self._pause(*OFFLINE_SECONDS)
        self.line.mend()
        async with self._hand:
            await self._page.evaluate("dispatchEvent(new Event('online'))")

    async def _reload(self) -> None:
        async with self._hand:
            await self._look()
            await self._load()

    async def _load(self) -> None:
        """Load the page and open the chat, again where the network would not have it."""
        async with asyncio.timeout(OPEN_SECONDS):
            while True:
                try:
                    address = f"http://127.0.0.1:{self.line.port}{PAGE}"
                    await self._page.goto(address, wait_until="commit", timeout=1_000 * STEP_SECONDS)
                    await asyncio.wait_for(self._page.evaluate("soak.open()"), STEP_SECONDS)
                    return
                except (BrowserError, TimeoutError):
                    self._soak.done["loads that failed"] += 1
                    await asyncio.sleep(0.5)

    async def settle(self) -> None:
        """Have a good network from now on."""
        self.line.delay = 0.0
        self.line.mend()

    async def _pause(self, low: float, high: float) -> None:
        """Wait, but not beyond the end of the soak."""
        until = time.monotonic() + self._chance.uniform(low, high)
        while self._soak.running and (left := until - time.monotonic()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, 0.5))
