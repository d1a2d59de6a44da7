"""What becomes of an answer by its level, and what a waiting citizen may honestly be told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.service_levels import MIN_OBSERVATIONS, wait_range
from handover.core.supervision import FaqLevel, Level, Levels, is_picked, lowest

ORDER = list(Level)
FAQ, SENSITIVE = "bygglov.altan", "familj.stod"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
levels = st.sampled_from(ORDER)


@given(levels, levels)
def test_what_was_decided_counts_and_the_default_where_nothing_was(default: Level, decided: Level) -> None:
    now = Levels(default, decided={FAQ: FaqLevel(decided, NOW)})
    assert now.level_of(FAQ) is decided
    assert now.level_of("bygglov.avgift") is default


@given(levels, st.none() | levels)
def test_sensitive_service_is_never_past_approve_unless_its_cap_was_lifted(
    default: Level, decided: Level | None
) -> None:
    chosen = decided or default
    for lifted in (False, True):
        known = {SENSITIVE: FaqLevel(decided, NOW, cap_lifted=lifted)} if decided else {}
        now = Levels(default, decided=known, sensitive=frozenset({"familj"}))
        free = lifted and decided is not None
        assert now.level_of(SENSITIVE) is (chosen if free else lowest((chosen, Level.APPROVE)))
        assert now.cap_of(SENSITIVE) is (Level.AUTO if free else Level.APPROVE)


@given(levels, st.booleans())
def test_example_that_is_not_to_be_sent_unseen_is_capped_for_good(decided: Level, lifted: bool) -> None:
    now = Levels(Level.AUTO, decided={FAQ: FaqLevel(decided, NOW, lifted)}, examples=frozenset({FAQ}))
    assert now.level_of(FAQ) is lowest((decided, Level.APPROVE))
    assert now.cap_of(FAQ) is Level.APPROVE


@given(st.lists(levels, max_size=5))
def test_lowest_is_the_most_careful(some: list[Level]) -> None:
    assert ORDER.index(lowest(some)) == min((ORDER.index(one) for one in some), default=len(ORDER) - 1)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.2, 0.5, 1.0])
def test_about_the_share_is_picked_and_always_the_same(share: float) -> None:
    picked = [is_picked(f"talk-{number}", 2, share) for number in range(5_000)]
    assert picked == [is_picked(f"talk-{number}", 2, share) for number in range(5_000)]
    assert abs(sum(picked) / len(picked) - share) < 0.02
    assert all(not one or is_picked(f"talk-{number}", 2, min(1.0, share * 2)) for number, one in enumerate(picked))


def test_too_few_waits_or_nobody_on_duty_say_nothing() -> None:
    assert wait_range([60.0] * (MIN_OBSERVATIONS - 1), 1, 1) is None
    assert wait_range([60.0] * 50, 1, 0) is None
    assert wait_range([60.0] * MIN_OBSERVATIONS, 1, 1) == (60, 70)


def test_whoever_stands_behind_more_people_than_guides_waits_more_rounds() -> None:
    waits = [60.0] * 10
    assert wait_range(waits, 2, 2) == wait_range(waits, 1, 2) == (60, 70)
    assert wait_range(waits, 3, 2) == (120, 130)
    assert wait_range(waits, 5, 2) == (180, 190)


@given(st.lists(st.floats(0, 7_200), min_size=MIN_OBSERVATIONS, max_size=200), st.integers(1, 100), st.integers(1, 20))
def test_range_holds_most_waits_and_grows_with_the_line(waits: list[float], position: int, guides: int) -> None:
    told = wait_range(waits, position, guides)
    assert told is not None
    low, high = told
    assert 0 <= low < high
    assert low % 10 == high % 10 == 0
    behind = wait_range(waits, position + 1, guides)
    assert behind is not None and behind[0] >= low and behind[1] >= high
    first = wait_range(waits, 1, guides)
    assert first is not None
    inside = sum(first[0] <= wait <= first[1] for wait in waits)
    assert inside >= len(waits) / 2
