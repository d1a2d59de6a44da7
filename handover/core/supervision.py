"""What becomes of an answer of the bot, by the supervision level of its FAQ."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """From never answering to answering alone."""

    OFF = "off"
    SHADOW = "shadow"
    APPROVE = "approve"
    SAMPLED = "sampled"
    AUTO = "auto"


#: Levels at which the answer is sent at once.
SENT_AT_ONCE = frozenset({Level.SAMPLED, Level.AUTO})
_ORDER = list(Level)


def level_of_answer(default: Level, source: str | None, *, production: bool) -> Level:
    """Return the level of an answer: in production an `example` is never sent without a guide's approval."""
    if production and source == "example":
        return min(default, Level.APPROVE, key=_ORDER.index)
    return default
