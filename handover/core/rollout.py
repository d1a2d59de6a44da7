"""When a FAQ may do more by itself, and when it must do less: pure, so that it can be simulated.

What the rule comes to with FAQs of a known error rate, and why the figures are as they are: docs/supervision.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from handover.core.supervision import Level

#: Two-sided 95 % of the normal distribution.
Z_95 = 1.959963984540054
_ORDER = list(Level)
#: Where each level falls to when recent reviews are below the floor. A level that nobody sees has nowhere to fall.
_BELOW_FLOOR = {Level.APPROVE: Level.SHADOW, Level.SAMPLED: Level.APPROVE, Level.AUTO: Level.APPROVE}


class Verdict(StrEnum):
    """What a person said of an answer."""

    GOOD = "good"
    EDITED = "edited"
    WRONG = "wrong"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reviewed answer of a FAQ. `EDITED` is more than a small change: small ones count as `GOOD`."""

    verdict: Verdict
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures of the rule; raises `ValueError` when they contradict each other.

    The defaults come from `make rollout-simulation`. The rule is looked at after every review, so a FAQ gets many
    chances to reach the target by luck. With one answer in ten wrong 15 of 100 do within 1 000 reviews if the target is
    0.90, and 2 of 100 if it is 0.92: no more than an interval of 95 % promises of a single look.
    """

    #: What the lower bound of the interval must reach before a FAQ goes up.
    target: float = 0.92
    #: A FAQ falls when less than this share of its recent reviews is approved: more than four wrong of twenty.
    floor: float = 0.80
    #: No FAQ goes up on fewer reviews, however good: 45 approvals in a row would reach the target.
    min_samples: int = 60
    #: How many of the newest reviews are the recent ones: fewer fell good FAQs by chance, more find a bad turn late.
    recent: int = 20
    #: Fewer recent reviews are filled up to this number with approvals: two unlucky ones fell no FAQ, three of ten do.
    min_recent: int = 10

    def __post_init__(self) -> None:
        if not 0 <= self.floor <= self.target < 1:
            raise ValueError("floor and target must be shares, the floor not above the target, the target below 1")
        if self.min_samples < 1 or not 1 <= self.min_recent <= self.recent:
            raise ValueError("min_samples must be at least 1, and min_recent from 1 to recent")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the judgements since the last change of level come to."""

    reviewed: int
    approved: int
    low: float
    high: float
    recent_reviewed: int
    recent_approved: int

    @property
    def share(self) -> float | None:
        """The approved share of what was reviewed; None when nothing was."""
        return self.approved / self.reviewed if self.reviewed else None

    @property
    def recent_share(self) -> float | None:
        """The approved share of the recent reviews; None when there are none."""
        return self.recent_approved / self.recent_reviewed if self.recent_reviewed else None


@dataclass(frozen=True, slots=True)
class Demotion:
    """Where a FAQ falls to, and why."""

    to: Level
    cause: Literal["harmful", "below_floor"]


def wilson_interval(approved: int, reviewed: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share: (0.0, 1.0) when nothing was reviewed.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927), 209-212.
    Recommended for few samples and shares near 1 by L. D. Brown, T. T. Cai and A. DasGupta, "Interval Estimation for a
    Binomial Proportion", Statistical Science 16 (2001), 101-133.
    """
    if not 0 <= approved <= reviewed:
        raise ValueError(f"{approved} approved of {reviewed}")
    if reviewed == 0:
        return 0.0, 1.0
    share, z2 = approved / reviewed, Z_95**2
    scale = 1 + z2 / reviewed
    middle = (share + z2 / (2 * reviewed)) / scale
    half = Z_95 * math.sqrt(share * (1 - share) / reviewed + z2 / (4 * reviewed**2)) / scale
    # The ends are exact there; floating point would leave them a hair off.
    low = 0.0 if approved == 0 else middle - half
    high = 1.0 if approved == reviewed else middle + half
    return low, high


def weigh(judgements: Sequence[Judgement], policy: Policy) -> Evidence:
    """Return what the judgements since the last change of level, oldest first, come to; unclear ones count as none."""
    approvals = [one.verdict is Verdict.GOOD for one in judgements if one.verdict is not Verdict.UNCLEAR]
    recent = approvals[-policy.recent :]
    low, high = wilson_interval(sum(approvals), len(approvals))
    return Evidence(len(approvals), sum(approvals), low, high, len(recent), sum(recent))


def find_promotion(level: Level, cap: Level, evidence: Evidence, policy: Policy) -> Level | None:
    """Return the next level up if the evidence suffices: one step, never past `cap`, never from `off`.

    At `off` nothing is produced that could be reviewed, so leaving it is a person's decision.
    """
    step = _ORDER.index(level) + 1
    if level is Level.OFF or step > _ORDER.index(cap):
        return None
    if evidence.reviewed < policy.min_samples or evidence.low < policy.target:
        return None
    return _ORDER[step]


def find_demotion(level: Level, judgements: Sequence[Judgement], policy: Policy) -> Demotion | None:
    """Return where a FAQ falls to by the judgements since its last change of level, oldest first; None if it stays.

    One harmful answer is enough to let no more of them be seen by a citizen. Too few recent reviews are filled up with
    approvals: a FAQ falls as soon as no approval that is still to come could hold it.
    """
    if level not in _BELOW_FLOOR:
        return None
    if any(one.harmful for one in judgements):
        return Demotion(Level.SHADOW, "harmful")
    evidence = weigh(judgements, policy)
    counted = max(evidence.recent_reviewed, policy.min_recent)
    not_approved = evidence.recent_reviewed - evidence.recent_approved
    if (counted - not_approved) / counted < policy.floor:
        return Demotion(_BELOW_FLOOR[level], "below_floor")
    return None
