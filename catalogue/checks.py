"""Checks across files: what a single document cannot know. Each problem has file, line and reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from catalogue.canned import read_canned
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
from catalogue.example_checks import check_examples, check_held_out
from catalogue.examples import Example, read_examples
from catalogue.opening_file import read_opening_hours
from catalogue.phrases import Phrases
from catalogue.regression import FOLDER, check_regression

_LINK_PREFIX = "lank_"

Inventory = dict[str, list[str]]


def check_data(data: Path) -> CatalogueFiles:
    """Return the catalogue if all that the data folder holds fits together; raise `CatalogueError`."""
    files = read_catalogue(data)
    Phrases.read(data)
    read_canned(data)
    read_opening_hours(data)
    problems = [*check_catalogue(files), *check_inventory(files, data)]
    examples: list[Example] = []
    for path in sorted((data / "nlu").glob("*.yml")):
        try:
            examples.extend(read_examples(path))
        except CatalogueError as error:
            problems.extend(error.problems)
    problems.extend(check_examples(files, examples))
    problems.extend(check_held_out(data / "calibration", examples))
    problems.extend(check_regression(data / FOLDER, files, examples))
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


def list_placeholders(files: CatalogueFiles) -> Iterator[tuple[str, PlaceholderDoc, list[str]]]:
    """Yield each gap with its declaration and the services that use it."""
    uses: dict[str, set[str]] = defaultdict(set)
    for file in files.services:
        for name in PLACEHOLDER.findall(file.document.model_dump_json(by_alias=True)):
            uses[name].add(file.document.id)
    for name, placeholder in sorted(files.placeholders.items()):
        yield name, placeholder, sorted(uses[name])


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
        place = ("answer", language) if language in CORE_LANGUAGES else ("translations", language, "answer")
        yield from _check_answer(file, (*where, *place), answer, language, placeholders)


def _check_answer(
    file: SourceFile[ServiceDoc],
    where: tuple[str | int, ...],
    answer: str,
    language: str,
    placeholders: dict[str, PlaceholderDoc],
) -> Iterator[Problem]:
    yield from _check_gaps(file, where, answer, placeholders)
    for name in PLACEHOLDER.findall(answer):
        if name.startswith(_LINK_PREFIX):
            yield file.problem(where, f"{name} is an address: use it as a `url` only")
        elif name in placeholders and not placeholders[name].speaks(language):
            yield file.problem(where, f"the placeholder {name} has no phrase in {language}")
    shown = PLACEHOLDER.sub(lambda match: _fallback(placeholders, match[1], language), answer)
    if len(shown) > MAX_ANSWER_CHARS:
        yield file.problem(where, f"{len(shown)} characters as shown, at most 600")


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
