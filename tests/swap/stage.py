"""The service with its keeper as processes, whose death is noticed and mended; models to swap stand in its folder."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection

from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from catalogue.tree import fingerprint
from handover.api.services import SESSION_COOKIE
from handover.engine import SECRET_HEADER
from handover.settings import ROOT, Settings
from handover.sign_in import SignIn
from handover.store import models
from handover.store.database import Database
from handover.store.migrate import migrate
from handover.store.models import Line, Model
from handover.store.supervision import RULE
from keeper.model_files import ModelFiles, read_model_id
from keeper.notes import end_left_behind
from keeper.ports import LOOPBACK, lasting_ports
from keeper.restarts import Pauses
from scripts.component import Component, Running, answers_200
from scripts.stack import Ports, process_environment

SECRET = "the-secret-of-the-swap-test-0123456789"
KEEPER, ACTIONS, HANDOVER = "keeper", "actions", "handover"
LOOK_EVERY_SECONDS = 0.2
SWAP_SECONDS = 300.0
#: The FAQ whose answer is another in every model but the first; the load does not ask for it.
CHANGED_FAQ = "vigsel.boka"


@dataclass(frozen=True)
class Plan:
    """What is put on stage: model files by name, the first of which is in service."""

    folder: Path
    files: Sequence[str]
    #: Makes the file of a model at a path.
    make: Callable[[str, Path], None]
    double: bool
    data: Path = ROOT / "data"
    extra: Mapping[str, str] = field(default_factory=dict)


class Stage:
    """Use as an async context manager: everything runs inside, and nothing is left running."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        handover, actions, keeper = lasting_ports(3)
        self.ports = Ports(handover, 0, actions, keeper=keeper)
        self.url = f"http://{LOOPBACK}:{handover}"
        self.settings = Settings(data_dir=plan.folder, data=plan.data, port=handover)
        self.database = Database(self.settings.resolved_database_url)
        self.processes: dict[str, Running] = {}
        self.http = httpx.AsyncClient(base_url=self.url, trust_env=False, timeout=10.0)
        self.keeper = httpx.AsyncClient(
            base_url=f"http://{LOOPBACK}:{keeper}", headers={SECRET_HEADER: SECRET}, trust_env=False
        )
        self._mending: asyncio.Task[None] | None = None
        self._folder = plan.folder / "keeper"

    async def __aenter__(self) -> Stage:
        try:
            await self._set()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _set(self) -> None:
        await asyncio.to_thread(self._make_files)
        await migrate(self.settings.resolved_database_url)
        files = await asyncio.to_thread(read_catalogue, self.plan.data)
        await self.database.write(lambda connection: import_catalogue(connection, files))
        await self.database.write(self._note_models)
        logins = await SignIn(self.database, timedelta(0), timedelta(0)).make_demo_accounts(renew=False)
        self._password = {login.username: login.password for login in logins}["lead"]
        env = {**process_environment(self.settings, self.ports, SECRET), **self.plan.extra}
        logs = self.plan.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        keeper = "tests.swap.double_keeper" if self.plan.double else "keeper"
        commands: dict[str, tuple[str, Callable[[], bool]]] = {
            KEEPER: (keeper, self._keeper_listens),
            ACTIONS: ("actions", lambda: answers_200(self.ports.actions, "/health")),
            HANDOVER: ("handover", lambda: answers_200(self.ports.handover, "/live")),
        }
        for name, (module, ready) in commands.items():
            command = [sys.executable, "-m", module]
            running = Running(Component(name, command, logs / f"{name}.log", ready, env))
            self.processes[name] = running
            running.start()
        for running in self.processes.values():
            await asyncio.to_thread(running.wait_ready)
        await self.wait_until(self.is_ready, "the service")
        await self.sign_in()
        self._mending = asyncio.create_task(self._mend())

    async def __aexit__(self, *_: object) -> None:
        if self._mending is not None:
            self._mending.cancel()
            with suppress(asyncio.CancelledError):
                await self._mending
        for running in self.processes.values():
            running.ask_to_stop()
        for running in self.processes.values():
            await asyncio.to_thread(running.stop)
        end_left_behind(self._folder)
        await self.http.aclose()
        await self.keeper.aclose()
        await self.database.close()

    # --- what a lead does ---------------------------------------------------------------------------------------

    async def sign_in(self) -> None:
        """Sign the lead in; the session outlives the replica."""
        body = {"username": "lead", "password": self._password}
        answer = await self.http.post("/api/v1/session", json=body)
        answer.raise_for_status()
        assert SESSION_COOKIE in self.http.cookies

    async def begin(self, model: str, act: str = "put", why: str = "prov") -> httpx.Response:
        """Ask for a swap."""
        return await self.http.post(f"/api/v1/tuning/models/{model}/{act}", json={"why": why})

    async def swap(self, model: str, act: str = "put") -> Line:
        """Carry out a swap; return the line that says what came of it."""
        answer = await self.begin(model, act)
        assert answer.status_code == 202, answer.text
        return await self.outcome()

    async def outcome(self) -> Line:
        """Return what came of the swap that was begun last."""
        await self.wait_until(self._is_settled, "the end of a swap", SWAP_SECONDS)
        line = await self.database.read(models.last_line)
        assert line is not None
        return line

    async def _is_settled(self) -> bool:
        line = await self.database.read(models.last_line)
        return line is not None and line.kind != "begun"

    # --- what is seen -------------------------------------------------------------------------------------------

    async def engines(self) -> list[dict[str, Any]]:
        """Return the engines as the keeper tells of them; none while it is away."""
        with suppress(httpx.HTTPError):
            answer = await self.keeper.get("/engines")
            found: list[dict[str, Any]] = answer.json()
            return found
        return []

    async def wait_for_engine(self, model: str, *states: str) -> dict[str, Any]:
        """Return an engine of the model once it is in one of these states and has a process."""
        found: list[dict[str, Any]] = []

        async def there() -> bool:
            found[:] = [
                one for one in await self.engines() if one["model"] == model and one["state"] in states and one["pid"]
            ]
            return bool(found)

        await self.wait_until(there, f"{model} {states}")
        return found[0]

    async def is_ready(self) -> bool:
        """Tell whether the service says that everything is there."""
        return await asyncio.to_thread(answers_200, self.ports.handover, "/ready")

    async def wait_until(self, holds: Callable[[], Any], what: str, seconds: float = SWAP_SECONDS) -> None:
        """Wait until something holds; fails at the deadline."""
        deadline = time.monotonic() + seconds
        while not await holds():
            assert time.monotonic() < deadline, f"no {what} in {seconds:g} s"
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    # --- what goes wrong ----------------------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """Kill one process, and nothing that it has started; it is started again."""
        pid = self.processes[name].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    async def _mend(self) -> None:
        pauses = {name: Pauses() for name in self.processes}
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            for name, running in self.processes.items():
                if running.pid is None:
                    await asyncio.sleep(pauses[name].next(time.monotonic()))
                    pauses[name].started(time.monotonic())
                    running.start()

    # --- how it is set ------------------------------------------------------------------------------------------

    def _make_files(self) -> None:
        self.settings.trees.mkdir(parents=True, exist_ok=True)
        folder = self.plan.folder / "engine" / "models"
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.plan.files:
            self.plan.make(name, folder / f"{name}.tar.gz")
        shutil.copytree(self.plan.data, self.tree("other"))
        service = self.tree("other") / "catalogue" / f"{CHANGED_FAQ.partition('.')[0]}.yml"
        text = service.read_text(encoding="utf-8")
        service.write_text(
            text.replace("Hur bokar vi borgerlig vigsel?", "Hur bokar man borgerlig vigsel?", 1), encoding="utf-8"
        )

    def tree(self, name: str) -> Path:
        """Return where the data of a model stands."""
        return self.settings.trees / name

    def _note_models(self, connection: Connection) -> None:
        files = ModelFiles(self.plan.folder / "engine" / "models")
        base = fingerprint(self.plan.data)
        for number, name in enumerate(self.plan.files):
            file = files.get(name)
            tree = self.plan.data if number == 0 else self.tree("other")
            gate = {"open": True, "reasons": []}
            model = Model(name, base, str(tree), file.made_at, RULE, read_model_id(file), gate=gate)
            models.add_model(connection, model)
        models.add_line(connection, datetime.now(UTC), self.plan.files[0], "put", RULE, "Den första modellen.")

    def _keeper_listens(self) -> bool:
        try:
            url = f"http://{LOOPBACK}:{self.ports.keeper}/models"
            return httpx.get(url, headers={SECRET_HEADER: SECRET}, trust_env=False).is_success
        except httpx.HTTPError:
            return False
