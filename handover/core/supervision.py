"""What becomes of an answer of the bot, by the supervision level of its FAQ. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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


def lowest(levels: Iterable[Level]) -> Level:
    """Return the most careful of the levels; `auto` of none."""
    return min(levels, key=_ORDER.index, default=Level.AUTO)


def next_up(level: Level) -> Level | None:
    """Return the level above, None above `auto`."""
    return _ORDER[_ORDER.index(level) + 1] if level is not Level.AUTO else None


@dataclass(frozen=True, slots=True)
class FaqLevel:
    """What was decided on one FAQ; evidence counts from `since` on."""

    level: Level
    since: datetime
    cap_lifted: bool = False
    target: float | None = None
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of all FAQs at one moment.

    A FAQ on which nothing was decided has the default level. One of a sensitive service is never past `approve`
    unless its cap was lifted; one whose answer is but an example never is, where examples are not to be sent.
    """

    default: Level
    all_off: bool = False
    #: Grows with each change.
    revision: int = 0
    decided: Mapping[str, FaqLevel] = field(default_factory=dict)
    #: The ids of the services whose questions are sensitive.
    sensitive: frozenset[str] = frozenset()
    #: The FAQs whose answers are examples that nobody may be sent unseen: in production.
    examples: frozenset[str] = frozenset()

    def is_sensitive(self, faq: str) -> bool:
        """Tell whether a FAQ belongs to a sensitive service."""
        return faq.partition(".")[0] in self.sensitive

    def cap_of(self, faq: str) -> Level:
        """Return the highest level that a FAQ may have."""
        decided = self.decided.get(faq)
        lifted = decided is not None and decided.cap_lifted
        capped = faq in self.examples or (self.is_sensitive(faq) and not lifted)
        return Level.APPROVE if capped else Level.AUTO

    def level_of(self, faq: str) -> Level:
        """Return the level that an answer of this FAQ is sent under, whatever the switch says."""
        decided = self.decided.get(faq)
        return lowest((decided.level if decided else self.default, self.cap_of(faq)))


def is_picked(conversation_id: str, seq: int, share: float) -> bool:
    """Tell whether an answer is one of the share that is reviewed: the same for the same answer, whoever asks."""
    digest = hashlib.sha256(f"{conversation_id}/{seq}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
