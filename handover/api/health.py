"""Health: is the process alive, and is everything that it needs there."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import Connection, text

from handover.api.access import open_to
from handover.api.services import Services
from handover.core.errors import HandoverError


class Health(BaseModel):
    """What is well (true) and what is not."""

    database: bool
    engine: bool
    bus: bool


class Live(BaseModel):
    """Whether the process is on its way out."""

    stopping: bool


def health_routes(services: Services) -> APIRouter:
    """Return the routes `/health`, `/live` and `/ready`."""
    router = APIRouter(tags=["health"], dependencies=[open_to("whoever watches the service")])

    @router.get("/health")
    async def health(response: Response) -> Health:
        """Tell how it is; 503 only when the database is away, since without it nothing can be promised."""
        state = await _look(services)
        response.status_code = 200 if state.database else 503
        return state

    @router.get("/live")
    async def live(response: Response) -> Live:
        """Tell a proxy whether to send newcomers here: 503 once the process is stopping."""
        stopping = services.stopping.is_set()
        response.status_code = 503 if stopping else 200
        return Live(stopping=stopping)

    @router.get("/ready")
    async def ready(response: Response) -> Health:
        """Tell whether everything is there."""
        state = await _look(services)
        response.status_code = 200 if state.database and state.engine and not services.stopping.is_set() else 503
        return state

    return router


async def _look(services: Services) -> Health:
    return Health(
        database=await _writes(services),
        engine=await services.engine.is_healthy(),
        bus=services.bus.is_connected,
    )


async def _writes(services: Services) -> bool:
    """Tell whether the database takes writes; nothing is changed."""

    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE conversations SET epoch = epoch WHERE 1 = 0"))

    try:
        await services.database.write(work)
    except HandoverError:
        return False
    return True
