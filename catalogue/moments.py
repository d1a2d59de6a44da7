"""A day and a time of day in a person's own language, as a clock in Linköping shows them."""

from __future__ import annotations

from datetime import datetime

from babel import Locale
from babel.dates import format_skeleton

from catalogue.opening import ZONE


def say_day(at: datetime, language: str) -> str:
    """Return the day of a moment in words, without the year: "onsdag 4 mars"."""
    local, locale = at.astimezone(ZONE), _locale(language)
    weekday = locale.days["stand-alone"]["wide"][local.weekday()]
    return f"{weekday} {format_skeleton('MMMMd', local, locale=locale)}"


def say_time(at: datetime, language: str) -> str:
    """Return the time of day of a moment, by twenty-four hours: "08:00"."""
    return format_skeleton("Hm", at.astimezone(ZONE), locale=_locale(language))


def _locale(language: str) -> Locale:
    return Locale.parse(language.partition("-")[0])
