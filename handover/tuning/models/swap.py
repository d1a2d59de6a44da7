"""One swap, step by step: the model is loaded beside the one in service, then takes its place in one transaction.

Whatever fails before that transaction leaves everything as it was, and says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from catalogue.documents import CatalogueError, CatalogueFiles, read_catalogue
from catalogue.importer import import_catalogue
from catalogue.tree import changed_faqs
from handover.conversations import Clock
from handover.core.models import SwitchKind
from handover.engine import EngineError, HttpEngine
from handover.engine_keeper import EngineKeeper, KeeperError, KeptEngine
from handover.store import models, supervision
from handover.store.database import Database
from handover.store.models import Line, Model
from handover.store.rules import Rules
from handover.store.served_sets import follow_service
from handover.store.supervision import Change
from handover.tuning.models.levels import start_over

LOOK_EVERY_SECONDS = 0.5
#: How long a model may take until it is ready: the keeper gives an engine 180 s, and may itself have to start again.
READY_SECONDS = 220.0
#: How soon a warm engine must judge a sentence before it is trusted with a citizen.
CHECK_SECONDS = 2.0
CHECK_SENTENCE = "Hur ansöker jag om bygglov?"


class SwapFailed(Exception):
    """Nothing was changed; the message says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to come into service: `begun` is its line of the log, `before` the data that is in service now."""

    model: Model
    kind: SwitchKind
    begun: Line
    before: Path


class Swap:
    """Carries out swaps, one at a time."""

    def __init__(
        self, database: Database, keeper: EngineKeeper, secret: str, rules: Callable[[], Rules], clock: Clock
    ) -> None:
        self._database = database
        self._keeper = keeper
        self._secret = secret
        self._rules = rules
        self._clock = clock

    async def make_ready(self, model: Model) -> str:
        """Return what the model calls itself once every engine of it is warm and answers; raises `SwapFailed`."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                engines = await self._wait(model.name)
        except TimeoutError:
            raise SwapFailed("Modellens motor blev inte klar i tid.") from None
        for engine in engines:
            if model.model_id not in (None, engine.model_id):
                raise SwapFailed("Filen innehåller en annan modell än den som bedömdes.")
            async with HttpEngine(engine.url, self._secret, CHECK_SECONDS) as client:
                try:
                    await client.judge_danger(CHECK_SENTENCE, CHECK_SECONDS)
                except EngineError as error:
                    raise SwapFailed(f"Modellens motor svarar inte som den ska ({error.kind}).") from None
        return engines[0].model_id

    async def put_in_place(self, wanted: Wanted, model_id: str) -> None:
        """Put the model, its catalogue and the levels of its changed FAQs in place; raises `SwapFailed`."""
        try:
            files, changed = await asyncio.to_thread(_read_trees, wanted.before, Path(wanted.model.tree))
        except (CatalogueError, OSError) as error:
            what = error.problems[0] if isinstance(error, CatalogueError) else type(error).__name__
            raise SwapFailed(f"Modellens innehåll gick inte att läsa: {what}") from None

        def work(connection: Connection) -> None:
            self._write(connection, wanted, files, changed)
            models.note_model_id(connection, wanted.model.name, model_id)

        await self._database.write(work)

    async def _wait(self, model: str) -> list[KeptEngine]:
        """Return the engines of a model once all are ready. A keeper that is away, or has begun anew, is waited for."""
        while True:
            try:
                engines = [one for one in await self._keeper.list_engines() if one.model == model]
                engines = [one for one in engines if one.state != "stopping"]
                if not engines:
                    engines = await self._keeper.start(model)
            except KeeperError as error:
                if error.kind == "unknown":
                    raise SwapFailed("Modellens fil finns inte längre.") from None
                engines = []
            failed = next((one for one in engines if one.state == "failed"), None)
            if failed is not None:
                raise SwapFailed(failed.problem or "Modellen gick inte att ladda.")
            if engines and all(one.state == "ready" for one in engines):
                return engines
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _write(self, connection: Connection, wanted: Wanted, files: CatalogueFiles, changed: list[str]) -> None:
        supervision.lock_switch(connection)
        last = models.last_line(connection)
        if last is None or last.id != wanted.begun.id:
            raise SwapFailed("Ett annat byte av modell kom emellan.")
        import_catalogue(connection, files)
        now, begun = self._clock(), wanted.begun
        if wanted.kind is SwitchKind.PUT:
            why = f"Frågan är ny eller ändrad i modellen {wanted.model.name}."
            start_over(connection, changed, self._rules(), Change(now, "set", begun.who, why))
        models.add_line(connection, now, begun.model, wanted.kind.value, begun.who, begun.why, begun.overridden)
        follow_service(connection, models.read_service(connection), now)


def _read_trees(before: Path, after: Path) -> tuple[CatalogueFiles, list[str]]:
    """Return the catalogue that comes into service and the FAQs that are new or changed in it."""
    files = read_catalogue(after)
    return files, changed_faqs((read_catalogue(before), before), (files, after))
