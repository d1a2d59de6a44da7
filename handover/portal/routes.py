"""The portal's addresses."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from handover.api.access import open_to
from handover.api.services import Services
from handover.core.errors import HandoverError
from handover.portal.asked import KIOSK, SEARCH, START, STATEMENT
from handover.portal.assets import PREFIX
from handover.portal.views import Portal

HITS = f"{SEARCH}/traffar"


def portal_routes(services: Services) -> APIRouter:
    """Return the routes of the portal's pages and files."""
    portal = Portal(services)

    class PageRoute(APIRoute):
        """A route whose failures are pages, too."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    return await handle(request)
                except HandoverError as error:
                    return portal.failed(request, error)

            return answer

    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    everybody, more_for_employees = open_to("everybody"), open_to("everybody; employees see internal services, too")
    for path, view, access in (
        (START, portal.start, more_for_employees),
        (SEARCH, portal.search, more_for_employees),
        (HITS, portal.hits, more_for_employees),
        (f"{START}/{{rest:path}}", portal.service, more_for_employees),
        (KIOSK, portal.kiosk, everybody),
        (STATEMENT, portal.statement, everybody),
        ("/sitemap.xml", portal.sitemap, everybody),
        ("/robots.txt", portal.robots, everybody),
        (f"{PREFIX}/{{name}}", portal.asset, everybody),
    ):
        router.add_api_route(path, view, methods=["GET"], response_model=None, dependencies=[access])
    return router
