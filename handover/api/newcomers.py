"""The menu of what people new in Sweden ask: questions in their own language, answered without typing.

The questions are those that the catalogue has in the languages of newcomers. A conversation that is opened with the
menu offers them, so that choosing one is the same command as any other quick reply.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from catalogue.documents import NEWCOMER_LANGUAGES
from catalogue.snapshot import Answer, Catalogue, Faq
from handover.api import frames as f
from handover.api.access import open_to
from handover.api.caching import cached
from handover.api.services import Services
from handover.core.conversation import MAX_OPEN_CHOICES
from handover.core.events import Audience, Choice

#: Its questions stand first.
FIRST_SERVICE = "ny_i_sverige"
MAX_AGE_SECONDS = 300


def newcomer_routes(services: Services) -> APIRouter:
    """Return the route of the menu."""
    router = APIRouter(
        prefix="/api/v1/newcomers",
        tags=["citizen"],
        dependencies=[open_to("everybody; it holds nothing but questions of the public catalogue")],
    )

    @router.get("", response_model=f.NewcomerMenu)
    async def get_menu(request: Request, language: Annotated[f.LanguageTag, Query()] = "sv") -> Response:
        """Return the newcomers' questions in a language, or the nearest there is."""
        catalogue = (await services.knowledge.get()).catalogue
        questions = [
            f.NewcomerQuestion(title=one.question, payload=one.faq_id, language=one.language)
            for one in _questions(catalogue, language)
        ]
        menu = f.NewcomerMenu(questions=questions)
        # Pages elsewhere are told apart by their origin, in a header that must not be kept for another.
        # An empty menu is one of a service that is still being set up.
        age = MAX_AGE_SECONDS if questions else 0
        return cached(request, menu, f"public, max-age={age}", vary="Origin")

    return router


def newcomer_choices(catalogue: Catalogue, language: str) -> tuple[Choice, ...]:
    """Return the menu as quick replies."""
    return tuple(Choice(title=one.question, payload=one.faq_id) for one in _questions(catalogue, language))


def _questions(catalogue: Catalogue, language: str) -> list[Answer]:
    faqs = sorted(_translated(catalogue), key=lambda faq: faq.service != FIRST_SERVICE)
    citizen = Audience.CITIZEN.value
    return [catalogue.get_answer(faq.id, language, citizen) for faq in faqs[:MAX_OPEN_CHOICES]]


def _translated(catalogue: Catalogue) -> Iterator[Faq]:
    """Yield the citizens' questions that have an answer in a language of newcomers."""
    for service in catalogue.services.values():
        if service.audience == Audience.CITIZEN:
            yield from (faq for faq in service.faqs if not faq.texts.keys().isdisjoint(NEWCOMER_LANGUAGES))
