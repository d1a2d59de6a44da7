"""Read catalogue files into typed values; what is wrong is told with file, line and reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

MAX_ANSWER_CHARS = 600
MAX_FILE_BYTES = 1_000_000
SOURCE_LANGUAGE = "sv"
EASY_SWEDISH = "sv-x-easy"
CORE_LANGUAGES = (SOURCE_LANGUAGE, EASY_SWEDISH, "en")
NEWCOMER_LANGUAGES = ("ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es")
PLACEHOLDER = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
FaqId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
NewcomerLanguage = Annotated[str, StringConstraints(pattern=f"^({'|'.join(NEWCOMER_LANGUAGES)})$")]
AnswerText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ANSWER_CHARS)]


class Document(BaseModel):
    """Base of all parts of a catalogue file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def is_swedish(language: str) -> bool:
    """Tell whether a language tag is Swedish of some kind: sv, sv-SE, sv-FI, easy Swedish."""
    return _primary(language) == SOURCE_LANGUAGE


def nearest_languages(language: str) -> tuple[str, ...]:
    """Return the languages to answer in when asked for `language`, the best first; Swedish is the last resort."""
    if is_swedish(language):
        return (language, SOURCE_LANGUAGE)
    return (language, _primary(language), "en", SOURCE_LANGUAGE)


def _primary(language: str) -> str:
    return language.partition("-")[0]


class LocalText(Document):
    """A text in Swedish, perhaps easy Swedish, and English; perhaps in further languages under their codes."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[LanguageCode, Text] = Field(init=False)

    sv: Text
    easy: Annotated[Text | None, Field(alias="sv-x-easy")] = None
    en: Text

    def in_language(self, language: str) -> str:
        """Return the text in `language`, else in English for foreign ones, else in Swedish."""
        found = self.nearest(language)
        if found == EASY_SWEDISH:
            return self.easy or self.sv
        return self.sv if found == SOURCE_LANGUAGE else self._further.get(found, self.en)

    def nearest(self, language: str) -> str:
        """Return the language that `in_language` really speaks when asked for `language`."""
        if is_swedish(language):
            return EASY_SWEDISH if language == EASY_SWEDISH and self.easy else SOURCE_LANGUAGE
        return next((one for one in (language, _primary(language)) if one in self._further), "en")

    def is_in(self, language: str) -> bool:
        """Tell whether there is a text in just this language."""
        return language in ("sv", "en") or language in self._further or (language == EASY_SWEDISH and bool(self.easy))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield each language with its text."""
        yield SOURCE_LANGUAGE, self.sv
        if self.easy is not None:
            yield EASY_SWEDISH, self.easy
        yield "en", self.en
        yield from self._further.items()

    @property
    def _further(self) -> dict[str, str]:
        return self.__pydantic_extra__


class Contact(Document):
    """One way to reach the service."""

    channel: Literal["e_service", "phone", "email", "chat", "visit", "web", "letter", "intranet"]
    value: Text


class LinkDoc(Document):
    """A link; its address may be a placeholder."""

    title: LocalText
    url: Annotated[str, StringConstraints(pattern=r"^(https://|mailto:|tel:|\{\{)")]


class OrderField(Document):
    """One thing that an order needs to know."""

    id: Slug
    type: Literal["text", "long_text", "date", "number", "email", "phone", "choice"]
    required: bool
    label: LocalText
    options: list[LocalText | Text] = []


class Offer(Document):
    """Something that can be ordered."""

    id: Slug
    name: LocalText
    price: Literal["ingår", "efter offert", "enligt taxa"]
    source: Literal["facts", "law", "example"]
    fields: list[OrderField]


class PlaceholderDoc(Document):
    """A named gap that the municipality fills in; until then the fallback phrase stands in its place."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[NewcomerLanguage, Text] = Field(init=False)

    describes: Text
    value: Text | None = None
    sv: Text | None = None
    easy: Annotated[Text | None, Field(alias="sv-x-easy")] = None
    en: Text | None = None

    def phrase(self, language: str) -> str | None:
        """Return what to show in `language`: the value, else the fallback phrase, else None."""
        return self.value or self._phrases.get(self.nearest(language) or "")

    def nearest(self, language: str) -> str | None:
        """Return the language that the phrase shown in `language` is really in; None where there is no phrase."""
        return next((one for one in nearest_languages(language) if one in self._phrases), None)

    def speaks(self, language: str) -> bool:
        """Tell whether a text in `language` stays in it with this gap filled; easy Swedish may borrow from Swedish."""
        return self.value is not None or _primary(self.nearest(language) or "") == _primary(language)

    @property
    def _phrases(self) -> dict[str, str]:
        own = {SOURCE_LANGUAGE: self.sv, EASY_SWEDISH: self.easy, "en": self.en}
        return {language: text for language, text in own.items() if text} | self.__pydantic_extra__


class Translation(Document):
    """Question and answer in a language of newcomers."""

    question: Text
    answer: AnswerText
    translation: Literal["machine, unreviewed", "reviewed"]


class CoreTexts(Document):
    """The same text in the three languages that every FAQ has."""

    sv: AnswerText
    easy: Annotated[AnswerText, Field(alias="sv-x-easy")]
    en: AnswerText


class FaqDoc(Document):
    """A question with its answers."""

    id: Slug
    question: CoreTexts
    answer: CoreTexts
    translations: dict[NewcomerLanguage, Translation] = {}
    made_from: dict[str, str] = {}
    source: Literal["facts", "law", "example"]
    law: Text | None = None
    owner: Text
    reviewed: date
    review_by: date
    links: list[LinkDoc] = []
    related: list[FaqId] = []

    @model_validator(mode="after")
    def _law_is_named(self) -> FaqDoc:
        if (self.source == "law") != (self.law is not None):
            raise ValueError("`law` names the act exactly when `source` is law")
        if self.law is not None and not re.search(r"\(\d{4}:\d+\)", self.law):
            raise ValueError("`law` holds the act's number, like (2010:900)")
        if self.review_by <= self.reviewed:
            raise ValueError("`review_by` comes after `reviewed`")
        return self

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield (language, question, answer) for every language that the FAQ has."""
        yield SOURCE_LANGUAGE, self.question.sv, self.answer.sv
        yield EASY_SWEDISH, self.question.easy, self.answer.easy
        yield "en", self.question.en, self.answer.en
        for language, translation in self.translations.items():
            yield language, translation.question, translation.answer

    def source_hash(self) -> str:
        """Return the hash of the Swedish text that translations are made from."""
        return text_hash(self.question.sv + "\n" + self.answer.sv)

    def stale_languages(self) -> list[str]:
        """Return the languages whose text was made from another Swedish text than today's."""
        now = self.source_hash()
        languages = [language for language, _, _ in self.texts() if language != SOURCE_LANGUAGE]
        return [language for language in languages if self.made_from.get(language) != now]


class ServiceDoc(Document):
    """One file of `data/catalogue/`."""

    id: Slug
    name: LocalText
    description: LocalText
    provider: Text
    audience: Literal["citizen", "staff"]
    topic: Literal[
        "bygga_bo",
        "barn_utbildning",
        "omsorg_stod",
        "trafik_gator",
        "miljo_avfall",
        "uppleva",
        "arbete_foretag",
        "kommun_demokrati",
        "kontakt",
        "internt",
    ]
    sensitive: bool
    search_words: Annotated[list[Text], Field(min_length=3)]
    languages: list[str]
    contact: Annotated[list[Contact], Field(min_length=1)]
    links: list[LinkDoc]
    opening_hours: Text | None
    offers: list[Offer]
    placeholders: dict[Slug, PlaceholderDoc] = {}
    faqs: Annotated[list[FaqDoc], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file; `line` counts from 1."""

    file: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class CatalogueError(Exception):
    """The catalogue is refused; `problems` says why, each with file and line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class SourceFile[T]:
    """A parsed file with the lines of its parts, for later checks."""

    path: Path
    document: T
    lines: dict[tuple[str | int, ...], int]

    def problem(self, where: tuple[str | int, ...], reason: str) -> Problem:
        """Return a problem at the nearest known line of the part `where`."""
        return Problem(self.path, nearest_line(self.lines, where), reason)


def text_hash(text: str) -> str:
    """Return a short hash of a text, blind to white space."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:12]


def read_yaml(path: Path) -> tuple[Any, dict[tuple[str | int, ...], int]]:
    """Return the content of a YAML file and the line of each of its parts; raise `CatalogueError`."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise CatalogueError([Problem(path, 1, f"the file is larger than {MAX_FILE_BYTES} bytes")])
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if node is None:
            raise CatalogueError([Problem(path, 1, "the file is empty")])
        lines: dict[tuple[str | int, ...], int] = {}
        return _build(node, (), lines, path), lines
    except OSError as error:
        raise CatalogueError([Problem(path, 1, f"the file cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise CatalogueError([Problem(path, 1, f"the file is not UTF-8: {error.reason}")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError([Problem(path, line, f"not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise CatalogueError([Problem(path, 1, f"not YAML: {error}")]) from None
    except RecursionError:
        raise CatalogueError([Problem(path, 1, "the file is nested too deeply, or refers to itself")]) from None


def _build(node: Any, where: tuple[str | int, ...], lines: dict[Any, int], path: Path) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in built:
                line = key_node.start_mark.line + 1
                raise CatalogueError([Problem(path, line, f"the key `{key}` stands twice")])
            built[key] = _build(value_node, (*where, key), lines, path)
            lines[(*where, key)] = key_node.start_mark.line + 1
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*where, i), lines, path) for i, item in enumerate(node.value)]
    return _scalar(node, path)


def _scalar(node: Any, path: Path) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    try:
        return constructor.construct_object(node)
    except ValueError as error:
        raise CatalogueError([Problem(path, node.start_mark.line + 1, f"{node.value}: {error}")]) from None


def nearest_line(lines: dict[tuple[str | int, ...], int], where: tuple[str | int, ...]) -> int:
    """Return the line of the part `where`, or of the smallest part around it that is known."""
    while where not in lines and where:
        where = where[:-1]
    return lines.get(where, 1)


def read_document[T](path: Path, kind: type[T] | TypeAdapter[T]) -> SourceFile[T]:
    """Return a file parsed as `kind`; raise `CatalogueError` with every problem of the file."""
    content, lines = read_yaml(path)
    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        return SourceFile(path, adapter.validate_python(content), lines)
    except ValidationError as error:
        raise CatalogueError(
            [
                Problem(
                    path,
                    nearest_line(lines, tuple(fault["loc"])),
                    f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}",
                )
                for fault in error.errors()
            ]
        ) from None


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    """Everything that the catalogue's folder holds."""

    services: list[SourceFile[ServiceDoc]]
    placeholders: dict[str, PlaceholderDoc]

    def intents(self) -> list[str]:
        """Return the ids of all FAQs, `service.faq`, in the order of the files."""
        return [f"{file.document.id}.{faq.id}" for file in self.services for faq in file.document.faqs]

    def digest(self) -> str:
        """Return a hash of the whole content; equal content gives equal hashes."""
        text = "\n".join(
            [file.document.model_dump_json(by_alias=True) for file in self.services]
            + [f"{k}={v.model_dump_json()}" for k, v in sorted(self.placeholders.items())]
        )
        return hashlib.sha256(text.encode()).hexdigest()


def read_catalogue(data: Path) -> CatalogueFiles:
    """Return all catalogue files under `data`; raise `CatalogueError` with every problem found."""
    problems: list[Problem] = []
    services: list[SourceFile[ServiceDoc]] = []
    paths = sorted((data / "catalogue").glob("*.yml"))
    if not paths:
        raise CatalogueError([Problem(data / "catalogue", 1, "no catalogue files here")])
    for path in paths:
        try:
            services.append(read_document(path, ServiceDoc))
        except CatalogueError as error:
            problems.extend(error.problems)
    common: dict[str, PlaceholderDoc] = {}
    try:
        common = dict(read_document(data / "placeholders.yml", TypeAdapter(dict[Slug, PlaceholderDoc])).document)
    except CatalogueError as error:
        problems.extend(error.problems)
    for file in services:
        for name, placeholder in file.document.placeholders.items():
            if common.setdefault(name, placeholder) != placeholder:
                problems.append(file.problem(("placeholders", name), f"{name} is declared otherwise elsewhere"))
    if problems:
        raise CatalogueError(problems)
    return CatalogueFiles(services, common)
