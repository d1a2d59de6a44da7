"""Which model answers a conversation: a function of what was put into service when, and of when it began. Pure.

A conversation keeps the model that was in service when it began, until it ends or an hour has passed since that model
was replaced. What was rolled back from answers nobody from that moment. Nothing is stored with the conversation, so
every replica comes to the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: How long a conversation keeps a model that was replaced.
KEPT_FOR = timedelta(hours=1)


class SwitchKind(StrEnum):
    """How a model came into service."""

    #: It is the next one.
    PUT = "put"
    #: It is an earlier one, since something was wrong with those that came after it.
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Switch:
    """From `at` on this model is in service."""

    model: str
    kind: SwitchKind
    at: datetime


class Service:
    """What was in service when."""

    def __init__(self, switches: Iterable[Switch] = ()) -> None:
        self.switches = tuple(sorted(switches, key=lambda one: one.at))
        self._times = [one.at for one in self.switches]
        #: What was rolled back from, and not put into service since.
        self.withdrawn = _withdrawn(self.switches)

    @property
    def live(self) -> str | None:
        """The model that new conversations begin with; None before the first was put into service."""
        return self.switches[-1].model if self.switches else None

    def model_of(self, began: datetime, now: datetime) -> str | None:
        """Return the model that answers a conversation now."""
        number = bisect_right(self._times, began)
        own = self.switches[number - 1].model if number else None
        return own if own is not None and self.keeps(own, now) else self.live

    def keeps(self, model: str, now: datetime) -> bool:
        """Tell whether a model still answers the conversations that began with it."""
        if model == self.live:
            return True
        if model in self.withdrawn:
            return False
        replaced = self.replaced_at(model)
        return replaced is not None and now - replaced < KEPT_FOR

    def replaced_at(self, model: str) -> datetime | None:
        """Return when a model was last replaced; None of one that is in service, or never was."""
        ends = [end for _, end in self.stints(model)]
        return ends[-1] if ends else None

    def stints(self, model: str) -> list[tuple[datetime, datetime | None]]:
        """Return from when until when a model was in service, the oldest first; until None: it is."""
        ends = [*self._times[1:], None]
        return [(one.at, end) for one, end in zip(self.switches, ends, strict=False) if one.model == model]

    def has_served(self, model: str) -> bool:
        """Tell whether a model ever was in service."""
        return any(one.model == model for one in self.switches)


def _withdrawn(switches: tuple[Switch, ...]) -> frozenset[str]:
    """Return what was rolled back from, and not put into service since.

    Rolling back to a model takes back all that came after it, not only the last of them.
    """
    withdrawn: set[str] = set()
    for number, switch in enumerate(switches):
        if switch.kind is SwitchKind.ROLLED_BACK:
            before = [one.model for one in switches[:number]]
            since = before[len(before) - before[::-1].index(switch.model) :] if switch.model in before else before[-1:]
            withdrawn.update(since)
        withdrawn.discard(switch.model)
    return frozenset(withdrawn)
