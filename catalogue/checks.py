"""Checks across files: what a single document cannot know. Each problem has file, line and reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from catalogue.documents import (
    CORE_LANGUAGES,
    MAX_ANSWER_CHARS,
    PLACEHOLDER,
    CatalogueError,
    CatalogueFiles,
    FaqDoc,
    PlaceholderDoc,
    Problem,
    ServiceDoc,
    SourceFile,
    read_catalogue,
    read_document,
)
from catalogue.examples import VOICES, Example, is_faq, read_examples
from catalogue.phrases import Phrases

MIN_SWEDISH_EXAMPLES = 40
MIN_EXAMPLES_A_VOICE = 10
MIN_ENGLISH_EXAMPLES = 12
_MARKUP = re.compile(r"[\[\]{}()]")
_LINK_PREFIX = "lank_"

Inventory = dict[str, list[str]]


def check_data(data: Path) -> CatalogueFiles:
    """Return the catalogue if catalogue, phrases and examples hold together; raise `CatalogueError`."""
    files = read_catalogue(data)
    Phrases.read(data)
    problems = [*check_catalogue(files), *check_inventory(files, data)]
    examples: list[Example] = []
    for path in sorted((data / "nlu").glob("*.yml")):
        try:
            examples.extend(read_examples(path))
        except CatalogueError as error:
            problems.extend(error.problems)
    problems.extend(check_examples(files, examples))
    if problems:
        raise CatalogueError(problems)
    return files


def check_catalogue(files: CatalogueFiles) -> Iterator[Problem]:
    """Yield what is wrong within and between catalogue files."""
    known = set(files.intents())
    for file in files.services:
        service = file.document
        if file.path.stem != service.id:
            yield file.problem(("id",), f"the file of the service {service.id} is named {service.id}.yml")
        for number, (faq_id, times) in enumerate(Counter(f.id for f in service.faqs).items()):
            if times > 1:
                yield file.problem(("faqs", number), f"the FAQ {faq_id} stands {times} times")
        missing = set(CORE_LANGUAGES) - set(service.languages)
        if missing:
            yield file.problem(("languages",), f"lacks {', '.join(sorted(missing))}")
        for number, faq in enumerate(service.faqs):
            yield from _check_faq(file, number, faq, known, files.placeholders)


def check_inventory(files: CatalogueFiles, data: Path) -> Iterator[Problem]:
    """Yield services and FAQs whose ids differ from the fixed ones of `data/inventory.yml`."""
    path = data / "inventory.yml"
    inventory = read_document(path, Inventory).document
    have = {file.document.id: [faq.id for faq in file.document.faqs] for file in files.services}
    for service in sorted(inventory.keys() - have.keys()):
        yield Problem(path, 1, f"the service {service} has no file in data/catalogue")
    for file in files.services:
        fixed = inventory.get(file.document.id)
        if fixed is None:
            yield file.problem(("id",), f"{file.document.id} is not in data/inventory.yml")
        elif set(fixed) != set(have[file.document.id]):
            differing = sorted(set(fixed) ^ set(have[file.document.id]))
            yield file.problem(("faqs",), f"the ids differ from data/inventory.yml: {', '.join(differing)}")


def check_examples(files: CatalogueFiles, examples: list[Example]) -> Iterator[Problem]:
    """Yield what is wrong with the training examples."""
    audience = {file.document.id: file.document.audience for file in files.services}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, Example] = {}
    for example in examples:
        counts[example.intent][example.voice] += 1
        if _MARKUP.search(example.text):
            yield Problem(example.file, example.line, "brackets are markup in Rasa's format: reword")
        key = " ".join(re.findall(r"\w+", example.text.lower()))
        first = seen.setdefault(key, example)
        if first is not example:
            yield Problem(example.file, example.line, f"repeats {first.file.name}:{first.line} ({first.intent})")
    known = set(files.intents())
    folder = examples[0].file.parent if examples else Path("data/nlu")
    for intent in sorted(known - counts.keys()):
        yield Problem(folder, 1, f"the FAQ {intent} has no examples")
    for intent, voices in sorted(counts.items()):
        if not is_faq(intent):
            continue
        where = folder / f"{intent.partition('.')[0]}.yml"
        if intent not in known:
            yield Problem(where, 1, f"{intent} is no FAQ of the catalogue")
            continue
        yield from _check_counts(where, intent, voices, audience[intent.partition(".")[0]])


def list_placeholders(files: CatalogueFiles) -> Iterator[tuple[str, PlaceholderDoc, list[str]]]:
    """Yield each gap with its declaration and the services that use it."""
    uses: dict[str, set[str]] = defaultdict(set)
    for file in files.services:
        for name in PLACEHOLDER.findall(file.document.model_dump_json(by_alias=True)):
            uses[name].add(file.document.id)
    for name, placeholder in sorted(files.placeholders.items()):
        yield name, placeholder, sorted(uses[name])


def _check_counts(where: Path, intent: str, voices: Counter[str], audience: str) -> Iterator[Problem]:
    swedish = sum(voices[voice] for voice in VOICES)
    if swedish < MIN_SWEDISH_EXAMPLES:
        yield Problem(where, 1, f"{intent} has {swedish} Swedish examples, at least {MIN_SWEDISH_EXAMPLES}")
    for voice in VOICES:
        if voices[voice] < MIN_EXAMPLES_A_VOICE:
            yield Problem(where, 1, f"{intent} has {voices[voice]} examples in {voice}, at least 10")
    if audience == "citizen" and voices["en"] < MIN_ENGLISH_EXAMPLES:
        yield Problem(where, 1, f"{intent} has {voices['en']} English examples, at least {MIN_ENGLISH_EXAMPLES}")


def _check_faq(
    file: SourceFile[ServiceDoc],
    number: int,
    faq: FaqDoc,
    known: set[str],
    placeholders: dict[str, PlaceholderDoc],
) -> Iterator[Problem]:
    where = ("faqs", number)
    for related in faq.related:
        if related not in known:
            yield file.problem((*where, "related"), f"no FAQ has the id {related}")
    stale = faq.stale_languages()
    if stale:
        yield file.problem((*where, "made_from"), f"made from an older Swedish text: {', '.join(stale)}")
    for link in faq.links:
        yield from _check_gaps(file, (*where, "links"), link.url, placeholders)
    for language, _, answer in faq.texts():
        yield from _check_gaps(file, (*where, "answer", language), answer, placeholders)
        for name in PLACEHOLDER.findall(answer):
            if name.startswith(_LINK_PREFIX):
                yield file.problem((*where, "answer", language), f"{name} is an address: use it as a `url` only")
        shown = PLACEHOLDER.sub(
            lambda m, lang=language: _fallback(placeholders, m[1], lang),  # type: ignore[misc]
            answer,
        )
        if len(shown) > MAX_ANSWER_CHARS:
            yield file.problem((*where, "answer", language), f"{len(shown)} characters as shown, at most 600")


def _check_gaps(
    file: SourceFile[ServiceDoc],
    where: tuple[str | int, ...],
    text: str,
    placeholders: dict[str, PlaceholderDoc],
) -> Iterator[Problem]:
    for name in PLACEHOLDER.findall(text):
        if name not in placeholders:
            yield file.problem(where, f"the placeholder {name} is not declared")


def _fallback(placeholders: dict[str, PlaceholderDoc], name: str, language: str) -> str:
    placeholder = placeholders.get(name)
    return (placeholder.phrase(language) if placeholder else None) or name
