"""The inbox over HTTP: what was missed, and whose it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from handover.api.access import requires
from handover.api.frames import CommandId, ConversationId
from handover.api.services import Services
from handover.api.tuning import inbox_models as m
from handover.core import events as e
from handover.core.errors import HandoverError
from handover.core.events import Audience
from handover.core.labels import Given
from handover.core.roles import Right
from handover.store import record
from handover.store.accounts import Account
from handover.store.misses import OpenText
from handover.tuning.inbox.board import ShownGroup

MOST_GROUPS, DEFAULT_GROUPS = 30, 12
MOST_GIVEN = 500
#: How much of a conversation is shown around a missed text.
BEFORE, AFTER = 4, 4

Editor = Annotated[Account, requires(Right.TUNE)]


def inbox_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/tuning/inbox`."""
    router = APIRouter(prefix="/api/v1/tuning/inbox", tags=["tuning"])
    inbox = services.inbox

    @router.get("")
    async def read(editor: Editor, limit: Annotated[int, Query(ge=1, le=MOST_GROUPS)] = DEFAULT_GROUPS) -> m.InboxPage:
        """Return the worst groups of what nobody has dealt with."""
        page = await inbox.page(editor, limit)
        return m.InboxPage(
            total_groups=page.total_groups,
            total_texts=page.total_texts,
            waiting=page.waiting,
            groups=[_group(one, editor.id) for one in page.groups],
        )

    @router.get("/faqs")
    async def list_faqs(_: Editor) -> m.InboxFaqs:
        """Return all questions of the catalogue, those for staff too."""
        catalogue = (await services.knowledge.get()).catalogue
        return m.InboxFaqs(
            faqs=[
                m.InboxFaq(
                    id=faq.id,
                    question=catalogue.fill(faq.questions["sv"], "sv"),
                    service=service.id,
                    service_name=service.name.sv,
                    audience=Audience(service.audience),
                )
                for service in catalogue.services.values()
                for faq in service.faqs
            ]
        )

    @router.post("/holds")
    async def hold(body: m.HoldTexts, editor: Editor) -> m.HeldTexts:
        """Keep texts for oneself while one looks at them."""
        return m.HeldTexts(texts=sorted(await inbox.hold(body.texts, editor)))

    @router.post("/labels")
    async def label(body: m.LabelTexts, editor: Editor) -> m.LabelledTexts:
        """Say where texts belong, all or none; refused where a colleague was first."""
        versions = {seen.key: seen.version for seen in body.texts}
        await inbox.label(body.id, body.label, body.faq, body.name, versions, editor)
        return m.LabelledTexts(id=body.id, texts=len(versions))

    @router.delete("/labels/{act_id}", status_code=204)
    async def undo(act_id: CommandId, editor: Editor) -> None:
        """Take back one's own label."""
        await inbox.undo(act_id, editor)

    @router.get("/labels")
    async def list_given(_: Editor, limit: Annotated[int, Query(ge=1, le=MOST_GIVEN)] = 100) -> m.GivenLabels:
        """Return who labelled what, the newest first."""
        return m.GivenLabels(labels=[_given(one) for one in await inbox.list_given(limit)])

    @router.post("/proposals")
    async def propose(editor: Editor) -> m.ProposedExamples:
        """Put the examples of one's own labels into one's open change set."""
        examples, change_set_id = await inbox.propose(editor)
        return m.ProposedExamples(examples=examples, change_set_id=change_set_id)

    @router.get("/context/{conversation_id}/{seq}", dependencies=[requires(Right.DESK)])
    async def context(
        conversation_id: ConversationId, seq: Annotated[int, Path(ge=1, le=10_000_000)], _: Editor
    ) -> m.MissContext:
        """Return what was said around a missed text."""
        first = max(0, seq - 1 - BEFORE)
        page = await services.database.read(
            lambda connection: record.read_events(connection, conversation_id, first, BEFORE + 1 + AFTER)
        )
        said = [one for one in page.events if isinstance(one.event, e.Message)]
        if seq not in [one.seq for one in said]:
            raise HandoverError("miss_unknown")
        return m.MissContext(lines=[_line(one) for one in said])

    return router


def _group(shown: ShownGroup, editor_id: str) -> m.MissedGroup:
    group = shown.group
    held = next((one.held_by_name for one in shown.texts if one.held_by not in (None, editor_id)), None)
    return m.MissedGroup(
        key=group.key,
        suggestions=[m.LikelyFaq(faq=one.faq, likelihood=one.likelihood) for one in group.suggestions],
        name=group.name,
        count=group.count,
        size=len(group.texts),
        held_by=held,
        texts=[_text(one) for one in shown.texts],
    )


def _text(one: OpenText) -> m.MissedText:
    return m.MissedText(
        key=one.text_key,
        version=one.version,
        text=one.text,
        language=one.language,
        audience=Audience(one.audience),
        count=one.count,
        kinds=list(one.kinds),
        answered=one.answered,
        offered=list(one.offered),
        chosen=one.chosen,
        reject_label=one.label,
        model_id=one.model_id,
        at=one.at.isoformat(),
        conversation_id=one.conversation_id,
        seq=one.seq,
    )


def _given(one: Given) -> m.GivenLabel:
    return m.GivenLabel(
        key=one.text_key,
        version=one.version,
        label=one.label,
        faq=one.faq,
        name=one.name,
        at=one.at.isoformat(),
        by_name=one.by_name,
        undone=one.undone_at is not None,
        change_set_id=one.change_set_id,
    )


def _line(stored: record.Stored) -> m.ContextLine:
    message = stored.event
    if not isinstance(message, e.Message):
        raise TypeError(f"nothing was said at {stored.seq}")
    return m.ContextLine(seq=stored.seq, sender=message.sender, text=message.text)
