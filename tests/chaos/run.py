"""One run: a fresh cluster, load and faults on it, a calm end, and the checker's word on it."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from handover.settings import Settings
from keeper.ports import lasting_ports
from scripts.cluster import FOLDER, POSTGRES, PROXY, REDIS, Cluster, Shape, end_leftovers
from scripts.prepare import prepare_database
from scripts.stack import say
from tests.chaos.checker import check
from tests.chaos.evidence import read_database, read_journal
from tests.chaos.journal import Journal
from tests.chaos.killer import Killer
from tests.chaos.lines import ChaosLine
from tests.chaos.load import Load, LoadSize, world_of
from tests.chaos.plan import CLIENT_LINES, Act, figures, make_plan, make_rolling_plan
from tests.chaos.report import Result

CALM_SECONDS = 30.0
TELL_EVERY_SECONDS = 10.0


def hears_others() -> bool:
    """Tell whether replicas hear of what other replicas did; else a run has one only."""
    return "redis_url" in Settings.model_fields


@dataclass(frozen=True)
class Options:
    """How a run is to be."""

    folder: Path
    duration: float = 600.0
    seed: int = 1
    shape: Shape = field(default_factory=Shape)
    size: LoadSize = field(default_factory=LoadSize)
    #: Whether components are killed and lines disturbed at all.
    faults: bool = True
    #: Nothing but restarts of one replica after the other, as when a new release is rolled out.
    rolling: bool = False
    calm_seconds: float = CALM_SECONDS


def run(options: Options) -> Result:
    """Run once, on a folder that is emptied first."""
    if options.folder.exists():
        end_leftovers(options.folder / FOLDER)
        shutil.rmtree(options.folder)
    options.folder.mkdir(parents=True)
    settings = Settings(data_dir=options.folder, port=lasting_ports(1)[0], host="127.0.0.1")
    cluster = Cluster(settings, options.shape)
    try:
        cluster.prepare()
        prepare_database(cluster.settings)
        return _loop().run(_run(options, cluster))
    finally:
        cluster.stop_all()


def _loop() -> asyncio.Runner:
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


async def _run(options: Options, cluster: Cluster) -> Result:
    path = options.folder / "journal.jsonl"
    with Journal(path) as journal:
        async with _lines(cluster) as lines:
            await asyncio.to_thread(cluster.start_all)
            doors = [line.port for name, line in lines.items() if name.startswith("clients-")]
            async with world_of(journal, options.seed, doors) as world:
                load = Load(world, options.size, cluster.database_url)
                await load.sign_in_guides()
                killer = Killer(cluster, lines, journal)
                plan = _plan(options, cluster.shape, list(lines))
                say(f"load and faults for {options.duration:g} s; the journal is {path}")
                teller = asyncio.create_task(_tell(world.done, killer.done))
                faults = asyncio.create_task(killer.run(plan, time.monotonic()))
                await load.run(options.duration)
                teller.cancel()
                await asyncio.wait([faults])
                faults.result()
                say("the faults end; everything is to come to its end")
                await killer.make_whole()
                journal.write("calm")
                calm = await load.calm_down(options.calm_seconds)
                done = world.done + killer.done
        say("checking")
        record = await read_database(cluster.database_url)
    seen = read_journal(path)
    breaches = [*check(seen, record), *killer.slow_stops]
    return Result(done, figures(options.duration), seen, record, breaches, calm)


def _plan(options: Options, shape: Shape, lines: list[str]) -> list[Act]:
    if options.rolling:
        return make_rolling_plan(options.duration, shape.replica_names)
    if not options.faults:
        return []
    kinds = dict(zip(shape.engine_names, shape.engines, strict=True))
    components = [(name, kinds.get(name, name.partition("-")[0])) for name in shape.names if name != PROXY]
    return make_plan(options.seed, options.duration, components, lines)


@asynccontextmanager
async def _lines(cluster: Cluster) -> AsyncIterator[dict[str, ChaosLine]]:
    """Lines between clients and proxy, and between each replica and its stores."""
    lines = {f"clients-{number}": ChaosLine(cluster.ports[PROXY]) for number in range(1, CLIENT_LINES + 1)}
    routes: dict[str, tuple[str, str]] = {}
    for replica in cluster.shape.replica_names:
        for store in (POSTGRES, REDIS):
            name = f"{store}-{replica.rpartition('-')[2]}"
            lines[name] = ChaosLine(cluster.ports[store])
            routes[name] = (replica, store)
    for name, line in lines.items():
        await line.open()
        if name in routes:
            cluster.route(*routes[name], line.port)
    try:
        yield lines
    finally:
        for line in lines.values():
            await line.close()


async def _tell(*counts: dict[str, int]) -> None:
    while True:
        await asyncio.sleep(TELL_EVERY_SECONDS)
        done = {key: value for count in counts for key, value in count.items()}
        messages = done.get("citizen_messages", 0) + done.get("guide_messages", 0)
        kills = sum(value for key, value in done.items() if key.startswith("kill "))
        say(
            f"{messages} messages, {done.get('reconnects', 0)} reconnects, {kills} kills; load {os.getloadavg()[0]:.1f}"
        )
