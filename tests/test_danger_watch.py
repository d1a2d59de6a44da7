"""A pattern finds danger in a message, and only a model that is surely of another mind takes that back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import structlog
from starlette.responses import JSONResponse, PlainTextResponse, Response

from handover import danger
from handover.core.crisis import CrisisGuide, Pattern
from handover.danger import DangerWatch
from handover.engine import BREAKER_THRESHOLD, EngineQuestion
from handover.engine_pool import EnginePool
from tests.support.engine_double import ALARM, ENGINE_SECRET, HARMLESS, Body, EngineDouble, judged
from tests.support.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.anyio
TEXTS = {"fire": {"sv": "Ring 112", "en": "Call 112"}}
GUIDE = CrisisGuide((Pattern("fire", (re.compile("det brinner"),), ()),), TEXTS)
DANGEROUS = "Det brinner i köket"
ORDINARY = "Behöver jag bygglov?"
#: Nothing listens there.
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def pool(engine_stub: EngineDouble) -> AsyncIterator[EnginePool]:
    """The client of the double, far more patient than the watch may be."""
    async with EnginePool([engine_stub.url], ENGINE_SECRET, 10 * DEADLINE_SECONDS) as opened:
        yield opened


@pytest.fixture
def watch(pool: EnginePool) -> DangerWatch:
    """A watch with one pattern and the double's model."""
    return DangerWatch(GUIDE, pool)


async def test_message_without_a_pattern_is_not_taken_to_the_model(
    watch: DangerWatch, engine_stub: EngineDouble
) -> None:
    engine_stub.judge = lambda _: ALARM
    assert await watch.find_danger(ORDINARY) is None
    assert engine_stub.judged == []


@pytest.mark.parametrize("model", [None, judged(), judged(likelihood=0.0), ALARM])
async def test_pattern_stands_unless_the_model_is_sure(
    watch: DangerWatch, engine_stub: EngineDouble, model: Body | None
) -> None:
    engine_stub.judge = lambda _: model
    found = await watch.find_danger(DANGEROUS)
    assert found is not None and (found.category, found.texts) == ("fire", TEXTS["fire"])
    assert engine_stub.judged == [DANGEROUS]


async def test_model_that_is_sure_of_harmlessness_takes_the_pattern_back(
    watch: DangerWatch, engine_stub: EngineDouble
) -> None:
    engine_stub.judge = lambda text: HARMLESS if "grillen" in text else None
    assert await watch.find_danger("Det brinner i grillen") is None
    assert await watch.find_danger(DANGEROUS) is not None


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"danger": HARMLESS}, 500),
        JSONResponse({"danger": HARMLESS}, 404),
        PlainTextResponse("oj"),
        JSONResponse({}),
        JSONResponse({"danger": {"is_harmless": True}}),
        JSONResponse({"danger": {**HARMLESS, "likelihood": 1.5}}),
        JSONResponse({"danger": {**HARMLESS, "category": "x" * 65}}),
    ],
    ids=["server error", "no such route", "not json", "no danger", "no category", "likelihood", "long category"],
)
async def test_pattern_stands_when_the_model_fails(
    watch: DangerWatch, engine_stub: EngineDouble, answer: Response
) -> None:
    engine_stub.judge = lambda _: answer
    with structlog.testing.capture_logs() as logs:
        assert await watch.find_danger(DANGEROUS) is not None
    assert [line["event"] for line in logs] == ["danger_not_judged"]
    assert DANGEROUS not in repr(logs)


async def test_pattern_stands_when_there_is_no_engine() -> None:
    async with EnginePool([NOWHERE], ENGINE_SECRET, DEADLINE_SECONDS) as nowhere:
        assert await DangerWatch(GUIDE, nowhere).find_danger(DANGEROUS) is not None


async def test_pattern_does_not_wait_long_for_the_model(
    watch: DangerWatch, engine_stub: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(danger, "MODEL_SECONDS", 0.05)
    engine_stub.judge = lambda _: HARMLESS
    engine_stub.hold()
    async with asyncio.timeout(DEADLINE_SECONDS):
        assert await watch.find_danger(DANGEROUS) is not None


async def test_slow_judgements_do_not_spare_the_engine_the_turns(
    watch: DangerWatch, pool: EnginePool, engine_stub: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that answers turns, if not within the little time of a judgement, goes on answering them."""
    with monkeypatch.context() as patch:
        patch.setattr(danger, "MODEL_SECONDS", 0.05)
        engine_stub.hold()
        for _ in range(BREAKER_THRESHOLD):
            await watch.find_danger(DANGEROUS)
        engine_stub.let_go()
    answer = await pool.ask(EngineQuestion("conversation", "turn", "sv", "citizen", {}, text=ORDINARY))
    assert answer.replies[0].text == f"Du skrev: {ORDINARY}"
