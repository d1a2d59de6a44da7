"""The bus only announces: that a conversation has grown, that an account's sessions changed. The database is the truth.

Whoever misses an announcement reads the record and is none the worse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from handover.core.conversation import Conversation
from handover.store.record import Stored


@dataclass(frozen=True, slots=True)
class Announcement:
    """A conversation is now at `conversation.last_seq`; `events` are the newest, to spare a read."""

    conversation: Conversation
    events: tuple[Stored, ...] = ()


@dataclass(frozen=True, slots=True)
class TypingNotice:
    """Somebody is writing in a conversation; not stored."""

    conversation_id: str
    sender: Literal["citizen", "bot", "guide"]
    guide_id: str | None = None
    guide_name: str | None = None
    #: Whether only guides may know: somebody writes where another has the conversation.
    aside: bool = False


@dataclass(frozen=True, slots=True)
class SessionsChanged:
    """Sessions of an account have ended, or its roles are others: whoever serves it looks again."""

    account_id: str


@dataclass(frozen=True, slots=True)
class ModelsChanged:
    """Another model is in service: whoever asks engines looks again."""


Notice = Announcement | TypingNotice | SessionsChanged | ModelsChanged
Listener = Callable[[Notice], None]


class Bus(Protocol):
    """Spreads notices to listeners; never raises into the publisher."""

    @property
    def is_connected(self) -> bool:
        """Whether notices reach the other replicas at once; where they do not, those find out from the database."""

    def publish(self, notice: Notice) -> None:
        """Tell all listeners of the notice's conversation, and those of all conversations."""

    def listen(self, conversation_id: str | None, listener: Listener) -> Callable[[], None]:
        """Call `listener` on each notice of the conversation (None: of all); returns what ends it."""

    def listened(self) -> list[str]:
        """Return the conversations that somebody in this process listens to."""


class InProcessBus:
    """The bus of a single replica: plain calls, in order."""

    is_connected = True

    def __init__(self) -> None:
        self._listeners: dict[str | None, set[Listener]] = {}

    def publish(self, notice: Notice) -> None:
        """Call every listener at once; listeners only set a flag or append, and do not raise."""
        for key in (*_about(notice), None):
            for listener in tuple(self._listeners.get(key, ())):
                listener(notice)

    def listen(self, conversation_id: str | None, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned function takes it away again, also when called twice."""
        self._listeners.setdefault(conversation_id, set()).add(listener)

        def stop() -> None:
            listeners = self._listeners.get(conversation_id)
            if listeners is not None:
                listeners.discard(listener)
                if not listeners:
                    del self._listeners[conversation_id]

        return stop

    def listened(self) -> list[str]:
        """Return the conversations that have a listener of their own."""
        return [key for key in self._listeners if key is not None]


def _about(notice: Notice) -> tuple[str, ...]:
    """Return the conversation that a notice is about, if it is about one."""
    match notice:
        case Announcement():
            return (notice.conversation.id,)
        case TypingNotice():
            return (notice.conversation_id,)
        case SessionsChanged() | ModelsChanged():
            return ()
