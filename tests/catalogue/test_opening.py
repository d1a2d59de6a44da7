"""Opening hours: laws of the calendar for any hours, days that are known, a file that tells what is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.documents import CatalogueError
from catalogue.opening import ALWAYS_OPEN, MINUTES_A_DAY, ZONE, DayHours, Hours, OpeningHours, day_names
from catalogue.opening_file import read_opening_hours
from tests.support.kontakt import DATA

SPRING, AUTUMN = date(2026, 3, 29), date(2027, 10, 31)
MORNING: DayHours = (Hours(8 * 60, 12 * 60),)
OFFICE: DayHours = (Hours(8 * 60, 17 * 60),)
ROUND_THE_CLOCK: DayHours = (Hours(0, MINUTES_A_DAY),)
OURS = read_opening_hours(DATA)


def at(text: str) -> datetime:
    """Return the moment at which a clock in Linköping shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def weekdays(hours: DayHours) -> OpeningHours:
    """Return hours that hold from Monday to Friday."""
    return OpeningHours([hours] * 5 + [()] * 2)


minutes = st.integers(0, MINUTES_A_DAY).filter(lambda minute: not 120 < minute < 180)


@st.composite
def day_hours(draw: st.DrawFn) -> DayHours:
    """Any hours of a day, in order and apart."""
    edges = sorted(draw(st.lists(minutes, max_size=6, unique=True)))
    return tuple(Hours(begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=False))


dates = st.dates(date(2024, 1, 1), date(2032, 12, 31)) | st.sampled_from(
    [SPRING, SPRING - timedelta(days=1), AUTUMN, AUTUMN - timedelta(days=1)]
)
opening_hours = st.builds(
    OpeningHours,
    st.lists(day_hours(), min_size=7, max_size=7).filter(any),
    st.dictionaries(st.sampled_from(sorted(day_names())), day_hours(), max_size=4),
    st.dictionaries(dates, day_hours(), max_size=4),
)
moments = st.builds(
    lambda day, minute, second: (
        datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute, seconds=second)
    ),
    dates,
    st.integers(0, MINUTES_A_DAY - 1),
    st.integers(0, 59),
)


# --- laws -------------------------------------------------------------------------------------------


@given(opening_hours, moments)
def test_next_opening_is_ahead_and_open_and_nothing_is_open_before_it(hours: OpeningHours, now: datetime) -> None:
    opens = hours.opens_at(now)
    if hours.is_open(now):
        assert opens is None
        return
    assert opens is not None and opens > now
    assert hours.is_open(opens)
    assert not hours.is_open(opens - timedelta(seconds=1))
    assert hours.open_time(now, opens) == timedelta(0)


@given(opening_hours, moments)
def test_open_is_what_the_clock_on_the_wall_says(hours: OpeningHours, now: datetime) -> None:
    wall = now.astimezone(ZONE)
    minute = wall.hour * 60 + wall.minute
    assert hours.is_open(now) == any(one.begin <= minute < one.end for one in hours.hours_of(wall.date()))


@given(opening_hours, dates)
def test_hours_of_a_day_never_overlap(hours: OpeningHours, day: date) -> None:
    assert all(before.end < after.begin for before, after in pairwise(hours.hours_of(day)))


@given(opening_hours, moments, st.integers(0, 6_000), st.integers(0, 6_000))
def test_open_time_adds_up_and_is_never_more_than_the_time(
    hours: OpeningHours, since: datetime, first: int, second: int
) -> None:
    between = since + timedelta(minutes=first)
    until = between + timedelta(minutes=second)
    whole = hours.open_time(since, until)
    assert whole == hours.open_time(since, between) + hours.open_time(between, until)
    assert timedelta(0) <= whole <= until - since


@given(opening_hours, moments)
def test_time_after_the_opening_counts_in_full(hours: OpeningHours, now: datetime) -> None:
    opens = hours.opens_at(now) or now
    minutes = next((n for n in range(MINUTES_A_DAY) if not hours.is_open(opens + timedelta(minutes=n))), MINUTES_A_DAY)
    counted = hours.open_time(now, opens + timedelta(minutes=minutes))
    assert timedelta(minutes=minutes - 1) < counted <= timedelta(minutes=minutes)


@given(moments)
@example(at("2026-12-24T12:00"))
def test_always_is_always(now: datetime) -> None:
    assert ALWAYS_OPEN.is_open(now)
    assert ALWAYS_OPEN.open_time(now, now + timedelta(days=3)) == timedelta(days=3)


# --- days that are known ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-27T16:59", None),
        ("2026-11-27T17:00", "2026-11-30T08:00"),
        ("2026-11-29T23:50", "2026-11-30T08:00"),
        ("2026-11-30T07:59", "2026-11-30T08:00"),
        ("2026-11-30T08:00", None),
        # Maundy Thursday is a day like any other here; Good Friday to Easter Monday are not.
        ("2026-04-02T17:00", "2026-04-07T08:00"),
        # The night before summer time begins, and the one before it ends.
        ("2026-03-27T18:00", "2026-03-30T08:00"),
        ("2027-10-29T18:00", "2027-11-01T08:00"),
    ],
)
def test_office_hours(now: str, opens: str | None) -> None:
    assert weekdays(OFFICE).opens_at(at(now)) == (at(opens) if opens else None)


@pytest.mark.parametrize(
    ("day", "public"),
    [
        ("2026-12-25", True),  # Christmas Day, a Friday.
        ("2026-05-14", True),  # Ascension Day.
        ("2027-06-26", True),  # Midsummer Day, which moves.
        ("2027-06-25", False),  # Its eve is no public holiday.
        ("2026-06-06", True),
        ("2026-11-30", False),
    ],
)
def test_public_holidays_are_closed_and_eves_are_not(day: str, public: bool) -> None:
    every_day = OpeningHours([OFFICE] * 7)
    assert (every_day.hours_of(date.fromisoformat(day)) == ()) is public


def test_single_day_goes_before_a_named_one_and_a_named_one_before_the_week() -> None:
    christmas_eve = date(2026, 12, 24)
    named = {"Julafton": MORNING}
    assert OpeningHours([OFFICE] * 7).hours_of(christmas_eve) == OFFICE
    assert OpeningHours([OFFICE] * 7, named).hours_of(christmas_eve) == MORNING
    assert OpeningHours([OFFICE] * 7, named, {christmas_eve: ()}).hours_of(christmas_eve) == ()
    assert OpeningHours([OFFICE] * 7, {"Juldagen": MORNING}).hours_of(date(2026, 12, 25)) == MORNING


def test_shorter_hours_hold_where_a_day_has_two_names() -> None:
    """In 2025 the national day was the day before Whitsun Eve."""
    day = date(2025, 6, 6)
    named = {"Nationaldagen": OFFICE, "Dag före Pingstafton": MORNING}
    assert OpeningHours([OFFICE] * 7, named).hours_of(day) == MORNING


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 6, 1), 24)])
def test_day_on_which_clocks_are_set_is_as_long_as_it_is(day: date, hours: int) -> None:
    midnight = at(f"{day}T00:00")
    next_midnight = at(f"{day + timedelta(days=1)}T00:00")
    week = OpeningHours([ROUND_THE_CLOCK] * 7)
    assert week.open_time(midnight, next_midnight) == timedelta(hours=hours)


def test_hour_that_summer_time_takes_is_none_and_the_one_that_it_doubles_is_two() -> None:
    nightly = OpeningHours([(Hours(2 * 60, 3 * 60),)] * 7)
    for day, length in ((SPRING, 0), (AUTUMN, 2)):
        assert nightly.open_time(at(f"{day}T00:00"), at(f"{day}T12:00")) == timedelta(hours=length)
    assert nightly.opens_at(at(f"{SPRING}T00:00")) == at("2026-03-30T02:00")


def test_closed_for_more_than_a_year_is_no_answer() -> None:
    closed = {date(2027, 1, 1) + timedelta(days=number): () for number in range(500)}
    assert OpeningHours([OFFICE] * 7, single=closed).opens_at(at("2027-01-01T12:00")) is None


# --- the file ---------------------------------------------------------------------------------------


def write(folder: Path, text: str, old: str = "", new: str = "") -> Path:
    """Write the file, with something in the product's own replaced; return it."""
    (folder / "placeholders.yml").write_bytes((DATA / "placeholders.yml").read_bytes())
    path = folder / "opening_hours.yml"
    path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return path


def test_the_products_own_hours_are_an_example() -> None:
    assert OURS.is_example
    assert OURS.opens_at(at("2026-12-23T12:00")) == at("2026-12-28T08:00")
    assert OURS.opens_at(at("2026-11-28T12:00")) == at("2026-11-30T08:00")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('monday: ["08:00-17:00"]', "monday: 8-17", "a list of hours stands here"),
        ('monday: ["08:00-17:00"]', 'monday: ["8-17"]', "8-17 is not written like 08:00-16:00"),
        ('monday: ["08:00-17:00"]', 'monday: ["17:00-08:00"]', "begin before they end"),
        ('monday: ["08:00-17:00"]', 'monday: ["08:00-24:30"]', "on the same day"),
        ('monday: ["08:00-17:00"]', 'monday: ["08:00-12:00", "11:00-17:00"]', "in order, with time between"),
        ('monday: ["08:00-17:00"]', 'monday: ["08:00-12:00", "12:00-17:00"]', "in order, with time between"),
        ('monday: ["08:00-17:00"]', 'monday: ["02:30-17:00"]', "when clocks are set"),
        ("  sunday: []", "  söndag: []", "Field required"),
        ("Julafton: []", "Julaften: []", "Julaften is no day that is known"),
        ("exceptions: {}", "exceptions: {2027-02-30: []}", "valid date"),
        ("placeholder: oppettider_kontakt", "placeholder: oppettider", "oppettider is not declared"),
        ("source: example", "source: guess", "facts"),
    ],
    ids=lambda value: value[-24:],
)
def test_broken_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    ours = (DATA / "opening_hours.yml").read_text(encoding="utf-8")
    path = write(tmp_path, ours, old, new)
    with pytest.raises(CatalogueError) as caught:
        read_opening_hours(tmp_path)
    found = [one for one in caught.value.problems if reason in one.reason]
    assert found and found[0].file == path, caught.value.problems
    line = next(
        number for number, text in enumerate(ours.splitlines(), start=1) if text.strip().startswith(old.strip())
    )
    assert found[0].line == (line if "Field required" not in reason else found[0].line)


def test_week_that_never_opens_is_refused(tmp_path: Path) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week = "\n".join(f"  {day}: []" for day in days)
    write(tmp_path, f"source: facts\nplaceholder: oppettider_kontakt\nweekly:\n{week}\n")
    with pytest.raises(CatalogueError, match=r"opening_hours\.yml:3: weekly: .*open on some day"):
        read_opening_hours(tmp_path)


def test_single_days_stand_in_the_file_by_date(tmp_path: Path) -> None:
    ours = (DATA / "opening_hours.yml").read_text(encoding="utf-8")
    write(tmp_path, ours, "exceptions: {}", 'exceptions:\n  2026-12-01: ["10:00-11:00"]\n  2026-12-02: []')
    hours = read_opening_hours(tmp_path)
    assert hours.opens_at(at("2026-12-01T08:00")) == at("2026-12-01T10:00")
    assert hours.opens_at(at("2026-12-01T12:00")) == at("2026-12-03T08:00")
