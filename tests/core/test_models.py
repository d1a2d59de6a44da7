"""Which model answers a conversation: laws that hold for every history of switches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.models import KEPT_FOR, Service, Switch, SwitchKind

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MODELS = ("a", "b", "c", "d")
PUT, ROLLED_BACK = SwitchKind.PUT, SwitchKind.ROLLED_BACK

_gaps = st.integers(1, 5_400).map(lambda seconds: timedelta(seconds=seconds))
_moments = st.integers(-3_600, 40_000).map(lambda seconds: NOON + timedelta(seconds=seconds))


@st.composite
def histories(draw: st.DrawFn) -> list[Switch]:
    """Return switches as the service makes them: never to the live model, back only to one that has served."""
    at = NOON
    made: list[Switch] = []
    for _ in range(draw(st.integers(0, 8))):
        live = made[-1].model if made else None
        model = draw(st.sampled_from([one for one in MODELS if one != live]))
        served = any(one.model == model for one in made)
        kind = draw(st.sampled_from([PUT, ROLLED_BACK])) if served else PUT
        made.append(Switch(model, kind, at))
        at += draw(_gaps)
    return made


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@given(histories(), _moments)
def test_a_new_conversation_gets_the_model_in_service(history: list[Switch], now: datetime) -> None:
    known = [one for one in history if one.at <= now]
    assert Service(known).model_of(now, now) == (known[-1].model if known else None)


@given(histories(), _moments)
def test_without_a_switch_in_between_nothing_changes(history: list[Switch], began: datetime) -> None:
    known = [one for one in history if one.at <= began]
    service = Service(known)
    assert {service.model_of(began, began + timedelta(hours=hours)) for hours in range(48)} == {service.live}


@given(histories(), _moments, st.integers(0, 40_000))
def test_a_model_that_was_put_in_place_of_another_takes_only_newcomers_for_an_hour(
    history: list[Switch], began: datetime, later: int
) -> None:
    now = began + timedelta(seconds=later)
    known = [one for one in history if one.at <= now]
    own = next((one for one in reversed(known) if one.at <= began), None)
    since = [one for one in known if one.at > began]
    if own is None or any(one.kind is ROLLED_BACK for one in since):
        return
    expected = own.model if not since or now - since[0].at < KEPT_FOR else None
    if expected is not None:
        assert Service(known).model_of(began, now) == expected


@given(histories(), _moments, _moments)
def test_an_hour_after_it_was_replaced_a_model_answers_nobody(
    history: list[Switch], began: datetime, now: datetime
) -> None:
    service = Service(one for one in history if one.at <= now)
    answering = service.model_of(min(began, now), now)
    if answering != service.live and answering is not None:
        replaced = service.replaced_at(answering)
        assert replaced is not None and now - replaced < KEPT_FOR


@given(histories(), _moments)
def test_what_was_rolled_back_from_answers_nobody_until_it_is_put_again(history: list[Switch], began: datetime) -> None:
    for number, switch in enumerate(history):
        if switch.kind is not ROLLED_BACK:
            continue
        from_it = history[number - 1].model
        following = [one for one in history[number + 1 :] if one.model == from_it]
        until = following[0].at if following else history[-1].at + timedelta(hours=3)
        moment = switch.at
        while moment < until:
            service = Service(one for one in history if one.at <= moment)
            assert service.model_of(min(began, moment), moment) != from_it
            assert not service.keeps(from_it, moment)
            moment += timedelta(minutes=7)


@given(histories(), _moments, _moments)
def test_who_answers_is_kept_and_the_order_of_rows_does_not_matter(
    history: list[Switch], began: datetime, now: datetime
) -> None:
    service, shuffled = Service(history), Service(reversed(history))
    answering = service.model_of(began, now)
    assert shuffled.model_of(began, now) == answering
    assert answering is None or service.keeps(answering, now)


@pytest.mark.parametrize(
    ("began", "now", "model"),
    [
        (-5, 20, "b"),  # Older than any switch: what is in service.
        (1, 9, "a"),
        (1, 69.9, "a"),
        (1, 70, "b"),  # An hour after `a` was replaced.
        (10, 11, "b"),  # Begun in the moment of the switch.
    ],
)
def test_a_conversation_keeps_its_model_for_an_hour(began: float, now: float, model: str) -> None:
    service = Service([Switch("a", PUT, at(0)), Switch("b", PUT, at(10))])
    known = Service(one for one in service.switches if one.at <= at(now))
    assert known.model_of(at(began), at(now)) == model


def test_rolling_back_takes_back_everything_that_came_after() -> None:
    put = [Switch(name, PUT, at(number)) for number, name in enumerate("abc")]
    service = Service([*put, Switch("a", ROLLED_BACK, at(3))])
    assert [service.model_of(at(began), at(4)) for began in (0, 1, 2, 3)] == ["a", "a", "a", "a"]
    again = Service([*service.switches, Switch("c", PUT, at(5))])
    assert [again.model_of(at(began), at(6)) for began in (0, 1, 2, 3, 5)] == ["a", "c", "c", "a", "c"]


def test_nothing_in_service_answers_with_nothing() -> None:
    assert Service().model_of(NOON, NOON) is None
    assert Service().live is None
    assert not Service().keeps("a", NOON)
