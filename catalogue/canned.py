"""The guides' ready-made answers, from `data/canned.yml`: read, checked, found by a few letters, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from catalogue.documents import (
    CORE_LANGUAGES,
    PLACEHOLDER,
    SOURCE_LANGUAGE,
    CatalogueError,
    Document,
    LanguageCode,
    LocalText,
    PlaceholderDoc,
    Problem,
    Slug,
    SourceFile,
    Text,
    read_document,
)

#: What a text may name beside the placeholders of `data/placeholders.yml`, and what a guide is told that it is.
VARIABLES: Mapping[str, str] = {
    "guide_name": "Ditt namn",
    "service_name": "Tjänstens namn",
    "phone": "Tjänstens telefonnummer",
    "e_service": "Tjänstens e-tjänst",
    "opening_hours": "Tjänstens öppettider",
    "case_number": "Ärendenummer",
    "colleague": "Kollegans namn eller enhet",
    "time": "Dag och tid",
}

Translation = Literal["machine, unreviewed", "reviewed"]
Shortcut = Annotated[str, StringConstraints(pattern=r"^[a-zåäö0-9]+$", max_length=20)]

_WORD = re.compile(r"\w+")


class CannedDoc(Document):
    """One answer. Its words stand here, or are the safety text of `data/crisis.yml` that `crisis` names."""

    id: Slug
    title: Text
    shortcuts: Annotated[list[Shortcut], Field(min_length=1)]
    texts: LocalText | None = None
    crisis: Slug | None = None
    reviewed: tuple[LanguageCode, ...] = ()

    @model_validator(mode="after")
    def _has_one_kind_of_words(self) -> CannedDoc:
        if (self.texts is None) == (self.crisis is None):
            raise ValueError("either `texts` or `crisis` stands here")
        return self


def _as_text(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class _SafetyText(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str
    translation: Translation | None = None


class _CrisisTexts(BaseModel):
    """The part of `data/crisis.yml` that is said."""

    model_config = ConfigDict(extra="ignore")

    texts: dict[str, dict[str, Annotated[_SafetyText, BeforeValidator(_as_text)]]]


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a variable's place; `stands_in` where it is a phrase instead of the thing itself."""

    text: str
    stands_in: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in; what nobody could fill still stands there as `{{name}}`."""

    text: str
    unfilled: tuple[str, ...]
    stand_ins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CannedText:
    """What is said in one language; `translation` tells of those that were translated."""

    language: str
    text: str
    translation: Translation | None

    def fill(self, values: Mapping[str, Value]) -> Filled:
        """Return the text with the values in it."""
        names = tuple(dict.fromkeys(PLACEHOLDER.findall(self.text)))
        return Filled(
            PLACEHOLDER.sub(lambda match: values[match[1]].text if match[1] in values else match[0], self.text),
            tuple(name for name in names if name not in values),
            tuple(name for name in names if name in values and values[name].stands_in),
        )


@dataclass(frozen=True, slots=True)
class Canned:
    """A ready-made answer with its texts by language; Swedish and English are always there."""

    id: str
    title: str
    shortcuts: tuple[str, ...]
    texts: Mapping[str, CannedText]

    def in_language(self, language: str) -> CannedText:
        """Return the text in `language`, else in English for foreign ones, else in Swedish."""
        tongue = language.partition("-")[0]
        fallback = SOURCE_LANGUAGE if tongue == SOURCE_LANGUAGE else "en"
        return next(self.texts[one] for one in (language, tongue, fallback) if one in self.texts)


def read_canned(data: Path) -> tuple[Canned, ...]:
    """Return the answers under the data folder, in the order of the file.

    Raises `CatalogueError`, which names file and line, also for an unknown variable and for an id or a shortcut that
    stands twice.
    """
    file = read_document(data / "canned.yml", TypeAdapter(list[CannedDoc]))
    placeholders = read_document(data / "placeholders.yml", TypeAdapter(dict[Slug, PlaceholderDoc])).document
    crisis: dict[str, dict[str, _SafetyText]] = {}
    if any(one.crisis for one in file.document):
        crisis = read_document(data / "crisis.yml", _CrisisTexts).document.texts
    problems = [*_check(file, VARIABLES.keys() | placeholders.keys()), *_check_crisis(file, crisis)]
    if problems:
        raise CatalogueError(problems)
    return tuple(
        Canned(
            one.id,
            one.title,
            tuple(one.shortcuts),
            _own_texts(one, one.texts) if one.texts else _safety_texts(crisis[one.crisis or ""]),
        )
        for one in file.document
    )


def find_canned(answers: Sequence[Canned], query: str, language: str = SOURCE_LANGUAGE) -> list[Canned]:
    """Return the answers that fit what was typed, best first: by shortcut, by title, by their words.

    Every word that was typed begins a word of the answer; a leading `/` is nothing. All fit an empty query.
    """
    typed = _WORD.findall(query.casefold())
    ranked = [(rank, one) for one in answers if (rank := _rank(one, typed, language)) is not None]
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _rank(answer: Canned, typed: list[str], language: str) -> int | None:
    if not typed:
        return 0
    if len(typed) == 1:
        if typed[0] in answer.shortcuts:
            return 0
        if any(shortcut.startswith(typed[0]) for shortcut in answer.shortcuts):
            return 1
    if _begin(typed, answer.title):
        return 2
    texts = (answer.in_language(one).text for one in (SOURCE_LANGUAGE, language))
    return 3 if _begin(typed, " ".join((answer.title, *answer.shortcuts, *texts))) else None


def _begin(typed: list[str], text: str) -> bool:
    words = set(_WORD.findall(PLACEHOLDER.sub(" ", text).casefold()))
    return all(any(word.startswith(part) for word in words) for part in typed)


def _own_texts(document: CannedDoc, texts: LocalText) -> dict[str, CannedText]:
    def mark(language: str) -> Translation | None:
        if language in CORE_LANGUAGES:
            return None
        return "reviewed" if language in document.reviewed else "machine, unreviewed"

    return {language: CannedText(language, text, mark(language)) for language, text in texts.texts()}


def _safety_texts(texts: Mapping[str, _SafetyText]) -> dict[str, CannedText]:
    return {language: CannedText(language, one.text, one.translation) for language, one in texts.items()}


def _check(file: SourceFile[list[CannedDoc]], known: set[str]) -> Iterator[Problem]:
    ids: set[str] = set()
    shortcuts: set[str] = set()
    for number, one in enumerate(file.document):
        if one.id in ids:
            yield file.problem((number, "id"), f"the id {one.id} stands twice")
        ids.add(one.id)
        for shortcut in one.shortcuts:
            if shortcut in shortcuts:
                yield file.problem((number, "shortcuts"), f"the shortcut {shortcut} stands twice")
            shortcuts.add(shortcut)
        if one.texts is not None:
            yield from _check_texts(file, number, one, one.texts, known)


def _check_texts(
    file: SourceFile[list[CannedDoc]], number: int, one: CannedDoc, texts: LocalText, known: set[str]
) -> Iterator[Problem]:
    wanted = set(PLACEHOLDER.findall(texts.sv))
    for language, text in texts.texts():
        where = (number, "texts", language)
        used = set(PLACEHOLDER.findall(text))
        for name in sorted(used - known):
            yield file.problem(where, f"{one.id}: the variable {name} is not known")
        if re.search(r"\{\{|\}\}", PLACEHOLDER.sub("", text)):
            yield file.problem(where, f"{one.id}: a variable is written {{{{name}}}}, in lower case")
        if used != wanted:
            differing = ", ".join(sorted(used ^ wanted))
            yield file.problem(where, f"{one.id}: other variables than in Swedish: {differing}")
    for language in one.reviewed:
        if not texts.is_in(language):
            yield file.problem((number, "reviewed"), f"{one.id}: there is no text in {language}")


def _check_crisis(
    file: SourceFile[list[CannedDoc]], crisis: Mapping[str, Mapping[str, _SafetyText]]
) -> Iterator[Problem]:
    for number, one in enumerate(file.document):
        if one.crisis is not None and not {"sv", "en"} <= crisis.get(one.crisis, {}).keys():
            yield file.problem((number, "crisis"), f"data/crisis.yml has no text {one.crisis} in sv and en")
