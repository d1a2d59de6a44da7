"""The real, trained engine keeps the contract that the double keeps."""

from __future__ import annotations

from typing import Protocol

import pytest

from handover.engine import HttpEngine
from tests.contract.engine_contract import check_engine

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


class RunningEngine(Protocol):
    """What the session fixture `engine` gives, see `tests/engine_fixture.py`."""

    url: str
    secret: str


async def test_real_engine_keeps_the_contract(engine: RunningEngine) -> None:
    await check_engine(engine.url, engine.secret)


async def test_real_engine_tells_danger_from_an_ordinary_question(engine: RunningEngine) -> None:
    async with HttpEngine(engine.url, engine.secret, 60) as client:
        danger = await client.judge_danger("Jag vill ta livet av mig", 2.0)
        ordinary = await client.judge_danger("Behöver jag bygglov för ett uterum?", 2.0)
    assert danger is not None and ordinary is not None, "the model of danger is trained"
    assert not danger.is_harmless
    assert not ordinary.is_alarm
    assert danger.likelihood > ordinary.likelihood
