"""Texts of the catalogue with the language that they are really in, gaps filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue.documents import PLACEHOLDER, SOURCE_LANGUAGE, LocalText
from catalogue.snapshot import Catalogue


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text; one that fills a gap is `isolated`, since a number keeps its own direction anywhere."""

    text: str
    language: str | None = None
    isolated: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A text in one language; parts in another name theirs."""

    language: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(part.text for part in self.parts)


def said(catalogue: Catalogue, text: str, language: str) -> Said:
    """Return `text`, which is in `language`, with each gap filled by its value or its fallback phrase."""
    return Said(language, tuple(_parts(catalogue, text, language)))


def said_locally(catalogue: Catalogue, text: LocalText, language: str) -> Said:
    """Return a text in the language that comes nearest to `language`."""
    return said(catalogue, text.in_language(language), text.nearest(language))


def said_in_swedish(catalogue: Catalogue, text: str, language: str) -> Said:
    """Return what is written in Swedish alone; where it is nothing but a gap, the gap's phrase in `language`."""
    gap = PLACEHOLDER.fullmatch(text.strip())
    if gap is None:
        return said(catalogue, text, SOURCE_LANGUAGE)
    (part,) = _parts(catalogue, text.strip(), language)
    return Said(part.language or language, (Part(part.text, isolated=True),))


def _parts(catalogue: Catalogue, text: str, language: str) -> Iterator[Part]:
    position = 0
    for match in PLACEHOLDER.finditer(text):
        if match.start() > position:
            yield Part(text[position : match.start()])
        spoken = _language_of_gap(catalogue, match[1], language)
        yield Part(catalogue.fill(match[0], language), None if spoken == language else spoken, isolated=True)
        position = match.end()
    if position < len(text):
        yield Part(text[position:])


def _language_of_gap(catalogue: Catalogue, name: str, language: str) -> str:
    """Return the language of what fills a gap; a value such as a number is in whatever is around it."""
    gap = catalogue.placeholders.get(name)
    if gap is None:
        return SOURCE_LANGUAGE
    return language if gap.speaks(language) else gap.nearest(language) or SOURCE_LANGUAGE
