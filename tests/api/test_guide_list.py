"""The guides' list is told what matters at once, and of mere growth now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handover.api.guide_list import GuideList
from handover.core.conversation import Conversation
from handover.core.events import State

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
WAITING = Conversation("one", state=State.WAITING, last_seq=2, last_at=NOW)


@pytest.fixture
def shown() -> GuideList:
    """A list that shows one conversation that waits."""
    shown = GuideList()
    shown.start([WAITING])
    return shown


def test_new_conversation_on_the_list_is_told_at_once() -> None:
    shown = GuideList()
    assert shown.change(WAITING, followed=False)
    assert shown.take() == [WAITING]
    assert shown.take() == []


def test_change_of_owner_is_told_at_once(shown: GuideList) -> None:
    taken = replace(WAITING, state=State.GUIDE, owner_id="guide", last_seq=3)
    assert shown.change(taken, followed=False)
    assert shown.take() == [taken]


def test_mere_growth_is_gathered_and_told_once_with_the_newest_seq(shown: GuideList) -> None:
    grown = [replace(WAITING, last_seq=seq) for seq in (3, 4, 5)]
    assert not any(shown.change(one, followed=False) for one in grown)
    assert shown.take() == []
    assert shown.gathers
    shown.release()
    assert not shown.gathers
    assert shown.take() == [grown[-1]]


def test_growth_of_what_another_guide_has_is_not_told(shown: GuideList) -> None:
    taken = replace(WAITING, state=State.GUIDE, owner_id="another", last_seq=3)
    assert shown.change(taken, followed=False)
    assert not shown.change(replace(taken, last_seq=4), followed=False)
    assert not shown.gathers


def test_change_that_matters_takes_what_was_gathered_along(shown: GuideList) -> None:
    shown.change(replace(WAITING, last_seq=3), followed=False)
    taken = replace(WAITING, state=State.GUIDE, owner_id="guide", last_seq=4)
    assert shown.change(taken, followed=False)
    shown.release()
    assert shown.take() == [taken]


def test_conversation_that_leaves_the_list_is_told_once_and_then_no_more(shown: GuideList) -> None:
    closed = replace(WAITING, state=State.CLOSED, last_seq=3)
    assert shown.change(closed, followed=False)
    assert shown.take() == [closed]
    assert not shown.change(replace(closed, last_seq=4), followed=False)
    assert not shown.gathers


def test_conversation_with_the_assistant_is_told_only_where_it_is_followed() -> None:
    shown = GuideList()
    talking = Conversation("two", last_seq=2)
    assert not shown.change(talking, followed=False)
    assert shown.change(talking, followed=True)
