"""What a commit holds, as an editor reads it: intents with their counts, examples, the languages of an answer.

Files are parsed once for each content, by the hash that git knows them by: of fifty files an edit changes one or two.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from catalogue.documents import PLACEHOLDER, LinkDoc, PlaceholderDoc
from catalogue.regression import FOLDER as REGRESSION
from catalogue.regression import RegressionQuestion
from handover.core.errors import HandoverError
from handover.tuning.changes.blocks import ExampleFile, Kind
from handover.tuning.changes.documents import YamlText
from handover.tuning.changes.draft import faq_ids, hash_of, places_of, words_hash
from handover.tuning.changes.questions import read_line
from handover.tuning.changes.repository import Snapshot

#: Of so many different contents the parsed form is kept: a few versions of each of fifty files.
KEPT_FILES = 300
_CORE = ("sv", "sv-x-easy", "en")

Examples = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class FaqLine:
    """A FAQ among the others: its question in Swedish, and how many examples it has by language and voice."""

    id: str
    question: str
    counts: Mapping[tuple[str, str], int]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service with its FAQs, and the words that people use for it."""

    id: str
    name: str
    audience: str
    search_words: tuple[str, ...]
    seen: str
    faqs: tuple[FaqLine, ...]


@dataclass(frozen=True, slots=True)
class LanguageText:
    """Question and answer in one language; `stale`: made from another Swedish text than today's."""

    language: str
    question: str
    answer: str
    seen: str
    stale: bool
    translation: str | None
    placeholders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaqTexts:
    """A FAQ side by side in its languages, with the links under its answer."""

    id: str
    service: str
    texts: tuple[LanguageText, ...]
    links: tuple[LinkDoc, ...]
    source: str
    owner: str


class Content:
    """The content of one commit."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def examples(self) -> Iterator[tuple[Kind, str]]:
        """Yield every example."""
        for path in self._snapshot.names(self._snapshot.data("nlu"), ".yml"):
            yield from _EXAMPLES.get(self._snapshot, path)

    def examples_of(self, intent: str) -> list[tuple[Kind, str]]:
        """Return the examples of an intent; raises `intent_unknown` where there is neither one nor a FAQ."""
        found = [(kind, text) for kind, text in self.examples() if kind.intent == intent]
        if not found and not any(faq.id == intent for service in self.services() for faq in service.faqs):
            raise HandoverError("intent_unknown", intent)
        return found

    def services(self) -> list[ServiceLine]:
        """Return the services by name, those that cannot be read left out."""
        counts: dict[str, Counter[tuple[str, str]]] = {}
        for kind, _ in self.examples():
            counts.setdefault(kind.intent, Counter())[kind.language, kind.voice] += 1
        files = self._snapshot.names(self._snapshot.data("catalogue"), ".yml")
        lines = [_service(_DOCUMENTS.get(self._snapshot, path), counts) for path in files]
        return sorted(lines, key=lambda line: line.name.casefold())

    def audience_of(self, service: str) -> str:
        """Return whom a service is for; `citizen` for what is no service."""
        path = self._snapshot.data(f"catalogue/{service}.yml")
        if self._snapshot.blob_id(path) is None:
            return "citizen"
        return str(_DOCUMENTS.get(self._snapshot, path).value(("audience",)))

    def others(self) -> dict[str, Counter[tuple[str, str]]]:
        """Return the intents that are no FAQ, with their counts."""
        faqs = {faq.id for service in self.services() for faq in service.faqs}
        found: dict[str, Counter[tuple[str, str]]] = {}
        for kind, _ in self.examples():
            if kind.intent not in faqs:
                found.setdefault(kind.intent, Counter())[kind.language, kind.voice] += 1
        return found

    def faq(self, faq: str) -> FaqTexts:
        """Return a FAQ's languages side by side, Swedish first; raises `intent_unknown`."""
        service, _, name = faq.partition(".")
        path = self._snapshot.data(f"catalogue/{service}.yml")
        if self._snapshot.blob_id(path) is None:
            raise HandoverError("intent_unknown", faq)
        document = _DOCUMENTS.get(self._snapshot, path)
        ids = faq_ids(document)
        if name not in ids:
            raise HandoverError("intent_unknown", faq)
        number = ids.index(name)
        whole = document.value(("faqs", number))
        languages = [*_CORE, *(whole.get("translations") or {})]
        return FaqTexts(
            faq,
            service,
            tuple(_text(document, number, language) for language in languages),
            _links(whole.get("links") or []),
            str(whole.get("source", "")),
            str(whole.get("owner", "")),
        )

    def questions(self, faq: str | None, outcome: str | None = None) -> list[RegressionQuestion]:
        """Return the regression questions of a FAQ, of an outcome, or all; lines that are none are left out."""
        files = self._snapshot.names(self._snapshot.data(REGRESSION), ".jsonl")
        lines = [line for path in files for line in (self._snapshot.read(path) or "").splitlines()]
        found = [question for question in map(read_line, lines) if question is not None]
        return [
            question
            for question in found
            if (faq is None or faq in question.expect) and outcome in (None, question.outcome)
        ]

    def placeholders(self) -> dict[str, PlaceholderDoc]:
        """Return every gap that is declared, of the whole catalogue and of its services."""
        found: dict[str, PlaceholderDoc] = {}
        common = YamlText(self._snapshot.read(self._snapshot.data("placeholders.yml")) or "{}").value(())
        files = self._snapshot.names(self._snapshot.data("catalogue"), ".yml")
        of_services = [_DOCUMENTS.get(self._snapshot, path).value(("placeholders",)) or {} for path in files]
        for table in (common, *of_services):
            found |= {name: PlaceholderDoc.model_validate(gap) for name, gap in table.items()}
        return found


def _service(document: YamlText, counts: Mapping[str, Counter[tuple[str, str]]]) -> ServiceLine:
    head = {key: document.value((key,)) for key in ("id", "name", "audience", "search_words")}
    words = list(map(str, head["search_words"] or ()))
    ids = faq_ids(document)
    return ServiceLine(
        str(head["id"]),
        str((head["name"] or {}).get("sv", head["id"])),
        str(head["audience"]),
        tuple(words),
        words_hash(words),
        tuple(
            FaqLine(
                f"{head['id']}.{name}",
                str(document.value(places_of(number, "sv")[0])),
                counts.get(f"{head['id']}.{name}", Counter()),
                _stale(document, number),
            )
            for number, name in enumerate(ids)
        ),
    )


def _stale(document: YamlText, number: int) -> tuple[str, ...]:
    """Return the languages whose text was made from another Swedish text than today's."""
    now = hash_of(document, number, "sv")
    made_from = document.value(("faqs", number, "made_from")) or {}
    languages = [*_CORE[1:], *(document.value(("faqs", number, "translations")) or {})]
    return tuple(language for language in languages if made_from.get(language) != now)


def _links(written: list[Any]) -> tuple[LinkDoc, ...]:
    """Return the links under an answer; where one is wrong the check says so."""
    try:
        return tuple(LinkDoc.model_validate(link) for link in written)
    except ValidationError:
        return ()


def _text(document: YamlText, number: int, language: str) -> LanguageText:
    question, answer = (str(document.value(place)).strip() for place in places_of(number, language))
    return LanguageText(
        language,
        question,
        answer,
        hash_of(document, number, language),
        language in _stale(document, number),
        document.value(("faqs", number, "translations", language, "translation")),
        tuple(dict.fromkeys(PLACEHOLDER.findall(answer))),
    )


class _Kept[T]:
    """The parsed form of the files that were read last, by the hash of what they hold."""

    def __init__(self, parse: Callable[[str], T]) -> None:
        self._parse = parse
        self._found: dict[str, T] = {}
        self._lock = threading.Lock()

    def get(self, snapshot: Snapshot, path: str) -> T:
        """Return a file, parsed now or earlier."""
        blob = snapshot.blob_id(path) or ""
        with self._lock:
            if blob in self._found:
                self._found[blob] = self._found.pop(blob)  # The last asked for is the last to go.
                return self._found[blob]
        parsed = self._parse(snapshot.read(path) or "")
        with self._lock:
            self._found[blob] = parsed
            while len(self._found) > KEPT_FILES:
                del self._found[next(iter(self._found))]
        return parsed


def _read_examples(text: str) -> Examples:
    return tuple((block.kind, example) for block in ExampleFile(text).blocks for _, example in block.examples)


_EXAMPLES = _Kept(_read_examples)
_DOCUMENTS = _Kept(YamlText)
