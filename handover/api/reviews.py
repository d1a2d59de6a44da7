"""The review list over HTTP: answers to judge, and a verdict from people who have no desk."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from handover.api import rollout_models as m
from handover.api.access import requires
from handover.api.frames import Accepted, ConversationId
from handover.api.review_views import review_item
from handover.api.services import Services
from handover.core import commands as c
from handover.core.roles import Right
from handover.core.supervision import Level
from handover.store import record, reviews
from handover.store.accounts import Account

MOST_LISTED = 100
DEFAULT_LISTED = 50

Reviewer = Annotated[Account, requires(Right.REVIEW)]


def review_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/reviews`."""
    router = APIRouter(prefix="/api/v1/reviews", tags=["reviews"])

    @router.get("")
    async def list_reviews(
        _: Reviewer,
        faq: m.FaqId | None = None,
        level: Level | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST_LISTED)] = DEFAULT_LISTED,
    ) -> m.ReviewList:
        """Return the answers that wait for a verdict, the oldest first."""
        total, listed = await services.database.read(
            lambda connection: reviews.list_listed(connection, faq, level.value if level else None, limit)
        )
        pages = await services.database.read(
            lambda connection: [record.read_around(connection, one.conversation_id, one.seq) for one in listed]
        )
        return m.ReviewList(total=total, items=[review_item(*pair) for pair in zip(listed, pages, strict=True)])

    @router.post("/{conversation_id}")
    async def judge(conversation_id: ConversationId, body: m.JudgeAnswer, reviewer: Reviewer) -> Accepted:
        """Judge one answer; it is judged once."""
        command = c.Review(c.Guide(reviewer.id, reviewer.name), body.item, body.verdict, body.harmful)
        outcome = await services.conversations.execute(conversation_id, body.id, command)
        return Accepted(id=body.id, seq=outcome.seq, conversation_id=conversation_id)

    return router
