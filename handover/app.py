"""The only place where the parts are wired: settings in, an ASGI app out.

The lifespan opens resources in order; one `AsyncExitStack` closes them in reverse.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from catalogue.phrases import Phrases
from handover.api.citizen_http import citizen_http_routes
from handover.api.citizen_socket import citizen_socket_routes
from handover.api.errors import add_error_handlers
from handover.api.frames import MAX_FRAME_BYTES
from handover.api.guide_socket import guide_socket_routes
from handover.api.health import health_routes
from handover.api.pages import BodyLimit, SecurityHeaders, mount_pages
from handover.api.services import Services
from handover.api.session import session_routes
from handover.assistant import Assistant
from handover.bus import InProcessBus
from handover.conversations import Conversations, Leases
from handover.core.supervision import Level
from handover.crisis_file import read_crisis_guide
from handover.engine import EnginePool
from handover.logs import configure_logs
from handover.queue import QueueWatch
from handover.settings import Mode, Settings
from handover.sign_in import SignIn
from handover.store.database import Database
from handover.sweeper import Sweeper
from handover.turns import TurnWorker

SWEEP_EVERY_SECONDS = 1.0
#: How long a stopping process waits for bot turns under way.
TURN_GRACE_SECONDS = 3.0


def create_app(settings: Settings) -> FastAPI:
    """Return the app; nothing is opened before it starts. Raises `CatalogueError` on broken data files."""
    configure_logs()
    production = settings.mode is Mode.PRODUCTION
    phrases = Phrases.read(settings.data)
    crisis = read_crisis_guide(settings.data)
    database = Database(settings.resolved_database_url)
    bus = InProcessBus()
    engine = EnginePool(
        map(str, settings.engine_url), settings.engine_secret.get_secret_value(), settings.engine_timeout_seconds
    )
    guide_lease = timedelta(seconds=settings.guide_lease_seconds)
    leases = Leases(
        turn=timedelta(seconds=settings.turn_lease_seconds), idle=timedelta(seconds=settings.idle_close_seconds)
    )
    conversations = Conversations(database, bus, leases)
    services = Services(
        settings=settings,
        database=database,
        bus=bus,
        engine=engine,
        conversations=conversations,
        queue=QueueWatch(database, bus, guide_lease),
        sign_in=SignIn(
            database,
            timedelta(seconds=settings.session_idle_seconds),
            timedelta(seconds=settings.session_max_seconds),
        ),
        crisis=crisis,
    )
    assistant = Assistant(engine, phrases, crisis, Level.AUTO, production=production)
    worker = TurnWorker(conversations, assistant, bus, timedelta(seconds=settings.draft_timeout_seconds))
    conversations.on_turn(worker.start)
    sweeper = Sweeper(database, conversations, worker, bus, phrases, guide_lease)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            await stack.enter_async_context(engine)
            if production:
                await services.sign_in.check_no_demo_accounts()
            stack.push_async_callback(worker.close, TURN_GRACE_SECONDS)
            for name, task in (
                ("queue", services.queue.run()),
                ("sweeper", sweeper.run(SWEEP_EVERY_SECONDS)),
            ):
                stack.push_async_callback(_cancel, asyncio.create_task(task, name=name))
            stack.callback(services.stopping.set)
            yield

    app = FastAPI(title="Kontakt", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    add_error_handlers(app)
    for routes in (
        health_routes,
        session_routes,
        citizen_http_routes,
        citizen_socket_routes,
        guide_socket_routes,
    ):
        app.include_router(routes(services))
    mount_pages(app, services)
    app.add_middleware(BodyLimit, max_bytes=MAX_FRAME_BYTES)
    app.add_middleware(SecurityHeaders)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.state.services = services
    return app


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
