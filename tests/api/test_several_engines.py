"""Several engines: a conversation stays with one of them and moves, within the turn's one deadline, when it fails."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import structlog
from pydantic import HttpUrl, ValidationError
from starlette.responses import JSONResponse, PlainTextResponse, Response

from catalogue.phrases import Phrases
from handover.engine import BREAKER_THRESHOLD, EngineError, EngineQuestion
from handover.engine_pool import EnginePool, engines_in_order
from handover.settings import ROOT, Settings
from tests.conftest import StartKontakt
from tests.support.engine_double import ALARM, ENGINE_SECRET, EngineDouble, engine_double
from tests.support.kontakt import DATA
from tests.support.waiting import eventually

URLS = ("http://engine-1:5005/", "http://engine-2:5005/", "http://engine-3:5005/")
IDS = [f"conversation-{number}" for number in range(3_000)]
#: Nothing listens there.
NOWHERE = "http://127.0.0.1:1"
DEADLINE_SECONDS = 8.0
#: So short that a test may wait for a part of it, so long that a busy machine answers within the rest.
SHORT_DEADLINE_SECONDS = 3.0

# --- the order of engines: pure ------------------------------------------------------------------------------------


def test_order_does_not_depend_on_the_order_of_the_settings() -> None:
    for conversation_id in IDS[:100]:
        order = engines_in_order(URLS, conversation_id)
        assert sorted(order) == sorted(URLS)
        assert engines_in_order(reversed(URLS), conversation_id) == order


def test_order_is_the_same_in_every_process() -> None:
    code = f"from handover.engine_pool import engines_in_order as o; print([o({URLS}, i) for i in {IDS[:50]}])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {str([engines_in_order(URLS, conversation_id) for conversation_id in IDS[:50]])}


def test_every_engine_gets_its_part_and_every_other_one_a_part_of_that() -> None:
    first = Counter(engines_in_order(URLS, conversation_id)[0] for conversation_id in IDS)
    both = Counter(tuple(engines_in_order(URLS, conversation_id)[:2]) for conversation_id in IDS)
    assert set(first) == set(URLS)
    assert all(0.9 < count / (len(IDS) / 3) < 1.1 for count in first.values())
    assert len(both) == 6
    assert all(0.8 < count / (len(IDS) / 6) < 1.2 for count in both.values())


@pytest.mark.parametrize("gone", URLS)
def test_engine_that_is_taken_away_moves_only_its_own_conversations(gone: str) -> None:
    left = [url for url in URLS if url != gone]
    for conversation_id in IDS:
        before = engines_in_order(URLS, conversation_id)
        assert engines_in_order(left, conversation_id) == [url for url in before if url != gone]


# --- the pool ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def doubles(anyio_backend: str) -> AsyncIterator[dict[str, EngineDouble]]:
    """Two engine doubles by address."""
    async with engine_double() as one, engine_double() as other:
        yield {one.url: one, other.url: other}


def question_for(url: str, urls: list[str], number: int = 0, payload: str | None = None) -> EngineQuestion:
    """Return a question of a conversation that stays with the engine at `url`."""
    own = [i for i in IDS if engines_in_order(urls, i)[0] == url][number]
    text = None if payload else "Hej"
    return EngineQuestion(own, f"{own}-1", "sv", "citizen", {}, text=text, payload=payload)


def pool_of(urls: list[str], deadline_seconds: float = DEADLINE_SECONDS) -> EnginePool:
    return EnginePool(urls, ENGINE_SECRET, deadline_seconds)


@pytest.mark.anyio
async def test_conversation_stays_with_its_engine(doubles: dict[str, EngineDouble]) -> None:
    urls = list(doubles)
    async with pool_of(urls) as pool, pool_of(urls[::-1]) as replica:
        for conversation_id in IDS[:20]:
            asked = EngineQuestion(conversation_id, f"{conversation_id}-1", "sv", "citizen", {}, text="Hej")
            for asking in (pool, replica, pool):
                await asking.ask(asked)
    for url, double in doubles.items():
        asked_here = {body["conversation_id"] for body in double.asked}
        assert asked_here == {i for i in IDS[:20] if engines_in_order(urls, i)[0] == url}
        assert len(double.asked) == 3 * len(asked_here) > 0


@pytest.mark.anyio
async def test_engine_that_is_gone_is_stood_in_for_in_the_same_turn(doubles: dict[str, EngineDouble]) -> None:
    there = next(iter(doubles))
    urls = [there, NOWHERE]
    with structlog.testing.capture_logs() as logs:
        async with pool_of(urls) as pool:
            asked = question_for(NOWHERE, urls)
            answer = await pool.ask(asked)
            assert await pool.is_healthy()
    assert answer.replies[0].text == "Du skrev: Hej"
    moved = [line for line in logs if line["event"] == "engine_moved"]
    name = there.removeprefix("http://")
    assert [(m["turn"], m["engine"], m["because"]) for m in moved] == [(asked.turn_id, name, ["unreachable"])]


@pytest.mark.anyio
async def test_engine_that_fails_is_stood_in_for_in_the_same_turn(doubles: dict[str, EngineDouble]) -> None:
    urls = list(doubles)
    doubles[urls[0]].answer = lambda _: JSONResponse({}, 500)
    async with pool_of(urls) as pool:
        assert (await pool.ask(question_for(urls[0], urls))).model_id == "double"
    assert [len(double.asked) for double in doubles.values()] == [1, 1]


@pytest.mark.anyio
async def test_hung_engine_leaves_time_for_another_and_is_no_longer_waited_for(
    doubles: dict[str, EngineDouble],
) -> None:
    (hung_url, hung), (_, other) = doubles.items()
    hung.hold()
    async with pool_of(list(doubles), SHORT_DEADLINE_SECONDS) as pool:
        await pool.ask(question_for(hung_url, list(doubles)))
    assert len(other.asked) == 1
    hung.let_go()
    await eventually(lambda: hung.abandoned == hung.asked, "the end of the first attempt")


@pytest.mark.anyio
async def test_deadline_is_one_for_all_engines(doubles: dict[str, EngineDouble]) -> None:
    for double in doubles.values():
        double.hold()
    urls = list(doubles)
    async with pool_of(urls, 0.4) as pool:
        with pytest.raises(EngineError, match="timeout"):
            await pool.ask(question_for(urls[0], urls))
    assert [len(double.asked) for double in doubles.values()] == [1, 1]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "kind"),
    [(JSONResponse({}, 401), "refused"), (JSONResponse({}, 422), "refused"), (PlainTextResponse("oj"), "nonsense")],
)
async def test_refusal_and_nonsense_are_not_taken_to_another_engine(
    doubles: dict[str, EngineDouble], answer: Response, kind: str
) -> None:
    (first_url, first), (_, other) = doubles.items()
    first.answer = lambda _: answer
    async with pool_of(list(doubles)) as pool:
        with pytest.raises(EngineError, match=kind):
            await pool.ask(question_for(first_url, list(doubles)))
    assert (len(first.asked), other.asked) == (1, [])


@pytest.mark.anyio
async def test_breaker_of_one_engine_does_not_block_the_other(doubles: dict[str, EngineDouble]) -> None:
    (broken_url, broken), (sound_url, sound) = doubles.items()
    urls = list(doubles)
    broken.answer = lambda _: JSONResponse({}, 500)
    turns = BREAKER_THRESHOLD + 3
    async with pool_of(urls) as pool:
        for number in range(turns):
            await pool.ask(question_for(broken_url, urls, number))
        assert (len(broken.asked), len(sound.asked)) == (BREAKER_THRESHOLD, turns)
        await pool.ask(question_for(sound_url, urls))
        assert (len(broken.asked), len(sound.asked)) == (BREAKER_THRESHOLD, turns + 1)


@pytest.mark.anyio
async def test_sound_engine_may_take_the_whole_deadline_while_the_other_one_is_spared(
    doubles: dict[str, EngineDouble],
) -> None:
    (broken_url, broken), (sound_url, _) = doubles.items()
    urls = list(doubles)
    broken.answer = lambda _: JSONResponse({}, 500)
    async with pool_of(urls, SHORT_DEADLINE_SECONDS) as pool:
        for number in range(BREAKER_THRESHOLD):
            await pool.ask(question_for(broken_url, urls, number))
        allowed: list[float | None] = []
        engine = pool._fixed[sound_url]
        ask = engine.ask

        async def noted(question: EngineQuestion, timeout_seconds: float | None = None) -> object:
            allowed.append(timeout_seconds)
            return await ask(question, timeout_seconds)

        engine.ask = noted  # type: ignore[method-assign,assignment]
        await pool.ask(question_for(sound_url, urls))
    assert allowed[0] is not None
    assert allowed[0] > 0.9 * SHORT_DEADLINE_SECONDS


@pytest.mark.anyio
async def test_danger_is_judged_by_the_engine_of_the_text(doubles: dict[str, EngineDouble]) -> None:
    urls = list(doubles)
    texts = [f"Hjälp {number}" for number in range(20)]
    async with pool_of(urls) as pool, pool_of(urls[::-1]) as replica:
        for text in texts:
            assert await pool.judge_danger(text, 2.0) is None
            assert await replica.judge_danger(text, 2.0) is None
    for url, double in doubles.items():
        own = [text for text in texts if engines_in_order(urls, text)[0] == url]
        assert double.judged == [text for text in own for _ in range(2)] != []
        assert double.asked == []


@pytest.mark.anyio
async def test_danger_that_one_engine_cannot_judge_is_judged_by_the_other(doubles: dict[str, EngineDouble]) -> None:
    urls = list(doubles)
    own = engines_in_order(urls, "Hjälp")[0]
    for url, double in doubles.items():
        double.judge = lambda _, url=url: JSONResponse({}, 500) if url == own else ALARM  # type: ignore[misc]
    async with pool_of(urls) as pool, pool_of([NOWHERE]) as nowhere:
        found = await pool.judge_danger("Hjälp", 2.0)
        with pytest.raises(EngineError, match="unreachable"):
            await nowhere.judge_danger("Hjälp", 2.0)
    assert found is not None and found.model_dump() == ALARM
    assert [double.judged for double in doubles.values()] == [["Hjälp"], ["Hjälp"]]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "kind"),
    [(JSONResponse({}, 404), "refused"), (JSONResponse({}), "nonsense"), (PlainTextResponse("oj"), "nonsense")],
)
async def test_refused_and_senseless_judgements_are_not_taken_to_another_engine(
    doubles: dict[str, EngineDouble], answer: Response, kind: str
) -> None:
    for double in doubles.values():
        double.judge = lambda _: answer
    async with pool_of(list(doubles)) as pool:
        with pytest.raises(EngineError, match=kind):
            await pool.judge_danger("Hjälp", 2.0)
    assert sorted(double.judged for double in doubles.values()) == [[], ["Hjälp"]]


@pytest.mark.anyio
async def test_pool_is_healthy_while_one_engine_is(doubles: dict[str, EngineDouble]) -> None:
    one, other = doubles.values()
    async with pool_of(list(doubles)) as pool:
        one.healthy = False
        assert await pool.is_healthy()
        other.healthy = False
        assert not await pool.is_healthy()


# --- the service ---------------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_engine_is_killed_in_the_middle_of_a_conversation_and_the_citizen_notices_nothing(
    start_kontakt: StartKontakt,
) -> None:
    async with AsyncExitStack() as left, AsyncExitStack() as right:
        lives = {await life.enter_async_context(engine_double()): life for life in (left, right)}
        async with start_kontakt(engine_url=tuple(double.url for double in lives)) as kontakt:
            citizen = await kontakt.citizen()
            await citizen.say("Hej")
            await citizen.wait_for("message", sender="bot", text="Du skrev: Hej")
            own, standby = sorted(lives, key=lambda double: len(double.asked), reverse=True)
            assert standby.asked == []
            await lives[own].aclose()
            await citizen.say("Är du kvar?")
            await citizen.wait_for("message", sender="bot", text="Du skrev: Är du kvar?")
            assert standby.texts == ["Är du kvar?"]
            assert (await kontakt.http.get("/ready")).status_code == 200


@pytest.mark.anyio
async def test_all_engines_down_fetches_a_person(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(engine_url=(NOWHERE, "http://127.0.0.1:2")) as kontakt:
        citizen = await kontakt.citizen()
        await citizen.say("Hej")
        await citizen.wait_for("message", sender="system", text=Phrases.read(DATA).say("engine_failure", "sv"))
        assert (await citizen.wait_for("escalated"))["reason"] == "engine_failure"
        assert (await kontakt.http.get("/ready")).status_code == 503


# --- the setting ---------------------------------------------------------------------------------------------------


def test_setting_takes_one_engine_or_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KONTAKT_ENGINE_URL", "http://engine-1:5005")
    assert Settings().engine_url == (HttpUrl("http://engine-1:5005"),)
    monkeypatch.setenv("KONTAKT_ENGINE_URL", " http://engine-1:5005, https://engine-2/rasa ,")
    assert [str(url) for url in Settings().engine_url] == ["http://engine-1:5005/", "https://engine-2/rasa"]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("", "names no engine"),
        (" , ", "names no engine"),
        ("engine-1:5005", "valid URL|URL scheme"),
        ("http://engine-1:5005,ftp://engine-2", "URL scheme"),
        ("http://engine-1:5005,http://engine-1:5005/", "twice"),
    ],
)
def test_setting_says_what_is_wrong_with_an_address(
    monkeypatch: pytest.MonkeyPatch, given: str, complaint: str
) -> None:
    monkeypatch.setenv("KONTAKT_ENGINE_URL", given)
    with pytest.raises(ValidationError, match=complaint) as fault:
        Settings()
    assert fault.value.errors()[0]["loc"][0] == "engine_url"
