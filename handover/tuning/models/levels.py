"""What a model brings along that nobody has seen answered yet: its new and changed FAQs start at `approve`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from handover.core.supervision import Level, lowest
from handover.store import rules
from handover.store.rules import Rules
from handover.store.supervision import Change


def start_over(connection: Connection, faqs: Iterable[str], basis: Rules, change: Change) -> None:
    """Bring FAQs down to `approve`, where they are above it, and let their evidence begin anew.

    The caller holds the lock of the switch. A lead who has them lower, or off, has them so still.
    """
    for faq in faqs:
        standing = rules.stand(connection, faq, basis)
        rules.move(connection, faq, standing, lowest((standing.level, Level.APPROVE)), change)
