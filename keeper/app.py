"""The only place where the keeper's parts are wired: settings in, an ASGI app out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from keeper.engines import Engines, Serve
from keeper.model_files import ModelFiles
from keeper.routes import engine_routes, secret_check
from keeper.settings import ROOT, KeeperSettings
from keeper.training_commands import engine_commands
from keeper.training_routes import training_routes
from keeper.trainings import Trainings


def create_keeper(settings: KeeperSettings, serve: Serve | None = None) -> FastAPI:
    """Return the app; nothing is started before it is. `serve` lets a test put another engine in Rasa's place."""
    files = ModelFiles(settings.models)
    engines = Engines(settings, files, serve)
    trainings = Trainings(settings.folder / "trainings", engine_commands(ROOT, settings.models.parent))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engines.open()
        await trainings.open()
        try:
            yield
        finally:
            await trainings.close()
            await engines.close()

    app = FastAPI(title="Kontakt keeper", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    for router in (engine_routes(engines, files), training_routes(trainings, settings.trees, settings.models)):
        app.include_router(router, dependencies=[secret_check(settings)])
    return app
