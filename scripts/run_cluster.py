"""Run a cluster on one machine: two replicas, two engines, PostgreSQL and Redis behind a reverse proxy.

`python -m scripts.run_cluster` in the app's environment; `make run-cluster` sets up first. Ctrl-C ends everything.
"""

from __future__ import annotations

import os
import signal
import time
from collections import defaultdict
from types import FrameType
from typing import NoReturn

from handover.settings import Settings
from keeper.launching import model_environment
from keeper.restarts import Pauses
from scripts.cluster import PROXY, Cluster, Shape
from scripts.haproxy import ensure_haproxy
from scripts.prepare import announce, check_port_free, exit_code, lock_data_dir, prepare
from scripts.stack import RunError, reachable, say

LOOK_EVERY_SECONDS = 0.3
LOG_LINES = 5
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Starts again what has ended, after pauses that grow."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pauses: defaultdict[str, Pauses] = defaultdict(Pauses)
        self._due: dict[str, float] = {}

    def look(self, now: float) -> None:
        """Start what is due; plan the start of what has ended since."""
        for name in self._cluster.shape.names:
            if self._cluster.pid(name) is not None:
                continue
            if name not in self._due:
                self._plan(name, now)
            elif now >= self._due[name]:
                del self._due[name]
                self._pauses[name].started(now)
                self._cluster.start(name)

    def _plan(self, name: str, now: float) -> None:
        pause = self._pauses[name].next(now)
        self._due[name] = now + pause
        log = self._cluster.log_of(name)
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES:]
        say(f"{name} has ended and starts again in {pause:g} s; the end of {log}:")
        for line in lines:
            print(f"    {line}", flush=True)


def serve(settings: Settings) -> int:
    """Prepare and run until stopped; the exit code."""
    if os.environ.get("KONTAKT_DATABASE_URL"):
        raise RunError("The cluster brings a PostgreSQL of its own: unset KONTAKT_DATABASE_URL.")
    ensure_haproxy()
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    check_port_free(settings.host, settings.port)
    with lock_data_dir(data_dir):
        cluster = Cluster(settings, Shape())
        try:
            _run(cluster)
        except KeyboardInterrupt:
            return 0
        finally:
            say("stopping")
            cluster.stop_all()


def _run(cluster: Cluster) -> NoReturn:
    say("starting PostgreSQL")
    cluster.prepare()
    prepared = prepare(cluster.settings, model_environment())
    cluster.use_model(prepared.model)
    say(f"starting {', '.join(cluster.shape.names)}; their logs are in {cluster.logs}")
    cluster.start_all()
    announce(f"http://{reachable(cluster.settings.host)}:{cluster.ports[PROXY]}", prepared.logins)
    supervisor = Supervisor(cluster)
    while True:
        supervisor.look(time.monotonic())
        time.sleep(LOOK_EVERY_SECONDS)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    """Stop once, however often one is told to."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> int:
    """Run; the exit code."""
    for number in ENDING:
        signal.signal(number, _end)
    return exit_code(lambda: serve(Settings()))


if __name__ == "__main__":
    raise SystemExit(main())
