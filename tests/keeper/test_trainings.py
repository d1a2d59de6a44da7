"""The one training: real processes that stand in for the engine's, so that every way to end badly can be had."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest
from fastapi import FastAPI

from keeper import training_log
from keeper.training_commands import engine_commands
from keeper.training_log import TrainingLog
from keeper.training_routes import training_routes
from keeper.training_run import Commands, Order
from keeper.training_state import RUNNING, Training, TrainingState
from keeper.trainings import LOST, TrainingRunning, Trainings, TrainingUnknown

ORDINARY = """
    print("training kontakt-0a1b.tar.gz, which takes a few minutes", flush=True)
    print("Starting to train component 'SentenceClassifier'.", flush=True)
    (out / "models").mkdir(parents=True, exist_ok=True)
    part = out / "part"
    part.write_text("a model of " + os.environ["KONTAKT_DATA"])
    part.replace(out / "models" / "kontakt-0a1b.tar.gz")
    pathlib.Path(tempfile.mkdtemp()).joinpath("scratch").write_text("x")
"""
JUDGE = """
    print("[judge] 0.50 asking kontakt-0a1b", flush=True)
    target.mkdir()
    (target / "figures.json").write_text('{"model": "kontakt-0a1b"}')
    print("[judge] 1.00 done", flush=True)
"""
HANGS = """
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    (out / "pids").write_text(f"{os.getpid()} {child.pid}")
    print("training kontakt-0a1b.tar.gz", flush=True)
    time.sleep(600)
"""
START = """
import os, pathlib, subprocess, sys, tempfile, time
out = pathlib.Path(sys.argv[1])
target = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else out
"""

pytestmark = pytest.mark.anyio


def script(body: str) -> list[str]:
    return [sys.executable, "-c", START + textwrap.dedent(body)]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "engine").mkdir()
    return tmp_path / "engine"


@pytest.fixture
def make(tmp_path: Path, out: Path) -> Callable[..., Trainings]:
    """Makes trainings whose steps do what these texts say."""

    def one(train: str = ORDINARY, judge: str = JUDGE, timeout: float = 60.0) -> Trainings:
        commands = Commands(
            train=lambda _: [*script(train), str(out)],
            judge=lambda _, model, target: [*script(judge), str(out), str(target)],
            environment=lambda order: {**os.environ, "KONTAKT_DATA": str(order.tree)},
        )
        return Trainings(tmp_path / "trainings", commands, timeout)

    return one


async def ended(trainings: Trainings, training: str = "t1") -> Training:
    async with asyncio.timeout(30):
        while (found := trainings.get(training)).state in RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def order(tmp_path: Path, training: str = "t1") -> Order:
    return Order(training, tmp_path)


async def run(trainings: Trainings, tmp_path: Path) -> Training:
    await trainings.open()
    trainings.start(order(tmp_path))
    return await ended(trainings)


async def test_a_training_trains_then_judges_and_says_how_far_it_is(
    make: Callable[..., Trainings], tmp_path: Path, out: Path
) -> None:
    trainings = make()
    found = await run(trainings, tmp_path)
    assert (found.state, found.model, found.problem) == (TrainingState.DONE, "kontakt-0a1b", None)
    assert (found.share, found.step) == (1.0, "Klar")
    assert found.ended_at and found.ended_at >= found.started_at
    assert found.tail[0].startswith("training kontakt-0a1b")
    assert (out / "models" / "kontakt-0a1b.tar.gz").read_text() == f"a model of {tmp_path}"
    assert "kontakt-0a1b" in trainings.find_file("t1", "figures.json").read_text()
    assert "asking" in trainings.find_file("t1", "log.txt").read_text()


async def test_what_a_step_leaves_in_its_temporary_folder_goes(make: Callable[..., Trainings], tmp_path: Path) -> None:
    await run(make(), tmp_path)
    assert not (tmp_path / "trainings" / "t1" / "tmp").exists()


async def test_the_steps_have_the_lowest_priority_and_a_group_of_their_own(
    make: Callable[..., Trainings], tmp_path: Path
) -> None:
    found = await run(make('print(os.nice(0), os.getpgrp() != int(os.environ["OURS"]))', ""), tmp_path)
    assert found.state is TrainingState.FAILED
    os.environ["OURS"] = str(os.getpgrp())
    try:
        found = await run(make('print("nice", os.nice(0), os.getpgrp() != int(os.environ["OURS"]))', ""), tmp_path)
    finally:
        del os.environ["OURS"]
    assert "nice 19 True" in found.tail


async def test_one_at_a_time(make: Callable[..., Trainings], tmp_path: Path) -> None:
    trainings, other = make(HANGS), make()
    await trainings.open()
    trainings.start(order(tmp_path))
    with pytest.raises(TrainingRunning):
        trainings.start(order(tmp_path, "t2"))
    with pytest.raises(TrainingRunning):
        other.start(order(tmp_path, "t2"))
    await trainings.cancel("t1")
    other.start(order(tmp_path, "t2"))
    assert (await ended(other, "t2")).state is TrainingState.DONE


async def test_cancelling_ends_every_process_and_leaves_no_model(
    make: Callable[..., Trainings], tmp_path: Path, out: Path
) -> None:
    trainings = make(HANGS)
    await trainings.open()
    trainings.start(order(tmp_path))
    await until(lambda: (out / "pids").exists() and trainings.get("t1").model)
    pids = [int(pid) for pid in (out / "pids").read_text().split()]
    found = await trainings.cancel("t1")
    assert (found.state, found.problem) == (TrainingState.CANCELLED, None)
    await until(lambda: not any(_lives(pid) for pid in pids))
    assert not list(out.glob("models/*"))
    assert (await trainings.cancel("t1")).state is TrainingState.CANCELLED


async def test_a_training_that_is_cancelled_before_it_began_ends_too(
    make: Callable[..., Trainings], tmp_path: Path
) -> None:
    trainings = make(HANGS)
    await trainings.open()
    trainings.start(order(tmp_path))
    assert (await trainings.cancel("t1")).state is TrainingState.CANCELLED
    trainings.start(order(tmp_path, "t2"))
    await trainings.close()
    assert trainings.get("t2").state is TrainingState.CANCELLED


@pytest.mark.parametrize(
    ("train", "judge", "words"),
    [
        ("raise SystemExit(3)", JUDGE, "ett fel"),
        ('print("no model named")', JUDGE, "ett fel"),
        (ORDINARY, "raise SystemExit(1)", "inte bedömas"),
        ("os.kill(os.getpid(), 9)", JUDGE, "minnet"),
        ('raise OSError(28, "No space left on device")', JUDGE, "Disken är full"),
        (ORDINARY, 'raise OSError(28, "No space left on device")', "Disken är full"),
    ],
)
async def test_whatever_goes_wrong_becomes_a_sentence_and_the_log_is_kept(
    make: Callable[..., Trainings], tmp_path: Path, train: str, judge: str, words: str
) -> None:
    trainings = make(train, judge)
    found = await run(trainings, tmp_path)
    assert found.state is TrainingState.FAILED
    assert words in (found.problem or "")
    trainings.start(order(tmp_path, "t2"))
    await ended(trainings, "t2")


async def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    commands = engine_commands(tmp_path / "nowhere", tmp_path)
    found = await run(Trainings(tmp_path / "trainings", commands), tmp_path)
    assert found.state is TrainingState.FAILED and found.problem


async def test_a_training_that_takes_too_long_is_stopped(
    make: Callable[..., Trainings], tmp_path: Path, out: Path
) -> None:
    found = await run(make(HANGS, timeout=1.0), tmp_path)
    assert (found.state, "för lång tid" in (found.problem or "")) == (TrainingState.FAILED, True)


async def test_a_log_that_runs_wild_is_cut_and_its_end_is_told(
    make: Callable[..., Trainings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_log, "MAX_LOG_BYTES", 1_000)
    wild = 'print("x" * 100_000); print("y\\n" * 5_000); print("the end")'
    trainings = make(wild)
    found = await run(trainings, tmp_path)
    assert found.tail[-1] == "the end"
    assert trainings.find_file("t1", "log.txt").stat().st_size < 1_600


async def test_a_disk_that_takes_nothing_does_not_stop_a_training(
    make: Callable[..., Trainings], tmp_path: Path
) -> None:
    trainings = make()
    await trainings.open()
    trainings.start(order(tmp_path))
    (tmp_path / "trainings" / "t1" / "log.txt").symlink_to("/dev/full")
    (tmp_path / "trainings" / "t1" / "state.part").symlink_to("/dev/full")
    found = await ended(trainings)
    assert found.state is TrainingState.DONE


async def test_a_keeper_that_was_killed_leaves_a_training_that_the_next_calls_lost(tmp_path: Path, out: Path) -> None:
    keeper = subprocess.Popen([sys.executable, "-c", _KEEPER, str(tmp_path), str(out)])
    try:
        await until((out / "pids").exists)
        pids = [int(pid) for pid in (out / "pids").read_text().split()]
        trainings = Trainings(tmp_path / "trainings", engine_commands(tmp_path, out))
        with pytest.raises(TrainingRunning):
            trainings.start(order(tmp_path, "t2"))
    finally:
        keeper.send_signal(signal.SIGKILL)
        keeper.wait()
    # Until somebody ends what the killed keeper left, the lock holds.
    with pytest.raises(TrainingRunning):
        Trainings(tmp_path / "trainings", engine_commands(tmp_path, out)).start(order(tmp_path, "t2"))
    after = Trainings(tmp_path / "trainings", engine_commands(tmp_path, out))
    await after.open()
    found = after.get("t1")
    assert (found.state, found.problem) == (TrainingState.LOST, LOST)
    await until(lambda: not any(_lives(pid) for pid in pids))
    after.start(order(tmp_path, "t2"))
    await after.close()


_KEEPER = f"""
import asyncio, os, pathlib, sys
from keeper.training_run import Commands, Order
from keeper.trainings import Trainings
tmp, out = map(pathlib.Path, sys.argv[1:])
body = {START + textwrap.dedent(HANGS)!r}
train = lambda _: [sys.executable, "-c", body, str(out)]
async def main():
    trainings = Trainings(tmp / "trainings", Commands(train, lambda *_: [], lambda _: dict(os.environ)))
    await trainings.open()
    trainings.start(Order("t1", tmp))
    await asyncio.sleep(600)
asyncio.run(main())
"""


async def test_only_names_name_trainings_and_files(make: Callable[..., Trainings], tmp_path: Path) -> None:
    trainings = make()
    await run(trainings, tmp_path)
    for training, name in (("..", "trainings"), ("t1", "state.json"), ("t1", "../../x"), ("no", "log.txt"), ("t1", "")):
        with pytest.raises(TrainingUnknown):
            trainings.find_file(training, name)
    with pytest.raises(TrainingUnknown):
        trainings.get("../t1")


async def test_folders_of_old_trainings_go(make: Callable[..., Trainings], tmp_path: Path) -> None:
    trainings = make("", "")
    await trainings.open()
    for number in range(25):
        (tmp_path / "trainings" / f"old-{number}").mkdir()
    trainings.start(order(tmp_path))
    await ended(trainings)
    assert len(list((tmp_path / "trainings").glob("*/"))) == 20


def test_the_share_never_goes_back(tmp_path: Path) -> None:
    lines = TrainingLog(tmp_path / "log.txt")
    shares = []
    for line in (
        "training kontakt-0a.tar.gz, which takes a few minutes",
        "Starting to train component 'SentenceClassifier'.",
        "100 sentences are encoded",
        "[judge] 0.00 asking kontakt-0a",
        "Starting to train component 'SentenceClassifier'.",
        "[judge] 0.66 cross-validation, fold 3 of 3",
        "[judge] 9.99 nonsense",
    ):
        lines.add(line)
        shares.append(lines.share)
    lines.close()
    assert shares == sorted(shares)
    assert (lines.model, shares[-1]) == ("kontakt-0a", pytest.approx(0.76 + 0.23 * 0.66))


@pytest.fixture
async def client(make: Callable[..., Trainings], tmp_path: Path, out: Path) -> AsyncIterator[httpx.AsyncClient]:
    trainings = make()
    await trainings.open()
    app = FastAPI()
    (tmp_path / "trees" / "c0ffee").mkdir(parents=True)
    (out / "models").mkdir()
    app.include_router(training_routes(trainings, tmp_path / "trees", out / "models"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://keeper") as client:
        yield client


async def test_over_http(client: httpx.AsyncClient, tmp_path: Path) -> None:
    tree = str(tmp_path / "trees" / "c0ffee")
    started = await client.post("/trainings", json={"id": "t1", "tree": tree})
    assert (started.status_code, started.json()["state"]) == (202, "training")
    assert (await client.post("/trainings", json={"id": "t2", "tree": tree})).status_code == 409
    async with asyncio.timeout(20):
        while (found := (await client.get("/trainings/t1")).json())["state"] != "done":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert (await client.get("/trainings/t1/files/figures.json")).json() == {"model": found["model"]}
    assert (await client.delete("/trainings/t1")).json()["state"] == "done"
    for path in ("/trainings/t9", "/trainings/t1/files/state.json", "/trainings/t9/files/log.txt"):
        assert (await client.get(path)).status_code == 404
    assert (await client.delete("/trainings/t9")).status_code == 404


@pytest.mark.parametrize(
    "body", [{"tree": "/etc"}, {"tree": ""}, {"against": "../x"}, {"against": "kontakt-gone"}, {"id": "../x"}]
)
async def test_what_cannot_be_trained_is_refused(
    client: httpx.AsyncClient, tmp_path: Path, body: dict[str, str]
) -> None:
    ordinary = {"id": "t1", "tree": str(tmp_path / "trees" / "c0ffee")}
    assert (await client.post("/trainings", json=ordinary | body)).status_code == 422


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
