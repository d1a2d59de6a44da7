"""The service of a soak: a real replica in a process of its own, its database, and the engine's double."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from argon2 import PasswordHasher
from sqlalchemy import Connection

from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from handover.core.roles import Role
from handover.settings import ROOT, Settings
from handover.store.accounts import Account, add_account
from handover.store.database import Database
from scripts.stack import LOOPBACK, Ports, free_port, health_urls, process_environment, start_process, wait_ready
from tests.support.apart import run_apart
from tests.support.databases import make_postgres_template, make_sqlite_template, postgres_server, sqlite_url
from tests.support.kontakt import DATA, open_data

STOP_SECONDS = 12.0
#: More than a guide of a soak ever has: the rooms of guides are not looked at here.
CAPACITY = 10_000


@dataclass
class Service:
    """A running replica that can be restarted; `guides` are accounts that may sign in with `password`."""

    database_url: str
    ports: Ports
    env: dict[str, str]
    folder: Path
    guides: list[Account]
    password: str
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start the replica and wait until it is ready."""
        self.process = start_process("handover", Path(), self.ports, self.env, self.folder)
        wait_ready([health_urls(self.ports)["handover"]])

    def stop(self) -> None:
        """Stop the replica, as a rollout does."""
        self.process.terminate()
        self.process.wait(STOP_SECONDS)

    async def restart(self) -> None:
        """Stop the replica and start another in its place."""
        await asyncio.to_thread(self.stop)
        await asyncio.to_thread(self.start)

    def memory(self) -> int:
        """Return how many bytes the replica has for itself."""
        return memory_of(psutil.Process(self.process.pid))


def memory_of(*processes: psutil.Process) -> int:
    """Return how many bytes processes have for themselves; one that has gone meanwhile has none."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total


@contextmanager
def running_service(folder: Path, database: str, guides: int) -> Iterator[Service]:
    """Run a replica on an SQLite file or a PostgreSQL of its own (`database`) until the block ends."""
    with _database(folder, database) as url:
        password = secrets.token_urlsafe(12)
        # A password that is quick to check: signing in is not what is looked at here.
        hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(password)
        accounts = [
            Account(str(uuid.uuid4()), name, name, frozenset({Role.GUIDE}), hashed, demo=False, capacity=CAPACITY)
            for name in (f"soak-{number}" for number in range(guides))
        ]
        run_apart(_fill(url, accounts))
        ports = Ports(handover=free_port(), engine=free_port(), actions=1)
        settings = Settings(database_url=url, data_dir=folder, data=open_data(folder / "data"))
        env = process_environment(settings, ports, secrets.token_urlsafe(32))
        service = Service(url, ports, env, folder, accounts, password)
        with _engine(ports.engine, env, folder):
            service.start()
            try:
                yield service
            finally:
                service.stop()


@contextmanager
def _database(folder: Path, kind: str) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "kontakt.sqlite3"
        make_sqlite_template(path)
        yield sqlite_url(path)
        return
    with postgres_server() as server:
        yield server.url(make_postgres_template(server).source)


async def _fill(url: str, accounts: list[Account]) -> None:
    def add(connection: Connection) -> None:
        for account in accounts:
            add_account(connection, account)

    database = Database(url)
    try:
        await database.write(add)
        files = read_catalogue(DATA)
        await database.write(lambda connection: import_catalogue(connection, files))
    finally:
        await database.close()


@contextmanager
def _engine(port: int, env: dict[str, str], folder: Path) -> Iterator[None]:
    with (folder / "engine.log").open("ab") as log:
        command = [sys.executable, "-m", "tests.chaos.engine_process", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_ready([f"http://{LOOPBACK}:{port}/webhooks/kontakt/health"])
        yield
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
