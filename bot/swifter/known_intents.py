"""Rasa looks at every message whether the domain knows its intent, for which it copies the whole domain twice.

Here intents and domain come from one training: `bot.build` writes both from the same files.
"""

from __future__ import annotations

from typing import Any, Dict, Text

from rasa.core.processor import MessageProcessor


def trust_the_model() -> None:
    """Let `MessageProcessor` warn of nothing that the model may not know."""
    MessageProcessor._check_for_unseen_features = _no_check


def _no_check(self: MessageProcessor, parse_data: Dict[Text, Any]) -> None:
    return None
