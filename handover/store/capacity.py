"""How many conversations guides have and may have, and who took which; kept by the transaction that claims."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from handover.core import commands as c
from handover.core.conversation import CRISIS_PRIORITY, Conversation
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.core.routing import has_room
from handover.store import tables as t

#: Statements of every transaction that claims are made once.
_LOCK = (
    select(t.accounts.c.id, t.accounts.c.capacity)
    .where(t.accounts.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(t.accounts.c.id)
    # What refers to an account, such as a session, need not wait.
    .with_for_update(key_share=True)
)
_COUNT = (
    select(t.conversations.c.owner_id, func.count().label("load"))
    .where((t.conversations.c.state == State.GUIDE) & t.conversations.c.owner_id.in_(bindparam("ids", expanding=True)))
    .group_by(t.conversations.c.owner_id)
)


@dataclass(slots=True)
class Room:
    """What the guides who claim in one transaction have, kept in step with what the transaction changes."""

    capacities: dict[str, int]
    loads: dict[str, int]

    def check(self, guide: c.Guide, conversation: Conversation) -> None:
        """Raise `capacity_reached` unless the guide may take this one too."""
        capacity = self.capacities.get(guide.id)
        is_crisis = conversation.priority >= CRISIS_PRIORITY
        if capacity is not None and not has_room(self.loads.get(guide.id, 0), capacity, is_crisis=is_crisis):
            raise HandoverError("capacity_reached")

    def change(self, before: Conversation, after: Conversation) -> None:
        """Note that a conversation has changed hands."""
        if before.owner_id == after.owner_id:
            return
        for owner, by in ((before.owner_id, -1), (after.owner_id, 1)):
            if owner is not None:
                self.loads[owner] = self.loads.get(owner, 0) + by


def lock_room(connection: Connection, guide_ids: Collection[str]) -> Room:
    """Return what these guides have; nobody else claims for them until the transaction ends.

    Accounts are locked in the order of their ids, and after the conversations that are waited for, so that two
    transactions never wait for each other.
    """
    if not guide_ids:
        return Room({}, {})
    ids = {"ids": sorted(guide_ids)}
    capacities = {row.id: row.capacity for row in connection.execute(_LOCK, ids)}
    # Counted once the accounts are locked: what others have claimed for these guides is committed by then.
    return Room(capacities, {row.owner_id: row.load for row in connection.execute(_COUNT, ids)})
