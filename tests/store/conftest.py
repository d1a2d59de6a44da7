"""Replicas of the service on the test's own database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.engine_double import EngineDouble
from tests.support.replica import Clock, Replica, replicas


@pytest.fixture
def clock() -> Clock:
    """The time, which stands still until a test moves it."""
    return Clock()


@pytest.fixture
async def pair(
    database_url: str, engine_stub: EngineDouble, small_data: Path, clock: Clock
) -> AsyncIterator[list[Replica]]:
    """Two replicas on one database."""
    async with replicas(database_url, engine_stub, small_data, clock, count=2) as made:
        yield made


@pytest.fixture
def replica(pair: list[Replica]) -> Replica:
    """One replica."""
    return pair[0]
