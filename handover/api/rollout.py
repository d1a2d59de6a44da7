"""The rollout over HTTP: where every FAQ stands, and what a lead changes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from sqlalchemy import Connection

from handover.api import rollout_models as m
from handover.api.access import requires
from handover.api.frames import SupervisionFrame
from handover.api.rollout_views import Figures, change, faq_rollout, service_rollout
from handover.api.services import Services
from handover.core.errors import HandoverError
from handover.core.roles import Right
from handover.store import reviews, supervision
from handover.store.accounts import Account
from handover.store.supervision import Who

#: The newest lines of the audit log that come with the overview.
SHOWN_CHANGES = 20

Reader = Annotated[Account, requires(Right.READ_ROLLOUT)]
Lead = Annotated[Account, requires(Right.CHANGE_ROLLOUT)]


def rollout_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/supervision`."""
    router = APIRouter(prefix="/api/v1/supervision", tags=["supervision"])
    guard = services.supervision

    def read_figures(connection: Connection) -> Figures:
        return Figures(
            reviews.tallies(connection, guard.defaults.policy.recent),
            reviews.count_listed(connection),
            supervision.last_changes(connection),
        )

    async def get_faq(faq_id: str) -> m.FaqRollout:
        catalogue = (await services.knowledge.get()).catalogue
        faq = catalogue.find_faq(faq_id)
        if faq is None:
            raise HandoverError("faq_unknown")
        await guard.refresh()
        return faq_rollout(faq, catalogue, guard.rules, await services.database.read(read_figures))

    @router.get("")
    async def overview(_: Reader) -> m.Rollout:
        """Return where every FAQ of every service stands."""
        catalogue = (await services.knowledge.get()).catalogue
        figures, changes = await services.database.read(
            lambda connection: (read_figures(connection), supervision.list_changes(connection, limit=SHOWN_CHANGES))
        )
        await guard.refresh()
        rules = guard.rules
        return m.Rollout(
            all_off=rules.levels.all_off,
            revision=rules.levels.revision,
            automatic_promotion=rules.automatic,
            services=[service_rollout(one, catalogue, rules, figures) for one in catalogue.services.values()],
            changes=[change(one) for one in changes],
        )

    @router.get("/changes")
    async def changes(_: Reader, faq: m.FaqId | None = None, before: datetime | None = None) -> list[m.LevelChange]:
        """Return the audit log, newest first: of one FAQ and of what holds for all, or of everything."""
        if before is not None and before.tzinfo is None:
            raise HandoverError("bad_request", "a time without an offset")
        found = await services.database.read(lambda connection: supervision.list_changes(connection, faq, before))
        return [change(one) for one in found]

    @router.post("/faqs/{faq}/level")
    async def set_level(faq: m.FaqId, body: m.SetLevel, lead: Lead) -> m.FaqRollout:
        """Give a FAQ a level by hand."""
        await guard.set_level(faq, body.level, body.why, _who(lead))
        return await get_faq(faq)

    @router.post("/faqs/{faq}/promotion")
    async def promote(faq: m.FaqId, body: m.Confirm, lead: Lead) -> m.FaqRollout:
        """Confirm what the evidence allows."""
        await guard.promote(faq, body.level, body.why, _who(lead))
        return await get_faq(faq)

    @router.post("/faqs/{faq}/cap")
    async def set_cap(faq: m.FaqId, body: m.SetCap, lead: Lead) -> m.FaqRollout:
        """Lift or restore the cap of a FAQ of a sensitive service."""
        await guard.set_cap(faq, body.lifted, body.why, _who(lead))
        return await get_faq(faq)

    @router.post("/faqs/{faq}/bounds")
    async def set_bounds(faq: m.FaqId, body: m.SetBounds, lead: Lead) -> m.FaqRollout:
        """Give a FAQ a target and a floor of its own."""
        await guard.set_bounds(faq, body.target, body.floor, body.why, _who(lead))
        return await get_faq(faq)

    @router.post("/switch")
    async def switch(body: m.SetSwitch, lead: Lead) -> SupervisionFrame:
        """Switch everything off, or on again."""
        done = await guard.switch(body.all_off, body.why, _who(lead))
        return SupervisionFrame(all_off=done.all_off, revision=done.revision)

    return router


def _who(account: Account) -> Who:
    return Who(account.id, account.name)
