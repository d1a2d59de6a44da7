"""Health, slow readers, restarts: one client's trouble is nobody else's, and everybody is told the truth."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sqlalchemy.engine import make_url

from handover.core import commands as c
from handover.store.execute import Entry, execute_one
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, new_id
from tests.support.databases import Postgres
from tests.support.engine_double import EngineDouble
from tests.support.kontakt import Kontakt
from tests.support.server import free_socket
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


async def test_health_is_green_when_all_is_well_and_yellow_without_the_engine(kontakt: Kontakt) -> None:
    health = await kontakt.http.get("/health")
    assert (health.status_code, health.json()) == (200, {"database": True, "engine": True, "bus": True})
    assert (await kontakt.http.get("/ready")).status_code == 200
    kontakt.engine.healthy = False
    health = await kontakt.http.get("/health")
    assert (health.status_code, health.json()) == (200, {"database": True, "engine": False, "bus": True})
    assert (await kontakt.http.get("/ready")).status_code == 503


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
async def test_health_is_red_while_the_database_is_away_and_nothing_is_accepted(
    kontakt: Kontakt, database_url: str, postgres: Postgres
) -> None:
    citizen = await kontakt.citizen()
    name = make_url(database_url).database
    await postgres.run(
        f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    health = await kontakt.http.get("/health")
    assert (health.status_code, health.json()["database"]) == (503, False)
    refused = await kontakt.http.post("/api/v1/conversations", json={})
    assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
    await citizen.send({"type": "say", "id": "while-it-is-away", "text": "Hej"})
    await citizen.wait_for_type("error", code="database_unavailable", id="while-it-is-away")
    await postgres.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    await eventually_healthy(kontakt)
    if citizen.close_code is not None:
        await citizen.reconnect()
    accepted = await citizen.say("Hej", command_id="while-it-is-away")
    assert accepted["seq"] == 2


async def eventually_healthy(kontakt: Kontakt) -> None:
    """Wait until the health check is green again."""

    async def green() -> bool:
        return (await kontakt.http.get("/health")).status_code == 200

    await eventually(green, "health")


async def test_slow_reader_is_closed_with_try_again_while_others_go_on(
    kontakt: Kontakt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.api.socket.SEND_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr("handover.api.socket.CLOSE_TIMEOUT_SECONDS", 0.3)
    quick = await kontakt.waiting_citizen()
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect(("127.0.0.1", httpx.URL(kontakt.url).port))
    narrow.setblocking(False)
    slow = CitizenClient(kontakt.url, quick.conversation_id, quick.token, sock=narrow, max_queue=1)
    await slow.open()
    await slow.wait_for_type("welcome")
    slow.socket.transport.pause_reading()

    def flood(connection: object) -> None:
        from handover.conversations import utc_now

        for _ in range(50):
            execute_one(connection, Entry(quick.conversation_id, new_id(), c.Say("x" * 4_000), utc_now()))  # type: ignore[arg-type]

    listeners = kontakt.services.bus._listeners  # type: ignore[attr-defined]
    assert len(listeners[quick.conversation_id]) == 2
    for _ in range(60):
        await kontakt.services.database.write(flood)
        await quick.say("till")
        if len(listeners[quick.conversation_id]) == 1:
            break
    await eventually(lambda: len(listeners[quick.conversation_id]) == 1, "the end of the slow socket")
    await quick.say("Jag är kvar")
    await quick.wait_for("message", text="Jag är kvar")
    slow.socket.transport.resume_reading()
    assert await slow.wait_closed() in (1013, 1006)
    await slow.close()
    seen = [seq for seq, _ in slow.events]
    async with CitizenClient(kontakt.url, quick.conversation_id, quick.token, after=seen[-1]) as back:
        await back.wait_for("message", text="Jag är kvar")
        seqs = seen + [seq for seq, _ in back.events]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_stopping_service_tells_sockets_and_refuses_newcomers(kontakt: Kontakt) -> None:
    citizen, guide = await kontakt.citizen(), await kontakt.guide()
    kontakt.services.stopping.set()
    assert await citizen.wait_closed() == 1001
    assert await guide.wait_closed() == 1001
    async with CitizenClient(kontakt.url, citizen.conversation_id, citizen.token) as late:
        assert await late.wait_closed() == 1001
    assert (await kontakt.http.post("/api/v1/conversations", json={})).status_code == 503
    assert (await kontakt.http.get("/ready")).status_code == 503


async def test_stopping_service_answers_long_polls_at_once(kontakt: Kontakt) -> None:
    citizen = await kontakt.polling_citizen()
    await citizen.poll()
    polling = asyncio.create_task(citizen.poll(wait=25))
    listeners = kontakt.services.bus._listeners  # type: ignore[attr-defined]
    await eventually(lambda: citizen.conversation_id in listeners, "the long poll")
    kontakt.services.stopping.set()
    await asyncio.wait_for(polling, 5)


async def test_process_that_is_stopped_says_going_away(
    database_url: str, engine_stub: EngineDouble, small_data: Path, tmp_path: Path
) -> None:
    with free_socket() as probe:
        port = probe.getsockname()[1]
    env = {
        "KONTAKT_PORT": str(port),
        "KONTAKT_DATABASE_URL": database_url,
        "KONTAKT_DATA": str(small_data),
        "KONTAKT_DATA_DIR": str(tmp_path),
        "KONTAKT_ENGINE_URL": engine_stub.url,
        "KONTAKT_ENGINE_SECRET": engine_stub.secret,
        "PYTHONPATH": str(ROOT),
    }
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "handover"], env=env, stderr=subprocess.PIPE)
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:

            async def up() -> bool:
                try:
                    return (await http.get("/health")).is_success
                except httpx.HTTPError:
                    return False

            await eventually(up, "the process", 30)
            opened = (await http.post("/api/v1/conversations", json={})).json()
        async with CitizenClient(url, opened["conversation_id"], opened["token"]) as citizen:
            await citizen.wait_for_type("welcome")
            process.send_signal(signal.SIGTERM)
            assert await citizen.wait_closed() == 1001
        assert await asyncio.to_thread(process.wait, 10) in (0, -signal.SIGTERM)
    finally:
        process.kill()
        _, errors = process.communicate()
    assert b"Traceback" not in errors


async def test_turn_under_way_at_a_restart_is_answered_by_the_next_process(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(turn_lease_seconds=0.2) as first:
        citizen = await first.citizen()
        conversation_id, token = citizen.conversation_id, citizen.token
        first.engine.hold()
        await citizen.say("Hej")
        await eventually(lambda: first.engine.asked)
    async with start_kontakt() as second:
        second.engine.let_go()
        async with CitizenClient(second.url, conversation_id, token) as back:
            await back.wait_for("message", sender="bot", text="Du skrev: Hej")
            assert [sender for sender, _ in back.texts] == ["citizen", "bot"]
