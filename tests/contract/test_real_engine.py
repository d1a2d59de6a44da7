"""The real, trained engine keeps the contract that the double keeps."""

from __future__ import annotations

from typing import Protocol

import pytest

from tests.contract.engine_contract import check_engine

pytestmark = [pytest.mark.anyio, pytest.mark.engine]


class RunningEngine(Protocol):
    """What the session fixture `engine` gives, see `tests/engine_fixture.py`."""

    url: str
    secret: str


async def test_real_engine_keeps_the_contract(engine: RunningEngine) -> None:
    await check_engine(engine.url, engine.secret)
