"""The real engine and actions, started once for all tests that need them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from handover.settings import Settings
from handover.store.migrate import migrate
from scripts.stack import (
    LOOPBACK,
    Ports,
    free_port,
    health_urls,
    process_environment,
    processes,
    run_step,
    train,
    wait_ready,
)
from tests.support.apart import run_apart

SECRET = "engine-secret-of-the-tests-0123456789"


@dataclass(frozen=True)
class RealEngine:
    """Where the real engine is, and what opens it."""

    url: str
    secret: str
    actions_url: str
    database_url: str


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngine]:
    """The trained engine with its actions on a catalogue of its own; trains only when there is no model yet."""
    folder = tmp_path_factory.mktemp("engine")
    ports = Ports(handover=free_port(), engine=free_port(), actions=free_port())
    database_url = f"sqlite+aiosqlite:///{folder / 'catalogue.sqlite3'}"
    settings = Settings(database_url=database_url)
    env = process_environment(settings, ports, SECRET)
    run_apart(migrate(database_url))
    run_step("importing the catalogue", [sys.executable, "-m", "catalogue", "import"], env)
    model = train(settings.data_dir.resolve(), env)
    with processes(["engine", "actions"], model, ports, env, Path(folder)):
        urls = health_urls(ports)
        wait_ready([urls["engine"], urls["actions"]])
        yield RealEngine(
            url=f"http://{LOOPBACK}:{ports.engine}",
            secret=SECRET,
            actions_url=f"http://{LOOPBACK}:{ports.actions}",
            database_url=database_url,
        )
