"""The assistant's own sentences, from `data/phrases.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter

from catalogue.documents import PLACEHOLDER, CatalogueError, LocalText, Problem, Slug, SourceFile, read_document


class Phrases:
    """Sentences by key, in the language asked for or the nearest there is."""

    def __init__(self, texts: Mapping[str, LocalText]) -> None:
        self._texts = texts

    @classmethod
    def read(cls, data: Path) -> Phrases:
        """Return the phrases under the data folder; raises `CatalogueError` on a broken file."""
        file = read_document(data / "phrases.yml", TypeAdapter(dict[Slug, LocalText]))
        problems = list(_check_variables(file))
        if problems:
            raise CatalogueError(problems)
        return cls(file.document)

    def say(self, key: str, language: str, **values: str) -> str:
        """Return the phrase with the values in it; an unknown key or variable is a mistake in the code: `KeyError`."""
        return PLACEHOLDER.sub(lambda match: values[match[1]], self._texts[key].in_language(language))

    def nearest(self, key: str, language: str) -> str:
        """Return the language that the phrase is really said in when asked for in `language`."""
        return self._texts[key].nearest(language)

    def is_said_in(self, key: str, language: str) -> bool:
        """Tell whether the phrase has a text in just this language."""
        return self._texts[key].is_in(language)


def _check_variables(file: SourceFile[dict[str, LocalText]]) -> Iterator[Problem]:
    for key, phrase in file.document.items():
        wanted = set(PLACEHOLDER.findall(phrase.sv))
        for language, text in phrase.texts():
            differing = wanted ^ set(PLACEHOLDER.findall(text))
            if differing:
                yield file.problem(
                    (key, language), f"{key}: other variables than in Swedish: {', '.join(sorted(differing))}"
                )
