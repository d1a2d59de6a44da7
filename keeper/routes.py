"""The keeper's door: engines and model files. The handover service alone is let in, by the secret header."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Depends, Header, HTTPException
from pydantic import BaseModel

from keeper.engine import Engine, EngineState
from keeper.engines import Engines, ModelInUse
from keeper.model_files import ModelFiles, ModelUnknown
from keeper.settings import KeeperSettings


class EngineView(BaseModel):
    """One engine process."""

    model: str
    number: int
    url: str
    #: What the model calls itself in its answers; empty when its file cannot be read.
    model_id: str
    state: EngineState
    since: datetime
    pid: int | None
    #: Bytes in memory.
    rss: int | None
    #: Why it has failed, in a sentence.
    problem: str | None


class ModelView(BaseModel):
    """One model file."""

    model: str
    #: Bytes on disk.
    size: int
    made_at: datetime


def secret_check(settings: KeeperSettings) -> Any:
    """Return the dependency that turns away whoever does not know the secret."""
    secret = settings.engine_secret.get_secret_value().encode()

    async def check(x_kontakt_secret: str = Header(default="")) -> None:
        if not hmac.compare_digest(x_kontakt_secret.encode(), secret):
            raise HTTPException(401, "secret_invalid")

    return Depends(check)


def engine_routes(engines: Engines, files: ModelFiles) -> APIRouter:
    """Return the routes `/engines` and `/models`."""
    router = APIRouter(tags=["engines"])

    @router.get("/engines")
    async def list_engines() -> list[EngineView]:
        """List the engines, those on their way out last."""
        return [_engine_view(one) for one in engines.all()]

    @router.put("/engines/{model}", status_code=202)
    async def start_engine(model: str) -> list[EngineView]:
        """Have a model served beside the others."""
        try:
            return [_engine_view(one) for one in await engines.start(model)]
        except ModelUnknown:
            raise HTTPException(404, "model_unknown") from None

    @router.delete("/engines/{model}", status_code=202)
    async def stop_engine(model: str) -> None:
        """Have a model no longer served, once the turns under way have ended."""
        engines.stop(model)

    @router.get("/models")
    def list_models() -> list[ModelView]:
        """List the model files, the newest first."""
        return [ModelView(model=one.name, size=one.size, made_at=one.made_at) for one in files.all()]

    @router.delete("/models/{model}", status_code=204)
    async def delete_model(model: str) -> None:
        """Delete a model file that no engine serves."""
        try:
            engines.delete_model(model)
        except ModelUnknown:
            raise HTTPException(404, "model_unknown") from None
        except ModelInUse:
            raise HTTPException(409, "model_in_use") from None

    return router


def _engine_view(engine: Engine) -> EngineView:
    process = engine.process
    alive = process is not None and process.lives
    return EngineView(
        model=engine.launch.model,
        number=engine.launch.number,
        url=engine.launch.url,
        model_id=engine.launch.model_id,
        state=engine.state,
        since=engine.since,
        pid=process.pid if process and alive else None,
        rss=process.memory if process and alive else None,
        problem=engine.problem,
    )
