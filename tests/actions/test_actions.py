"""Each action reads the turn and sends what the assistant decides, reply by reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy import create_engine

from actions.actions import ALL_ACTIONS, AnswerFaq, AssistantAction, Clarify, Danger
from actions.source import AssistantSource
from catalogue.documents import read_catalogue, read_yaml
from catalogue.importer import import_catalogue
from catalogue.models import Base
from handover.core.events import Reason
from handover.engine import EngineReply
from tests.support.kontakt import DATA
from tests.support.small_catalogue import write_data

pytestmark = pytest.mark.anyio


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[AssistantSource]:
    """The small catalogue in a database of its own."""
    engine = create_engine(f"sqlite:///{tmp_path}/catalogue.db")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        import_catalogue(connection, read_catalogue(write_data(tmp_path)))
    engine.dispose()
    made = AssistantSource(f"sqlite+aiosqlite:///{tmp_path}/catalogue.db", tmp_path)
    yield made
    await made.close()


async def _run(action: AssistantAction, **message: Any) -> list[EngineReply]:
    """Return what the action sends, as the handover service takes it."""
    dispatcher = CollectingDispatcher()
    tracker = Tracker("c-1", {}, message, [], False, None, {}, "action_listen")
    assert await action.run(dispatcher, tracker, {}) == []
    return [EngineReply.model_validate(sent["custom"]) for sent in dispatcher.messages]


async def test_each_answer_is_sent_as_a_message_of_its_own(source: AssistantSource) -> None:
    first = {"name": "bygglov.avgift", "confidence": 0.9}
    message = {"text": "två frågor", "intent": first, "intent_ranking": [first]}
    asked = [{"text": "?", "name": "bygglov.behovs", "confidence": 0.9}]
    understood = {"thresholds": {"ask": 0.3, "answer": 0.7}, "questions": asked}
    replies = await _run(AnswerFaq(source), **message, metadata={"understood": understood})
    assert [reply.faq for reply in replies] == ["bygglov.avgift", "bygglov.behovs"]
    without = await _run(AnswerFaq(source), **message)
    assert [reply.faq for reply in without] == ["bygglov.avgift"]


async def test_clarification_asks_by_the_thresholds_that_were_understood(source: AssistantSource) -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.5}, {"name": "bygglov.avgift", "confidence": 0.5}]
    understood = {"thresholds": {"ask": 0.3, "answer": 0.7}}
    message = {"text": "bygglov", "intent": ranking[0], "intent_ranking": ranking}
    (asked,) = await _run(Clarify(source), **message, metadata={"understood": understood})
    assert (asked.decision, asked.choices[0].payload) == ("asked", "bygglov.avgift")
    (searched,) = await _run(Clarify(source), **message)
    assert searched.decision == "searched"


async def test_danger_is_sent_as_one_escalation_of_a_crisis(source: AssistantSource) -> None:
    (reply,) = await _run(Danger(source), text="hjälp", intent={"name": "danger.fire", "confidence": 0.9})
    assert (reply.decision, reply.escalate) == ("escalated", Reason.CRISIS)


def test_actions_have_the_names_of_the_domain() -> None:
    domain, _ = read_yaml(DATA.parent / "bot" / "domain.yml")
    names = [action.action_name for action in ALL_ACTIONS]
    assert sorted(names) == sorted(domain["actions"])
