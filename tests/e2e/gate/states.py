"""The shape of a state: what it is called, and how to get there by the real service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.gate.stage import Stage

SWEDISH, ARABIC = "sv", "ar"
WIDGET, PORTAL = "widget", "portal"

Step = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class State:
    """One state of widget or portal; `title` is what the accessibility statement calls it, in Swedish."""

    surface: str
    name: str
    title: str
    #: Brings it about in Swedish, in a browser of its own.
    reach: Step
    #: Goes over to another language, None where that state has one language only.
    speak: Callable[[Stage, str], None] | None
    #: Brings back what passes by itself, before each look.
    renew: Step | None = None
    #: Whether it is brought about while the desk is closed.
    closed: bool = False

    @property
    def id(self) -> str:
        """Its name among all states."""
        return f"{self.surface}-{self.name}"

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it is looked at."""
        return (SWEDISH,) if self.speak is None else (SWEDISH, ARABIC)
