"""Read `data/opening_hours.yml` into the opening hours; what is wrong is told with file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, TypeAdapter, model_validator

from catalogue.documents import CatalogueError, Document, PlaceholderDoc, Problem, Slug, SourceFile, read_document
from catalogue.opening import DayHours, Hours, OpeningHours, day_names

FILE = "opening_hours.yml"
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")


def _parse_day(raw: object) -> DayHours:
    if not isinstance(raw, list):
        raise ValueError('a list of hours stands here, like ["08:00-12:00", "13:00-16:00"]; [] is closed')
    hours = tuple(_parse_hours(one) for one in raw)
    if any(after.begin <= before.end for before, after in pairwise(hours)):
        raise ValueError("hours of one day stand in order, with time between them")
    return hours


def _parse_hours(raw: object) -> Hours:
    found = _HOURS.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise ValueError(f"{raw} is not written like 08:00-16:00")
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    return Hours(from_hour * 60 + from_minute, to_hour * 60 + to_minute)


Day = Annotated[DayHours, PlainValidator(_parse_day)]


class _Weekly(Document):
    monday: Day
    tuesday: Day
    wednesday: Day
    thursday: Day
    friday: Day
    saturday: Day
    sunday: Day

    @model_validator(mode="after")
    def _opens_at_all(self) -> _Weekly:
        if not any(self.days):
            raise ValueError("it is open on some day of the week")
        return self

    @property
    def days(self) -> tuple[DayHours, ...]:
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)


class _OpeningDoc(Document):
    source: Literal["facts", "example"]
    placeholder: Slug
    weekly: _Weekly
    holidays: dict[str, Day] = Field(default={})
    exceptions: dict[date, Day] = Field(default={})


def read_opening_hours(data: Path) -> OpeningHours:
    """Return the opening hours under the data folder; raise `CatalogueError` on a broken file."""
    file = read_document(data / FILE, _OpeningDoc)
    placeholders = read_document(data / "placeholders.yml", TypeAdapter(dict[Slug, PlaceholderDoc])).document
    problems = list(_check(file, placeholders.keys()))
    if problems:
        raise CatalogueError(problems)
    document = file.document
    return OpeningHours(
        document.weekly.days,
        document.holidays,
        document.exceptions,
        is_example=document.source == "example",
    )


def _check(file: SourceFile[_OpeningDoc], placeholders: Iterable[str]) -> Iterator[Problem]:
    for name in file.document.holidays.keys() - day_names():
        yield file.problem(("holidays", name), f"{name} is no day that is known; known are {_listed(day_names())}")
    if file.document.placeholder not in placeholders:
        yield file.problem(("placeholder",), f"the placeholder {file.document.placeholder} is not declared")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
