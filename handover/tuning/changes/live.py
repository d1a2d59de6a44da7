"""What is told while an example is typed: quick looks at its own words and at the other examples.

The whole check of a change set (`check.py`) says the same and more, later and with places. Whether an example draws
questions away from its neighbours only the engine knows: `NeighbourCheck`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz, process

from catalogue.documents import SOURCE_LANGUAGE
from catalogue.example_checks import (
    MAX_IN_FRAME,
    MIN_EXAMPLES_A_VOICE,
    MIN_WORDS_OF_NEAR_REPEAT,
    frames_of,
    without_one_word,
    words_of,
)
from catalogue.examples import VOICES, is_faq
from handover.core.redaction import redact
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.content import Content
from handover.tuning.changes.edits import MAX_EXAMPLE_CHARS

#: From here on, 0 to 100, two examples count as near duplicates.
MIN_LIKENESS = 90
MAX_ALIKE = 3
_MARKUP = re.compile(r"[\[\]{}()]")
#: Small words that the other language does not have; a text with more of those is taken for that language.
_SMALL_SWEDISH = "jag är och att det som en ett på för med hur kan vi inte har den ni vad var när till av om man mig"
_SMALL_ENGLISH = "i is and the that a an on for with how can we not have what where when to of if my do you it me"
_SMALL_WORDS = {"sv": frozenset(_SMALL_SWEDISH.split()), "en": frozenset(_SMALL_ENGLISH.split())}
_MIN_SMALL_WORDS = 2
#: Letters of other scripts, by language: an example in it without one of them is hardly in it.
_LETTERS = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "fa": re.compile(r"[\u0600-\u06ff]"),
    "ti": re.compile(r"[\u1200-\u137f]"),
    "uk": re.compile(r"[\u0400-\u04ff]"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at; one that `blocks` keeps the example from being saved. The rest says about what."""

    code: str
    blocks: bool = False
    intent: str = ""
    text: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example as it is typed; `instead_of` is the one that it replaces."""

    kind: Kind
    text: str
    instead_of: str = ""


class NeighbourCheck(Protocol):
    """Asks the engine what an example would do to its neighbours."""

    async def find_flips(self, kind: Kind, text: str) -> Sequence[Finding] | None:
        """Return findings of the code `flips_neighbour`, None while no engine can tell."""


def find_faults(content: Content, candidate: Candidate) -> list[Finding]:
    """Return what is to be said of an example, the worst first."""
    text = " ".join(candidate.text.split())
    if not text:
        return []
    found = [*_of_itself(candidate.kind, text), *_beside_others(content, candidate, text)]
    return sorted(found, key=lambda finding: not finding.blocks)


def _of_itself(kind: Kind, text: str) -> Iterator[Finding]:
    if len(text) > MAX_EXAMPLE_CHARS:
        yield Finding("too_long", blocks=True, count=MAX_EXAMPLE_CHARS)
    if _MARKUP.search(text):
        yield Finding("markup", blocks=True)
    if text.startswith("-"):
        yield Finding("dash", blocks=True)
    shown = redact(text)
    if shown != text:
        yield Finding("personal_data", blocks=True, text=shown)
    if _looks_foreign(kind.language, text):
        yield Finding("other_language")


def _looks_foreign(language: str, text: str) -> bool:
    letters = _LETTERS.get(language)
    if letters is not None:
        return letters.search(text) is None
    words = words_of(text)
    counts = {name: sum(word in small for word in words) for name, small in _SMALL_WORDS.items()}
    own = counts.pop(language, None)
    return own is not None and any(other >= max(_MIN_SMALL_WORDS, 2 * own + 1) for other in counts.values())


def _beside_others(content: Content, candidate: Candidate, text: str) -> Iterator[Finding]:
    intent, words = candidate.kind.intent, words_of(text)
    old = candidate.instead_of
    others = [one for one in content.examples() if one[1] != old or one[0] != candidate.kind]
    repeated = _repeated(others, words)
    if repeated is not None:
        yield Finding("repeats", blocks=True, intent=repeated[0].intent, text=repeated[1])
    else:
        yield from _alike(others, text)
    same = [(kind, one) for kind, one in others if kind.intent == intent]
    if is_faq(intent):
        yield from _one_word_off(same, words)
        yield from _template(same, words)
        yield from _few(same, candidate.kind)


def _repeated(others: Sequence[tuple[Kind, str]], words: tuple[str, ...]) -> tuple[Kind, str] | None:
    """Return an example of the same words; of tens of thousands only those with the first and the last are cut up."""
    if not words:
        return None
    likely = (one for one in others if words[0] in (lower := one[1].lower()) and words[-1] in lower)
    return next((one for one in likely if words_of(one[1]) == words), None)


def _alike(others: Sequence[tuple[Kind, str]], text: str) -> Iterator[Finding]:
    texts = [one for _, one in others]
    best = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS, limit=MAX_ALIKE)
    for one, _, place in best:
        yield Finding("alike", intent=others[place][0].intent, text=one)


def _one_word_off(same: Sequence[tuple[Kind, str]], words: tuple[str, ...]) -> Iterator[Finding]:
    if len(words) < MIN_WORDS_OF_NEAR_REPEAT:
        return
    mine = set(without_one_word(words))
    for kind, one in same:
        theirs = words_of(one)
        if len(theirs) == len(words) and theirs != words and not mine.isdisjoint(without_one_word(theirs)):
            yield Finding("one_word_off", intent=kind.intent, text=one)
            return


def _template(same: Sequence[tuple[Kind, str]], words: tuple[str, ...]) -> Iterator[Finding]:
    mine = set(frames_of(words))
    if not mine:
        return
    members = Counter(frame for _, one in same for frame in set(frames_of(words_of(one))) & mine)
    frame, count = max(members.items(), key=lambda item: item[1], default=(None, 0))
    if frame is not None and count >= MAX_IN_FRAME:
        yield Finding("template", text=" ".join(frame), count=count + 1)


def _few(same: Sequence[tuple[Kind, str]], kind: Kind) -> Iterator[Finding]:
    if kind.language == SOURCE_LANGUAGE and kind.voice in VOICES:
        count = 1 + sum(one.voice == kind.voice and one.language == kind.language for one, _ in same)
        if count < MIN_EXAMPLES_A_VOICE:
            yield Finding("few_in_voice", count=MIN_EXAMPLES_A_VOICE - count)
