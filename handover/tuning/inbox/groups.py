"""Misses become groups: those that the engine took for the same question, and those that are about the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from handover.core.misses import Guess
from handover.store.misses import OpenMiss
from handover.tuning.inbox.likeness import TextGroups, count_words, telling_words

#: Below this likelihood of the first guess no question of the catalogue fits.
FITS = 0.20
MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that may belong to the same question, the worst first."""

    key: str
    #: What they may belong to, the likeliest first; empty where nothing fits.
    suggestions: tuple[Guess, ...]
    #: A working name where nothing fits.
    name: str | None
    texts: tuple[str, ...]
    #: How many misses there are in all, and how often times how bad that is.
    count: int
    score: float


@dataclass(slots=True)
class _Text:
    """All misses of one text."""

    key: str
    text: str
    audience: str
    count: int = 0
    score: float = 0.0
    votes: Counter[str] = field(default_factory=Counter)

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
        grouped: dict[str, list[_Text]] = {}
        unnamed: dict[str, dict[str, str]] = {}
        for one in texts.values():
            if one.first is not None:
                grouped.setdefault(f"{one.audience}:{one.first}", []).append(one)
            else:
                unnamed.setdefault(one.audience, {})[one.key] = one.text
        for audience in self._alike.keys() | unnamed.keys():
            homes = self._alike.setdefault(audience, TextGroups()).update(unnamed.get(audience, {}))
            for key, leader in homes.items():
                grouped.setdefault(f"{audience}/{leader}", []).append(texts[key])
        words = count_words(one.text for one in texts.values())
        groups = [_group(key, members, words) for key, members in grouped.items()]
        return sorted(groups, key=lambda group: (-group.score, group.key))


def _by_text(misses: Iterable[OpenMiss]) -> dict[str, _Text]:
    texts: dict[str, _Text] = {}
    for miss in misses:
        one = texts.setdefault(miss.text_key, _Text(miss.text_key, miss.text, miss.audience))
        one.count += 1
        one.score += miss.weight
        for guess in miss.guesses:
            one.votes[guess.faq] += guess.likelihood  # type: ignore[assignment]
    return texts


def _group(key: str, members: list[_Text], words: Counter[str]) -> Group:
    count = sum(one.count for one in members)
    votes: Counter[str] = sum((one.votes for one in members), Counter())
    likely = sorted(votes, key=lambda faq: (-votes[faq], faq))[:MOST_SUGGESTED]
    fits = members[0].first is not None
    members.sort(key=lambda one: (-one.score, one.key))
    return Group(
        key=key,
        suggestions=tuple(Guess(faq, round(min(1.0, votes[faq] / count), 4)) for faq in likely) if fits else (),
        name=None if fits else ", ".join(telling_words((one.text for one in members), words)),
        texts=tuple(one.key for one in members),
        count=count,
        score=sum(one.score for one in members),
    )
