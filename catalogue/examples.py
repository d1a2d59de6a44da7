"""Read the training examples in Rasa's format, with the line of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from catalogue.documents import SourceFile, read_document

VOICES = ("vardag", "formell", "sms", "andraspråk")
DIALOGUE_PREFIX = "dialogue."
DANGER_PREFIX = "danger."
HARMLESS = "danger.none"
OUT_OF_SCOPE = "out_of_scope"


class BlockMeta(BaseModel):
    """Who speaks in a block of examples."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    voice: Literal["vardag", "formell", "sms", "andraspråk", "en"]


class Block(BaseModel):
    """Examples of one intent in one voice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
    metadata: BlockMeta
    examples: str


class NluDoc(BaseModel):
    """One file of `data/nlu/`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal["3.1"]
    nlu: list[Block]


@dataclass(frozen=True, slots=True)
class Example:
    """One training example and where it stands."""

    intent: str
    language: str
    voice: str
    text: str
    file: Path
    line: int


def read_examples(path: Path) -> Iterator[Example]:
    """Yield the examples of one file; raises `CatalogueError` on a broken one."""
    file: SourceFile[NluDoc] = read_document(path, NluDoc)
    for number, block in enumerate(file.document.nlu):
        first = file.lines.get(("nlu", number, "examples"), 1) + 1
        for offset, line in enumerate(block.examples.splitlines()):
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Example(block.intent, block.metadata.language, block.metadata.voice, text, path, first + offset)


def is_faq(intent: str) -> bool:
    """Tell whether an intent is a FAQ of the catalogue."""
    return "." in intent and not intent.startswith((DIALOGUE_PREFIX, DANGER_PREFIX))
