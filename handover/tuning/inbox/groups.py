"""Misses become groups: those that the engine took for the same question, and those that are about the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from handover.core.misses import Guess
from handover.store.misses import OpenMiss
from handover.tuning.inbox.likeness import TextGroups, count_words, telling_words

#: Below this likelihood of the first guess no question of the catalogue fits.
FITS = 0.20
MOST_SUGGESTED = 3
#: Texts of one audience that fit no question and are compared with each other, the worst; each other one is alone.
MOST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that may belong to the same question, the worst first."""

    key: str
    #: What they may belong to, the likeliest first; empty where nothing fits.
    suggestions: tuple[Guess, ...]
    #: A working name, should it be a new question: the words that tell most of its texts.
    name: str
    texts: tuple[str, ...]
    #: How many misses there are in all, and how often times how bad that is.
    count: int
    score: float

    def without(self, keys: Container[str]) -> Group | None:
        """Return the group without some texts; None when nothing is left."""
        texts = tuple(key for key in self.texts if key not in keys)
        return replace(self, texts=texts) if texts else None


@dataclass(slots=True)
class _Text:
    """All misses of one text."""

    key: str
    text: str
    audience: str
    count: int = 0
    score: float = 0.0
    votes: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def first(self) -> str | None:
        """The question that it was most likely meant as, None where none fits."""
        likeliest = min(self.votes, key=lambda faq: (-self.votes[faq], faq), default=None)
        return likeliest if likeliest is not None and self.votes[likeliest] >= FITS * self.count else None


class Grouper:
    """Groups the open misses; what is the same as the last time costs next to nothing."""

    def __init__(self) -> None:
        self._alike: dict[str, TextGroups] = {}

    def group(self, misses: Iterable[OpenMiss]) -> list[Group]:
        """Return the groups, the worst first. May take seconds for many thousands that are new."""
        texts = _by_text(misses)
        grouped: defaultdict[str, list[_Text]] = defaultdict(list)
        unnamed: defaultdict[str, list[_Text]] = defaultdict(list)
        for one in texts.values():
            if one.first is not None:
                grouped[f"{one.audience}:{one.first}"].append(one)
            else:
                unnamed[one.audience].append(one)
        for audience in self._alike.keys() | unnamed.keys():
            for key, leader in self._compare(audience, unnamed[audience]).items():
                grouped[f"{audience}/{leader}"].append(texts[key])
        words = count_words(one.text for one in texts.values())
        groups = [_group(key, members, words) for key, members in grouped.items()]
        return sorted(groups, key=lambda group: (-group.score, group.key))

    def _compare(self, audience: str, texts: list[_Text]) -> dict[str, str]:
        """Return the key that each text's group goes by."""
        texts.sort(key=lambda one: (-one.score, one.key))
        compared = {one.key: one.text for one in texts[:MOST_COMPARED]}
        alone = {one.key: one.key for one in texts[MOST_COMPARED:]}
        return alone | self._alike.setdefault(audience, TextGroups()).update(compared)


def _by_text(misses: Iterable[OpenMiss]) -> dict[str, _Text]:
    texts: dict[str, _Text] = {}
    for miss in misses:
        one = texts.setdefault(miss.text_key, _Text(miss.text_key, miss.text, miss.audience))
        one.count += 1
        one.score += miss.weight
        for guess in miss.guesses:
            one.votes[guess.faq] += guess.likelihood
    return texts


def _group(key: str, members: list[_Text], words: Counter[str]) -> Group:
    count = sum(one.count for one in members)
    votes: defaultdict[str, float] = defaultdict(float)
    for one in members:
        for faq, likelihood in one.votes.items():
            votes[faq] += likelihood
    likely = sorted(votes, key=lambda faq: (-votes[faq], faq))[:MOST_SUGGESTED]
    fits = members[0].first is not None
    members.sort(key=lambda one: (-one.score, one.key))
    return Group(
        key=key,
        suggestions=tuple(Guess(faq, round(min(1.0, votes[faq] / count), 4)) for faq in likely) if fits else (),
        name=", ".join(telling_words((one.text for one in members), words)),
        texts=tuple(one.key for one in members),
        count=count,
        score=sum(one.score for one in members),
    )
