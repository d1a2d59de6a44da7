"""A tracker store in memory that forgets: the truth about a conversation is in the handover service."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Dict, Optional, Text

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

#: Conversations kept; the one that was quiet longest goes first.
MAX_CONVERSATIONS = 2_000


class _Bounded(OrderedDict):  # type: ignore[type-arg]
    """A dictionary that drops its oldest entry when it grows past the bound."""

    def __setitem__(self, key: Text, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > MAX_CONVERSATIONS:
            self.popitem(last=False)


class BoundedTrackerStore(InMemoryTrackerStore):
    """Rasa's in-memory store, bounded."""

    def __init__(self, domain: Domain, event_broker: Optional[EventBroker] = None, **kwargs: Dict[Text, Any]) -> None:
        """Open an empty store; Rasa calls this with what endpoints.yml says."""
        kwargs.pop("host", None)
        super().__init__(domain, event_broker)
        self.store = _Bounded()
