"""Engine, actions and handover mean the same by a turn; the engine double is held to what the real engine keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from actions.turn import Choice, Decided, Reply
from catalogue.snapshot import Answer, Link
from handover.core.events import Reason
from handover.engine import EngineReply, EngineTurn
from tests.contract.engine_contract import UNDERSTANDING, check_engine
from tests.support.engine_double import ALARM, ENGINE_SECRET, HARMLESS, EngineDouble

GOLDEN = Path(__file__).parent / "golden"


def _golden(name: str) -> list[dict[str, Any]]:
    examples: list[dict[str, Any]] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return examples


@pytest.mark.anyio
async def test_engine_double_keeps_the_contract(engine_stub: EngineDouble) -> None:
    await check_engine(engine_stub.url, ENGINE_SECRET)


@pytest.mark.anyio
async def test_engine_double_with_a_model_of_danger_keeps_the_contract(engine_stub: EngineDouble) -> None:
    engine_stub.judge = lambda text: ALARM if "livet" in text else HARMLESS
    await check_engine(engine_stub.url, ENGINE_SECRET)


@pytest.mark.parametrize("example", _golden("engine_answers"), ids=lambda e: str(e["replies"][0]["decision"]))
def test_golden_answer_is_read_by_the_handover_service(example: dict[str, Any]) -> None:
    turn = EngineTurn.model_validate_json(json.dumps(example))
    assert [reply.text for reply in turn.replies] == [reply["text"] for reply in example["replies"]]
    assert set(example["understanding"]) == UNDERSTANDING
    assert turn.understanding.intent == example["understanding"]["intent"]
    danger = turn.understanding.danger
    assert (danger and danger.model_dump()) == example["understanding"]["danger"]


def test_golden_answer_of_an_engine_without_a_model_of_danger_is_read_too() -> None:
    example = _golden("engine_answers")[0]
    del example["understanding"]["danger"]
    assert EngineTurn.model_validate_json(json.dumps(example)).understanding.danger is None


def test_golden_answers_hold_every_decision() -> None:
    decisions = {reply["decision"] for example in _golden("engine_answers") for reply in example["replies"]}
    assert decisions == {decided.value for decided in Decided}


@pytest.mark.parametrize("decided", list(Decided))
def test_reply_of_the_actions_is_a_reply_to_the_handover_service(decided: Decided) -> None:
    reply = Reply(
        decided,
        "Text",
        faq="bygglov.behovs",
        service="bygglov",
        language="sv",
        source="law",
        links=(Link("Boverket", "https://www.boverket.se/"),),
        choices=(Choice("Prata med en människa", "human"),),
        escalate="low_confidence",
        context={"misses": 1},
    )
    body = json.loads(json.dumps(reply.as_json()))
    assert set(body) == set(_golden("engine_answers")[0]["replies"][0])
    read = EngineReply.model_validate(body)
    assert (read.decision, read.faq, read.source) == (decided.value, "bygglov.behovs", "law")
    assert (read.links[0].url, read.choices[0].payload) == ("https://www.boverket.se/", "human")
    assert (read.escalate, read.context) == (Reason.LOW_CONFIDENCE, {"misses": 1})
    assert set(body) == set(EngineReply.model_fields), "a field that one side does not know"


def test_reply_with_an_answer_of_the_catalogue_is_understood() -> None:
    answer = Answer("bygglov.behovs", "bygglov", "sv", "Behövs det?", "Det beror på.", (), "facts", None)
    read = EngineReply.model_validate(json.loads(json.dumps(Reply.of_answer(answer).as_json())))
    assert (read.faq, read.service, read.language) == ("bygglov.behovs", "bygglov", "sv")
    assert read.context == {"service": "bygglov", "misses": 0, "asked": 0}


def test_golden_questions_are_what_the_client_sends() -> None:
    keys = {"conversation_id", "turn_id", "language", "audience", "context"}
    for question in _golden("engine_questions"):
        assert set(question) - keys in ({"text"}, {"payload"})
