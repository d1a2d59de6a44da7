"""Change sets over HTTP: what editors read, edit, check and take away as a patch."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from handover.api.access import requires
from handover.api.services import Services
from handover.api.tuning import change_models as m
from handover.api.tuning.change_views import (
    change_set_view,
    edit_view,
    example_list,
    faq_answers,
    fault_views,
    finding_view,
    other_intent,
    preview,
    question_list,
    service_intents,
)
from handover.core.roles import Right
from handover.store.accounts import Account
from handover.store.changes import ChangeSet
from handover.tuning.changes.blocks import Kind
from handover.tuning.changes.content import Content
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.edits import Outcome
from handover.tuning.changes.export import export_patch
from handover.tuning.changes.importing import add_all, read_import
from handover.tuning.changes.live import Candidate, Finding, find_faults

Editor = Annotated[Account, requires(Right.TUNE)]
SetId = str
#: The one route whose body is a file.
IMPORT_PATH = re.compile(r"/api/v1/tuning/changes/[^/]+/import")


def change_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/tuning/changes`."""
    router = APIRouter(prefix="/api/v1/tuning/changes", tags=["tuning"], dependencies=[requires(Right.TUNE)])
    desk = services.changes
    sets, repository = desk.sets, desk.sets.repository

    async def read[T](set_id: str, work: Callable[[Content], T]) -> T:
        """Read what a change set holds now, in a thread."""
        found = await sets.get(set_id)
        return await asyncio.to_thread(lambda: work(Content(repository.snapshot(repository.head(found.branch)))))

    async def view(one: ChangeSet) -> m.ChangeSetView:
        return change_set_view(one, len(await sets.edits(one.id)))

    @router.get("")
    async def overview() -> m.ChangeSetList:
        """Return every change set, the last changed first."""
        found = await sets.overview()
        return m.ChangeSetList(change_sets=[change_set_view(one, found.counts.get(one.id, 0)) for one in found.sets])

    @router.post("", status_code=201)
    async def open_set(body: m.OpenChangeSet, account: Editor) -> m.ChangeSetView:
        """Open a change set on what is in service."""
        return change_set_view(await sets.open(body.title, account), 0)

    @router.get("/{set_id}")
    async def get_set(set_id: SetId) -> m.ChangeSetDetail:
        """Return a change set with its edits and what is known of its faults."""
        found = await sets.get(set_id)
        edits = await sets.edits(set_id)
        faults = desk.check.known(found.head)
        return m.ChangeSetDetail(
            change_set=change_set_view(found, len(edits)),
            head=found.head,
            edits=[edit_view(line) for line in edits],
            faults=None if faults is None else fault_views(faults),
            behind=await sets.is_behind(found),
        )

    @router.post("/{set_id}/abandon")
    async def abandon(set_id: SetId, account: Editor) -> m.ChangeSetView:
        """Give a change set up; what was written stays readable."""
        return await view(await sets.abandon(set_id, account))

    @router.post("/{set_id}/catch-up")
    async def catch_up(set_id: SetId, account: Editor) -> m.ChangeSetView:
        """Bring in what was put into service since the set was opened."""
        return await view(await sets.catch_up(set_id, account))

    @router.post("/{set_id}/check")
    async def check(set_id: SetId) -> m.ChangeSetFaults:
        """Check all that the set holds; takes seconds the first time after an edit."""
        found = await sets.get(set_id)
        return m.ChangeSetFaults(head=found.head, faults=fault_views(await desk.check.check(found.head)))

    @router.get("/{set_id}/diff")
    async def diff(set_id: SetId) -> m.ChangeSetDiff:
        """Return what the set changes."""
        found = await sets.get(set_id)
        return m.ChangeSetDiff(diff=await asyncio.to_thread(repository.diff, found.base, found.head))

    @router.get("/{set_id}/patch", response_class=Response)
    async def patch(set_id: SetId) -> Response:
        """Return the set's commits as a patch for `git am` or `git apply`."""
        found = await sets.get(set_id)
        mails = await asyncio.to_thread(export_patch, repository, found.base, found.head)
        headers = {"Content-Disposition": f'attachment; filename="kontakt-{found.id}.patch"'}
        return Response(mails, media_type="application/octet-stream", headers=headers)

    @router.get("/{set_id}/intents")
    async def list_intents(set_id: SetId) -> m.IntentList:
        """Return services with their FAQs, and the intents that are no FAQ, with examples counted."""
        return await read(
            set_id,
            lambda content: m.IntentList(
                services=[service_intents(one) for one in content.services()],
                others=[other_intent(intent, counts) for intent, counts in sorted(content.others().items())],
            ),
        )

    @router.get("/{set_id}/intents/{intent}")
    async def get_examples(set_id: SetId, intent: str) -> m.ExampleList:
        """Return the examples of an intent by language and voice."""
        return await read(
            set_id,
            lambda content: example_list(
                intent, content.examples_of(intent), content.audience_of(intent.partition(".")[0])
            ),
        )

    @router.get("/{set_id}/faqs/{faq}")
    async def get_answers(set_id: SetId, faq: str) -> m.FaqAnswers:
        """Return a FAQ's languages side by side."""
        return await read(set_id, lambda content: faq_answers(content.faq(faq), content.placeholders()))

    @router.get("/{set_id}/questions")
    async def get_questions(
        set_id: SetId, faq: Annotated[str | None, Query(max_length=81)] = None, outcome: Outcome | None = None
    ) -> m.QuestionList:
        """Return the regression questions of a FAQ, those that have an outcome instead, or all of them."""
        return await read(set_id, lambda content: question_list(content.questions(faq, outcome)))

    @router.post("/{set_id}/preview")
    async def show_preview(set_id: SetId, body: m.PreviewAnswer) -> m.AnswerPreview:
        """Return an answer as a citizen would be shown it; nothing is saved."""
        return await read(
            set_id,
            lambda content: preview(content.faq(body.faq), content.placeholders(), body.language, body.answer),
        )

    @router.post("/{set_id}/findings")
    async def check_example(set_id: SetId, body: m.CheckExample) -> m.Findings:
        """Look at an example as it is typed; nothing is saved."""
        kind = Kind(body.intent, body.language, body.voice)
        candidate = Candidate(kind, body.text, body.instead_of)
        found = await read(set_id, lambda content: find_faults(content, candidate))
        asked: Sequence[Finding] | None = ()
        if body.text.strip():
            asked = None if desk.neighbours is None else await desk.neighbours.find_flips(kind, body.text)
        return m.Findings(
            findings=[finding_view(one) for one in (*found, *(asked or ()))], neighbours=asked is not None
        )

    @router.post("/{set_id}/edits")
    async def edit(set_id: SetId, body: m.EditChangeSet, account: Editor) -> m.Edited:
        """Save edits as one commit."""
        done = await sets.edit(set_id, body.edits, account)
        return m.Edited(change_set=await view(done), head=done.head)

    @router.post("/{set_id}/import")
    async def import_examples(
        set_id: SetId, request: Request, account: Editor, name: Annotated[str, Query(max_length=200)]
    ) -> m.Imported:
        """Add the examples of a YAML or CSV file, which is the body; `name` tells which it is."""
        rows = await asyncio.to_thread(read_import, name, await request.body())
        added = 0

        def work(draft: Draft) -> str:
            nonlocal added
            added = add_all(draft, name, rows)
            return f"import: Add {added} examples from a file."

        done = await sets.work(set_id, work, account)
        return m.Imported(change_set=await view(done), head=done.head, added=added, known=len(rows) - added)

    return router
