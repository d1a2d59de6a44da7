"""The only place where the parts are wired: settings in, an ASGI app out.

The lifespan opens resources in order; one `AsyncExitStack` closes them in reverse.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import WebSocketRoute

from catalogue.canned import read_canned
from catalogue.opening import ALWAYS_OPEN, OpeningHours
from catalogue.opening_file import read_opening_hours
from catalogue.phrases import Phrases
from handover.account_keeper import AccountKeeper
from handover.after_hours import AfterHours
from handover.api.accounts import account_routes
from handover.api.citizen_http import citizen_http_routes
from handover.api.citizen_socket import CitizenDoor
from handover.api.errors import add_error_handlers
from handover.api.frames import MAX_FRAME_BYTES
from handover.api.guide_socket import GuideDoor
from handover.api.health import health_routes
from handover.api.knowledge import knowledge_routes
from handover.api.newcomers import newcomer_routes
from handover.api.notices import notice_routes
from handover.api.origins import OriginGuard
from handover.api.pages import BodyLimit, SecurityHeaders, mount_pages
from handover.api.provider_sign_in import provider_routes
from handover.api.reviews import review_routes
from handover.api.rollout import rollout_routes
from handover.api.services import Services
from handover.api.session import session_routes
from handover.api.tuning.changes import IMPORT_PATH, change_routes
from handover.api.tuning.inbox import inbox_routes
from handover.api.tuning.models import model_routes
from handover.api.tuning.playground import playground_routes
from handover.api.tuning.trainings import training_routes
from handover.assistant import Assistant
from handover.bus import InProcessBus
from handover.conversations import Clock, Conversations, Leases, utc_now
from handover.core.claims import RoleRule
from handover.core.errors import HandoverError
from handover.core.rollout import Policy
from handover.crisis_file import read_crisis_guide
from handover.danger import DangerWatch
from handover.dispatch import Dispatcher
from handover.duty import DutyWatch
from handover.engine_pool import EnginePool
from handover.identity_provider import IdentityProvider
from handover.knowledge import KnowledgeSource
from handover.logs import configure_logs
from handover.memory import collect_now_and_then
from handover.news import News
from handover.notices import NoticeBoard
from handover.portal.routes import portal_routes
from handover.queue import QueueWatch
from handover.redis_bus import RedisBus
from handover.settings import Assignment, Mode, Settings
from handover.sign_in import SignIn
from handover.store.database import Database
from handover.supervision import Defaults, Supervision
from handover.sweeper import Limits, Sweeper
from handover.throttle import SignInThrottle
from handover.tuning.changes.desk import open_desk
from handover.tuning.changes.importing import MAX_IMPORT_BYTES
from handover.tuning.inbox.board import Inbox
from handover.tuning.models.served import ServedModels
from handover.tuning.playground import NeighbourWatch, Playground
from handover.tuning.proposing import ChangeSetTarget
from handover.tuning.training.desk import open_trainings
from handover.turns import Drafting, TurnWorker

log = structlog.get_logger(__name__)

SWEEP_EVERY_SECONDS = 1.0
#: How long a stopping process waits for bot turns under way.
TURN_GRACE_SECONDS = 3.0


def create_app(
    settings: Settings, make_conversations: type[Conversations] = Conversations, clock: Clock = utc_now
) -> FastAPI:
    """Return the app; nothing is opened before it starts. Raises `CatalogueError` on broken data files.

    `make_conversations` and `clock` let a test put its own use cases and its own time in place of the product's.
    """
    configure_logs()
    production = settings.mode is Mode.PRODUCTION
    data = settings.resolved_served_data
    phrases = Phrases.read(data)
    crisis = read_crisis_guide(data)
    canned = read_canned(data)
    opening = _opening_hours(settings)
    database = Database(settings.resolved_database_url)
    local, replica = InProcessBus(), uuid.uuid4().hex
    news = News(database, local)
    bus = RedisBus(settings.redis_url, replica, local, news) if settings.redis_url else local
    secret = settings.engine_secret.get_secret_value()
    fixed = () if settings.keeper_url else map(str, settings.engine_url)
    engine = EnginePool(fixed, secret, settings.engine_timeout_seconds, clock)
    guide_lease = timedelta(seconds=settings.guide_lease_seconds)
    auto_away = timedelta(seconds=settings.auto_away_seconds)
    leases = Leases(
        turn=timedelta(seconds=settings.turn_lease_seconds), idle=timedelta(seconds=settings.idle_close_seconds)
    )
    session_times = (timedelta(seconds=settings.session_idle_seconds), timedelta(seconds=settings.session_max_seconds))
    conversations = make_conversations(database, bus, leases, clock, replica)
    knowledge = KnowledgeSource(database, canned)
    supervision = Supervision(database, bus, knowledge, conversations, phrases, _defaults(settings), clock)
    served = ServedModels(settings, database, bus, knowledge, engine, lambda: supervision.rules, clock)
    assistant = Assistant(engine, phrases, crisis, lambda: supervision.levels)
    playground = Playground(engine, assistant)
    changes = open_desk(settings.data, settings.data_dir / "tuning", database, clock, NeighbourWatch(playground))
    services = Services(
        settings=settings,
        database=database,
        bus=bus,
        engine=engine,
        conversations=conversations,
        queue=QueueWatch(database, bus, guide_lease, opening, clock),
        duty=DutyWatch(database, bus, guide_lease, auto_away, clock),
        sign_in=SignIn(database, *session_times, clock, bus),
        danger=DangerWatch(crisis, engine),
        keeper=AccountKeeper(database, bus, *session_times, clock),
        throttle=SignInThrottle(),
        provider=_identity_provider(settings),
        knowledge=knowledge,
        supervision=supervision,
        models=served.models,
        opening=opening,
        notices=NoticeBoard(database, clock),
        changes=changes,
        trainings=open_trainings(settings, database, changes, crisis, clock),
        playground=playground,
        inbox=Inbox(database, knowledge, ChangeSetTarget(changes.sets), clock),
    )
    drafting = Drafting(timedelta(seconds=settings.draft_timeout_seconds), settings.sampled_share, settings.audit_share)
    worker = TurnWorker(conversations, assistant, bus, drafting, clock)
    conversations.on_turn(worker.start)
    conversations.judge_by(lambda: supervision.rules)
    limits = Limits(guide_lease, auto_away, leases.idle, drafting.timeout)
    sweeper = Sweeper(database, conversations, worker, bus, phrases, limits, clock)
    automatic = settings.assignment is Assignment.AUTOMATIC
    dispatcher = Dispatcher(database, bus, guide_lease, automatic=automatic, clock=clock)
    after_hours = AfterHours(database, bus, conversations, phrases, opening, guide_lease, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            stack.push_async_callback(conversations.close)
            stack.push_async_callback(services.inbox.close)
            await stack.enter_async_context(engine)
            await stack.enter_async_context(served)
            await stack.enter_async_context(services.trainings)
            if production:
                await services.sign_in.check_no_demo_accounts()
            stack.push_async_callback(worker.close, TURN_GRACE_SECONDS)
            with suppress(HandoverError):  # A database that is away is waited for; until then nothing is answered.
                await supervision.refresh()
            tasks = {
                "supervision": supervision.run(),
                "queue": services.queue.run(),
                "duty": services.duty.run(),
                "dispatcher": dispatcher.run(),
                "after_hours": after_hours.run(),
                "sweeper": sweeper.run(SWEEP_EVERY_SECONDS),
                "memory": collect_now_and_then(),
            }
            if not database.is_sqlite:  # An SQLite file has one process, which hears itself.
                tasks["news"] = news.run()
            if isinstance(bus, RedisBus):
                tasks["bus"] = bus.run()
            for name, task in tasks.items():
                stack.push_async_callback(_cancel, asyncio.create_task(task, name=name))
            stack.callback(services.stopping.set)
            yield

    app = FastAPI(title="Kontakt", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    add_error_handlers(app)
    for routes in (
        health_routes,
        rollout_routes,
        review_routes,
        session_routes,
        provider_routes,
        account_routes,
        citizen_http_routes,
        newcomer_routes,
        knowledge_routes,
        notice_routes,
        model_routes,
        training_routes,
        playground_routes,
        change_routes,
        inbox_routes,
        portal_routes,
    ):
        app.include_router(routes(services))
    app.router.routes += [
        WebSocketRoute("/api/v1/citizen", CitizenDoor(services)),
        WebSocketRoute("/api/v1/guide", GuideDoor(services)),
    ]
    mount_pages(app, services)
    app.add_middleware(BodyLimit, max_bytes=MAX_FRAME_BYTES, longer={IMPORT_PATH: MAX_IMPORT_BYTES})
    app.add_middleware(OriginGuard, settings=settings)
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


def _opening_hours(settings: Settings) -> OpeningHours:
    """Return the hours that may be told of: in production none that are made up."""
    data = settings.resolved_served_data
    opening = read_opening_hours(data)
    if opening.is_example and settings.mode is Mode.PRODUCTION:
        log.warning("opening_hours_are_an_example", file=str(data / "opening_hours.yml"))
        return ALWAYS_OPEN
    return opening


def _defaults(settings: Settings) -> Defaults:
    return Defaults(
        level=settings.resolved_default_level,
        policy=Policy(
            target=settings.rollout_target, floor=settings.rollout_floor, min_samples=settings.rollout_min_samples
        ),
        automatic=settings.automatic_promotion,
        production=settings.mode is Mode.PRODUCTION,
    )


def _identity_provider(settings: Settings) -> IdentityProvider | None:
    if not settings.oidc_issuer:
        return None
    rule = RoleRule(settings.oidc_role_claim, settings.oidc_roles, settings.oidc_default_role)
    return IdentityProvider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value(), rule
    )


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
