"""The guides' room for browser tests without the real engine: the real service beside this thread, its engine a double.

What a test does to the room from outside (a citizen who writes, a draft of the assistant) it says with `Room.do`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from catalogue.documents import CatalogueFiles
from catalogue.importer import import_catalogue
from handover.conversations import Clock, utc_now
from handover.core import commands as c
from handover.core.events import AnswerRef, Ranked, Understanding
from handover.store.database import Database
from tests.support.clients import CitizenClient, new_id
from tests.support.databases import Template, copy_sqlite
from tests.support.engine_double import engine_double, faq_reply, turn_answer
from tests.support.kontakt import ALWAYS_OPEN, Kontakt, make_settings, open_data, running_kontakt

PATIENCE_SECONDS = 30
PERMIT = "Vad kostar det att söka bygglov för en altan?"
FEE = "Avgiften beror på vad du bygger. En vanlig altan kostar oftast mellan 3 000 och 8 000 kronor."
UNDERSTOOD = Understanding(
    intent="bygglov.avgift",
    confidence=0.64,
    ranking=(
        Ranked(intent="bygglov.avgift", confidence=0.64),
        Ranked(intent="bygglov.behovs", confidence=0.21),
        Ranked(intent="bygglov.handlaggningstid", confidence=0.08),
    ),
    decision="answered",
    language="sv",
)
ANSWER = AnswerRef(service="bygglov", faq="bygglov.avgift", language="sv")


@dataclass(frozen=True)
class Room:
    """A running service with its catalogue, and the loop that it runs in."""

    kontakt: Kontakt
    passwords: dict[str, str]
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        """The address of the service."""
        return self.kontakt.url

    @property
    def port(self) -> int:
        """The port of the service."""
        return int(self.url.rsplit(":", 1)[1])

    def do[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the service's loop and return what comes of it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)

    def citizen(self, text: str = PERMIT, **body: Any) -> CitizenClient:
        """Return somebody who has asked the assistant something, and was answered."""
        return self.do(self._ask(text, body))

    def waiting(self, text: str = PERMIT, **body: Any) -> CitizenClient:
        """Return somebody who has asked, and then for a person."""
        citizen = self.citizen(text, **body)
        self.do(citizen.do("ask_human"))
        return citizen

    def draft(self, citizen: CitizenClient, text: str = FEE, seconds: float = 60, mode: Any = "approve") -> str:
        """Let the assistant write a draft that waits for a guide, or is only kept; return its id."""
        return self.do(self._draft(citizen.conversation_id, text, seconds, mode))

    async def _ask(self, text: str, body: dict[str, Any]) -> CitizenClient:
        citizen = await self.kontakt.citizen(**body)
        await citizen.say(text)
        await citizen.wait_for("message", sender="bot")
        return citizen

    async def _draft(self, talk: str, text: str, seconds: float, mode: Any) -> str:
        conversation = (await self.kontakt.services.conversations.read(talk, 0)).conversation
        command = c.FinishTurn(
            conversation.epoch,
            reply_to=2,
            messages=(c.BotMessage(text, answer=ANSWER),),
            understanding=UNDERSTOOD,
            mode=mode,
            draft_deadline=utc_now() + timedelta(seconds=seconds),
            level="shadow" if mode == "shadow" else "approve",
        )
        outcome = await self.kontakt.services.conversations.execute(talk, new_id(), command)
        return str(getattr(outcome.conversation.draft or outcome.conversation.shadow, "id", ""))


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """Answer every question as the fee of a building permit."""
    reply = faq_reply("bygglov.avgift", "Avgiften beror på vad du bygger.")
    answered = turn_answer(reply, intent="bygglov.avgift", confidence=0.64)
    answered["understanding"]["ranking"] = [
        {"name": one.intent, "confidence": one.confidence} for one in UNDERSTOOD.ranking
    ]
    return answered


@contextmanager
def open_room(
    template: Template,
    files: CatalogueFiles,
    folder: Path,
    hours: dict[str, Any] = ALWAYS_OPEN,
    clock: Clock = utc_now,
    **changed: Any,
) -> Iterator[Room]:
    """Run a room in a thread of its own until the block ends; `changed` are settings."""
    opened: list[Room] = []
    failures: list[BaseException] = []
    ready, leave = threading.Event(), threading.Event()

    def run() -> None:
        try:
            asyncio.run(_serve(template, files, folder, hours, clock, changed, opened.append, ready, leave))
        except BaseException as failure:
            failures.append(failure)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="room")
    thread.start()
    ready.wait()
    try:
        if failures:
            raise failures[0]
        yield opened[0]
    finally:
        leave.set()
        thread.join()


async def _serve(
    template: Template,
    files: CatalogueFiles,
    folder: Path,
    hours: dict[str, Any],
    clock: Clock,
    changed: dict[str, Any],
    opened: Callable[[Room], None],
    ready: threading.Event,
    leave: threading.Event,
) -> None:
    database_url = copy_sqlite(template, folder / "kontakt.sqlite3")
    await _import(files, database_url)
    async with engine_double() as engine:
        engine.answer = answer
        settings = make_settings(database_url, engine, folder, **{"data": open_data(folder / "data", hours), **changed})
        async with running_kontakt(settings, engine, template.passwords, clock=clock) as kontakt:
            await kontakt.services.knowledge.get()  # Its index takes a while to make, once.
            opened(Room(kontakt, template.passwords, asyncio.get_running_loop()))
            ready.set()
            await asyncio.to_thread(leave.wait)


async def _import(files: CatalogueFiles, database_url: str) -> None:
    database = Database(database_url)
    try:
        await database.write(lambda connection: import_catalogue(connection, files))
    finally:
        await database.close()
