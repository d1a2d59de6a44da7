"""Carries out a plan: kills, stops and starts components, cuts and delays lines. All is undone at the end."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping

from scripts.cluster import Cluster
from scripts.stack import RunError
from tests.chaos.checker import Breach
from tests.chaos.journal import Journal
from tests.chaos.lines import ChaosLine
from tests.chaos.plan import VITAL, Act

READY_LOOK_SECONDS = 0.1
ALL_UP_SECONDS = 60.0
#: A kill that would come so much later than planned, since the last one is not over yet, is left out.
LATE_SECONDS = 5.0
#: How long a replica or the database is left in peace once it is ready.
BREATH_SECONDS = 3.0
#: A replica that is asked to stop is to be gone within this.
STOP_SECONDS = 10.0


class Killer:
    """Does to a cluster what the plan says."""

    def __init__(self, cluster: Cluster, lines: Mapping[str, ChaosLine], journal: Journal) -> None:
        self._cluster = cluster
        self._lines = lines
        self._journal = journal
        self._busy: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.done: Counter[str] = Counter()
        self.slow_stops: list[Breach] = []

    async def run(self, plan: list[Act], began: float) -> None:
        """Carry out the plan; `began` is the monotonic time of its zero."""
        for act in plan:
            await asyncio.sleep(max(0.0, began + act.at - time.monotonic()))
            task = asyncio.create_task(self._carry_out(act, began))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def make_whole(self) -> None:
        """End all faults and wait until everything is up."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        for line in self._lines.values():
            line.mend()
            line.delay = 0.0
        for name in self._cluster.shape.names:
            if self._cluster.pid(name) is None:
                self._journal.write("died", name=name)
                self.done["died_by_itself"] += 1
                await asyncio.to_thread(self._cluster.start, name)
        for name in self._cluster.shape.names:
            await asyncio.to_thread(self._cluster.wait_ready, name, ALL_UP_SECONDS)
        self._journal.write("whole")

    async def _carry_out(self, act: Act, began: float) -> None:
        async with self._busy.setdefault(_alone(act), asyncio.Lock()):
            if time.monotonic() > began + act.at + LATE_SECONDS:
                self.done["left_out"] += 1
                return
            match act.kind:
                case "kill" | "restart":
                    await self._end_and_start(act)
                case "cut":
                    await self._disturb(act, lambda line: line.cut(), lambda line: line.mend())
                case "delay":
                    await self._disturb(act, lambda line: _set_delay(line, act.delay), lambda line: _set_delay(line, 0))

    async def _end_and_start(self, act: Act) -> None:
        name = act.target
        if self._cluster.pid(name) is None:
            self._journal.write("died", name=name)
            self.done["died_by_itself"] += 1
        self._journal.write(act.kind, name=name)
        began = time.monotonic()
        await asyncio.to_thread(self._cluster.kill if act.kind == "kill" else self._cluster.stop, name)
        took = time.monotonic() - began
        if act.kind == "restart" and took > STOP_SECONDS:
            self.slow_stops.append(Breach("slow_stop", name, f"took {took:.1f} s to stop"))
        self.done[f"{act.kind} {name}"] += 1
        await asyncio.sleep(act.seconds)
        await asyncio.to_thread(self._cluster.start, name)
        self._journal.write("start", name=name)
        try:
            await asyncio.to_thread(self._cluster.wait_ready, name)
        except RunError as error:
            self._journal.write("not_ready", name=name, error=str(error))
            self.done["not_ready_in_time"] += 1
            return
        self._journal.write("ready", name=name)
        if name.startswith(VITAL):
            await asyncio.sleep(BREATH_SECONDS)

    async def _disturb(
        self, act: Act, begin: Callable[[ChaosLine], object], end: Callable[[ChaosLine], object]
    ) -> None:
        line = self._lines[act.target]
        begin(line)
        self._journal.write(act.kind, line=act.target, seconds=act.seconds, delay=act.delay)
        self.done[f"{act.kind} {act.target.partition('-')[0]}"] += 1
        await asyncio.sleep(act.seconds)
        end(line)
        self._journal.write(f"{act.kind}_over", line=act.target)


def _alone(act: Act) -> str:
    """Name what is disturbed in one way at a time: a line, a component, or all that are vital."""
    return "vital" if act.target.startswith(VITAL) and act.kind in ("kill", "restart") else f"{act.kind} {act.target}"


def _set_delay(line: ChaosLine, delay: float) -> None:
    line.delay = delay
