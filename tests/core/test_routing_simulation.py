"""A simulated shift shows what the policy promises: even work, short waits, and nobody idle who could help."""

from __future__ import annotations

from statistics import fmean

import pytest

from tests.core.shift import POLICIES, Outcome, gini, groups_of_equals, simulate, unevenness

SEEDS = range(4)
#: What one of equals may take more than another while both are there; chance alone makes 1.2 of 45 conversations each.
MOST_UNEVEN = 1.35
MOST_GINI = 0.06


@pytest.fixture(scope="module")
def shifts() -> dict[str, list[Outcome]]:
    """What the same days came to under each policy."""
    return {name: [simulate(policy, seed) for seed in SEEDS] for name, policy in POLICIES.items()}


def test_work_is_spread_evenly_over_the_shift(shifts: dict[str, list[Outcome]]) -> None:
    assert unevenness(shifts["policy"]) <= MOST_UNEVEN
    for outcome in shifts["policy"]:
        assert gini(list(outcome.per_hour().values())) <= MOST_GINI
        for group in groups_of_equals():
            assert min(outcome.among(group)) >= 30, "too few to judge by"


def test_work_is_not_spread_evenly_by_the_order_of_a_list(shifts: dict[str, list[Outcome]]) -> None:
    assert unevenness(shifts["first"]) > MOST_UNEVEN
    assert all(gini(list(outcome.per_hour().values())) > MOST_GINI for outcome in shifts["first"])


@pytest.mark.parametrize("naive", ["first", "random"])
def test_promise_is_kept_more_often_and_skills_are_used_better(shifts: dict[str, list[Outcome]], naive: str) -> None:
    ours, theirs = shifts["policy"], shifts[naive]
    assert fmean(one.promise_kept for one in ours) > fmean(one.promise_kept for one in theirs)
    assert all(a.skilled_share > b.skilled_share + 0.05 for a, b in zip(ours, theirs, strict=True))


def test_nobody_is_idle_who_could_take_somebody_who_waits(shifts: dict[str, list[Outcome]]) -> None:
    assert [outcome.idle_seconds for outcome in shifts["policy"]] == [0] * len(SEEDS)
    assert [outcome.left for outcome in shifts["policy"]] == [0] * len(SEEDS)


def test_same_seed_brings_the_same_shift() -> None:
    assert simulate(POLICIES["policy"], 3) == simulate(POLICIES["policy"], 3)


def test_gini_tells_even_from_uneven() -> None:
    assert gini([3, 3, 3]) == 0
    assert gini([0, 0, 9]) == pytest.approx(2 / 3)
