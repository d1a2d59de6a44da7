"""Strings of which a text must contain one before a pattern can be found in it. Pure: a pattern in, strings out.

They are read from Python's own parse of the pattern, so that `re` and this module start from the same tree. That parser
is private to the standard library and may change with any version, so it is imported here and nowhere else. The product
runs on Python 3.12 only, and the tests compare what is derived here with what `re` finds.

Whatever is not understood here gives no strings, which means: always try the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

#: A shorter string stands in too many messages to spare a search.
_SHORTEST: Final = 2
#: How many spellings of one stretch of a pattern are written out, and how many strings one pattern may have in all.
_MOST_SPELLINGS: Final = 150
_MOST_LITERALS: Final = 400
#: How many repetitions and how many characters of a class are written out.
_MOST_TIMES: Final = 4
_MOST_CHARACTERS: Final = 12
#: Strings with more letters than this count as equally rare.
_LONGEST: Final = 12


def fold(text: str) -> str:
    """Return `text` with those characters alike that `re.IGNORECASE` takes for one: s and ſ, i and ı.

    What becomes of a character does not depend on its neighbours. So if a text contains a string, the folded text
    contains the folded string. The final sigma of `str.lower` would break that, hence the detour by capitals.
    """
    return text.upper().casefold()


def find_required_literals(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Return folded strings, one of which is in each folded text that `pattern` is found in; None if none are known.

    This holds for texts that have been through `str.lower`. No İ is left in those, the one letter that is folded apart
    from what it matches.
    """
    if pattern.flags & re.ASCII:
        return None
    return _read_sequence(_parser.parse(pattern.pattern, pattern.flags)).find_best()


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part of a pattern.

    `spellings` are all strings that it matches, if these are few. One of `literals` is somewhere in a text that it
    matches, though perhaps outside of what it takes up, as with a lookahead.
    """

    spellings: frozenset[str] | None = None
    literals: frozenset[str] | None = None

    def find_best(self) -> frozenset[str] | None:
        """Return whichever is the rarer, or None."""
        return _find_rarest((_as_literals(self.spellings), self.literals))


_UNKNOWN: Final = _Part()
_NO_WIDTH: Final = frozenset({""})


def _as_literals(spellings: frozenset[str] | None) -> frozenset[str] | None:
    if not spellings or any(len(spelling) < _SHORTEST for spelling in spellings):
        return None
    return spellings


def _find_rarest(choices: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    return min((literals for literals in choices if literals), key=_weigh, default=None)


def _weigh(literals: frozenset[str]) -> int:
    """Return more for strings that more messages contain: a letter makes one four times as rare, a space does not."""
    return sum(4 ** max(_LONGEST - len(literal.replace(" ", "")), 0) for literal in literals)


def _join(before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    return frozenset(a + b for a, b in product(before, after))


def _read(op: Any, value: Any) -> _Part:
    if op is _parser.LITERAL:
        return _Part(frozenset({fold(chr(value))})) if _is_vouched_for(value) else _UNKNOWN
    if op is _parser.IN:
        return _read_class(value)
    if op is _parser.BRANCH:
        return _read_branches(value[1])
    if op is _parser.SUBPATTERN:
        _, added_flags, _, body = value
        return _UNKNOWN if added_flags & re.ASCII else _read_sequence(body)
    if op is _parser.ATOMIC_GROUP:
        return _read_sequence(value)
    if op in (_parser.MAX_REPEAT, _parser.MIN_REPEAT, _parser.POSSESSIVE_REPEAT):
        return _read_repeat(*value)
    if op is _parser.ASSERT:
        return _Part(_NO_WIDTH, _read_sequence(value[1]).find_best())
    if op in (_parser.AT, _parser.ASSERT_NOT):
        return _Part(_NO_WIDTH)
    return _UNKNOWN


def _read_sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    """Any string that one of the parts requires is required by all; neighbours with few spellings are joined."""
    run = _NO_WIDTH
    is_whole = True
    choices: list[frozenset[str] | None] = []
    for op, value in items:
        part = _read(op, value)
        choices.append(part.literals)
        if part.spellings is not None and len(run) * len(part.spellings) <= _MOST_SPELLINGS:
            run = _join(run, part.spellings)
        else:
            is_whole = False
            choices.append(_as_literals(run))
            run = _NO_WIDTH if part.spellings is None else part.spellings
    if is_whole:
        return _Part(run, _find_rarest(choices))
    return _Part(None, _find_rarest([*choices, _as_literals(run)]))


def _read_branches(branches: Sequence[Any]) -> _Part:
    """Any branch may be the one that matches, so each must have strings, and all of them count."""
    spellings: frozenset[str] | None = frozenset()
    literals: frozenset[str] | None = frozenset()
    for branch in branches:
        part = _read_sequence(branch)
        best = part.find_best()
        spellings = None if spellings is None or part.spellings is None else spellings | part.spellings
        literals = None if literals is None or best is None else literals | best
    return _Part(
        None if spellings is None or len(spellings) > _MOST_SPELLINGS else spellings,
        None if literals is None or len(literals) > _MOST_LITERALS else literals,
    )


def _read_repeat(least: int, most: int, body: Any) -> _Part:
    part = _read_sequence(body)
    literals = part.find_best() if least else None
    if part.spellings is None or most > _MOST_TIMES:
        return _Part(None, literals)
    times = _NO_WIDTH
    spellings = _NO_WIDTH if least == 0 else frozenset()
    for count in range(1, most + 1):
        if len(times) * len(part.spellings) + len(spellings) > _MOST_SPELLINGS:
            return _Part(None, literals)
        times = _join(times, part.spellings)
        if count >= least:
            spellings |= times
    return _Part(spellings, literals)


def _read_class(members: Sequence[tuple[Any, Any]]) -> _Part:
    characters: list[int] = []
    for op, value in members:
        if op is _parser.LITERAL:
            characters.append(value)
        elif op is _parser.RANGE and value[1] - value[0] < _MOST_CHARACTERS:
            characters.extend(range(value[0], value[1] + 1))
        else:
            return _UNKNOWN
    if len(characters) > _MOST_CHARACTERS or not all(map(_is_vouched_for, characters)):
        return _UNKNOWN
    return _Part(frozenset(fold(chr(character)) for character in characters))


def _is_vouched_for(character: int) -> bool:
    """Is it of the blocks whose every character the tests compare with all that `re.IGNORECASE` matches with it?

    Latin without µ and İ, Arabic, and the dashes and quotation marks of general punctuation.
    """
    if character in (0xB5, 0x130):
        return False
    return character < 0x250 or 0x600 <= character < 0x700 or 0x2010 <= character < 0x2028
