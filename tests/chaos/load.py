"""The load: hundreds of citizens and tens of guides over real sockets, shaken now and then, and their calm end."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from argon2 import PasswordHasher
from sqlalchemy import Connection

from handover.api.services import SESSION_COOKIE
from handover.core.roles import Role
from handover.store.accounts import Account, add_account
from handover.store.database import Database
from tests.chaos.citizens import Citizen
from tests.chaos.guides import Desk, Guide
from tests.chaos.journal import Journal
from tests.chaos.peers import Peer, World

#: How many messages come of one thing that a citizen does, on average; measured, for the pace.
MESSAGES_A_STEP = 2.2
CITIZENS_SHARE = 0.75
#: More than a guide of a run ever has: the rooms of guides are not looked at here.
CAPACITY = 10_000
AWAY_SHARE, AWAY_SECONDS = 0.1, (1.0, 5.0)
CALM_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class LoadSize:
    """How much load there is."""

    citizens: int = 220
    guides: int = 24
    messages_per_second: float = 110.0
    races_per_second: float = 3.0
    aborts_per_second: float = 12.0


class Load:
    """All clients of a run."""

    def __init__(self, world: World, size: LoadSize, database_url: str) -> None:
        self.world = world
        self.size = size
        self._dsn = database_url.replace("+asyncpg", "")
        self._database_url = database_url
        self._chance = world.source("load")
        self._desk = Desk(world, size.races_per_second)
        self._tasks: list[asyncio.Task[None]] = []

    async def sign_in_guides(self) -> None:
        """Make the guides' accounts and sign them in over HTTP, as their console would."""
        password = secrets.token_urlsafe(12)
        # A password that is quick to check: signing in is not what is looked at here.
        hashed = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(password)
        roles = frozenset({Role.GUIDE})
        accounts = [
            Account(str(uuid.uuid4()), name, name, roles, hashed, demo=False, capacity=CAPACITY)
            for name in (f"chaos-{number}" for number in range(self.size.guides))
        ]

        def add(connection: Connection) -> None:
            for account in accounts:
                add_account(connection, account)

        database = Database(self._database_url)
        try:
            await database.write(add)
        finally:
            await database.close()
        for number, account in enumerate(accounts):
            answer = await self.world.http(number).post(
                "/api/v1/session", json={"username": account.username, "password": password}
            )
            answer.raise_for_status()
            cookie = answer.cookies[SESSION_COOKIE]
            self.world.http(number).cookies.clear()
            self.world.journal.write("guide", w=f"guide-{number}", id=account.id)
            guide = Guide(number, self.world, self.world.door(number), account.id, cookie)
            self._desk.guides.append(guide)

    async def run(self, seconds: float) -> None:
        """Put the load on for so long."""
        steps = self.size.messages_per_second * CITIZENS_SHARE / MESSAGES_A_STEP
        think = self.size.citizens / steps
        citizens = [Citizen(number, self.world, self._desk, think) for number in range(self.size.citizens)]
        self._desk.citizens = citizens
        for guide in self._desk.guides:
            guide.begin()
        work = [*(citizen.live() for citizen in citizens), self._desk.run(), self._shake()]
        self._tasks = [asyncio.create_task(one) for one in work]
        done, _ = await asyncio.wait(self._tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
        self.world.running = False

    async def calm_down(self, seconds: float) -> bool:
        """Let everything come to its end; tells whether it did in time: answers, turns, and what each client sees."""
        calm = False
        for peer in self._peers():
            peer.come_back()
        connection = await asyncpg.connect(self._dsn)
        try:
            async with asyncio.timeout(seconds):
                await self._desk.finish()
                while not calm:
                    await asyncio.sleep(CALM_LOOK_SECONDS)
                    calm = not any(peer.outstanding for peer in self._peers()) and await self._all_seen(connection)
        except TimeoutError:
            pass
        finally:
            await connection.close()
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        await asyncio.gather(*(peer.leave() for peer in self._peers()))
        return calm

    async def _all_seen(self, connection: asyncpg.Connection) -> bool:
        if await connection.fetchval("SELECT count(*) FROM turns WHERE status <> 'done'"):
            return False
        stands = dict(await connection.fetch("SELECT id, last_seq FROM conversations"))
        lines = [citizen.line for citizen in self._desk.citizens if citizen.line is not None]
        return all(line.seen >= stands[line.conversation_id] for line in lines)

    def _peers(self) -> list[Peer]:
        lines = [citizen.line for citizen in self._desk.citizens if citizen.line is not None]
        return [*lines, *self._desk.guides]

    async def _shake(self) -> None:
        """Break one connection after the other, as networks do."""
        while self.world.running:
            await asyncio.sleep(self._chance.expovariate(self.size.aborts_per_second))
            there = [peer for peer in self._peers() if peer.connected]
            if not there:
                continue
            peer = self._chance.choice(there)
            away = 0.0
            if not peer.outstanding and self._chance.random() < AWAY_SHARE:
                away = self._chance.uniform(*AWAY_SECONDS)
            self.world.done["aborts"] += peer.abort(away)


@asynccontextmanager
async def world_of(journal: Journal, seed: int, doors: list[int]) -> AsyncIterator[World]:
    """Return the world of a run; its plain HTTP ends with the block."""
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{door}", trust_env=False, timeout=10.0)
            )
            for door in doors
        ]
        yield World(journal, seed, doors, http_clients=clients)
