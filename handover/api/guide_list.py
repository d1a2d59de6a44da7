"""Which lines of the guides' list one socket has still to be told: changes that matter at once, the rest gathered."""

from __future__ import annotations

from typing import Any

from handover.core.conversation import Conversation
from handover.core.events import State

#: A line in which nothing but its seq and its time has changed may be told so much later.
GATHER_SECONDS = 1.0

type Line = tuple[Any, ...]


class GuideList:
    """Keeps what a guide's list shows in step with few frames; knows no socket."""

    def __init__(self) -> None:
        #: Whether the conversations that the assistant has are shown too.
        self.live = False
        #: What is shown because of the live view alone.
        self._only_live: set[str] = set()
        self._shown: dict[str, Line] = {}
        self._changed: dict[str, Conversation] = {}
        self._gathered: dict[str, Conversation] = {}

    def start(self, conversations: list[Conversation]) -> None:
        """Take note of what the welcome showed."""
        self._shown = {conversation.id: _line(conversation) for conversation in conversations}

    def show_live(self, on: bool) -> None:
        """Show, or stop showing, the conversations that the assistant has too; what is not shown is forgotten.

        So everything is told anew when the view is opened again.
        """
        self.live = on
        if not on:
            for conversation_id in self._only_live:
                self._shown.pop(conversation_id, None)
            self._only_live.clear()

    def change(self, conversation: Conversation, *, followed: bool) -> bool:
        """Note that a conversation has changed; tell whether the guide is to see it now.

        A conversation that is not on the list is left out, unless it was, or its events are `followed`. That it has
        merely grown matters where it is followed or waits, and in the live view.
        """
        known = self._shown.get(conversation.id)
        if known is None and not followed and not self._is_on_list(conversation):
            return False
        if known == _line(conversation):
            if followed or conversation.state is State.WAITING or self._is_live(conversation):
                self._gathered[conversation.id] = conversation
            return False
        self._note(conversation)
        return True

    @property
    def gathers(self) -> bool:
        """Whether something waits that may be told later."""
        return bool(self._gathered)

    def release(self) -> None:
        """Let what was gathered be told now."""
        for conversation in list(self._gathered.values()):
            self._note(conversation)

    def take(self) -> list[Conversation]:
        """Return and forget what is to be told now, each conversation as it is last known."""
        changed = list(self._changed.values())
        self._changed.clear()
        return changed

    def _note(self, conversation: Conversation) -> None:
        self._gathered.pop(conversation.id, None)
        self._changed[conversation.id] = conversation
        if self._is_on_list(conversation):
            self._shown[conversation.id] = _line(conversation)
        else:
            self._shown.pop(conversation.id, None)
        if self._is_live(conversation) and not conversation.is_on_list:
            self._only_live.add(conversation.id)
        else:
            self._only_live.discard(conversation.id)

    def _is_on_list(self, conversation: Conversation) -> bool:
        return conversation.is_on_list or self._is_live(conversation)

    def _is_live(self, conversation: Conversation) -> bool:
        return self.live and conversation.state is State.BOT


def _line(conversation: Conversation) -> Line:
    """Return what a line shows but for its seq and its time; cheap, since every guide's socket asks for every event."""
    return (
        conversation.state,
        conversation.owner_id,
        conversation.priority,
        conversation.reason,
        conversation.waiting_since,
        conversation.draft,
        conversation.service,
        conversation.intent,
        conversation.confidence,
        conversation.wanted_guide,
        conversation.wanted_service,
        conversation.wanted_language,
        conversation.returned,
    )
