"""Notices of disturbances over HTTP: read by everybody, set by leads."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from handover.api import notice_models as m
from handover.api.access import DeskAccount, open_to, requires
from handover.api.frames import LanguageTag
from handover.api.services import Services
from handover.core.notices import Notice
from handover.core.roles import Right
from handover.store.accounts import Account

MAX_AGE_SECONDS = 30

Announcer = Annotated[Account, requires(Right.ANNOUNCE)]


def notice_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/notices`."""
    router = APIRouter(prefix="/api/v1/notices", tags=["notices"])
    board = services.notices

    @router.get("", dependencies=[open_to("everybody: what is shown above every conversation")])
    async def shown(response: Response, language: LanguageTag = "sv") -> m.Notices:
        """Return what is shown now, in the language or the nearest there is; may be kept for half a minute."""
        notices = [_shown(one, language) for one in await board.shown()]
        response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
        return m.Notices(notices=notices)

    @router.get("/kept")
    async def kept(_: DeskAccount) -> m.KeptNotices:
        """Return what is shown now or to be shown, with who put it up."""
        return m.KeptNotices(notices=[_kept(one) for one in await board.kept()])

    @router.post("", status_code=201)
    async def put_up(body: m.PutUpNotice, account: Announcer) -> m.KeptNotice:
        """Put up a notice."""
        return _kept(await board.put_up(body.id, body.texts, body.severity, body.starts_at, body.until, account))

    @router.delete("/{notice_id}", status_code=204)
    async def take_away(notice_id: str, account: Announcer) -> None:
        """Take a notice away before its time."""
        await board.take_away(notice_id, account)

    return router


def _shown(notice: Notice, language: str) -> m.ShownNotice:
    text, spoken = notice.in_language(language)
    return m.ShownNotice(
        id=notice.id,
        severity=notice.severity,
        text=text,
        language=spoken,
        starts_at=notice.starts_at.isoformat(),
        until=notice.until.isoformat(),
    )


def _kept(notice: Notice) -> m.KeptNotice:
    return m.KeptNotice(
        id=notice.id,
        texts=dict(notice.texts),
        severity=notice.severity,
        starts_at=notice.starts_at.isoformat(),
        until=notice.until.isoformat(),
        created_at=notice.created.at.isoformat(),
        created_by=notice.created.by_name,
    )
