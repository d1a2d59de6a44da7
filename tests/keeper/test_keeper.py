"""The keeper by its door: engines start beside each other, fail with a reason, come back, and end with it."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from keeper.model_files import ModelBroken, ModelFiles, read_model_id
from keeper.process import all_cores
from tests.support.engine_double import ENGINE_SECRET
from tests.support.keeper import KeeperClient, keeper_process, running_keeper

TURN = {"conversation_id": "c", "turn_id": "c-1", "text": "Hej"}


@pytest.fixture
async def keeper(tmp_path: Path, anyio_backend: str) -> AsyncIterator[KeeperClient]:
    """A keeper with two sound models."""
    async with running_keeper(tmp_path) as client:
        client.add_model("one")
        client.add_model("two")
        yield client


async def ask(url: str) -> str:
    """Ask an engine one turn; return what its model calls itself."""
    async with httpx.AsyncClient(trust_env=False, headers={"X-Kontakt-Secret": ENGINE_SECRET}) as http:
        answer = await http.post(f"{url}/webhooks/kontakt/turn", json=TURN)
        found: str = answer.json()["model_id"]
        return found


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/engines"),
        ("PUT", "/engines/one"),
        ("DELETE", "/engines/one"),
        ("GET", "/models"),
        ("DELETE", "/models/one"),
    ],
)
async def test_every_route_asks_for_the_secret(keeper: KeeperClient, method: str, path: str) -> None:
    for secret in ({}, {"X-Kontakt-Secret": "wrong"}):
        async with httpx.AsyncClient(base_url=keeper.url, headers=secret, trust_env=False) as stranger:
            assert (await stranger.request(method, path)).status_code == 401
    assert await keeper.engines() == []


@pytest.mark.anyio
async def test_models_are_served_beside_each_other(keeper: KeeperClient) -> None:
    begun = await keeper.start("one")
    assert [(one["state"], one["model_id"]) for one in begun] == [("starting", "one-id")]
    await keeper.start("two")
    (first,), (second,) = await keeper.ready("one"), await keeper.ready("two")
    assert [await ask(first["url"]), await ask(second["url"])] == ["one-id", "two-id"]
    assert first["rss"] > 1e6
    assert psutil.Process(first["pid"]).cpu_affinity() == all_cores()
    again = await keeper.start("one")
    assert [one["pid"] for one in again] == [first["pid"]]


@pytest.mark.anyio
async def test_several_engines_serve_a_model_where_that_is_wished(tmp_path: Path, anyio_backend: str) -> None:
    async with running_keeper(tmp_path, engines=2) as keeper:
        keeper.add_model("one")
        await keeper.start("one")
        engines = await keeper.ready("one")
        assert len({one["pid"] for one in engines}) == len({one["url"] for one in engines}) == 2


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("model_id", "problem"),
    [
        ("broken-id", "Motorn kunde inte ladda modellen."),
        ("mute-id", "Motorn svarar inte som den ska"),
        ("fatal-id", "Motorn avslutades innan modellen var laddad. Loggens slut: det gick inte att ladda modellen"),
    ],
)
async def test_a_model_that_does_not_load_fails_with_a_reason_and_leaves_the_other_alone(
    keeper: KeeperClient, model_id: str, problem: str
) -> None:
    await keeper.start("one")
    (sound,) = await keeper.ready("one")
    keeper.add_model("bad", model_id)
    await keeper.start("bad")
    (failed,) = await keeper.wait("bad", lambda engines: engines[0]["state"] == "failed")
    assert failed["problem"].startswith(problem)
    assert failed["pid"] is None
    assert await ask(sound["url"]) == "one-id"


@pytest.mark.anyio
async def test_a_file_that_is_no_model_fails_at_once_and_is_begun_anew_when_it_is_mended(keeper: KeeperClient) -> None:
    path = keeper.add_model("bad")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    (failed,) = await keeper.start("bad")
    assert failed["state"] == "failed"
    assert failed["problem"].startswith("Modellfilen gick inte att läsa: bad.tar.gz")
    path.write_bytes(whole)
    await keeper.start("bad")
    await keeper.ready("bad")


@pytest.mark.anyio
async def test_an_engine_that_dies_comes_back_at_the_same_address(keeper: KeeperClient) -> None:
    await keeper.start("one")
    (before,) = await keeper.ready("one")
    os.kill(before["pid"], signal.SIGKILL)
    await keeper.wait("one", lambda engines: engines[0]["state"] != "ready")
    (after,) = await keeper.ready("one")
    assert after["url"] == before["url"] and after["pid"] != before["pid"]
    assert await ask(after["url"]) == "one-id"


@pytest.mark.anyio
async def test_an_engine_that_is_killed_while_it_loads_is_tried_again(keeper: KeeperClient) -> None:
    await keeper.start("one")
    (loading,) = await keeper.wait("one", lambda engines: engines[0]["pid"])
    assert loading["state"] == "starting"
    os.kill(loading["pid"], signal.SIGKILL)
    (after,) = await keeper.ready("one")
    assert after["pid"] != loading["pid"]


@pytest.mark.anyio
async def test_an_engine_on_its_way_out_still_answers_what_is_under_way(
    keeper: KeeperClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keeper.engine.DRAIN_SECONDS", 1.0)
    await keeper.start("one")
    (engine,) = await keeper.ready("one")
    assert (await keeper.http.delete("/engines/one")).status_code == 202
    (leaving,) = await keeper.engines("one")
    assert leaving["state"] == "stopping"
    assert await ask(leaving["url"]) == "one-id"
    await keeper.wait("one", lambda engines: not engines)
    assert not psutil.pid_exists(engine["pid"])
    assert (await keeper.http.delete("/engines/one")).status_code == 202  # What is not served may be stopped.


@pytest.mark.anyio
async def test_model_files_are_listed_and_deleted_unless_they_are_served(keeper: KeeperClient) -> None:
    built = keeper.folder / "engine" / "builds"
    for name in ("kept", "shared"):
        (built / name).mkdir(parents=True)
    keeper.add_model("model-kept")
    keeper.add_model("model-shared")
    keeper.add_model("other-shared")
    await keeper.start("one")
    assert (await keeper.http.delete("/models/one")).status_code == 409
    assert (await keeper.http.delete("/models/model-kept")).status_code == 204
    assert (await keeper.http.delete("/models/model-shared")).status_code == 204
    assert (await keeper.http.delete("/models/model-kept")).status_code == 404
    listed = (await keeper.http.get("/models")).json()
    assert {one["model"] for one in listed} == {"one", "two", "other-shared"}
    assert [path.name for path in built.iterdir()] == ["shared"]


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["nope", "..%2Fone", "%2Fetc%2Fpasswd", "one.tar.gz"])
async def test_a_model_that_is_not_there_is_unknown(keeper: KeeperClient, name: str) -> None:
    assert (await keeper.http.put(f"/engines/{name}")).status_code == 404
    assert (await keeper.http.delete(f"/models/{name}")).status_code == 404


def test_what_a_model_calls_itself_is_read_from_its_file(tmp_path: Path) -> None:
    client = KeeperClient("http://127.0.0.1:1", tmp_path)
    client.add_model("one", "by-itself")
    files = ModelFiles(tmp_path / "engine" / "models")
    assert read_model_id(files.get("one")) == "by-itself"
    (tmp_path / "engine" / "models" / "text.tar.gz").write_text("no archive")
    with pytest.raises(ModelBroken):
        read_model_id(files.get("text"))


# --- the keeper's own end --------------------------------------------------------------------------------------------


@pytest.mark.anyio
async def test_engines_end_with_a_keeper_that_is_asked_to_stop(tmp_path: Path, anyio_backend: str) -> None:
    async with keeper_process(tmp_path) as keeper:
        keeper.client.add_model("one")
        await keeper.client.start("one")
        (engine,) = await keeper.client.ready("one")
        await keeper.end(signal.SIGTERM)
        assert not psutil.pid_exists(engine["pid"])


@pytest.mark.anyio
async def test_a_ready_engine_outlives_a_keeper_that_is_killed_and_one_that_loads_is_ended_by_the_next(
    tmp_path: Path, anyio_backend: str
) -> None:
    async with keeper_process(tmp_path) as keeper:
        client = keeper.client
        client.add_model("one")
        client.add_model("two")
        await client.start("one")
        (engine,) = await client.ready("one")
        await client.start("two")
        (loading,) = await client.wait("two", lambda engines: engines[0]["pid"])
        await keeper.end(signal.SIGKILL)
        assert await ask(engine["url"]) == "one-id"
        await keeper.start()
        assert [(one["model"], one["pid"], one["state"]) for one in await client.engines()] == [
            ("one", engine["pid"], "ready")
        ]
        assert not psutil.pid_exists(loading["pid"])
        # What was taken over is watched like one's own.
        os.kill(engine["pid"], signal.SIGKILL)
        await client.wait("one", lambda engines: engines[0]["pid"] not in (None, engine["pid"]))
        assert (await client.ready("one"))[0]["url"] == engine["url"]


@pytest.mark.anyio
async def test_engines_that_were_told_other_addresses_are_not_taken_over(tmp_path: Path, anyio_backend: str) -> None:
    async with keeper_process(tmp_path) as keeper:
        keeper.client.add_model("one")
        await keeper.client.start("one")
        (engine,) = await keeper.client.ready("one")
        await keeper.end(signal.SIGKILL)
        await keeper.start(KONTAKT_ACTIONS_URL="http://127.0.0.1:9")
        assert await keeper.client.engines() == []
        assert not psutil.pid_exists(engine["pid"])


@pytest.mark.anyio
async def test_an_engine_that_cannot_be_started_at_all_fails(tmp_path: Path, anyio_backend: str) -> None:
    async with running_keeper(tmp_path, lambda model, port: ["/nowhere/engine"]) as keeper:
        keeper.add_model("one")
        await keeper.start("one")
        (failed,) = await keeper.wait("one", lambda engines: engines[0]["state"] == "failed")
        assert failed["problem"] == "Motorn gick inte att starta: FileNotFoundError."
