"""The policy: who gets which conversation, and the laws that it keeps whatever the queue and the staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.conversation import CRISIS_PRIORITY, RELEASED_PRIORITY, Conversation
from handover.core.routing import (
    ABSENT_PATIENCE,
    CRISIS_ROOM,
    FULL_PATIENCE,
    WISH_PATIENCE,
    Assignment,
    Guide,
    Waiting,
    assign,
    in_line,
    lost_wishes,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROMISE = timedelta(seconds=120)
SECOND = timedelta(seconds=1)


def waits(name: str = "one", seconds: float = 0, **changed: object) -> Waiting:
    """Return somebody who has waited for so long."""
    return replace(Waiting(name, NOW - timedelta(seconds=seconds)), **changed)  # type: ignore[arg-type]


def guide(name: str = "anna", *services: str, **changed: object) -> Guide:
    """Return a guide who answers for these services, or for all."""
    return replace(Guide(name, services=frozenset(services)), **changed)  # type: ignore[arg-type]


def given_to(waiting: list[Waiting], guides: list[Guide], now: datetime = NOW) -> dict[str, str]:
    """Return who gets which conversation."""
    return {one.conversation_id: one.guide_id for one in assign(waiting, guides, now)}


# --- order ------------------------------------------------------------------------------------------


def test_danger_comes_first_then_what_a_guide_let_go_of_then_the_longest_wait() -> None:
    line = [
        waits("young", 5),
        waits("old", 90),
        waits("released", 1, priority=RELEASED_PRIORITY),
        waits("danger", 0, priority=CRISIS_PRIORITY),
    ]
    assert [one.id for one in in_line(line)] == ["danger", "released", "old", "young"]


def test_least_loaded_for_the_capacity_is_next() -> None:
    guides = [guide("full", load=2, capacity=3), guide("half", load=3, capacity=6)]
    assert given_to([waits()], guides) == {"one": "half"}


def test_among_equally_loaded_the_one_who_took_least_this_shift_is_next_then_who_took_longest_ago() -> None:
    began, early, late = (NOW - timedelta(minutes=minutes) for minutes in (120, 20, 10))
    guides = [
        guide("a", taken=4, first_taken_at=began, last_taken_at=early),
        guide("b", taken=2, first_taken_at=began, last_taken_at=late),
        guide("c", taken=2, first_taken_at=began, last_taken_at=early),
    ]
    waiting = [waits("one", 3), waits("two", 2), waits("three", 1)]
    assert given_to(waiting, guides) == {"one": "c", "two": "b", "three": "a"}


def test_guide_who_came_later_need_not_catch_up_with_the_others() -> None:
    early = guide("early", taken=12, first_taken_at=NOW - timedelta(hours=4), last_taken_at=NOW)
    late = guide("late", taken=4, first_taken_at=NOW - timedelta(hours=1), last_taken_at=NOW)
    assert given_to([waits()], [early, late]) == {"one": "early"}
    assert given_to([waits()], [early, replace(late, taken=2)]) == {"one": "late"}
    assert given_to([waits()], [early, guide("new")]) == {"one": "new"}


@pytest.mark.parametrize(
    "changed",
    [{"presence": "busy"}, {"presence": "away"}, {"presence": "closed"}, {"seen": False}, {"load": 3}, {"capacity": 0}],
)
def test_only_available_guides_who_are_seen_and_have_room_get_anything(changed: dict[str, object]) -> None:
    assert given_to([waits(seconds=500)], [guide(**changed)]) == {}
    assert given_to([waits(seconds=500)], [guide()]) == {"one": "anna"}


# --- skills and fallbacks ---------------------------------------------------------------------------


def test_guide_with_the_service_and_the_language_gets_it_though_another_has_less_to_do() -> None:
    guides = [guide("free", "avfall"), guide("skilled", "bygglov", load=2)]
    assert given_to([waits(service="bygglov", seconds=500)], guides) == {"one": "skilled"}


def test_where_nobody_has_the_service_anybody_with_the_language_gets_it_after_a_while() -> None:
    asks, guides = waits(service="bygglov"), [guide("other", "avfall")]
    assert given_to([asks], guides, NOW + ABSENT_PATIENCE - SECOND) == {}
    assert given_to([asks], guides, NOW + ABSENT_PATIENCE) == {"one": "other"}


def test_those_who_have_the_service_are_waited_for_longer_where_they_are_there() -> None:
    asks, guides = waits(service="bygglov"), [guide("other", "avfall"), guide("skilled", "bygglov", load=3)]
    assert given_to([asks], guides, NOW + FULL_PATIENCE - SECOND) == {}
    assert given_to([asks], guides, NOW + FULL_PATIENCE) == {"one": "other"}


def test_where_nobody_speaks_the_language_anybody_gets_it_after_a_while() -> None:
    asks, guides = waits(language="so"), [guide()]
    assert given_to([asks], guides, NOW + ABSENT_PATIENCE - SECOND) == {}
    assert given_to([asks], guides, NOW + ABSENT_PATIENCE) == {"one": "anna"}


def test_kinds_of_a_language_are_one_language() -> None:
    assert given_to([waits(language="sv-x-easy")], [guide()]) == {"one": "anna"}


def test_what_a_guide_asks_for_goes_before_what_the_citizen_came_with() -> None:
    guides = [guide("here", "avfall"), guide("there", "bygglov", languages=frozenset({"ar"}))]
    passed_on = waits(service="avfall", wanted_service="bygglov", wanted_language="ar")
    assert given_to([passed_on], guides) == {"one": "there"}


def test_wished_colleague_gets_it_first_and_others_later() -> None:
    asks, guides = waits(wanted_guide="bo"), [guide("anna"), guide("bo", load=3)]
    assert given_to([asks], [guide("anna"), guide("bo", load=2)]) == {"one": "bo"}
    assert given_to([asks], guides, NOW + FULL_PATIENCE - SECOND) == {}
    assert given_to([asks], guides, NOW + FULL_PATIENCE) == {"one": "anna"}


@pytest.mark.parametrize(
    ("changed", "lost"),
    [
        ({"presence": "away"}, True),
        ({"presence": "closed"}, True),
        ({"seen": False}, True),
        ({"presence": "busy"}, False),
    ],
)
def test_wish_for_somebody_who_is_not_at_the_desk_is_lost_after_a_while(changed: dict[str, object], lost: bool) -> None:
    asks, guides = waits(wanted_guide="bo"), [guide("anna"), guide("bo", **changed)]
    assert lost_wishes([asks], guides, NOW + WISH_PATIENCE - SECOND) == []
    assert lost_wishes([asks], guides, NOW + WISH_PATIENCE) == (["one"] if lost else [])
    assert lost_wishes([waits()], guides, NOW + PROMISE) == []


def test_who_let_go_of_a_conversation_is_the_last_to_get_it_again() -> None:
    released = waits(let_go_by="anna", priority=RELEASED_PRIORITY)
    assert given_to([released], [guide("anna"), guide("bo", load=2)]) == {"one": "bo"}
    assert given_to([released], [guide("anna")]) == {}
    assert given_to([released], [guide("anna")], NOW + 2 * ABSENT_PATIENCE) == {"one": "anna"}


def test_who_lost_the_connection_may_get_the_conversation_again_at_once() -> None:
    held = Conversation("one", waiting_since=NOW, returned="lost_connection", returned_by="anna")
    assert given_to([Waiting.of(held)], [guide("anna")]) == {"one": "anna"}
    let_go = replace(held, returned="released")
    assert given_to([Waiting.of(let_go)], [guide("anna")]) == {}


def test_conversation_that_does_not_wait_is_not_routed() -> None:
    with pytest.raises(ValueError, match="does not wait"):
        Waiting.of(Conversation("one"))


# --- danger -----------------------------------------------------------------------------------------


def test_danger_waits_for_nobody_and_may_go_one_past_the_capacity_of_the_least_loaded() -> None:
    danger = waits(priority=CRISIS_PRIORITY, service="bygglov", language="so")
    assert given_to([danger], [guide("other", "avfall")]) == {"one": "other"}
    assert given_to([danger], [guide("a", load=3), guide("b", load=6, capacity=6)]) == {"one": "a"}
    assert given_to([danger], [guide("skilled", "bygglov", load=3), guide("free", "avfall")]) == {"one": "free"}
    assert given_to([danger], [guide("a", load=3 + CRISIS_ROOM)]) == {}
    assert given_to([danger], [guide("a", load=0, capacity=0)]) == {}


# --- who takes by hand ------------------------------------------------------------------------------


# --- laws -------------------------------------------------------------------------------------------

SERVICES, LANGUAGES = ("bygglov", "avfall", "familj"), ("sv", "en", "ar", "so")
NAMES = [f"guide-{number}" for number in range(5)]
some_time = st.integers(0, 300).map(lambda seconds: NOW - timedelta(seconds=seconds))
some_guides = st.lists(
    st.builds(
        Guide,
        id=st.sampled_from(NAMES),
        presence=st.sampled_from(["available", "available", "busy", "away", "closed"]),
        seen=st.sampled_from([True, True, False]),
        load=st.integers(0, 4),
        capacity=st.integers(0, 4),
        services=st.frozensets(st.sampled_from(SERVICES), max_size=2),
        languages=st.frozensets(st.sampled_from(LANGUAGES), max_size=3),
        taken=st.integers(0, 9),
        first_taken_at=st.none() | some_time,
        last_taken_at=st.none() | some_time,
    ),
    unique_by=lambda one: one.id,
    max_size=5,
)
some_waiting = st.lists(
    st.builds(
        Waiting,
        id=st.uuids().map(str),
        since=some_time,
        priority=st.sampled_from([0, 0, 0, RELEASED_PRIORITY, CRISIS_PRIORITY]),
        language=st.sampled_from(LANGUAGES),
        service=st.none() | st.sampled_from(SERVICES),
        wanted_guide=st.none() | st.sampled_from(NAMES),
        wanted_service=st.none() | st.sampled_from(SERVICES),
        let_go_by=st.none() | st.sampled_from(NAMES),
    ),
    unique_by=lambda one: one.id,
    max_size=8,
)


def loads_after(guides: list[Guide], assignments: list[Assignment]) -> dict[str, int]:
    """Return what each guide has in the end."""
    return {one.id: one.load + sum(a.guide_id == one.id for a in assignments) for one in guides}


@given(some_waiting, some_guides)
def test_nobody_who_is_not_on_duty_gets_anything_and_nobody_more_than_there_is_room_for(
    waiting: list[Waiting], guides: list[Guide]
) -> None:
    assignments = assign(waiting, guides, NOW)
    by_id, crises = {one.id: one for one in guides}, {one.id for one in waiting if one.is_crisis}
    loads = loads_after(guides, assignments)
    for given_one in assignments:
        taker = by_id[given_one.guide_id]
        assert taker.presence == "available" and taker.seen and taker.capacity > 0
        in_danger = any(a.conversation_id in crises for a in assignments if a.guide_id == taker.id)
        assert loads[taker.id] <= taker.capacity + (CRISIS_ROOM if in_danger else 0)
    assert len({a.conversation_id for a in assignments}) == len(assignments)


@given(some_waiting, some_guides, st.randoms(use_true_random=False))
def test_outcome_does_not_depend_on_the_order_in_which_things_are_listed(
    waiting: list[Waiting], guides: list[Guide], chance: Random
) -> None:
    before = assign(waiting, guides, NOW)
    chance.shuffle(waiting)
    chance.shuffle(guides)
    assert assign(waiting, guides, NOW) == before


@given(some_waiting, some_guides)
def test_among_equals_nobody_is_passed_by_one_who_came_later(waiting: list[Waiting], guides: list[Guide]) -> None:
    alike = [replace(one, language="sv", service=None, wanted_guide=None, let_go_by=None) for one in waiting]
    alike = [replace(one, wanted_service=None, priority=0) for one in alike]
    taken = {one.conversation_id for one in assign(alike, guides, NOW + PROMISE)}
    line = [one.id for one in in_line(alike)]
    assert taken == set(line[: len(taken)])


@given(some_waiting, some_guides)
def test_nobody_without_the_skill_gets_what_a_skilled_guide_has_room_for(
    waiting: list[Waiting], guides: list[Guide]
) -> None:
    assignments = assign(waiting, guides, NOW + PROMISE)
    by_id, loads = {one.id: one for one in guides}, loads_after(guides, assignments)
    for given_one in assignments:
        asks = next(one for one in waiting if one.id == given_one.conversation_id)
        service = asks.wanted_service or asks.service
        taker = by_id[given_one.guide_id]
        if service is None or taker.id == asks.wanted_guide or (taker.knows(service) and taker.speaks(asks.language)):
            continue
        still_free = [
            one.id
            for one in guides
            if one.is_on_duty and one.knows(service) and one.speaks(asks.language) and loads[one.id] < one.capacity
        ]
        assert set(still_free) <= {asks.let_go_by}


@given(some_waiting, some_guides)
def test_nobody_is_left_waiting_past_the_promise_while_anybody_on_duty_has_room(
    waiting: list[Waiting], guides: list[Guide]
) -> None:
    late = NOW + PROMISE
    assignments = assign(waiting, guides, late)
    loads = loads_after(guides, assignments)
    if any(one.is_on_duty and loads[one.id] < one.capacity for one in guides):
        assert len(assignments) == len(waiting)


@given(some_waiting, some_guides)
def test_everybody_has_a_turn_once_guides_have_finished_often_enough(
    waiting: list[Waiting], guides: list[Guide]
) -> None:
    on_duty = [replace(one, load=0) for one in guides if one.is_on_duty and one.capacity > 0]
    left, now = waiting, NOW
    for _ in range(len(waiting) if on_duty else 0):
        now += PROMISE
        taken = {one.conversation_id for one in assign(left, on_duty, now)}
        left = [one for one in left if one.id not in taken]
    assert left == [] or not on_duty
