"""What guides look up beside a conversation, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from catalogue.canned import find_canned
from catalogue.snapshot import Catalogue, Service
from handover.api import knowledge_models as k
from handover.api.access import DeskAccount, requires
from handover.api.caching import cached
from handover.api.frames import LanguageTag, ServiceId
from handover.api.knowledge_views import canned_answers, card, earlier_conversation, hit, service_line
from handover.api.services import Services
from handover.core.errors import HandoverError
from handover.core.roles import Right
from handover.store.earlier import list_earlier

MAX_AGE_SECONDS = 60

Words = Annotated[str, Query(max_length=k.MAX_QUERY_CHARS)]


def knowledge_routes(services: Services) -> APIRouter:
    """Return the routes of what is known: catalogue, ready-made answers, earlier conversations."""
    router = APIRouter(prefix="/api/v1", tags=["knowledge"], dependencies=[requires(Right.DESK)])
    source = services.knowledge

    @router.get("/catalogue/services", response_model=k.CatalogueServices)
    async def list_services(request: Request, language: LanguageTag = "sv") -> Response:
        """Return all services, those for staff too."""
        catalogue = (await source.get()).catalogue
        lines = [service_line(service, language) for service in catalogue.services.values()]
        faqs = [faq for service in catalogue.services.values() for faq in service.faqs]
        questions = {faq.id: catalogue.fill(faq.questions["sv"], "sv") for faq in faqs}
        return _cached(request, k.CatalogueServices(services=lines, questions=questions))

    @router.get("/catalogue/services/{service_id}", response_model=k.CatalogueCard)
    async def get_service(request: Request, service_id: str, language: LanguageTag = "sv") -> Response:
        """Return what the catalogue says of one service, in the language or the nearest there is."""
        catalogue = (await source.get()).catalogue
        return _cached(request, card(catalogue, _get_service(catalogue, service_id), language))

    @router.post("/catalogue/search")
    async def search(body: k.SearchCatalogue) -> k.CatalogueHits:
        """Return the answers that the catalogue's search finds for somebody of this audience.

        It changes nothing. What is searched for is often what a citizen wrote, and an address ends up in logs.
        """
        known = await source.get()
        found = await known.search(body.q, body.audience.value, body.limit)
        return k.CatalogueHits(hits=[hit(known.catalogue, one.faq_id, body.language) for one in found])

    @router.get("/canned")
    async def list_canned(
        guide: DeskAccount, language: LanguageTag = "sv", service: ServiceId | None = None, q: Words = ""
    ) -> k.CannedAnswers:
        """Return the ready-made answers that fit `q`, filled in for this guide and the service."""
        catalogue = (await source.get()).catalogue
        about = _get_service(catalogue, service) if service is not None else None
        return canned_answers(find_canned(source.canned, q, language), catalogue, language, guide.name, about)

    @router.get("/conversations/{conversation_id}/earlier")
    async def get_earlier(conversation_id: str) -> k.EarlierConversations:
        """Return the earlier conversations of the same signed-in person; none where nobody was signed in."""
        found = await services.database.read(lambda connection: list_earlier(connection, conversation_id))
        return k.EarlierConversations(conversations=[earlier_conversation(one) for one in found])

    return router


def _get_service(catalogue: Catalogue, service_id: str) -> Service:
    service = catalogue.services.get(service_id)
    if service is None:
        raise HandoverError("service_unknown")
    return service


def _cached(request: Request, body: BaseModel) -> Response:
    """Return a body that the browser may keep for a while, for this session."""
    return cached(request, body, f"private, max-age={MAX_AGE_SECONDS}", vary="Cookie")
