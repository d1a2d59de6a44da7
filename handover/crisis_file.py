"""Read `data/crisis.yml` into the pure crisis guide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from catalogue.documents import CatalogueError, Problem, read_document
from handover.core.crisis import CrisisGuide, Pattern


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Category(_Part):
    id: str
    helpline: str


class _Pattern(_Part):
    category: str
    any_of: list[str]
    unless: list[str] = []


class _Text(_Part):
    text: str


def _as_text(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class _CrisisDoc(_Part):
    categories: list[_Category]
    patterns: dict[str, list[_Pattern]]
    texts: dict[str, dict[str, Annotated[_Text, BeforeValidator(_as_text)]]]


def read_crisis_guide(data: Path) -> CrisisGuide:
    """Return the guide; raise `CatalogueError` with file and line for a broken file or pattern."""
    file = read_document(data / "crisis.yml", _CrisisDoc)
    document = file.document
    problems: list[Problem] = []
    patterns: list[Pattern] = []
    for language, entries in document.patterns.items():
        for number, entry in enumerate(entries):
            try:
                patterns.append(
                    Pattern(
                        entry.category,
                        tuple(re.compile(p, re.IGNORECASE) for p in entry.any_of),
                        tuple(re.compile(p, re.IGNORECASE) for p in entry.unless),
                    )
                )
            except re.error as error:
                problems.append(file.problem(("patterns", language, number), f"not a pattern: {error}"))
    texts: dict[str, dict[str, str]] = {}
    for number, category in enumerate(document.categories):
        found = document.texts.get(category.helpline)
        if found is None or not {"sv", "en"} <= found.keys():
            problems.append(file.problem(("categories", number), f"{category.id} lacks a text in sv or en"))
        else:
            texts[category.id] = {language: text.text for language, text in found.items()}
    unknown = {p.category for p in patterns} - {category.id for category in document.categories}
    problems += [file.problem(("patterns",), f"the category {name} is not declared") for name in sorted(unknown)]
    if problems:
        raise CatalogueError(problems)
    return CrisisGuide(tuple(patterns), texts)
