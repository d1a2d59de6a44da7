"""An engine with its actions on a database of their own, for what asks the real assistant and leaves nothing behind."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from handover.settings import Settings
from handover.store.migrate import migrate
from scripts.stack import (
    LOOPBACK,
    Ports,
    engine_secret,
    free_port,
    health_urls,
    process_environment,
    processes,
    run_step,
    say,
    train,
    wait_ready,
)


@dataclass(frozen=True, slots=True)
class ScratchEngine:
    """Where it listens, the secret that it asks for, and its process."""

    port: int
    secret: str
    pid: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"


@contextmanager
def scratch_engine(settings: Settings) -> Iterator[ScratchEngine]:
    """Train if needed, import the catalogue, start both and wait until they answer; raises `RunError`."""
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    ports = Ports(handover=0, engine=free_port(), actions=free_port())
    with tempfile.TemporaryDirectory(prefix="kontakt-scratch-") as folder:
        own = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{folder}/kontakt.sqlite3"})
        secret = engine_secret(data_dir)
        env = process_environment(own, ports, secret)
        asyncio.run(migrate(own.resolved_database_url))
        run_step("importing the catalogue", [sys.executable, "-m", "catalogue", "import"], env)
        model = train(data_dir, env)
        say("starting engine and actions")
        with processes(["engine", "actions"], model, ports, env, Path(folder)) as running:
            urls = health_urls(ports)
            wait_ready([urls["engine"], urls["actions"]])
            yield ScratchEngine(ports.engine, secret, running["engine"].pid)
