"""What becomes of an answer by its level, and what a waiting citizen may honestly be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.service_levels import MIN_OBSERVATIONS, wait_range
from handover.core.supervision import SENT_AT_ONCE, Level, level_of_answer


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("source", ["facts", "law", None])
@pytest.mark.parametrize("production", [True, False])
def test_answers_that_are_not_examples_keep_their_level(level: Level, source: str | None, production: bool) -> None:
    assert level_of_answer(level, source, production=production) is level


@pytest.mark.parametrize("level", list(Level))
def test_example_is_never_sent_unseen_in_production(level: Level) -> None:
    assert level_of_answer(level, "example", production=True) not in SENT_AT_ONCE
    assert level_of_answer(level, "example", production=False) is level


@pytest.mark.parametrize("level", [Level.OFF, Level.SHADOW, Level.APPROVE])
def test_production_does_not_raise_the_level_of_an_example(level: Level) -> None:
    assert level_of_answer(level, "example", production=True) is level


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
