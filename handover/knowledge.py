"""What a guide needs beside a conversation: the newest catalogue with its search, and ready-made answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalogue.canned import Canned, Value
from catalogue.search import CatalogueSearch, Hit
from catalogue.snapshot import Catalogue, Service, get_revision, load_catalogue
from handover.store.database import Database

#: How long a revision is trusted before the database is asked again.
RECHECK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One revision of the catalogue with the index made of it."""

    catalogue: Catalogue
    index: CatalogueSearch

    async def search(self, text: str, audience: str, limit: int) -> list[Hit]:
        """Return the best FAQs for `text` that the audience may see, best first."""
        return await asyncio.to_thread(self.index.search, text, audience, limit)


class KnowledgeSource:
    """Hands out the catalogue of the newest import, and the ready-made answers that were read at start."""

    def __init__(self, database: Database, canned: Sequence[Canned]) -> None:
        self.canned = tuple(canned)
        self._database = database
        self._newest: Knowledge | None = None
        self._checked_at = float("-inf")
        self._refreshing = asyncio.Lock()

    async def get(self) -> Knowledge:
        """Return the catalogue of the newest import, at most `RECHECK_SECONDS` old; made once, whoever asks."""
        async with self._refreshing:
            now = time.monotonic()
            if self._newest is None or now - self._checked_at >= RECHECK_SECONDS:
                # Noted before the database is read, so that `forget` while that lasts is heeded.
                self._checked_at = now
                try:
                    self._newest = await self._refreshed(self._newest)
                except BaseException:
                    self.forget()
                    raise
            return self._newest

    def forget(self) -> None:
        """Ask the database at once the next time, as after an import in this process."""
        self._checked_at = float("-inf")

    async def _refreshed(self, known: Knowledge | None) -> Knowledge:
        if known is not None and await self._database.read(get_revision) == known.catalogue.revision:
            return known
        catalogue = await self._database.read(load_catalogue)
        return Knowledge(catalogue, await asyncio.to_thread(CatalogueSearch, catalogue))


def canned_values(catalogue: Catalogue, language: str, guide_name: str, service: Service | None) -> dict[str, Value]:
    """Return what stands in the variables of a ready-made answer in `language`; what is not known is left out."""
    texts = {name: f"{{{{{name}}}}}" for name in catalogue.placeholders} | dict(_variables_of(service))
    found = {name: _value(catalogue, text, language) for name, text in texts.items()}
    values = {name: value for name, value in found.items() if value is not None}
    if service is not None:
        values["service_name"] = Value(service.name.in_language(language))
    return values | {"guide_name": Value(guide_name)}


def _variables_of(service: Service | None) -> Iterator[tuple[str, str]]:
    """Yield the variables that a service's page fills, gaps still in place."""
    if service is None:
        return
    ways = {way["channel"]: way["value"] for way in reversed(service.details["contact"])}
    for name in ("phone", "e_service"):
        if name in ways:
            yield name, ways[name]
    if service.details["opening_hours"]:
        yield "opening_hours", service.details["opening_hours"]


def _value(catalogue: Catalogue, text: str, language: str) -> Value | None:
    """Return `text` filled in; a gap's phrase stands in only in a language that the phrase is in."""
    gaps = catalogue.gaps(text)
    if not gaps:
        return Value(catalogue.fill(text, language))
    declared = [catalogue.placeholders.get(gap) for gap in gaps]
    speaks = all(gap is not None and gap.speaks(language) for gap in declared)
    return Value(catalogue.fill(text, language), stands_in=True) if speaks else None
