"""Accounts, for those who keep them, and what guides take on, for those who lead them, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from handover.api import account_models as m
from handover.api.access import requires
from handover.api.services import Services
from handover.core.roles import Right
from handover.store.accounts import Account
from handover.store.keeping import KeptAccount

Keeper = Annotated[Account, requires(Right.KEEP_ACCOUNTS)]
GuideKeeper = Annotated[Account, requires(Right.KEEP_GUIDES)]


def account_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/accounts` and `/api/v1/guides`."""
    router = APIRouter(prefix="/api/v1", tags=["accounts"])
    keeper = services.keeper

    @router.get("/accounts")
    async def list_accounts(by: Keeper) -> m.AccountList:
        """Return all accounts."""
        return m.AccountList(accounts=[_view(kept) for kept in await keeper.list_accounts()])

    @router.post("/accounts/{account_id}/roles")
    async def set_roles(account_id: str, body: m.SetRoles, by: Keeper) -> m.AccountView:
        """Give an account these roles; what it loses, it loses at once."""
        await keeper.set_roles(by, account_id, frozenset(body.roles))
        return _view(await keeper.get_account(account_id))

    @router.post("/accounts/{account_id}/disabled")
    async def set_disabled(account_id: str, body: m.SetDisabled, by: Keeper) -> m.AccountView:
        """Shut an account out, which signs it out everywhere, or let it in again."""
        await keeper.set_disabled(by, account_id, disabled=body.disabled)
        return _view(await keeper.get_account(account_id))

    @router.delete("/accounts/{account_id}/sessions")
    async def end_sessions(account_id: str, by: Keeper) -> m.AccountView:
        """Sign an account out everywhere."""
        await keeper.end_sessions(by, account_id)
        return _view(await keeper.get_account(account_id))

    @router.get("/guides")
    async def list_guides(by: GuideKeeper) -> m.GuideProfileList:
        """Return what each guide takes on."""
        return m.GuideProfileList(guides=[_profile_view(guide) for guide in await keeper.list_guides()])

    @router.post("/guides/{account_id}")
    async def set_guide(account_id: str, body: m.SetGuideProfile, by: GuideKeeper) -> m.GuideProfileView:
        """Set how many conversations a guide has at most, of which services and in which languages."""
        skills = (tuple(dict.fromkeys(body.services)), tuple(dict.fromkeys(body.languages)))
        return _profile_view(await keeper.set_profile(by, account_id, body.capacity, *skills))

    return router


def _view(kept: KeptAccount) -> m.AccountView:
    account = kept.account
    return m.AccountView(
        id=account.id,
        username=account.username,
        name=account.name,
        roles=sorted(account.roles),
        disabled=account.disabled,
        by_provider=account.subject is not None,
        sessions=kept.sessions,
        seen_at=kept.seen_at.isoformat() if kept.seen_at else None,
    )


def _profile_view(guide: Account) -> m.GuideProfileView:
    return m.GuideProfileView(
        id=guide.id,
        name=guide.name,
        capacity=guide.capacity,
        services=list(guide.services),
        languages=list(guide.languages),
    )
