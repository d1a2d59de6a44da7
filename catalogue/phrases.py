"""The assistant's own sentences, from `data/phrases.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from catalogue.documents import LocalText, Slug, read_document


class Phrases:
    """Sentences by key, in the language asked for or the nearest there is."""

    def __init__(self, texts: Mapping[str, LocalText]) -> None:
        self._texts = texts

    @classmethod
    def read(cls, data: Path) -> Phrases:
        """Return the phrases under the data folder; raises `CatalogueError` on a broken file."""
        kind = TypeAdapter(dict[Slug, LocalText])
        return cls(read_document(data / "phrases.yml", kind).document)

    def say(self, key: str, language: str) -> str:
        """Return the phrase; an unknown key is a mistake in the code and raises `KeyError`."""
        return self._texts[key].in_language(language)

    def is_said_in(self, key: str, language: str) -> bool:
        """Tell whether the phrase has a text in just this language."""
        return self._texts[key].is_in(language)
