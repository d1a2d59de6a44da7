"""What people and the assistant may ask of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handover.core.events import AnswerLevel, AnswerRef, Choice, Link, Reason, RejectLabel, Understanding

Outcome = Literal["solved", "referred", "case_created", "no_contact"]


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide who acts: id and the name that the citizen sees."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Danger:
    """Acute danger told of in a message: its category and the fixed safety text by language."""

    category: str
    texts: Mapping[str, str]

    def safety_text(self, language: str) -> str:
        """Return the text in `language`, else in English for foreign ones, else in Swedish."""
        return self.texts.get(language) or self.texts["sv" if language.startswith("sv") else "en"]


@dataclass(frozen=True, slots=True)
class Say:
    """The citizen says something; `text` is already redacted. `danger` is set when it tells of acute danger."""

    text: str
    danger: Danger | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """The citizen picks one of the choices that were offered."""

    payload: str


@dataclass(frozen=True, slots=True)
class AskHuman:
    """The citizen asks for a person."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The citizen rates the conversation."""

    score: int
    resolved: bool | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class CitizenClose:
    """The citizen ends the conversation."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A guide takes a conversation that waits, or is given it by the rule that shares out the work."""

    guide: Guide
    assigned: bool = False


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A guide takes a conversation that the bot has."""

    guide: Guide


@dataclass(frozen=True, slots=True)
class Reply:
    """The owner answers the citizen; `text` is already redacted."""

    guide: Guide
    text: str


@dataclass(frozen=True, slots=True)
class ApproveDraft:
    """A guide lets a draft through, as it is or with another text."""

    guide: Guide
    draft_id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class RejectDraft:
    """A guide stops a draft."""

    guide: Guide
    draft_id: str
    label: RejectLabel
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class HandBack:
    """The owner gives the conversation back to the bot; `service` is what the note is about, as the catalogue has it.

    It is found anew with each delivery of the command, and so is no part of what the command is told by.
    """

    guide: Guide
    note: str | None = None
    service: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Release:
    """The owner puts the conversation back in the queue, or lost the connection."""

    guide: Guide
    reason: Literal["released", "lost_connection"] = "released"


@dataclass(frozen=True, slots=True)
class Transfer:
    """The owner passes the conversation on to a colleague, a service area or a language."""

    guide: Guide
    to_guide: str | None = None
    to_service: str | None = None
    to_language: str | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    """A guide writes an internal note."""

    guide: Guide
    text: str


@dataclass(frozen=True, slots=True)
class Whisper:
    """A lead says something to the owner that the citizen does not see; `text` is already redacted."""

    guide: Guide
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody judges an answer of the bot after the fact."""

    guide: Guide
    item: str
    verdict: Literal["good", "wrong", "unclear"]
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class GuideClose:
    """The owner ends the conversation."""

    guide: Guide
    outcome: Outcome = "solved"


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One message of a bot's turn."""

    text: str
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    answer: AnswerRef | None = None
    also: tuple[AnswerRef, ...] = ()
    sender: Literal["bot", "system"] = "bot"


@dataclass(frozen=True, slots=True)
class FinishTurn:
    """What a bot's turn came to; fenced by the `epoch` that it began with."""

    epoch: int
    reply_to: int
    messages: tuple[BotMessage, ...] = ()
    escalate: Reason | None = None
    understanding: Understanding | None = None
    mode: Literal["send", "approve", "shadow"] = "send"
    draft_deadline: datetime | None = None
    level: AnswerLevel | None = None
    #: Whether the answer goes on the review list.
    review: bool = False
    #: What is said in place of an answer that may not be shown: at level `shadow`, or with everything switched off.
    instead: tuple[BotMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftTimeout:
    """The time to approve a draft ran out; `apology` tells the citizen so."""

    draft_id: str
    apology: str


@dataclass(frozen=True, slots=True)
class WithdrawDraft:
    """Everything was switched off while a draft waited; `apology` tells the citizen that a person takes over."""

    draft_id: str
    apology: str


@dataclass(frozen=True, slots=True)
class TellClosed:
    """Nobody is there for one who waits; `text` tells the citizen when somebody is."""

    text: str


@dataclass(frozen=True, slots=True)
class DropWish:
    """The colleague whom the conversation waits for has gone: it waits for anybody."""

    to_guide: str


@dataclass(frozen=True, slots=True)
class IdleClose:
    """Nothing was heard for so long that the conversation ends."""


CitizenCommand = Say | Choose | AskHuman | Rate | CitizenClose
GuideCommand = (
    Claim
    | TakeOver
    | Reply
    | ApproveDraft
    | RejectDraft
    | HandBack
    | Release
    | Transfer
    | AddNote
    | Whisper
    | Review
    | GuideClose
)
SystemCommand = FinishTurn | DraftTimeout | WithdrawDraft | TellClosed | DropWish | IdleClose
Command = CitizenCommand | GuideCommand | SystemCommand
