"""Notices of disturbances: what a lead tells everybody for a while, as above every conversation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handover.core.errors import HandoverError
from handover.core.text import clean_text

MAX_NOTICE_CHARS = 500
#: So many may be there at a time, those that are to come counted in: more would be read by nobody.
MAX_NOTICES = 5
LONGEST_AHEAD = timedelta(days=366)


class Severity(StrEnum):
    """How much it matters, least first; mirrored by a CHECK constraint."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, and when."""

    at: datetime
    by_id: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in one language or several, shown from one moment up to another; Swedish is always there."""

    id: str
    texts: Mapping[str, str]
    severity: Severity
    starts_at: datetime
    until: datetime
    created: Signed
    #: Who took it away before its time.
    ended: Signed | None = None

    def is_over(self, now: datetime) -> bool:
        """Tell whether it will not be shown any more."""
        return self.ended is not None or self.until <= now

    def is_shown(self, now: datetime) -> bool:
        """Tell whether it is shown now."""
        return self.starts_at <= now and not self.is_over(now)

    def in_language(self, language: str) -> tuple[str, str]:
        """Return the text, and its language: the one asked for, else English for foreign ones, else Swedish."""
        tongue = language.partition("-")[0]
        wanted = (language, tongue, *(() if tongue == "sv" else ("en",)), "sv")
        found = next(one for one in wanted if one in self.texts)
        return self.texts[found], found

    def says_the_same(self, other: Notice) -> bool:
        """Tell whether two notices are one that was sent twice."""
        return (self.texts, self.severity, self.until) == (other.texts, other.severity, other.until)


def by_weight(notices: Iterable[Notice]) -> list[Notice]:
    """Return notices in the order in which they are shown: what matters most first, then the newest."""
    return sorted(notices, key=lambda one: (_ORDER.index(one.severity), one.starts_at, one.id), reverse=True)


def check_texts(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts cleaned; raise `text_empty` or `notice_too_long` for any of them, or without a Swedish one."""
    if "sv" not in texts:
        raise HandoverError("text_empty", "no Swedish text")
    if any(len(text) > MAX_NOTICE_CHARS for text in texts.values()):
        raise HandoverError("notice_too_long")
    return {language: clean_text(text) for language, text in texts.items()}


def check_new(notice: Notice, kept: Iterable[Notice], now: datetime) -> None:
    """Raise `notice_period_invalid` or `notices_full` where a notice may not join those that are kept."""
    if not max(now, notice.starts_at) < notice.until <= now + LONGEST_AHEAD:
        raise HandoverError("notice_period_invalid")
    if sum(not one.is_over(now) for one in kept) >= MAX_NOTICES:
        raise HandoverError("notices_full")
