"""Acute danger in a message, recognised before anything else. Pure: patterns in, category out.

Few expressions can be found in an ordinary message. One pass of an automaton over it tells which could be, by strings
without which they are not found, and only these are tried. Measured on 2026-11-29 with 735 expressions and 200 messages
of about 100 characters: 2.2 ms on average when all are tried, 0.02 ms as it is now.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import ahocorasick

from handover.core.commands import Danger
from handover.core.required_literals import find_required_literals, fold


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which danger is told: any of `any_of`, unless one of `unless` shows it is harmless."""

    category: str
    any_of: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class _Sieve:
    """Which of many expressions could be found in a text, by their numbers; never leaves out one that would be."""

    def __init__(self, expressions: Iterable[re.Pattern[str]]) -> None:
        numbers: defaultdict[str, list[int]] = defaultdict(list)
        always = []
        for number, expression in enumerate(expressions):
            literals = find_required_literals(expression)
            if not literals:
                always.append(number)
            for literal in literals or ():
                numbers[literal].append(number)
        self._always = tuple(always)
        self._automaton = ahocorasick.Automaton()
        for literal, those in numbers.items():
            self._automaton.add_word(literal, tuple(those))
        self._automaton.make_automaton()
        self._has_literals = bool(numbers)

    def find_candidates(self, text: str) -> list[int]:
        """Return the numbers of expressions that could be found in a lower-cased text, in order."""
        candidates = set(self._always)
        if self._has_literals:  # An automaton without words refuses to search.
            for _, numbers in self._automaton.iter(fold(text)):
                candidates.update(numbers)
        return sorted(candidates)


@dataclass(frozen=True, slots=True)
class CrisisGuide:
    """All patterns, and the fixed safety texts by category and language."""

    patterns: tuple[Pattern, ...]
    texts: Mapping[str, Mapping[str, str]]
    #: Each expression of each `any_of` in order, with the pattern that it belongs to; the sieve speaks of their places.
    _expressions: tuple[tuple[re.Pattern[str], Pattern], ...] = field(init=False, repr=False, compare=False)
    _sieve: _Sieve = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Prepare the search; the class is frozen, so the two fields are set by the back door."""
        expressions = tuple(chain.from_iterable([(e, p) for e in p.any_of] for p in self.patterns))
        object.__setattr__(self, "_expressions", expressions)
        object.__setattr__(self, "_sieve", _Sieve(expression for expression, _ in expressions))

    def find_danger(self, text: str) -> Danger | None:
        """Return the danger that `text` tells of, with its safety text, or None."""
        category = self.find(text)
        return Danger(category, self.texts[category]) if category else None

    def find(self, text: str) -> str | None:
        """Return the category of danger that `text` tells of, or None; every language is tried.

        The patterns are tried in order, so the first that speaks decides.
        """
        plain = " ".join(text.lower().split())
        harmless: Pattern | None = None
        for number in self._sieve.find_candidates(plain):
            expression, pattern = self._expressions[number]
            if pattern is harmless or not expression.search(plain):
                continue
            if not any(p.search(plain) for p in pattern.unless):
                return pattern.category
            harmless = pattern
        return None
