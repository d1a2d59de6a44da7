"""One conversation as a stream of events to one socket: in order, each once, from the record when in doubt."""

from __future__ import annotations

from handover.bus import Announcement
from handover.conversations import Conversations
from handover.core.conversation import Conversation
from handover.core.events import State
from handover.store.record import PAGE, Stored

#: Announcements kept for a slow socket; past that it reads the record.
MAX_KEPT = 64


class Feed:
    """Knows up to which seq a socket has got a conversation; announcements are hints, the record decides."""

    def __init__(self, conversations: Conversations, conversation_id: str, after: int) -> None:
        self._conversations = conversations
        self._conversation_id = conversation_id
        self._hints: list[Announcement] = []
        self._behind = True
        self.sent = after
        self._known = 0
        #: Where the conversation stands, as far as is known here.
        self.state: State | None = None
        self.owner_id: str | None = None

    def hint(self, announcement: Announcement) -> None:
        """Note that the conversation has grown."""
        if len(self._hints) >= MAX_KEPT:
            self._hints.clear()
            self._behind = True
        self._hints.append(announcement)

    async def next_events(self) -> list[Stored]:
        """Return the events that follow, in order and without gaps; an empty list when there are none."""
        fresh: list[Stored] = []
        while self._hints and not self._behind:
            announcement = self._hints.pop(0)
            new = [s for s in announcement.events if s.seq > self.sent]
            if announcement.conversation.last_seq > self.sent and (not new or new[0].seq != self.sent + 1):
                self._behind = True
                break
            self._advance(new, announcement.conversation, fresh)
        if self._behind:
            await self._read(fresh)
        return fresh

    async def _read(self, fresh: list[Stored]) -> None:
        self._hints.clear()
        page = await self._conversations.read(self._conversation_id, self.sent)
        self._advance(list(page.events), page.conversation, fresh)
        self._behind = len(page.events) >= PAGE

    def _advance(self, new: list[Stored], conversation: Conversation, fresh: list[Stored]) -> None:
        fresh.extend(new)
        if new:
            self.sent = new[-1].seq
        if conversation.last_seq >= self._known:
            self._known = conversation.last_seq
            self.state, self.owner_id = conversation.state, conversation.owner_id
