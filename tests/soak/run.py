"""One soak: a replica, a browser full of widgets, guides, troubles; a calm end, and the checker's word on it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.async_api import Browser, async_playwright

from scripts.browser import ensure_browser
from scripts.stack import say
from tests.chaos.evidence import Record, read_database, read_journal
from tests.chaos.journal import Journal
from tests.chaos.lines import ChaosLine
from tests.chaos.peers import World
from tests.soak.checker import Breach, check, check_talk, read_words
from tests.soak.guides import Guide, sign_in
from tests.soak.report import Result
from tests.soak.service import Service, memory_of, running_service
from tests.soak.tampering import TAMPERINGS, TamperingLine
from tests.soak.widgets import SCRIPT, Person, Soak

#: All tabs of a context share a process: one for each of 200 tabs is more than two cores can bear.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--process-per-site",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
#: Tabs that share a context: a browser has so many sockets for each, and no more.
TABS_A_CONTEXT = 50
ARRIVING_AT_ONCE = 4
CALM_SECONDS = 90.0
CALM_LOOK_SECONDS = 1.0
TELL_EVERY_SECONDS = 15.0
#: A soak that is longer than this has its replica restarted as it goes.
RESTART_EVERY_SECONDS = 150.0
#: Pauses between two troubles of one person: in a short soak they come quicker.
SHORTEST_TROUBLE_SECONDS, TROUBLE_SECONDS = 5.0, 60.0
#: So many messages a second are written in all: each costs a browser a sixth of a second of a core, 200 tabs open.
MESSAGES_PER_SECOND, SHORTEST_THINK_SECONDS = 6.0, 2.0


@dataclass(frozen=True)
class Options:
    """How a soak is to be."""

    folder: Path
    widgets: int = 200
    duration: float = 600.0
    seed: int = 1
    guides: int = 6
    database: str = "sqlite"
    #: How frames are spoilt on the way, on purpose; see `tampering.py`.
    tamper: str | None = None
    calm_seconds: float = CALM_SECONDS


def run(options: Options) -> Result:
    """Run once, on a folder that is emptied first."""
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    with running_service(options.folder, options.database, options.guides) as service:
        return asyncio.run(_run(options, service))


async def _run(options: Options, service: Service) -> Result:
    path = options.folder / "journal.jsonl"
    soak = Soak(
        options.seed,
        trouble_seconds=min(TROUBLE_SECONDS, max(SHORTEST_TROUBLE_SECONDS, options.duration / 8)),
        think_seconds=max(SHORTEST_THINK_SECONDS, options.widgets / MESSAGES_PER_SECOND),
    )
    port = service.ports.handover
    with Journal(path) as journal:
        async with _lines(options, port) as lines, _browser() as browser:
            people = [Person(number, soak, line) for number, line in enumerate(lines)]
            began = time.monotonic()
            await _arrive(people, browser)
            say(f"{len(people)} widgets are open after {time.monotonic() - began:.0f} s; the journal is {path}")
            memory = Memory(service)
            world = World(journal, options.seed, [port])
            guides = await sign_in(service, world, port, lambda: _some_talk(people, world))
            await _live(options, soak, world, service, people, guides)
            say("the troubles end; everything is to come to its end")
            journal.write("calm")
            began = time.monotonic()
            record = await _calm_down(options, service, people, guides)
            settled = time.monotonic() - began
            browser_bytes, server_bytes = memory.grown()
            for guide in guides:
                await guide.leave()
            spoilt = sum(line.spoilt for line in lines if isinstance(line, TamperingLine))
    talks = [talk for person in people for talk in person.talks]
    breaches = check(talks, read_journal(path), record)
    blocked = sum(line.blocks_sockets for line in lines)
    return Result(
        len(people), options.duration, blocked, talks, record, soak.done + world.done, breaches, browser_bytes,
        server_bytes, settled, spoilt,
    )  # fmt: skip


@asynccontextmanager
async def _lines(options: Options, port: int) -> AsyncIterator[list[ChaosLine]]:
    """A line for each widget, and thereby an origin of its own."""
    spoil = TAMPERINGS[options.tamper] if options.tamper else None
    lines = [TamperingLine(port, spoil) if spoil else ChaosLine(port) for _ in range(options.widgets)]
    for line in lines:
        await line.open()
    try:
        yield lines
    finally:
        for line in lines:
            await line.close()


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(ensure_browser()), args=CHROMIUM_ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def _arrive(people: list[Person], browser: Browser) -> None:
    room = asyncio.Semaphore(ARRIVING_AT_ONCE)
    contexts = []
    for _ in range(0, len(people), TABS_A_CONTEXT):
        # Dots that move in 200 tabs would be most of what the machine does.
        context = await browser.new_context(viewport=PHONE, locale="sv-SE", reduced_motion="reduce")  # type: ignore[arg-type]
        await context.add_init_script(path=SCRIPT)
        contexts.append(context)

    async def arrive(number: int, person: Person) -> None:
        async with room:
            await person.arrive(contexts[number // TABS_A_CONTEXT])

    await asyncio.gather(*(arrive(number, person) for number, person in enumerate(people)))


def _some_talk(people: list[Person], world: World) -> str | None:
    return world.source(f"talk {time.monotonic()}").choice(people).talk.conversation


async def _live(
    options: Options, soak: Soak, world: World, service: Service, people: list[Person], guides: list[Guide]
) -> None:
    """Let everybody live for so long, and fail if anybody's life fails."""
    lives = [person.live() for person in people] + [guide.work() for guide in guides]
    tasks = [asyncio.create_task(life) for life in [*lives, _restart(soak, service, people), _tell(soak, world)]]
    done, _ = await asyncio.wait(tasks, timeout=options.duration, return_when=asyncio.FIRST_EXCEPTION)
    soak.running = world.running = False
    for task in done:
        task.result()
    await asyncio.gather(*tasks)
    for guide in guides:
        await guide.finish(options.calm_seconds)


async def _restart(soak: Soak, service: Service, people: list[Person]) -> None:
    """Restart the replica now and then; that is a trouble of everybody's."""
    began = time.monotonic()
    while soak.running:
        await asyncio.sleep(CALM_LOOK_SECONDS)
        if time.monotonic() - began > RESTART_EVERY_SECONDS:
            stopped = time.time()
            await service.restart()
            for person in people:
                person.talk.troubles.append((stopped, time.time()))
            soak.done["restarts of the replica"] += 1
            began = time.monotonic()


async def _tell(soak: Soak, world: World) -> None:
    told = time.monotonic()
    while soak.running:
        await asyncio.sleep(CALM_LOOK_SECONDS)
        if time.monotonic() - told >= TELL_EVERY_SECONDS:
            told = time.monotonic()
            said = f"{soak.done['citizen messages']} and {world.done['guide messages']} messages"
            say(f"{said}, {soak.done['cut']} cuts, {soak.done['reload']} reloads; load {psutil.getloadavg()[0]:.1f}")


async def _calm_down(options: Options, service: Service, people: list[Person], guides: list[Guide]) -> Record:
    """Give everybody a good network, and wait until each sees what the record says, or the time for it is over."""
    for person in people:
        await person.settle()
    words, until = read_words(), time.monotonic() + options.calm_seconds
    left = list(people)
    while True:
        for person in left:
            await person.look()
        record = await read_database(service.database_url)
        left = [person for person in people if any(_breaches(person, record, words))]
        quiet = all(turn.status == "done" for row in record.values() for turn in row.turns.values())
        quiet = quiet and not any(guide.outstanding for guide in guides)
        if (quiet and not left) or time.monotonic() > until:
            return record
        await asyncio.sleep(CALM_LOOK_SECONDS)


def _breaches(person: Person, record: Record, words: dict[str, str]) -> list[Breach]:
    return [breach for talk in person.talks for breach in check_talk(talk, record, words)]


class Memory:
    """What browser and replica have for themselves: at first, and in the end."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._first = self._now()

    def grown(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the browser's bytes at first and now, and the replica's."""
        (browser, server), (browser_now, server_now) = self._first, self._now()
        return (browser, browser_now), (server, server_now)

    def _now(self) -> tuple[int, int]:
        children = psutil.Process().children(recursive=True)
        browser = [child for child in children if "chrom" in child.name()]
        return memory_of(*browser), self._service.memory()
