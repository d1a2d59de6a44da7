"""When the contact centre's people are there: weekly hours, Swedish holidays and eves, single days. Pure.

Hours are what a clock on the wall in Linköping shows; moments are points in time. Summer time is reckoned with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays.countries.sweden import Sweden

ZONE = ZoneInfo("Europe/Stockholm")
MINUTES_A_DAY = 24 * 60
#: How far ahead an opening is looked for.
LOOK_AHEAD_DAYS = 400
#: Years in which each name stands at least once.
_SAMPLED_YEARS = range(2020, 2030)
_KEPT_DAYS = 1_000


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open from one minute of the day up to another; 0 is midnight, 1440 the next."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what is no time of one day, and what begins or ends in the hour that summer time takes or doubles."""
        if not 0 <= self.begin < self.end <= MINUTES_A_DAY:
            raise ValueError("hours begin before they end, on the same day")
        if any(2 * 60 < minute < 3 * 60 for minute in (self.begin, self.end)):
            raise ValueError("hours do not begin or end between 02:00 and 03:00, when clocks are set")


#: The hours of one day, in order and apart; none: closed.
type DayHours = tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Open from a moment, up to but not at another; UTC."""

    begin: datetime
    end: datetime


class OpeningHours:
    """Tells whether it is open. A single day goes before a named one, a named one before the day of the week."""

    def __init__(
        self,
        weekly: Sequence[DayHours],
        named: Mapping[str, DayHours] | None = None,
        single: Mapping[date, DayHours] | None = None,
        *,
        keeps_holidays: bool = True,
        is_example: bool = False,
    ) -> None:
        """Take the hours from Monday to Sunday, of holidays and eves by name, and of single days.

        A public holiday that is not named is closed, where holidays are kept; an eve that is not named is a day like
        any other.
        """
        if len(weekly) != 7:
            raise ValueError("a week has seven days")
        self._weekly = tuple(weekly)
        self._named = dict(named or {})
        self._single = dict(single or {})
        self._keeps_holidays = keeps_holidays
        #: Whether the hours are made up for demonstration.
        self.is_example = is_example
        self._spans: dict[date, tuple[Span, ...]] = {}

    def hours_of(self, day: date) -> DayHours:
        """Return the hours of a day, in order."""
        if day in self._single:
            return self._single[day]
        if not self._keeps_holidays:
            return self._weekly[day.weekday()]
        public, names = _named_days(day.year)
        known = [self._named[name] for name in names.get(day, ()) if name in self._named]
        if known:
            return min(known, key=_length)
        return () if day in public else self._weekly[day.weekday()]

    def is_open(self, at: datetime) -> bool:
        """Tell whether it is open at a moment."""
        return any(span.begin <= at < span.end for span in self._spans_of(at.astimezone(ZONE).date()))

    def opens_at(self, at: datetime) -> datetime | None:
        """Return when it opens next, UTC; None when it is open at the moment, and when it does not open for a year."""
        if self.is_open(at):
            return None
        first = at.astimezone(ZONE).date()
        spans = (span for ahead in range(LOOK_AHEAD_DAYS) for span in self._spans_of(first + timedelta(days=ahead)))
        return next((span.begin for span in spans if span.begin > at), None)

    def open_time(self, since: datetime, until: datetime) -> timedelta:
        """Return for how long it was open between two moments."""
        return sum(
            (max(timedelta(0), min(span.end, until) - max(span.begin, since)) for span in self._between(since, until)),
            timedelta(0),
        )

    def _between(self, since: datetime, until: datetime) -> Iterator[Span]:
        day, last = since.astimezone(ZONE).date(), until.astimezone(ZONE).date()
        while day <= last:
            yield from self._spans_of(day)
            day += timedelta(days=1)

    def _spans_of(self, day: date) -> tuple[Span, ...]:
        found = self._spans.get(day)
        if found is None:
            spans = (Span(_moment(day, one.begin), _moment(day, one.end)) for one in self.hours_of(day))
            # In the night in which clocks are set forward, the hour from two to three is none.
            found = tuple(span for span in spans if span.begin < span.end)
            if len(self._spans) >= _KEPT_DAYS:
                self._spans.clear()
            self._spans[day] = found
        return found


#: For where nothing is known of hours: whether somebody is there shows by the guides on duty alone.
ALWAYS_OPEN = OpeningHours([(Hours(0, MINUTES_A_DAY),)] * 7, keeps_holidays=False)


@lru_cache(maxsize=1)
def day_names() -> frozenset[str]:
    """Return the names of all holidays and eves that hours can be given for."""
    return frozenset(name for year in _SAMPLED_YEARS for names in _named_days(year)[1].values() for name in names)


@lru_cache(maxsize=64)
def _named_days(year: int) -> tuple[frozenset[date], Mapping[date, tuple[str, ...]]]:
    """Return the public holidays of a year, and the names of its holidays and eves."""
    public = Sweden(years=year, language="sv", include_sundays=False)
    every = Sweden(years=year, language="sv", include_sundays=False, categories=Sweden.supported_categories)
    # The library says of eves from what time they are free at a bank: "Skärtorsdagen (från kl. 14.00)".
    names = {
        day: tuple(dict.fromkeys(name.partition(" (")[0] for name in every.get_list(day)))
        for day in every
        if day.year == year
    }
    return frozenset(public), names


def _moment(day: date, minute: int) -> datetime:
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def _length(hours: DayHours) -> int:
    return sum(one.end - one.begin for one in hours)
