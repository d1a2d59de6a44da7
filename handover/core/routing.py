"""Who gets which conversation: a policy that is pure, so that whole shifts can be simulated.

How the queue works, and what the figures below came to in a simulated shift: docs/queue.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from handover.core.conversation import CRISIS_PRIORITY, Conversation

#: Whether a guide takes conversations; mirrored by a CHECK constraint.
Presence = Literal["available", "busy", "away", "closed"]

#: How long a conversation waits for the right guide before the next best may have it: where such a guide is there but
#: has no room, and where there is none. Four steps at most: 100 of the 120 seconds that are promised.
FULL_PATIENCE = timedelta(seconds=25)
ABSENT_PATIENCE = timedelta(seconds=10)
#: How long a wish for a colleague who is not there stands before it is dropped, and the record says so.
WISH_PATIENCE = timedelta(seconds=10)
#: So many conversations more than the capacity a guide may have when somebody is in danger.
CRISIS_ROOM = 1
#: The time over which the work is to be shared out evenly.
SHIFT = timedelta(hours=8)
#: Pace is not reckoned from less than this: one conversation in the first minute is no pace.
SHORTEST_SHARE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue, and what is wished of the guide who takes it."""

    id: str
    since: datetime
    priority: int = 0
    language: str = "sv"
    service: str | None = None
    wanted_guide: str | None = None
    wanted_service: str | None = None
    wanted_language: str | None = None
    #: The guide who has let go of it by choice, and so is the last to get it again.
    let_go_by: str | None = None

    @classmethod
    def of(cls, conversation: Conversation) -> Waiting:
        """Return what the policy needs to know of a conversation that waits."""
        if conversation.waiting_since is None:
            raise ValueError(f"{conversation.id} does not wait")
        return cls(
            id=conversation.id,
            since=conversation.waiting_since,
            priority=conversation.priority,
            language=conversation.language,
            service=conversation.service,
            wanted_guide=conversation.wanted_guide,
            wanted_service=conversation.wanted_service,
            wanted_language=conversation.wanted_language,
            let_go_by=conversation.returned_by if conversation.returned != "lost_connection" else None,
        )

    @property
    def is_crisis(self) -> bool:
        """Whether somebody is in danger: then nobody waits for the right guide."""
        return self.priority >= CRISIS_PRIORITY


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide as the policy sees one. No services: all of them."""

    id: str
    name: str = ""
    presence: Presence = "available"
    #: Whether the guide's connection gave a sign of life within the lease.
    seen: bool = True
    load: int = 0
    capacity: int = 3
    services: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"sv", "en"})
    #: How many conversations the guide took this shift, and when the first and the last.
    taken: int = 0
    first_taken_at: datetime | None = None
    last_taken_at: datetime | None = None

    @property
    def is_here(self) -> bool:
        """Whether the guide is at the desk, taking new conversations or not."""
        return self.seen and self.presence in ("available", "busy")

    @property
    def is_on_duty(self) -> bool:
        """Whether the guide takes new conversations."""
        return self.seen and self.presence == "available"

    def with_one_more(self, now: datetime) -> Guide:
        """Return the guide who has taken one more conversation."""
        first = self.first_taken_at or now
        return replace(self, load=self.load + 1, taken=self.taken + 1, first_taken_at=first, last_taken_at=now)

    def pace(self, now: datetime) -> float:
        """Return how many conversations an hour the guide took since the first: who comes at noon need not catch up."""
        if self.first_taken_at is None:
            return 0.0
        return self.taken / (max(now - self.first_taken_at, SHORTEST_SHARE) / timedelta(hours=1))

    def speaks(self, language: str) -> bool:
        """Tell whether the guide answers in a language; kinds of one language are not told apart."""
        return _plain(language) in {_plain(known) for known in self.languages}

    def knows(self, service: str | None) -> bool:
        """Tell whether the guide answers for a service; everybody answers for what is of none."""
        return service is None or not self.services or service in self.services


@dataclass(frozen=True, slots=True)
class Assignment:
    """A conversation and the guide who is to have it."""

    conversation_id: str
    guide_id: str


type _Fits = Callable[[Guide], bool]


def has_room(load: int, capacity: int, *, is_crisis: bool = False) -> bool:
    """Tell whether a guide with `load` conversations may have one more; past the capacity only for danger, by one."""
    return capacity > 0 and load < capacity + (CRISIS_ROOM if is_crisis else 0)


def in_line(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return those who wait, next first: danger, then what a guide let go of, then the longest wait."""
    return sorted(waiting, key=lambda one: (-one.priority, one.since, one.id))


def assign(waiting: Iterable[Waiting], guides: Collection[Guide], now: datetime) -> list[Assignment]:
    """Share out those who wait among the guides who are on duty and have room.

    Each in line gets the least loaded of the guides who fit best. Who fits nobody yet is passed over, and holds up
    nobody behind.
    """
    staff = {guide.id: guide for guide in guides if guide.is_on_duty}
    assignments: list[Assignment] = []
    for conversation in in_line(waiting):
        chosen = _choose(conversation, staff.values(), now)
        if chosen is not None:
            staff[chosen.id] = chosen.with_one_more(now)
            assignments.append(Assignment(conversation.id, chosen.id))
    return assignments


def lost_wishes(waiting: Iterable[Waiting], guides: Iterable[Guide], now: datetime) -> list[str]:
    """Return the conversations that waited long enough for a colleague who is not at the desk."""
    here = {guide.id for guide in guides if guide.is_here}
    return [
        one.id
        for one in in_line(waiting)
        if one.wanted_guide is not None and one.wanted_guide not in here and now - one.since >= WISH_PATIENCE
    ]


def _choose(conversation: Waiting, staff: Collection[Guide], now: datetime) -> Guide | None:
    return min(_candidates(conversation, staff, now), key=lambda guide: _burden(guide, now), default=None)


def _candidates(conversation: Waiting, staff: Collection[Guide], now: datetime) -> list[Guide]:
    """Return those with room of the best circle that has any; in danger all who may go past their capacity, at last."""
    for circle in _open_circles(conversation, staff, now):
        free = [guide for guide in circle if has_room(guide.load, guide.capacity)]
        if free:
            return free
    if conversation.is_crisis:
        return [guide for guide in staff if has_room(guide.load, guide.capacity, is_crisis=True)]
    return []


def _open_circles(conversation: Waiting, staff: Collection[Guide], now: datetime) -> Iterator[list[Guide]]:
    """Yield the circles of guides that the conversation need not wait for any more, best first."""
    opens_at = conversation.since
    for fits in _circles(conversation):
        circle = [guide for guide in staff if fits(guide)]
        yield circle
        opens_at += FULL_PATIENCE if circle else ABSENT_PATIENCE
        if now < opens_at and not conversation.is_crisis:
            return


def _circles(conversation: Waiting) -> Iterator[_Fits]:
    """Yield who fits a conversation, best first; past the wished colleague each holds the one before it."""
    service = conversation.wanted_service or conversation.service
    language = conversation.wanted_language or conversation.language
    let_go_by = conversation.let_go_by
    if conversation.wanted_guide is not None:
        yield lambda guide: guide.id == conversation.wanted_guide
    if service is not None:
        yield lambda guide: guide.id != let_go_by and guide.knows(service) and guide.speaks(language)
    yield lambda guide: guide.id != let_go_by and guide.speaks(language)
    yield lambda guide: guide.id != let_go_by
    if let_go_by is not None:
        yield lambda guide: True


def _burden(guide: Guide, now: datetime) -> tuple[float, float, float, str]:
    """Return what makes a guide the next: little to do for the capacity, little taken an hour this shift, long ago."""
    last = guide.last_taken_at.timestamp() if guide.last_taken_at is not None else float("-inf")
    return guide.load / guide.capacity, guide.pace(now), last, guide.id


def _plain(language: str) -> str:
    return language.partition("-")[0].lower()
