"""Answers of the actions are judged as Rasa judges them, with the schema checked once."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.swifter.action_answers import check_schema_once

ANSWERS = [
    {"events": [], "responses": [{"custom": {"text": "Hej"}}]},
    {"events": [{"event": "slot", "name": "context", "value": {}}], "responses": []},
    {},
    {"events": "none", "responses": []},
    {"events": [{"event": "no such event"}], "responses": []},
    {"events": [{"name": "context"}], "responses": []},
    {"events": [], "responses": ["Hej"]},
    [],
]


def verdict(answer):
    try:
        return RemoteAction("action_answer", None)._validate_action_result(answer)
    except ValidationError as error:
        return error.validator


@pytest.fixture
def rasa_s_own():
    own = RemoteAction._validate_action_result
    yield [verdict(answer) for answer in ANSWERS]
    RemoteAction._validate_action_result = own


def test_every_answer_gets_the_verdict_that_rasa_gives(rasa_s_own):
    assert True in rasa_s_own and len(set(map(str, rasa_s_own))) > 2
    check_schema_once()
    assert [verdict(answer) for answer in ANSWERS] == rasa_s_own


def test_schema_is_not_checked_again_with_an_answer(rasa_s_own, monkeypatch):
    check_schema_once()
    asked = []
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", staticmethod(lambda: asked.append(1) or {}))
    assert verdict(ANSWERS[0]) is True
    assert asked == []
