"""Rasa tells the actions at every turn all that was ever said in a conversation, and the domain: most of the call.

Our actions go by the latest message and what came with it (`actions/turn.py`). So they get the tracker as it is, with
no events and no domain; what a conversation must remember between turns travels in the context of its replies.
"""

from __future__ import annotations

from typing import Any, Dict, Text

import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity


def tell_the_latest_only() -> None:
    """Let `RemoteAction` call with the latest message, and nothing of those before it."""
    RemoteAction._action_call_format = _call


def _call(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> Dict[Text, Any]:
    """Return the body of a call: what Rasa sends, without events, and an empty domain: rasa-sdk wants to see one."""
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "domain": {},
        "version": rasa.__version__,
    }
