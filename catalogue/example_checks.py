"""Checks of the training examples: counts, repeats, near repeats, templates."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from catalogue.documents import SOURCE_LANGUAGE, CatalogueFiles, Problem
from catalogue.examples import VOICES, Example, is_faq

MIN_SWEDISH_EXAMPLES = 40
MIN_EXAMPLES_A_VOICE = 10
MIN_ENGLISH_EXAMPLES = 12
#: Of one question, two examples of so many words or more may not be the same but for one word.
MIN_WORDS_OF_NEAR_REPEAT = 6
#: A frame is what is left of an example when one to three words in a row are taken out. More examples of one question
#: than so many in one frame of so many words are a template.
MAX_IN_FRAME = 4
MIN_WORDS_OF_FRAME = 5
MAX_GAP = 3
_MARKUP = re.compile(r"[\[\]{}()]")
_GAP = "…"

Words = tuple[str, ...]


def check_examples(files: CatalogueFiles, examples: list[Example]) -> Iterator[Problem]:
    """Yield what is wrong with the training examples."""
    yield from _check_texts(examples)
    yield from _check_alike(examples)
    yield from _check_intents(files, examples)


def check_held_out(folder: Path, examples: list[Example]) -> Iterator[Problem]:
    """Yield each question for calibration that is no question, or that is an example too: nobody may train on it."""
    trained = {words_of(example.text): example for example in examples}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                text = str(json.loads(line)["text"])
            except (ValueError, KeyError, TypeError):
                yield Problem(path, number, "not a question: a JSON object with `text` is expected")
                continue
            example = trained.get(words_of(text))
            if example is not None:
                yield Problem(path, number, f"is an example too: {_place(example)} ({example.intent})")


def _check_texts(examples: list[Example]) -> Iterator[Problem]:
    seen: dict[Words, Example] = {}
    for example in examples:
        if _MARKUP.search(example.text):
            yield Problem(example.file, example.line, "brackets are markup in Rasa's format: reword")
        first = seen.setdefault(words_of(example.text), example)
        if first is not example:
            yield Problem(example.file, example.line, f"repeats {first.file.name}:{first.line} ({first.intent})")


def _check_alike(examples: list[Example]) -> Iterator[Problem]:
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        if is_faq(example.intent):
            by_intent[example.intent].append(example)
    for of_intent in by_intent.values():
        yield from _check_near_repeats(of_intent)
        yield from _check_frames(of_intent)


def _check_near_repeats(examples: list[Example]) -> Iterator[Problem]:
    seen: dict[Words, Example] = {}
    for example in examples:
        words = words_of(example.text)
        if len(words) < MIN_WORDS_OF_NEAR_REPEAT:
            continue
        first = next((seen[key] for key in without_one_word(words) if key in seen), None)
        if first is not None:
            yield Problem(example.file, example.line, f"differs by one word from {_place(first)}: {first.text!r}")
        for key in without_one_word(words):
            seen.setdefault(key, example)


def _check_frames(examples: list[Example]) -> Iterator[Problem]:
    frames: dict[Words, list[Example]] = defaultdict(list)
    for example in examples:
        for frame in frames_of(words_of(example.text)):
            frames[frame].append(example)
    told: set[str] = set()
    for frame, members in frames.items():
        places = [_place(member) for member in members]
        if len(members) > MAX_IN_FRAME and places[0] not in told:
            told.update(places)
            yield Problem(members[0].file, members[0].line, f"a template, {' '.join(frame)!r}: {', '.join(places)}")


def _check_intents(files: CatalogueFiles, examples: list[Example]) -> Iterator[Problem]:
    audience = {file.document.id: file.document.audience for file in files.services}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        counts[example.intent][example.voice if example.language == SOURCE_LANGUAGE else example.language] += 1
    known = set(files.intents())
    folder = examples[0].file.parent if examples else Path("data/nlu")
    for intent in sorted(known - counts.keys()):
        yield Problem(folder, 1, f"the FAQ {intent} has no examples")
    for intent, kinds in sorted(counts.items()):
        if not is_faq(intent):
            continue
        where = folder / f"{intent.partition('.')[0]}.yml"
        if intent in known:
            yield from _check_counts(where, intent, kinds, audience[intent.partition(".")[0]])
        else:
            yield Problem(where, 1, f"{intent} is no FAQ of the catalogue")


def _check_counts(where: Path, intent: str, kinds: Counter[str], audience: str) -> Iterator[Problem]:
    """Yield where an intent has too few examples; `kinds` counts voices of Swedish, and other languages."""
    swedish = sum(kinds[voice] for voice in VOICES)
    if swedish < MIN_SWEDISH_EXAMPLES:
        yield Problem(where, 1, f"{intent} has {swedish} Swedish examples, at least {MIN_SWEDISH_EXAMPLES}")
    for voice in VOICES:
        if kinds[voice] < MIN_EXAMPLES_A_VOICE:
            yield Problem(where, 1, f"{intent} has {kinds[voice]} examples in {voice}, at least {MIN_EXAMPLES_A_VOICE}")
    if audience == "citizen" and kinds["en"] < MIN_ENGLISH_EXAMPLES:
        yield Problem(where, 1, f"{intent} has {kinds['en']} English examples, at least {MIN_ENGLISH_EXAMPLES}")


def _place(example: Example) -> str:
    return f"{example.file.name}:{example.line}"


def words_of(text: str) -> Words:
    """Return the words of a text in lower case: what is the same but for these is the same example."""
    return tuple(re.findall(r"\w+", text.lower()))


def without_one_word(words: Words) -> Iterator[Words]:
    """Yield the words with each of them in turn taken for a gap."""
    for place in range(len(words)):
        yield (*words[:place], _GAP, *words[place + 1 :])


def frames_of(words: Words) -> Iterator[Words]:
    """Yield the frames of an example that are long enough to count."""
    for gap in range(1, MAX_GAP + 1):
        for place in range(len(words) - gap + 1):
            if len(words) - gap >= MIN_WORDS_OF_FRAME:
                yield (*words[:place], _GAP, *words[place + gap :])
