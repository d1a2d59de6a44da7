"""The citizen's conversation over plain HTTP, for opening it and for networks that block sockets."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic import ValidationError

from handover.api import frames as f
from handover.api.access import open_to
from handover.api.citizen_commands import citizen_command
from handover.api.newcomers import newcomer_choices
from handover.api.services import SESSION_COOKIE, Services
from handover.api.socket import frame_error
from handover.api.views import citizen_event, queue_place
from handover.core.errors import HandoverError
from handover.core.events import Audience, Choice, State
from handover.core.roles import Right
from handover.store.record import Page

MAX_WAIT_SECONDS = 25.0


def citizen_http_routes(services: Services) -> APIRouter:
    """Return the routes under `/api/v1/conversations`."""
    router = APIRouter(
        prefix="/api/v1/conversations",
        tags=["citizen"],
        dependencies=[open_to("citizens, with their conversation's token")],
    )

    @router.post("", status_code=201)
    async def open_conversation(request: Request, body: f.OpenConversation) -> f.ConversationOpened:
        """Open a conversation. `audience: staff` needs a signed-in session."""
        if services.stopping.is_set():
            raise HandoverError("database_unavailable", "stopping")
        account = None
        if body.audience is Audience.STAFF:
            account = await services.sign_in.access(request.cookies.get(SESSION_COOKIE), Right.ASK_AS_STAFF)
        choices: tuple[Choice, ...] = ()
        if body.menu is not None:
            choices = newcomer_choices((await services.knowledge.get()).catalogue, body.language)
        conversation_id, token = await services.conversations.open(
            body.language, body.audience, body.service, account.id if account else None, choices
        )
        return f.ConversationOpened(conversation_id=conversation_id, token=token)

    @router.get("/{conversation_id}/events")
    async def get_events(
        conversation_id: str,
        after: Annotated[int, Query(ge=0)] = 0,
        wait: Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS)] = 0.0,
        authorization: Annotated[str | None, Header()] = None,
    ) -> f.EventsPage:
        """Return the events after `after`; wait up to `wait` seconds for the first new one."""
        await services.conversations.check_token(conversation_id, _bearer(authorization))
        page = await _read_or_wait(services, conversation_id, after, wait)
        return f.EventsPage(
            seq=page.events[-1].seq if page.events else page.conversation.last_seq,
            state=page.conversation.state,
            events=[citizen_event(stored) for stored in page.events],
            queue=await _place(services, page),
        )

    @router.post("/{conversation_id}/commands")
    async def post_command(
        conversation_id: str, request: Request, authorization: Annotated[str | None, Header()] = None
    ) -> f.Accepted:
        """Carry out one command frame."""
        await services.conversations.check_token(conversation_id, _bearer(authorization))
        frame = _parse(await request.body())
        outcome = await services.conversations.execute(
            conversation_id, frame.id, await citizen_command(frame, services.danger)
        )
        return f.Accepted(id=frame.id, seq=outcome.seq)

    return router


async def _read_or_wait(services: Services, conversation_id: str, after: int, wait: float) -> Page:
    """Listen before reading, so that nothing falls between the two."""
    news = asyncio.Event()
    stop = services.bus.listen(conversation_id, lambda _: news.set())
    stop_waiting = services.stopping.on_set(news.set)
    try:
        deadline = asyncio.get_running_loop().time() + wait
        while True:
            news.clear()
            page = await services.conversations.read(conversation_id, after)
            left = deadline - asyncio.get_running_loop().time()
            if page.events or left <= 0 or services.stopping.is_set():
                return page
            try:
                await asyncio.wait_for(news.wait(), left)
            except TimeoutError:
                return page
    finally:
        stop()
        stop_waiting()


async def _place(services: Services, page: Page) -> f.QueuePlace | None:
    if page.conversation.state is not State.WAITING:
        return None
    place = await services.queue.place_of(page.conversation.id)
    return queue_place(place) if place is not None else None


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise HandoverError("token_invalid")
    return token


def _parse(raw: bytes) -> f.CitizenCommandFrame:
    if len(raw) > f.MAX_FRAME_BYTES:
        raise HandoverError("frame_too_large")
    try:
        body: Any = json.loads(raw)
    except (ValueError, RecursionError):
        raise HandoverError("frame_malformed") from None
    if not isinstance(body, dict):
        raise HandoverError("frame_malformed")
    try:
        return f.CITIZEN_COMMAND.validate_python(body)
    except ValidationError as error:
        raise frame_error(body, error) from None
