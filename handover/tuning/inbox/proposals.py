"""Where the examples go that labels make: the seam to change sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from handover.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Proposal:
    """A training example: what somebody wrote, as the record holds it, and the intent that it belongs to."""

    intent: str
    text: str
    language: str
    voice: str


class ExampleTarget(Protocol):
    """Takes examples into an editor's open change set."""

    async def propose(self, examples: Sequence[Proposal], by: Account) -> str:
        """Put examples into the open change set of `by`, one is opened if there is none; return its id.

        One that is there already is left as it is. All or none: raises `HandoverError` and has changed nothing.
        """


def voice_of(language: str) -> str:
    """Return the voice in which something was written that nobody has listened to: the everyday one."""
    return "en" if language == "en" else "vardag"
