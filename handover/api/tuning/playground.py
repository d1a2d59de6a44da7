"""The playground over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from handover.api.access import requires
from handover.api.services import Services
from handover.api.tuning import training_models as m
from handover.core.roles import Right
from handover.store.accounts import Account
from handover.tuning.playground import ExampleVerdict, Tried

Editor = Annotated[Account, requires(Right.TUNE)]


def playground_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/tuning/playground`."""
    router = APIRouter(prefix="/api/v1/tuning/playground", tags=["tuning"])
    use = services.playground

    @router.post("")
    async def try_sentence(body: m.TrySentence, _: Editor) -> m.TriedSentence:
        """Return what is understood of a sentence, why, and what would be said; nothing of it is kept."""
        return _view(await use.try_sentence(body.text, body.language, body.audience))

    @router.post("/example")
    async def check_example(body: m.CheckNewExample, _: Editor) -> ExampleVerdict:
        """Return what a new example would stand beside, and whom it would turn."""
        return await use.check_example(body.text, body.intent)

    return router


def _view(tried: Tried) -> m.TriedSentence:
    reply = tried.reply
    return m.TriedSentence(
        stored=tried.stored,
        explanation=tried.explanation,
        decision=reply.decision,
        mode=reply.mode,
        level=reply.level.value if reply.level else None,
        escalates=reply.escalate is not None,
        messages=[
            m.TriedMessage(
                text=message.text,
                choices=[choice.title for choice in message.choices],
                faq=message.answer.faq if message.answer else None,
            )
            for message in reply.messages
        ],
    )
