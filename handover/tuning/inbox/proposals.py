"""Where the examples go that labels make: the seam to change sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from catalogue.documents import EASY_SWEDISH, SOURCE_LANGUAGE
from handover.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Proposal:
    """A training example: what somebody wrote, as the record holds it, and the intent that it belongs to."""

    intent: str
    text: str
    language: str
    voice: Literal["vardag", "en"]


class ExampleTarget(Protocol):
    """Takes examples into an editor's open change set."""

    async def propose(self, examples: Sequence[Proposal], by: Account) -> tuple[str, list[bool]]:
        """Put examples into the open change set of `by`, one is opened if there is none.

        Return its id and which of the examples are in it now: what is no example, being too long or personal, is not.
        Raises `HandoverError` and has changed nothing.
        """


def written_in(language: str) -> str:
    """Return the language of an example from that of a conversation: who reads easy Swedish writes Swedish."""
    return SOURCE_LANGUAGE if language == EASY_SWEDISH else language


def voice_of(language: str) -> Literal["vardag", "en"]:
    """Return the voice in which something was written that nobody has listened to: the everyday one."""
    return "en" if language == "en" else "vardag"
