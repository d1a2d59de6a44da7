"""A FAQ whose true error rate is known, the people who review it, and what `handover.core.rollout` makes of it."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from handover.core.rollout import (
    Demotion,
    Evidence,
    Judgement,
    Policy,
    Verdict,
    find_demotion,
    find_promotion,
    wilson_interval,
)
from handover.core.supervision import SENT_AT_ONCE, Level

#: Histories less likely than this are let go of.
_NEGLIGIBLE = 1e-15
#: What share of the answers is reviewed at each level.
SHARES: Mapping[Level, float] = {Level.SHADOW: 0.20, Level.APPROVE: 1.0, Level.SAMPLED: 0.20, Level.AUTO: 0.05}


@dataclass(frozen=True, slots=True)
class Reviewer:
    """How people err: shares of wrong answers let through, of right ones turned down, of any they cannot judge."""

    missed: float = 0.10
    turned_down: float = 0.01
    unclear: float = 0.05

    def judge(self, wrong: bool, harmful: bool, chance: random.Random) -> Judgement:
        """Return what a person says of an answer; who misses that it is wrong misses that it is harmful."""
        if chance.random() < self.unclear:
            return Judgement(Verdict.UNCLEAR)
        seen_as_wrong = chance.random() >= self.missed if wrong else chance.random() < self.turned_down
        if not seen_as_wrong:
            return Judgement(Verdict.GOOD)
        return Judgement(Verdict.WRONG, harmful=harmful)


@dataclass(frozen=True, slots=True)
class World:
    """What a FAQ lives in: shares of its answers that are wrong, and of all that are harmful too; people and rule."""

    error: float
    harmful: float = 0.0
    reviewer: Reviewer = Reviewer()
    policy: Policy = field(default_factory=Policy)
    shares: Mapping[Level, float] = field(default_factory=lambda: SHARES)
    cap: Level = Level.AUTO

    def __post_init__(self) -> None:
        if not 0 <= self.harmful <= self.error <= 1:
            raise ValueError("harmful answers are wrong ones")


class Faq:
    """The level of a FAQ, moved by each judgement as the rule says. Every promotion is confirmed at once."""

    def __init__(self, policy: Policy, level: Level = Level.APPROVE, cap: Level = Level.AUTO) -> None:
        self.policy, self.cap = policy, cap
        self._start(level)

    def _start(self, level: Level) -> None:
        self.level = level
        self.reviewed = self.approved = 0
        self._recent: deque[Judgement] = deque(maxlen=self.policy.recent)

    def review(self, judgement: Judgement) -> Demotion | None:
        """Take a judgement in and return the fall that it leads to.

        The rule is asked only where its answer can change, and told only the newest judgements, which is much faster.
        A test holds this against the rule asked every time about everything.
        """
        if judgement.verdict is Verdict.UNCLEAR and not judgement.harmful:
            return None
        self._recent.append(judgement)
        self.reviewed += judgement.verdict is not Verdict.UNCLEAR
        self.approved += judgement.verdict is Verdict.GOOD
        if judgement.verdict is not Verdict.GOOD or judgement.harmful:
            fall = find_demotion(self.level, self._recent, self.policy)
            if fall is not None:
                self._start(fall.to)
                return fall
        if self.reviewed >= self.policy.min_samples and self.approved >= self.policy.target * self.reviewed:
            evidence = Evidence(self.reviewed, self.approved, *wilson_interval(self.approved, self.reviewed), 0, 0)
            higher = find_promotion(self.level, self.cap, evidence, self.policy)
            if higher is not None:
                self._start(higher)
        return None


@dataclass(slots=True)
class Visit:
    """A stay at the levels at which answers are sent unseen; `ended` tells whether the FAQ fell from there."""

    answers: int = 0
    wrong: int = 0
    harmful: int = 0
    reviews: int = 0
    ended: bool = False


@dataclass(slots=True)
class Life:
    """What happened to a FAQ: questions and reviews until it first reached a level, its visits, its falls."""

    reached: dict[Level, tuple[int, int]] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    falls: list[tuple[Level, Demotion]] = field(default_factory=list)
    questions: int = 0
    reviews: int = 0


def live(faq: Faq, world: World, questions: int, chance: random.Random, *, until_seen: bool = False) -> Life:
    """Ask a FAQ so many questions, or with `until_seen` no more once a person sees every answer again."""
    life = Life()
    visit = _begin_visit(faq, life)
    for _ in range(questions):
        life.questions += 1
        luck = chance.random()
        wrong, harmful = luck < world.error, luck < world.harmful
        if visit is not None:
            visit.answers += 1
            visit.wrong += wrong
            visit.harmful += harmful
        if chance.random() >= world.shares[faq.level]:
            continue
        life.reviews += 1
        if visit is not None:
            visit.reviews += 1
        before = faq.level
        fall = faq.review(world.reviewer.judge(wrong, harmful, chance))
        if faq.level is before:
            continue
        if fall is None:
            life.reached.setdefault(faq.level, (life.questions, life.reviews))
            visit = visit or _begin_visit(faq, life)
            continue
        life.falls.append((before, fall))
        if visit is not None:
            visit.ended = True
            visit = None
            if until_seen:
                break
    return life


def _begin_visit(faq: Faq, life: Life) -> Visit | None:
    if faq.level not in SENT_AT_ONCE:
        return None
    life.visits.append(Visit())
    return life.visits[-1]


def turn(level: Level, before: World, after: World, limit: int, chance: random.Random) -> Visit:
    """Return what a FAQ sends unseen from the moment when it turns bad at `level` until it falls, `limit` at most.

    It has been there for a while: at any time until about as many reviews are done as a promotion takes.
    """
    while True:
        faq = Faq(before.policy, level, before.cap)
        quiet = chance.randrange(round(before.policy.min_samples / before.shares[level]))
        life = live(faq, before, quiet, chance)
        if not life.falls and faq.level is level:
            return live(faq, after, limit, chance, until_seen=True).visits[0]


def chance_to_reach_target(error: float, policy: Policy, looks: range) -> float:
    """Return how likely the lower bound is at the target in any of these looks, exactly; nothing falls meanwhile.

    `error` is the share of answers that reviewers do not approve, a look the number of reviews at which it is taken.
    """
    likely, reached = {0: 1.0}, 0.0
    for reviewed in range(1, looks[-1] + 1):
        after = dict.fromkeys(range(max(likely) + 2), 0.0)
        for wrong, share in likely.items():
            after[wrong] += share * (1 - error)
            after[wrong + 1] += share * error
        if reviewed in looks:
            up = [wrong for wrong in after if wilson_interval(reviewed - wrong, reviewed)[0] >= policy.target]
            reached += sum(after.pop(wrong) for wrong in up)
        likely = {wrong: share for wrong, share in after.items() if share > _NEGLIGIBLE}
    return reached


def with_audit(world: World, share: float) -> World:
    """Return the world in which another share is reviewed at `auto`."""
    return replace(world, shares={**world.shares, Level.AUTO: share})
