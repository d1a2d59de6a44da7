"""A simulated shift at the desk: arrivals with a morning peak, guides with skills and breaks, and a policy that gives.

`python -m tests.core.shift` prints the table of docs/queue.md. One second is one step; the same seed brings the same
citizens whatever the policy, so that policies are compared on the same day.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import fmean

from handover.core.conversation import CRISIS_PRIORITY, RELEASED_PRIORITY
from handover.core.routing import Assignment, Guide, Waiting, assign, in_line

OPENS = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOURS = 8
SECONDS = HOURS * 3_600
PROMISE_SECONDS = 120
#: Citizens a minute who come to wait for a guide: from which hour of the shift on, and how many.
ARRIVALS = ((0.0, 1.0), (1.0, 2.1), (3.0, 1.4), (4.0, 1.1), (5.0, 1.5), (7.0, 0.8))
#: How long a conversation takes: its median, and its spread (of the logarithm).
HANDLING_MEDIAN_SECONDS, HANDLING_SPREAD = 360.0, 0.6
#: A guide without the service or the language has to look things up or ask: so much longer does each take.
UNSKILLED = 1.6
CRISIS_SHARE, RETURNED_SHARE = 0.005, 0.03
SERVICES = (("avfall", 0.25), ("bygglov", 0.2), ("familj", 0.15), ("forsorjningsstod", 0.1), (None, 0.3))
LANGUAGES = (("sv", 0.82), ("en", 0.1), ("ar", 0.05), ("so", 0.03))

type Policy = Callable[[Sequence[Waiting], Sequence[Guide], datetime, Random], list[Assignment]]


@dataclass(frozen=True, slots=True)
class Hours:
    """When a guide is available, in minutes of the shift: between the first and the last, but for breaks."""

    begins: int
    ends: int
    breaks: tuple[tuple[int, int], ...]

    def available(self, second: int) -> bool:
        """Tell whether the guide takes conversations."""
        minute = second / 60
        return self.begins <= minute < self.ends and not any(a <= minute < b for a, b in self.breaks)

    @property
    def hours(self) -> float:
        """How long the guide is available."""
        return (self.ends - self.begins - sum(b - a for a, b in self.breaks)) / 60


def _full_day(lunch: int) -> Hours:
    return Hours(0, HOURS * 60, ((lunch - 90, lunch - 75), (lunch, lunch + 45), (lunch + 150, lunch + 165)))


_TECHNICAL, _SOCIAL = frozenset({"avfall", "bygglov"}), frozenset({"familj", "forsorjningsstod"})
_SWEDISH, _ARABIC, _SOMALI = frozenset({"sv", "en"}), frozenset({"sv", "en", "ar"}), frozenset({"sv", "en", "so"})
#: Eight guides in three groups of equal skills, and one of a kind; one of each pair works half the day.
STAFF: tuple[tuple[Guide, Hours], ...] = (
    (Guide("any-1", languages=_SWEDISH), _full_day(180)),
    (Guide("any-2", languages=_SWEDISH), _full_day(210)),
    (Guide("any-3", languages=_SWEDISH), Hours(0, 270, ((120, 135),))),
    (Guide("technical-1", services=_TECHNICAL, languages=_SWEDISH), _full_day(195)),
    (Guide("technical-2", services=_TECHNICAL, languages=_SWEDISH), Hours(210, 480, ((345, 360),))),
    (Guide("social-1", services=_SOCIAL, languages=_ARABIC), _full_day(225)),
    (Guide("social-2", services=_SOCIAL, languages=_ARABIC), Hours(30, 480, ((150, 165), (240, 285)))),
    (Guide("somali", languages=_SOMALI), _full_day(240)),
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who comes to wait, and how long it takes to help."""

    asks: Waiting
    comes_at: int
    takes_seconds: float
    comes_back: bool


@dataclass(slots=True)
class Outcome:
    """What a shift came to."""

    waits: list[float] = field(default_factory=list)
    #: Who took a conversation, and in which second.
    taken: list[tuple[int, str]] = field(default_factory=list)
    skilled: int = 0
    #: Seconds in which somebody waited whom a guide with room would have got by the policy.
    idle_seconds: int = 0
    left: int = 0

    @property
    def promise_kept(self) -> float:
        """The share of waits within the promise."""
        return sum(wait <= PROMISE_SECONDS for wait in self.waits) / len(self.waits)

    @property
    def skilled_share(self) -> float:
        """The share of conversations that came to somebody with the service and the language."""
        return self.skilled / len(self.waits)

    def per_hour(self) -> dict[str, float]:
        """Return how many conversations each guide took for each hour of being available."""
        taken = Counter(guide for _, guide in self.taken)
        return {guide.id: taken[guide.id] / hours.hours for guide, hours in STAFF}

    def among(self, equals: Sequence[str]) -> list[int]:
        """Return how many conversations each of these took in the time in which all of them were available."""
        hours = [one for guide, one in STAFF if guide.id in equals]
        taken = Counter(guide for second, guide in self.taken if all(one.available(second) for one in hours))
        return [taken[one] for one in equals]


def by_policy(waiting: Sequence[Waiting], guides: Sequence[Guide], now: datetime, _: Random) -> list[Assignment]:
    """The product's policy."""
    return assign(waiting, guides, now)


def to_the_first(waiting: Sequence[Waiting], guides: Sequence[Guide], now: datetime, _: Random) -> list[Assignment]:
    """The longest wait to the first guide of the list who has room."""
    return _naive(waiting, guides, lambda free: free[0])


def to_anybody(waiting: Sequence[Waiting], guides: Sequence[Guide], now: datetime, chance: Random) -> list[Assignment]:
    """The longest wait to any guide who has room."""
    return _naive(waiting, guides, chance.choice)


def _naive(
    waiting: Sequence[Waiting], guides: Sequence[Guide], choose: Callable[[list[Guide]], Guide]
) -> list[Assignment]:
    loads = {guide.id: guide.load for guide in guides}
    given: list[Assignment] = []
    for one in in_line(waiting):
        free = [guide for guide in guides if guide.is_on_duty and loads[guide.id] < guide.capacity]
        if free:
            chosen = choose(free)
            loads[chosen.id] += 1
            given.append(Assignment(one.id, chosen.id))
    return given


POLICIES: dict[str, Policy] = {"policy": by_policy, "first": to_the_first, "random": to_anybody}


def simulate(policy: Policy, seed: int) -> Outcome:
    """Run one shift."""
    chance, outcome = Random(f"choices of {seed}"), Outcome()  # noqa: S311
    arriving = _citizens(seed)
    waiting: dict[str, Citizen] = {}
    busy: list[tuple[float, str, Citizen]] = []
    staff = {guide.id: (guide, hours) for guide, hours in STAFF}
    for second in range(SECONDS):
        now = OPENS + timedelta(seconds=second)
        for done in [one for one in busy if one[0] <= second]:
            busy.remove(done)
            if done[2].comes_back:
                back = replace(done[2].asks, since=now, priority=RELEASED_PRIORITY, let_go_by=done[1])
                waiting[back.id] = replace(done[2], asks=back, comes_at=second, comes_back=False)
        while arriving and arriving[-1].comes_at <= second:
            citizen = arriving.pop()
            waiting[citizen.asks.id] = citizen
        if not waiting:
            continue
        guides = _standing(staff, busy, second)
        given = policy([one.asks for one in waiting.values()], guides, now, chance)
        for one in given:
            citizen, (guide, hours) = waiting.pop(one.conversation_id), staff[one.guide_id]
            fits = guide.knows(citizen.asks.service) and guide.speaks(citizen.asks.language)
            outcome.waits.append(second - citizen.comes_at)
            outcome.skilled += fits
            outcome.taken.append((second, guide.id))
            busy.append((second + citizen.takes_seconds * (1.0 if fits else UNSKILLED), guide.id, citizen))
            staff[guide.id] = guide.with_one_more(now), hours
        if waiting:
            left = assign([one.asks for one in waiting.values()], _standing(staff, busy, second), now)
            outcome.idle_seconds += bool(left)
    outcome.left = len(waiting)
    return outcome


def gini(values: Sequence[float]) -> float:
    """Return how uneven values are: 0 when all are the same, near 1 when one has all."""
    total = sum(values) * len(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * total) if total else 0.0


def groups_of_equals() -> list[list[str]]:
    """Return the guides whose skills are the same, where there are several."""
    groups: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for guide, _ in STAFF:
        groups.setdefault((guide.services, guide.languages), []).append(guide.id)
    return [group for group in groups.values() if len(group) > 1]


def unevenness(outcomes: Sequence[Outcome]) -> float:
    """Return the most over the least that one of equals took while all of them were there, of the worst shift."""
    shares = [outcome.among(group) for outcome in outcomes for group in groups_of_equals()]
    return max(max(share) / max(min(share), 1) for share in shares)


def _standing(
    staff: dict[str, tuple[Guide, Hours]], busy: list[tuple[float, str, Citizen]], second: int
) -> list[Guide]:
    loads: dict[str, int] = {}
    for _, owner, _ in busy:
        loads[owner] = loads.get(owner, 0) + 1
    return [
        replace(guide, load=loads.get(guide.id, 0), presence="available" if hours.available(second) else "away")
        for guide, hours in staff.values()
    ]


def _citizens(seed: int) -> list[Citizen]:
    """Return everybody who comes in a shift, the last to come first."""
    chance = Random(f"citizens of {seed}")  # noqa: S311
    citizens: list[Citizen] = []
    for (begins, a_minute), (ends, _) in pairwise((*ARRIVALS, (float(HOURS), 0.0))):
        at = begins * 3_600
        while (at := at + chance.expovariate(a_minute / 60)) < ends * 3_600:
            second = math.ceil(at)
            asks = Waiting(
                id=f"{seed}-{len(citizens)}",
                since=OPENS + timedelta(seconds=second),
                priority=CRISIS_PRIORITY if chance.random() < CRISIS_SHARE else 0,
                service=_drawn(chance, SERVICES),
                language=_drawn(chance, LANGUAGES) or "sv",
            )
            takes = chance.lognormvariate(math.log(HANDLING_MEDIAN_SECONDS), HANDLING_SPREAD)
            citizens.append(Citizen(asks, second, takes, chance.random() < RETURNED_SHARE))
    return citizens[::-1]


def _drawn(chance: Random, shares: Sequence[tuple[str | None, float]]) -> str | None:
    return chance.choices([name for name, _ in shares], [share for _, share in shares])[0]


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    waits = sorted(wait for outcome in outcomes for wait in outcome.waits)
    cells = (
        f"{fmean(outcome.promise_kept for outcome in outcomes):.1%}",
        f"{fmean(waits):.0f} s",
        f"{waits[int(0.95 * len(waits))]:.0f} s",
        f"{waits[-1]:.0f} s",
        f"{fmean(outcome.skilled_share for outcome in outcomes):.0%}",
        f"{unevenness(outcomes):.2f}",
        f"{fmean(gini(list(outcome.per_hour().values())) for outcome in outcomes):.3f}",
        f"{sum(outcome.idle_seconds for outcome in outcomes)} s",
    )
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print what ten shifts come to under each policy."""
    for name, policy in POLICIES.items():
        print(_row(name, [simulate(policy, seed) for seed in range(10)]))


if __name__ == "__main__":
    main()
