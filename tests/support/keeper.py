"""The real keeper, its engines doubles that serve small model files; in this process, or as one of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from catalogue.tree import fingerprint
from handover.engine import SECRET_HEADER
from handover.store import models
from handover.store.models import Model
from handover.store.supervision import Who
from keeper.app import create_keeper
from keeper.notes import end_left_behind
from keeper.ports import LOOPBACK, lasting_ports
from keeper.settings import KeeperSettings
from scripts.component import Component, Running
from scripts.stack import ROOT
from tests.support.engine_double import ENGINE_SECRET
from tests.support.kontakt import Kontakt
from tests.support.server import serving
from tests.support.small_catalogue import write_data
from tests.support.waiting import eventually
from tests.swap.double_keeper import serve
from tests.swap.model_files import make_small

#: Starting Python on a busy machine takes a while.
PATIENCE_SECONDS = 60.0

Engine = dict[str, Any]
#: What a judgement that a model has passed comes to.
OPEN: dict[str, Any] = {"open": True, "reasons": []}


class KeeperClient:
    """Asks a keeper as the service would, and waits for what it does."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder
        self.http = httpx.AsyncClient(base_url=url, headers={SECRET_HEADER: ENGINE_SECRET}, trust_env=False)

    async def engines(self, model: str | None = None) -> list[Engine]:
        """Return the engines, of one model or all."""
        found: list[Engine] = (await self.http.get("/engines")).json()
        return [one for one in found if model in (None, one["model"])]

    async def start(self, model: str) -> list[Engine]:
        """Have a model served."""
        answer = await self.http.put(f"/engines/{model}")
        assert answer.status_code == 202, answer.text
        found: list[Engine] = answer.json()
        return found

    async def ready(self, model: str) -> list[Engine]:
        """Return the engines of a model once all are ready."""
        return await self.wait(model, lambda engines: all(one["state"] == "ready" for one in engines) and engines)

    async def wait(self, model: str, holds: Callable[[list[Engine]], Any]) -> list[Engine]:
        """Return the engines of a model once something holds of them."""
        found: list[Engine] = []

        async def fits() -> bool:
            found[:] = await self.engines(model)
            return bool(holds(found))

        await eventually(fits, f"what was to come of {model}", PATIENCE_SECONDS)
        return found

    def add_model(self, name: str, model_id: str | None = None) -> Path:
        """Add a small model file."""
        path = self.folder / "engine" / "models" / f"{name}.tar.gz"
        make_small(path, model_id or f"{name}-id")
        return path


async def add_model(
    kontakt: Kontakt,
    keeper: KeeperClient,
    name: str,
    services: list[dict[str, Any]],
    made_at: datetime,
    gate: dict[str, Any] | None = OPEN,
    judged_id: str | None = None,
) -> Model:
    """Add a model whose data holds these services, as a training does that has ended well."""
    keeper.add_model(name)
    tree = write_data(keeper.folder / "tuning" / "trees" / name, *services)
    base, eva = fingerprint(tree), Who("e", "Eva")
    model = Model(name, base, str(tree), made_at, eva, judged_id, f"c-{name}", gate=gate)
    await kontakt.services.database.write(lambda connection: models.add_model(connection, model))
    return model


def keeper_settings(folder: Path, port: int = 1, **changed: Any) -> KeeperSettings:
    """Return settings whose models and notes are in a folder of the test's own."""
    return KeeperSettings(keeper_port=port, data_dir=folder, engine_secret=ENGINE_SECRET, **changed)  # type: ignore[arg-type]


@asynccontextmanager
async def running_keeper(
    folder: Path, double: Callable[[Path, int], Sequence[str]] = serve, **changed: Any
) -> AsyncIterator[KeeperClient]:
    """Run the keeper in this process until the block ends; its engines end with it."""
    async with serving(create_keeper(keeper_settings(folder, **changed), double)) as port:
        client = KeeperClient(f"http://{LOOPBACK}:{port}", folder)
        async with client.http:
            yield client


class KeeperProcess:
    """The keeper as a process that can be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        port = lasting_ports(1)[0]
        self.client = KeeperClient(f"http://{LOOPBACK}:{port}", folder)
        self.folder = folder
        env = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "KONTAKT_KEEPER_PORT": str(port),
            "KONTAKT_DATA_DIR": str(folder),
            "KONTAKT_ENGINE_SECRET": ENGINE_SECRET,
        }
        command = [sys.executable, "-m", "tests.swap.double_keeper"]
        self.running = Running(Component("keeper", command, folder / "keeper.log", self._answers, env))

    async def start(self, **env: str) -> None:
        """Start and wait until it answers."""
        component = self.running.component
        self.running.component = Component(
            component.name, component.command, component.log, component.ready, {**component.env, **env}
        )
        self.running.start()
        await asyncio.to_thread(self.running.wait_ready)

    async def end(self, number: signal.Signals) -> None:
        """Send a signal to it alone, and wait until it has ended."""
        process = self.running._process
        assert process is not None
        process.send_signal(number)
        await asyncio.to_thread(process.wait, 20)

    def _answers(self) -> bool:
        try:
            headers = {SECRET_HEADER: ENGINE_SECRET}
            return httpx.get(f"{self.client.url}/engines", headers=headers, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@asynccontextmanager
async def keeper_process(folder: Path) -> AsyncIterator[KeeperProcess]:
    """Start a keeper as a process; whatever is left of it and of its engines is ended with the block."""
    keeper = KeeperProcess(folder)
    try:
        await keeper.start()
        async with keeper.client.http:
            yield keeper
    finally:
        await asyncio.to_thread(keeper.running.stop)
        await asyncio.to_thread(end_left_behind, folder / "keeper")
