"""What a run of the benchmark measures; read from the environment, as `make bench-record ONLY=relay` sets it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Part(StrEnum):
    """One of the three things that are measured."""

    RELAY = "relay"
    TURN = "turn"
    IDLE = "idle"


class Backend(StrEnum):
    """A database that is measured."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class OptionError(Exception):
    """An option has a value that means nothing; the message names it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure, and how long."""

    parts: tuple[Part, ...] = tuple(Part)
    backends: tuple[Backend, ...] = tuple(Backend)
    #: Phases of a few seconds: enough to compare two versions, not to write down a figure.
    quick: bool = False
    #: Sample the service's stack while the relay is measured; costs some of its speed.
    profile: bool = False

    @classmethod
    def from_environment(cls) -> Self:
        """Return the options that `ONLY`, `DATABASE`, `QUICK` and `PROFILE` ask for; raise `OptionError`."""
        only, database = os.environ.get("ONLY", ""), os.environ.get("DATABASE", "")
        try:
            return cls(
                parts=(Part(only),) if only else tuple(Part),
                backends=(Backend(database),) if database not in ("", "both") else tuple(Backend),
                quick=_is_set("QUICK"),
                profile=_is_set("PROFILE"),
            )
        except ValueError:
            raise OptionError("ONLY is relay, turn or idle; DATABASE is sqlite, postgres or both") from None


def _is_set(name: str) -> bool:
    return os.environ.get(name, "") not in ("", "0")
