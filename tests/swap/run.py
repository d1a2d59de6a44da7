"""One run: a steady load, and during it swaps that go well and swaps that do not."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from handover.core.models import Service
from handover.store import models, supervision
from tests.swap.load import Asked, Load
from tests.swap.stage import CHANGED_FAQ, HANDOVER, KEEPER, Plan, Stage
from tests.swap.verdict import LATE_SECONDS, Answered, Phase, read_answers, strangers, told

#: The phases of which no turn may be late; in the others something is killed.
PLAIN = ("a steady load", "swap to B", "roll back to A", "a model that does not load")
A, B, C, D, E, BROKEN = (f"swap-{name}" for name in ("a", "b", "c", "d", "e", "broken"))
SOUND = (A, B, C, D, E)


@dataclass
class Result:
    """What a run came to."""

    turns: list[Asked] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    service: Service = field(default_factory=Service)
    #: What came of the swaps, in order: kind and model.
    log: list[tuple[str, str]] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    level_of_changed: str = ""

    @property
    def failed(self) -> list[Asked]:
        """Turns that nobody answered."""
        return [turn for turn in self.turns if turn.failure]

    @property
    def strangers(self) -> list[Answered]:
        """Answers by another model than should have given them."""
        return strangers(self.service, self.answers)

    @property
    def late(self) -> list[tuple[str, Asked]]:
        """Turns of the plain phases that took more than two seconds."""
        return [
            (phase.name, turn)
            for phase in self.phases
            if phase.name in PLAIN
            for turn in phase.turns_of(self.turns)
            if turn.seconds > LATE_SECONDS
        ]

    def lines(self) -> list[str]:
        """Return what is told of it."""
        rows = [told(phase, phase.turns_of(self.turns)) for phase in self.phases]
        shares = dict(Counter(one.model for one in self.answers))
        return [*rows, f"answers by model: {shares}; by another than should have: {len(self.strangers)}"]


async def run(plan: Plan, conversations_per_second: float, think_seconds: float, steady_seconds: float) -> Result:
    """Run; what it came to is judged by the caller."""
    result = Result()
    async with Stage(plan) as stage:
        load = Load(stage.url, conversations_per_second, think_seconds)
        loading = asyncio.create_task(load.run())
        try:
            await _phases(stage, result, steady_seconds)
        finally:
            load.finish()
            await loading
        result.turns = load.turns
        result.service, result.answers = await stage.database.read(read_answers)
        lines = await stage.database.read(models.list_lines)
        result.log = [(line.kind, line.model) for line in reversed(lines) if line.kind != "begun"]
        result.why = [line.why for line in reversed(lines) if line.kind == "failed"]
        level = await stage.database.read(lambda connection: supervision.find_level(connection, CHANGED_FAQ))
        result.level_of_changed = level.level.value if level else ""
    return result


async def _phases(stage: Stage, result: Result, steady_seconds: float) -> None:
    @asynccontextmanager
    async def phase(name: str) -> AsyncIterator[None]:
        start = time.monotonic()
        yield
        await asyncio.sleep(steady_seconds / 4)
        memory: dict[str, int] = {}
        for one in await stage.engines():
            memory[one["model"]] = memory.get(one["model"], 0) + (one["rss"] or 0)
        result.phases.append(Phase(name, start, time.monotonic(), memory))

    async with phase("warming up"):
        await asyncio.sleep(steady_seconds / 4)
    async with phase("a steady load"):
        await asyncio.sleep(steady_seconds)
    async with phase("swap to B"):
        await stage.swap(B)
        await asyncio.sleep(steady_seconds / 2)
    async with phase("roll back to A"):
        await stage.swap(A, "roll_back")
        await asyncio.sleep(steady_seconds / 2)
    async with phase("a model that does not load"):
        await stage.swap(BROKEN)
    async with phase("C is killed while it loads"):
        await _begin(stage, C)
        os.kill((await stage.wait_for_engine(C, "starting", "warming"))["pid"], signal.SIGKILL)
        await stage.outcome()
    async with phase("the keeper is killed"):
        await _begin(stage, D)
        await stage.wait_for_engine(D, "starting", "warming")
        stage.kill(KEEPER)
        await stage.outcome()
    async with phase("the service is killed"):
        await _begin(stage, E)
        await stage.wait_for_engine(E, "starting", "warming")
        stage.kill(HANDOVER)
        await stage.wait_until(lambda: _settled(stage), "the service again")
    async with phase("and all is well again"):
        await stage.swap(A, "roll_back")


async def _begin(stage: Stage, model: str) -> None:
    answer = await stage.begin(model)
    assert answer.status_code == 202, answer.text


async def _settled(stage: Stage) -> bool:
    """Tell whether the service is back and has noted that the swap came to nothing."""
    try:
        answer = await stage.http.get("/api/v1/tuning/models")
    except httpx.HTTPError:
        return False
    return answer.is_success and answer.json()["swap"] is None
