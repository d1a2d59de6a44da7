"""When a FAQ goes up a level and when it falls: Wilson's interval, one step at a time, never past the cap."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.rollout import (
    Z_95,
    Demotion,
    Evidence,
    Judgement,
    Policy,
    Verdict,
    find_demotion,
    find_promotion,
    weigh,
    wilson_interval,
)
from handover.core.supervision import SENT_AT_ONCE, Level

POLICY = Policy()
ORDER = list(Level)
GOOD, EDITED, WRONG, UNCLEAR = (Judgement(verdict) for verdict in Verdict)
HARMFUL = Judgement(Verdict.WRONG, harmful=True)

counts = st.integers(1, 5_000).flatmap(lambda reviewed: st.tuples(st.integers(0, reviewed), st.just(reviewed)))
judgements = st.lists(
    st.builds(Judgement, st.sampled_from(Verdict), st.sampled_from([False] * 9 + [True])), max_size=120
)
harmless = st.lists(st.sampled_from([GOOD, GOOD, GOOD, GOOD, EDITED, WRONG, UNCLEAR]), max_size=120)
policies = st.builds(
    lambda shares, least, recent: Policy(max(shares), min(shares), least, max(recent), min(recent)),
    st.tuples(st.floats(0, 0.99), st.floats(0, 0.99)),
    st.integers(1, 60),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
)


def evidence(approved: int, reviewed: int) -> Evidence:
    return weigh([GOOD] * approved + [WRONG] * (reviewed - approved), POLICY)


def distance(share: float, p: float, reviewed: int) -> float:
    """Return how many standard deviations of `p` lie between it and the share that was seen."""
    return abs(share - p) / math.sqrt(p * (1 - p) / reviewed)


def end_by_bisection(share: float, reviewed: int, outer: float) -> float:
    """Return the `p` between `share` and `outer` that lies just so far from the share as 95 % allow."""
    inside, outside = share, outer
    for _ in range(200):
        middle = (inside + outside) / 2
        if 0 < middle < 1 and distance(share, middle, reviewed) <= Z_95:
            inside = middle
        else:
            outside = middle
    return inside


@pytest.mark.parametrize(
    ("approved", "reviewed", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_is_the_one_of_newcombes_table(approved: int, reviewed: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert wilson_interval(approved, reviewed) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_nothing_reviewed_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    nothing = weigh([UNCLEAR], POLICY)
    assert (nothing.reviewed, nothing.share, nothing.recent_share) == (0, None, None)


@pytest.mark.parametrize(("approved", "reviewed"), [(-1, 5), (6, 5), (0, -1)])
def test_counts_that_cannot_be_are_refused(approved: int, reviewed: int) -> None:
    with pytest.raises(ValueError, match="approved of"):
        wilson_interval(approved, reviewed)


@given(counts)
def test_ends_solve_the_score_equation(count: tuple[int, int]) -> None:
    approved, reviewed = count
    low, high = wilson_interval(approved, reviewed)
    assert low == pytest.approx(end_by_bisection(approved / reviewed, reviewed, 0.0), abs=1e-9)
    assert high == pytest.approx(end_by_bisection(approved / reviewed, reviewed, 1.0), abs=1e-9)


@given(counts)
def test_interval_holds_the_share_and_moves_with_it(count: tuple[int, int]) -> None:
    approved, reviewed = count
    low, high = wilson_interval(approved, reviewed)
    assert 0.0 <= low <= approved / reviewed <= high <= 1.0
    better, worse = wilson_interval(approved + 1, reviewed + 1), wilson_interval(approved, reviewed + 1)
    assert better[0] > low and better[1] >= high
    assert worse[0] <= low and worse[1] < high


@given(counts)
def test_interval_is_the_mirror_of_what_was_not_approved(count: tuple[int, int]) -> None:
    approved, reviewed = count
    low, high = wilson_interval(reviewed - approved, reviewed)
    assert wilson_interval(approved, reviewed) == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_edited_is_reviewed_but_not_approved_and_unclear_is_neither() -> None:
    found = weigh([GOOD, EDITED, UNCLEAR, WRONG, GOOD], POLICY)
    assert (found.reviewed, found.approved, found.share) == (4, 2, 0.5)
    assert (found.low, found.high) == wilson_interval(2, 4)


def test_recent_reviews_are_the_newest() -> None:
    found = weigh([WRONG] * 5 + [GOOD] * (POLICY.recent - 1) + [UNCLEAR, EDITED], POLICY)
    assert (found.recent_reviewed, found.recent_approved) == (POLICY.recent, POLICY.recent - 1)
    assert found.recent_share == pytest.approx(1 - 1 / POLICY.recent)


@given(judgements, policies)
def test_unclear_judgements_change_nothing(seen: list[Judgement], policy: Policy) -> None:
    clear = [one for one in seen if one.verdict is not Verdict.UNCLEAR]
    assert weigh(seen, policy) == weigh(clear, policy)


@given(st.sampled_from(Level), st.sampled_from(Level), judgements, policies)
def test_promotion_is_one_step_within_the_cap_and_has_its_reasons(
    level: Level, cap: Level, seen: list[Judgement], policy: Policy
) -> None:
    found = weigh(seen, policy)
    higher = find_promotion(level, cap, found, policy)
    if higher is not None:
        assert ORDER.index(higher) == ORDER.index(level) + 1 <= ORDER.index(cap)
        assert level is not Level.OFF
        assert found.reviewed >= policy.min_samples and found.low >= policy.target


@pytest.mark.parametrize(
    ("level", "higher"),
    [(Level.SHADOW, Level.APPROVE), (Level.APPROVE, Level.SAMPLED), (Level.SAMPLED, Level.AUTO), (Level.AUTO, None)],
)
def test_good_evidence_leads_one_level_up(level: Level, higher: Level | None) -> None:
    assert find_promotion(level, Level.AUTO, evidence(200, 200), POLICY) is higher


def test_leaving_off_is_for_a_person() -> None:
    assert find_promotion(Level.OFF, Level.AUTO, evidence(200, 200), POLICY) is None


@pytest.mark.parametrize("level", [Level.APPROVE, Level.SAMPLED, Level.AUTO])
def test_capped_faq_stays_however_good(level: Level) -> None:
    assert find_promotion(level, Level.APPROVE, evidence(900, 900), POLICY) is None


def test_too_few_reviews_are_not_enough_however_good() -> None:
    least = POLICY.min_samples
    assert evidence(least - 1, least - 1).low >= POLICY.target
    assert find_promotion(Level.APPROVE, Level.AUTO, evidence(least - 1, least - 1), POLICY) is None
    assert find_promotion(Level.APPROVE, Level.AUTO, evidence(least, least), POLICY) is Level.SAMPLED


def test_lower_bound_has_to_reach_the_target_not_the_share() -> None:
    close = evidence(94, 100)
    assert close.share is not None and close.low < POLICY.target < close.share
    assert find_promotion(Level.APPROVE, Level.AUTO, close, POLICY) is None


@pytest.mark.parametrize("level", [Level.APPROVE, Level.SAMPLED, Level.AUTO])
@pytest.mark.parametrize("since", [0, 500])
def test_one_harmful_answer_is_enough_however_long_ago(level: Level, since: int) -> None:
    seen = [GOOD] * 500 + [HARMFUL] + [GOOD] * since
    assert find_demotion(level, seen, POLICY) == Demotion(Level.SHADOW, "harmful")


@pytest.mark.parametrize("level", [Level.OFF, Level.SHADOW])
def test_what_no_citizen_sees_has_nowhere_to_fall(level: Level) -> None:
    assert find_demotion(level, [HARMFUL] + [WRONG] * 100, POLICY) is None


@pytest.mark.parametrize(
    ("level", "lower"),
    [(Level.APPROVE, Level.SHADOW), (Level.SAMPLED, Level.APPROVE), (Level.AUTO, Level.APPROVE)],
)
def test_below_the_floor_a_person_sees_every_answer_again(level: Level, lower: Level) -> None:
    assert find_demotion(level, [GOOD] * 200 + [WRONG] * 5, POLICY) == Demotion(lower, "below_floor")


def test_at_the_floor_it_stays() -> None:
    assert find_demotion(Level.AUTO, [GOOD] * 200 + [WRONG] * 4, POLICY) is None


@pytest.mark.parametrize("bad", [WRONG, EDITED])
def test_two_unlucky_reviews_fell_no_faq_and_three_of_the_first_do_at_once(bad: Judgement) -> None:
    for good in range(POLICY.recent):
        assert find_demotion(Level.SAMPLED, [bad] + [GOOD] * good, POLICY) is None
        assert find_demotion(Level.SAMPLED, [bad, bad] + [GOOD] * good, POLICY) is None
    assert find_demotion(Level.SAMPLED, [bad, UNCLEAR, bad, bad], POLICY) == Demotion(Level.APPROVE, "below_floor")


@given(harmless, policies)
def test_what_is_filled_up_falls_only_if_it_would_fall_with_approvals_to_come(
    seen: list[Judgement], policy: Policy
) -> None:
    """Filling up brings a fall forward that no approval could have held; it never makes one."""
    early = weigh(seen, policy)
    missing = max(0, policy.min_recent - early.recent_reviewed)
    later = [*seen, *[GOOD] * missing]
    assert find_demotion(Level.AUTO, seen, policy) == find_demotion(Level.AUTO, later, policy)


@given(harmless, policies)
def test_an_approval_never_fells(seen: list[Judgement], policy: Policy) -> None:
    if find_demotion(Level.AUTO, seen, policy) is None:
        assert find_demotion(Level.AUTO, [*seen, GOOD], policy) is None


@given(st.sampled_from(Level), judgements, policies)
def test_falls_lead_down_to_where_a_person_sees_every_answer(
    level: Level, seen: list[Judgement], policy: Policy
) -> None:
    fall = find_demotion(level, seen, policy)
    if fall is not None:
        assert ORDER.index(Level.SHADOW) <= ORDER.index(fall.to) < ORDER.index(level)
        assert fall.to not in SENT_AT_ONCE


@pytest.mark.parametrize(
    "figures",
    [
        {"target": 0.7, "floor": 0.8},
        {"target": 1.0},
        {"floor": -0.1},
        {"min_samples": 0},
        {"min_recent": 21},
        {"min_recent": 0},
    ],
)
def test_figures_that_contradict_each_other_are_refused(figures: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Policy(**figures)  # type: ignore[arg-type]
