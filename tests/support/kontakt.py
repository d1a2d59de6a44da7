"""The real app under a real server, with the clients that tests need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml
from fastapi import FastAPI

from catalogue.opening import day_names
from handover.api.services import SESSION_COOKIE, Services
from handover.app import create_app
from handover.conversations import Clock, utc_now
from handover.settings import ROOT, Settings
from tests.support.clients import CitizenClient, GuideClient, PollingCitizen
from tests.support.engine_double import EngineDouble
from tests.support.server import serving

DATA = ROOT / "data"
KEPT_PATTERNS = 4
_ALL_DAY = ["00:00-24:00"]
#: Hours that never close, as they stand in `data/opening_hours.yml`: a test does not depend on when it runs.
ALWAYS_OPEN: dict[str, Any] = {
    "source": "facts",
    "placeholder": "oppettider_kontakt",
    "weekly": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), _ALL_DAY),
    "holidays": dict.fromkeys(sorted(day_names()), _ALL_DAY),
}


class Kontakt:
    """One running handover service: its address, its engine double and its demo accounts."""

    def __init__(
        self, app: FastAPI, url: str, engine: EngineDouble, passwords: dict[str, str], stack: AsyncExitStack
    ) -> None:
        self.app = app
        self.url = url
        self.engine = engine
        self._passwords = passwords
        self._stack = stack
        self.services: Services = app.state.services
        self.http = httpx.AsyncClient(base_url=url, trust_env=False)

    async def open(self, **body: Any) -> tuple[str, str]:
        """Open a conversation; return its id and token."""
        answer = await self.http.post("/api/v1/conversations", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["conversation_id"], answer.json()["token"]

    async def keep(self, client: CitizenClient) -> None:
        """Connect a client, and close it when the service is stopped."""
        await self._stack.enter_async_context(client)

    async def citizen(self, **body: Any) -> CitizenClient:
        """Return a citizen who has opened a conversation and is connected to it."""
        client = CitizenClient(self.url, *await self.open(**body))
        await self.keep(client)
        await client.wait_for_type("welcome")
        return client

    async def polling_citizen(self, **body: Any) -> PollingCitizen:
        """Return a citizen who has opened a conversation and goes by plain HTTP."""
        return PollingCitizen(self.http, *await self.open(**body))

    async def waiting_citizen(self) -> CitizenClient:
        """Return a citizen who stands in the queue."""
        citizen = await self.citizen()
        await citizen.do("ask_human")
        return citizen

    async def session(self, username: str = "guide") -> str:
        """Sign in with a client of its own; return the session's token."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            body = {"username": username, "password": self._passwords[username]}
            answer = await http.post("/api/v1/session", json=body)
            assert answer.status_code == 200, answer.text
            return answer.cookies[SESSION_COOKIE]

    async def guide(self, username: str = "guide", **options: Any) -> GuideClient:
        """Return a guide who is signed in and connected."""
        client = GuideClient(self.url, await self.session(username), **options)
        await self._stack.enter_async_context(client)
        await client.wait_for_frame(lambda f: f["type"] == "welcome" and client.frames[0] is f, "welcome")
        client._taken.discard(0)
        return client

    def password(self, username: str) -> str:
        """Return the password of a demo account."""
        return self._passwords[username]


def make_small_data(folder: Path) -> Path:
    """Fill `folder` with what the service reads at start; of the crisis patterns only the first Swedish ones."""
    crisis = yaml.load((DATA / "crisis.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    crisis["patterns"] = {"sv": crisis["patterns"]["sv"][:KEPT_PATTERNS]}
    (folder / "crisis.yml").write_text(yaml.safe_dump(crisis, allow_unicode=True), encoding="utf-8")
    for name in ("phrases.yml", "canned.yml", "placeholders.yml"):
        (folder / name).write_bytes((DATA / name).read_bytes())
    hours = yaml.safe_dump(ALWAYS_OPEN, allow_unicode=True)
    (folder / "opening_hours.yml").write_text(hours, encoding="utf-8")
    return folder


def open_data(folder: Path, hours: dict[str, Any] = ALWAYS_OPEN) -> Path:
    """Return a data folder that holds the product's own, but other hours; by default they never close."""
    folder.mkdir()
    for path in DATA.iterdir():
        if path.name != "opening_hours.yml":
            (folder / path.name).symlink_to(path)
    (folder / "opening_hours.yml").write_text(yaml.safe_dump(hours, allow_unicode=True), encoding="utf-8")
    return folder


def make_settings(database_url: str, engine: EngineDouble, data_dir: Path, **changed: Any) -> Settings:
    """Return settings for a test: demo mode, the double as engine."""
    return Settings(
        database_url=database_url,
        engine_url=(engine.url,),  # type: ignore[arg-type]
        engine_secret=engine.secret,  # type: ignore[arg-type]
        data_dir=data_dir,
        **changed,
    )


@asynccontextmanager
async def running_kontakt(
    settings: Settings,
    engine: EngineDouble,
    passwords: dict[str, str],
    port: int | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[Kontakt]:
    """Run the app until the block ends; clients are closed first."""
    app = create_app(settings, clock=clock)
    async with serving(app, port) as bound, AsyncExitStack() as stack:
        kontakt = Kontakt(app, f"http://127.0.0.1:{bound}", engine, passwords, stack)
        stack.push_async_callback(kontakt.http.aclose)
        yield kontakt
