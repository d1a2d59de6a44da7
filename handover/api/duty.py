"""A guide's presence at one socket, the colleagues that it shows, and to whom a conversation may be passed on."""

from __future__ import annotations

import time
from collections.abc import Callable

from catalogue.documents import CORE_LANGUAGES, NEWCOMER_LANGUAGES
from handover.api import frames as f
from handover.api.services import Services
from handover.api.socket import Writer
from handover.core.errors import HandoverError
from handover.duty import DutyWatch, Roster
from handover.store.duty import Colleague, Standing

#: The languages that the catalogue answers in.
LANGUAGES = frozenset({*CORE_LANGUAGES, *NEWCOMER_LANGUAGES})


class DutySide:
    """What one guide's socket knows of its guide's presence and of the colleagues."""

    def __init__(self, watch: DutyWatch, account_id: str, writer: Writer) -> None:
        self._watch = watch
        self._account_id = account_id
        self._writer = writer
        self._standing = Standing("available")
        self._noted_at = float("-inf")
        self._stop: Callable[[], None] = lambda: None

    async def begin(self) -> tuple[Standing, list[f.GuideState]]:
        """Note that the guide is here; return the presence and the colleagues, of whose changes the socket is told."""
        self._standing = await self._watch.see(self._account_id)
        roster = await self._watch.roster()
        self._stop = self._watch.watch(self._told, roster)
        return self._standing, guide_states(roster)

    def end(self) -> None:
        """Tell no more."""
        self._stop()

    async def beat(self) -> None:
        """Note that the guide is still connected, whatever the guide does."""
        await self._watch.see(self._account_id)

    async def set_presence(self, presence: f.Presence) -> None:
        """Do as the guide wishes."""
        await self._watch.set_presence(self._account_id, presence)
        self._standing, self._noted_at = Standing(presence), time.monotonic()

    async def note_activity(self) -> None:
        """Note that the guide does something; who was set away by the clock is back by that, and is told."""
        now = time.monotonic()
        if not self._standing.automatic and now - self._noted_at < self._watch.active_every_seconds:
            return
        self._noted_at = now
        if await self._watch.note_activity(self._account_id):
            self._know(Standing("available"))
            self._watch.tell_anew(self._told)

    def _told(self, roster: Roster) -> None:
        own = next((one.standing for one in roster if one.id == self._account_id), self._standing)
        self._know(own)
        self._writer.put(f.GuidesFrame(guides=guide_states(roster)))

    def _know(self, standing: Standing) -> None:
        if standing != self._standing:
            self._standing = standing
            self._writer.put(f.PresenceFrame(presence=standing.presence, automatic=standing.automatic))


def guide_states(roster: Roster) -> list[f.GuideState]:
    """Return the colleagues as a browser is told of them."""
    return [_guide_state(one) for one in roster]


async def check_target(services: Services, frame: f.Transfer, from_guide: str) -> None:
    """Raise `transfer_target_unknown` for nobody, oneself, or what is not in the catalogue, `guide_unavailable` for a
    colleague who is not there; a command that is repeated keeps its first outcome.
    """
    try:
        if frame.to_guide is not None:
            await _check_colleague(services, frame.to_guide, from_guide)
        if frame.to_service is not None:
            knowledge = await services.knowledge.get()
            _check_known(frame.to_service in knowledge.catalogue.services)
        if frame.to_language is not None:
            _check_known(frame.to_language in LANGUAGES)
    except HandoverError as error:
        if error.code == "database_unavailable" or not await services.conversations.was_decided(
            frame.conversation_id, frame.id
        ):
            raise


async def _check_colleague(services: Services, to_guide: str, from_guide: str) -> None:
    is_here = await services.duty.is_at_desk(to_guide)
    _check_known(is_here is not None and to_guide != from_guide)
    if not is_here:
        raise HandoverError("guide_unavailable")


def _check_known(known: bool) -> None:
    if not known:
        raise HandoverError("transfer_target_unknown")


def _guide_state(one: Colleague) -> f.GuideState:
    """Whoever gives no sign of life is away, whatever was said last."""
    unseen = not one.seen and one.standing.presence != "closed"
    return f.GuideState(
        id=one.id,
        name=one.name,
        presence="away" if unseen else one.standing.presence,
        automatic=unseen or one.standing.automatic,
        load=one.load,
        capacity=one.capacity,
        services=list(one.services),
        languages=list(one.languages),
    )
