"""How alike two texts are: of the words, and of the characters. Pure."""

from __future__ import annotations

import re
from collections import Counter

from rapidfuzz.distance import Levenshtein

#: An edit of at most this share of the characters leaves an answer what it was: a name, a comma, a greeting.
SMALL_EDIT = 0.10
_WORD = re.compile(r"\w+")


def word_agreement(one: str, other: str) -> float:
    """Return the share of words that two texts have in common, 0 to 1, whatever their order (Dice's coefficient)."""
    left, right = Counter(_WORD.findall(one.casefold())), Counter(_WORD.findall(other.casefold()))
    total = left.total() + right.total()
    return round(2 * (left & right).total() / total, 4) if total else 1.0


def edit_distance(one: str, other: str) -> float:
    """Return the share of characters to change to make one text of the other, 0 to 1 (Levenshtein, by the longer)."""
    return round(Levenshtein.normalized_distance(one, other), 4)
