"""The contract of a dialogue engine, as a function of its address: the double and the real engine both keep it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from handover.crisis_file import read_crisis_guide
from handover.engine import (
    DANGER_PATH,
    HEALTH_PATH,
    SECRET_HEADER,
    TURN_PATH,
    EngineDanger,
    EngineError,
    EngineQuestion,
    EngineTurn,
    HttpEngine,
)
from handover.settings import ROOT

QUESTIONS = Path(__file__).parent / "golden" / "engine_questions.json"
UNDERSTANDING = {"intent", "confidence", "ranking", "entities", "language", "thresholds", "danger"}
#: A request that is not a turn, changed from a good one -> the status that refuses it.
_WRONG: list[tuple[dict[str, Any], int]] = [
    ({"text": None}, 400),
    ({"payload": "bygglov.behovs"}, 400),
    ({"text": 7}, 400),
    ({"text": "   "}, 400),
    ({"text": "x" * 4_001}, 413),
    ({"conversation_id": ""}, 400),
    ({"conversation_id": "x" * 129}, 400),
    ({"turn_id": None}, 400),
    ({"audience": "admin"}, 400),
    ({"context": []}, 200),
    ({"context": ["x"]}, 400),
    ({"text": None, "payload": "no.such_intent"}, 422),
]

#: A request that is not a text to judge -> the status that refuses it.
_WRONG_TEXTS: list[tuple[dict[str, Any], int]] = [
    ({}, 400),
    ({"text": None}, 400),
    ({"text": 7}, 400),
    ({"text": "   "}, 400),
    ({"text": "x" * 4_001}, 413),
]
#: Ordinary, dangerous, and what Rasa would take for a command.
_TEXTS = ("Hej!", "Jag vill ta livet av mig", "/restart")


async def check_engine(url: str, secret: str) -> None:
    """Check an engine at `url`; each broken promise is an `AssertionError`."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        await _check_health(client)
        await _check_secret(client)
        await _check_refusals(client, {SECRET_HEADER: secret})
        await _check_turns(client, {SECRET_HEADER: secret})
        await _check_judgements(client, {SECRET_HEADER: secret})
    await _check_client(url, secret)


async def _check_health(client: httpx.AsyncClient) -> None:
    answer = await client.get(HEALTH_PATH)
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "model_id"}
    assert answer.json()["status"] == "ok"


async def _check_secret(client: httpx.AsyncClient) -> None:
    for path, body in ((TURN_PATH, _questions()[0]), (DANGER_PATH, {"text": "Hej!"})):
        for headers in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: ""}):
            answer = await client.post(path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "secret_invalid"), path


async def _check_refusals(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for path in (TURN_PATH, DANGER_PATH):
        for raw, status in ((b"{", 400), (b"[]", 400), (b"x" * 70_000, 413)):
            answer = await client.post(path, content=raw, headers=headers)
            assert answer.status_code == status, (path, raw[:10])
            assert set(answer.json()["error"]) == {"code", "message"}
    for changed, status in _WRONG:
        body = {key: value for key, value in {**_questions()[0], **changed}.items() if value is not None}
        answer = await client.post(TURN_PATH, json=body, headers=headers)
        assert answer.status_code == status, changed
    for wrong, status in _WRONG_TEXTS:
        answer = await client.post(DANGER_PATH, json=wrong, headers=headers)
        assert answer.status_code == status, wrong


async def _check_turns(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for question in _questions():
        answer = await client.post(TURN_PATH, json=question, headers=headers)
        assert answer.status_code == 200, question
        body = answer.json()
        assert set(body) == {"replies", "understanding", "model_id", "parse_ms", "total_ms"}
        assert set(body["understanding"]) == UNDERSTANDING
        _check_danger(body["understanding"]["danger"])
        turn = EngineTurn.model_validate_json(answer.content)
        for reply in body["replies"]:
            assert set(reply) == set(turn.replies[0].__class__.model_fields)
        if "payload" in question:
            assert body["understanding"]["intent"] == question["payload"]
            assert turn.replies[0].faq == question["payload"]
            assert turn.understanding.danger is None, "a choice tells of no danger"


async def _check_judgements(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    for text in _TEXTS:
        answer = await client.post(DANGER_PATH, json={"text": text}, headers=headers)
        assert answer.status_code == 200, text
        assert set(answer.json()) == {"danger"}
        danger = answer.json()["danger"]
        _check_danger(danger)
        question = {**_questions()[0], "text": text}
        turn = await client.post(TURN_PATH, json=question, headers=headers)
        assert turn.json()["understanding"]["danger"] == danger, "a text is judged alike in a turn and outside of it"


def _check_danger(danger: dict[str, Any] | None) -> None:
    if danger is None:
        return
    read = EngineDanger.model_validate(danger)
    assert set(danger) == set(EngineDanger.model_fields)
    assert read.category in read_crisis_guide(ROOT / "data").texts
    assert not (read.is_alarm and read.is_harmless)


async def _check_client(url: str, secret: str) -> None:
    asked = EngineQuestion("contract", "contract-2", "sv", "citizen", {}, text="Hej!")
    async with HttpEngine(url, secret, 60) as engine:
        assert await engine.is_healthy()
        assert (await engine.ask(asked)).replies[0].text
        judged = await engine.judge_danger("Hej!", 2.0)
        assert judged is None or not judged.is_alarm
    async with HttpEngine(url, "wrong", 60) as engine:
        with pytest.raises(EngineError, match="refused"):
            await engine.ask(asked)
        with pytest.raises(EngineError, match="refused"):
            await engine.judge_danger("Hej!", 2.0)


def _questions() -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    return questions
