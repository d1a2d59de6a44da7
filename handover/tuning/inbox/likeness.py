"""Texts that are about the same, found by their letters: for what the engine has no name for.

Each text is a vector of the character n-grams of its words, weighed by how rare they are (TF-IDF, cosine). A text
joins the likest group if it is like enough, else it begins one ("leader clustering"; Hartigan 1975). Texts come and
go; only what is new is compared.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from catalogue.search import STOP_WORDS

#: From this cosine on two texts are about the same; `docs/tuning.md` has what was measured.
LIKE = 0.30
SIZES = (3, 4)
#: An n-gram in more than this share of the texts tells nothing of any.
COMMON_SHARE, COMMON_LEAST = 0.1, 20
#: The n-grams of a text that are compared, the heaviest.
MOST_GRAMS = 60
_WORD = re.compile(r"[^\W\d_]+")

type Vector = dict[str, float]


def words_of(text: str) -> list[str]:
    """Return the words that carry a subject; all words of a text that has no other."""
    words = _WORD.findall(text.casefold())
    return [word for word in words if word not in STOP_WORDS] or words


class TextGroups:
    """Groups of texts that are about the same, kept in step with the texts there are."""

    def __init__(self) -> None:
        #: How rare each n-gram is, and how rare one that was never counted; of how many texts.
        self._rarity: dict[str, float] = {}
        self._unseen = 0.0
        self._counted = 0
        self._clear()

    def _clear(self) -> None:
        self._leader_of: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._leaders: dict[str, Vector] = {}
        self._leaders_with: defaultdict[str, dict[str, float]] = defaultdict(dict)

    def update(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Take these texts, by key, in place of those before; return the key that each one's group goes by.

        Nothing is kept of a text that is not among them any more.
        """
        if len(texts) > 2 * self._counted or self._counted > 2 * len(texts):
            self._clear()
            self._count(texts.values())
        homeless = self._remove(self._leader_of.keys() - texts.keys())
        for key in sorted(homeless | (texts.keys() - self._leader_of.keys())):
            self._add(key, texts[key])
        return dict(self._leader_of)

    def _count(self, texts: Collection[str]) -> None:
        found = Counter(gram for text in texts for gram in set(_grams(text)))
        self._counted = len(texts)
        common = max(COMMON_LEAST, COMMON_SHARE * self._counted)
        self._unseen = 1 + math.log(1 + self._counted)
        self._rarity = {
            gram: 1 + math.log((1 + self._counted) / (1 + count)) if count <= common else 0.0
            for gram, count in found.items()
        }

    def _remove(self, keys: Iterable[str]) -> set[str]:
        """Forget texts; return those that were in a group whose leader is gone."""
        homeless: set[str] = set()
        for key in list(keys):
            leader = self._leader_of.pop(key, None)
            if leader is not None:
                self._members[leader].discard(key)
            homeless.discard(key)
            if key in self._leaders:
                homeless |= self._dissolve(key)
        return homeless

    def _dissolve(self, leader: str) -> set[str]:
        for gram in self._leaders.pop(leader):
            del self._leaders_with[gram][leader]
        members = self._members.pop(leader)
        for key in members:
            del self._leader_of[key]
        return members

    def _add(self, key: str, text: str) -> None:
        vector = self._vector(text)
        likeness: defaultdict[str, float] = defaultdict(float)
        for gram, weight in vector.items():
            for leader, other in self._leaders_with.get(gram, {}).items():
                likeness[leader] += weight * other
        likest = min(likeness, key=lambda leader: (-likeness[leader], leader), default=None)
        if likest is None or likeness[likest] < LIKE:
            likest = key
            self._leaders[key], self._members[key] = vector, set()
            for gram, weight in vector.items():
                self._leaders_with[gram][key] = weight
        self._members[likest].add(key)
        self._leader_of[key] = likest

    def _vector(self, text: str) -> Vector:
        raw = {
            gram: (1 + math.log(count)) * self._rarity.get(gram, self._unseen) for gram, count in _grams(text).items()
        }
        heaviest = heapq.nlargest(MOST_GRAMS, raw, key=lambda gram: (raw[gram], gram))
        length = math.sqrt(sum(raw[gram] ** 2 for gram in heaviest))
        return {gram: raw[gram] / length for gram in heaviest if raw[gram]} if length else {}


def telling_words(texts: Iterable[str], among: Counter[str], most: int = 3) -> list[str]:
    """Return the words that tell most of some texts; `among` counts in how many of all texts each word is."""
    found = Counter(word for text in texts for word in set(words_of(text)))
    return sorted(found, key=lambda word: (-found[word] / math.log(2 + among[word]), word))[:most]


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Return in how many texts each word is."""
    return Counter(word for text in texts for word in set(words_of(text)))


def _grams(text: str) -> Counter[str]:
    padded = [f" {word} " for word in words_of(text)]
    return Counter(word[at : at + size] for word in padded for size in SIZES for at in range(len(word) - size + 1))
