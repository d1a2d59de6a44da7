"""The cluster on one machine: what it refuses, what its proxy reaches, and that it heals and ends."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import psutil
import pytest

from handover.settings import Settings
from keeper.ports import LASTING_PORTS, lasting_ports
from keeper.restarts import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS
from scripts.cluster import PROXY, Cluster, Shape, end_leftovers
from scripts.haproxy import write_config
from scripts.prepare import prepare_database
from scripts.run_cluster import Supervisor
from scripts.stack import LOOPBACK, RunError
from tests.test_run import run

STOP_SECONDS = 10.0


def test_a_database_of_ones_own_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, module="scripts.run_cluster", KONTAKT_DATABASE_URL="sqlite+aiosqlite:///x.sqlite3")
    assert done.returncode == 1
    assert "unset KONTAKT_DATABASE_URL" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_proxy_reaches_the_replicas_and_nothing_else(tmp_path: Path) -> None:
    config = tmp_path / "haproxy.cfg"
    write_config(config, LOOPBACK, 8_000, {"handover-1": 20_001, "handover-2": 20_002})
    lines = [line.strip() for line in config.read_text().splitlines()]
    assert [line for line in lines if line.startswith("server ")] == [
        "server handover-1 127.0.0.1:20001",
        "server handover-2 127.0.0.1:20002",
    ]
    assert [line for line in lines if line.startswith("bind ")] == ["bind 127.0.0.1:8000"]


def test_ports_are_below_those_of_outgoing_connections() -> None:
    ports = lasting_ports(8)
    assert len(set(ports)) == 8 and set(ports) <= set(LASTING_PORTS)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster with engine doubles; its folder is not pytest's, which the database's user cannot walk into."""
    with tempfile.TemporaryDirectory(prefix="kontakt-cluster-") as folder:
        made = Cluster(Settings(data_dir=Path(folder), port=lasting_ports(1)[0]), Shape(("double", "double")))
        try:
            made.prepare()
            prepare_database(made.settings)
            made.start_all()
            yield made
        finally:
            made.stop_all()


@pytest.mark.chaos
def test_what_dies_is_started_again_and_everything_ends_in_time(cluster: Cluster) -> None:
    door = f"http://{LOOPBACK}:{cluster.ports[PROXY]}"
    assert httpx.get(f"{door}/ready", trust_env=False).status_code == httpx.codes.OK
    with pytest.raises(RunError, match="runs already"):
        cluster.start("redis")
    supervisor = Supervisor(cluster)
    for name in ("postgres", "handover-1"):
        before = cluster.pid(name)
        cluster.kill(name)
        assert cluster.pid(name) is None
        supervisor.look(100.0)
        assert cluster.pid(name) is None
        supervisor.look(100.0 + FIRST_PAUSE_SECONDS)
        assert cluster.pid(name) not in (None, before)
        cluster.wait_ready(name)
    opened = httpx.post(f"{door}/api/v1/conversations", json={}, trust_env=False)
    assert opened.status_code == httpx.codes.CREATED

    family = [psutil.Process(pid) for name in cluster.shape.names if (pid := cluster.pid(name))]
    family += [child for one in family for child in one.children(recursive=True)]
    began = time.monotonic()
    cluster.stop_all()
    assert time.monotonic() - began < STOP_SECONDS
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


class Broken:
    """A cluster in which one component ends at once, however often it is started."""

    def __init__(self, folder: Path) -> None:
        self.shape = Shape(("double",), replicas=1)
        self.starts: list[str] = []
        self._log = folder / "log"
        self._log.write_text("the last words\n")

    def pid(self, name: str) -> int | None:
        return None if name == "redis" else 1

    def start(self, name: str) -> None:
        self.starts.append(name)

    def log_of(self, name: str) -> Path:
        return self._log


def test_pauses_grow_while_a_component_keeps_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = Broken(tmp_path)
    supervisor = Supervisor(broken)  # type: ignore[arg-type]
    times: list[float] = []
    for tick in range(2_000):
        now = 1_000.0 + tick * 0.1
        before = len(broken.starts)
        supervisor.look(now)
        times += [now] * (len(broken.starts) - before)
    pauses = [round(later - sooner, 1) for sooner, later in pairwise(times)]
    assert pauses == sorted(pauses) and pauses[0] < 2.0
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE_SECONDS, abs=0.5)
    assert "the last words" in capsys.readouterr().out


def test_leftovers_of_nobody_are_none(tmp_path: Path) -> None:
    end_leftovers(tmp_path)
    (tmp_path / "pids.json").write_text("[[1, 5.0]]")
    end_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []
