"""The events that a conversation is made of: an ordered, append-only record.

Every event is a frozen value with a `kind`. `seq` and `at` are given by the store when the event is
appended. The JSON of these models is what is stored and what goes over the wire.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class State(StrEnum):
    """Who owns the conversation now; mirrored by a CHECK constraint."""

    BOT = "bot"
    WAITING = "waiting"
    GUIDE = "guide"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a conversation was put in the queue."""

    ASKED_FOR_HUMAN = "asked_for_human"
    LOW_CONFIDENCE = "low_confidence"
    NOT_RESOLVED = "not_resolved"
    REJECTED_DRAFT = "rejected_draft"
    DRAFT_TIMEOUT = "draft_timeout"
    CRISIS = "crisis"
    POLICY = "policy"
    ENGINE_FAILURE = "engine_failure"


class Audience(StrEnum):
    """Who asks: anyone, or a signed-in employee."""

    CITIZEN = "citizen"
    STAFF = "staff"


class Value(BaseModel):
    """Base of every event and of the values inside them: immutable, closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Choice(Value):
    """A quick reply: what the person reads, and what is sent back when it is chosen."""

    title: str
    payload: str


class Link(Value):
    """A link shown under a message; `url` is https, mailto or tel."""

    title: str
    url: str


#: Levels under which an answer can be in the record; `off` answers nothing.
AnswerLevel = Literal["shadow", "approve", "sampled", "auto"]
RejectLabel = Literal["wrong_answer", "outdated", "tone", "should_have_been_a_person"]


class AnswerRef(Value):
    """Which catalogue answer a message holds."""

    service: str
    faq: str
    language: str
    approved_by_human: bool = False


class Ranked(Value):
    """One intent with its calibrated confidence, 0 to 1."""

    intent: str
    confidence: float


class Understanding(Value):
    """What the engine understood of a turn; shown to guides, never to citizens."""

    intent: str | None
    confidence: float
    ranking: tuple[Ranked, ...] = ()
    decision: str
    language: str | None = None
    model_id: str | None = None
    engine_ms: float | None = None


class Opened(Value):
    """A citizen or an employee opened the conversation."""

    kind: Literal["opened"] = "opened"
    language: str
    audience: Audience
    service: str | None = None
    #: Questions that can be chosen before anything is said.
    choices: tuple[Choice, ...] = ()


class Message(Value):
    """Something said, already redacted."""

    kind: Literal["message"] = "message"
    id: str
    sender: Annotated[Literal["citizen", "bot", "guide", "system"], Field(alias="from")]
    text: str
    choice: str | None = None
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    answer: AnswerRef | None = None
    also: tuple[AnswerRef, ...] = ()
    author: str | None = None
    reply_to: int | None = None
    understanding: Understanding | None = None
    #: Under which supervision level an answer was sent, and whether it is on the review list.
    level: AnswerLevel | None = None
    review: bool = False


class Draft(Value):
    """An answer of the bot that waits for a guide's approval (or is only kept, when `shadow`)."""

    kind: Literal["draft"] = "draft"
    id: str
    text: str
    shadow: bool = False
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    answer: AnswerRef | None = None
    also: tuple[AnswerRef, ...] = ()
    reply_to: int
    deadline: str | None = None
    understanding: Understanding | None = None
    level: AnswerLevel | None = None


class DraftDecided(Value):
    """What became of a draft."""

    kind: Literal["draft_decided"] = "draft_decided"
    draft_id: str
    decision: Literal["approved", "edited", "rejected", "timed_out", "superseded", "withdrawn"]
    guide_id: str | None = None
    label: RejectLabel | None = None
    harmful: bool = False
    #: The share of the draft's characters that the guide changed, 0 to 1; only of an edited one.
    edit_distance: float | None = None


class Escalated(Value):
    """The conversation went from the bot to the queue."""

    kind: Literal["escalated"] = "escalated"
    reason: Reason
    understanding: Understanding | None = None


class Claimed(Value):
    """A guide took the conversation, from the queue or straight from the bot."""

    kind: Literal["claimed"] = "claimed"
    guide_id: str
    guide_name: str
    via: Literal["claim", "take_over", "assigned"] = "claim"


class Released(Value):
    """The guide let go; the conversation is first in the queue again."""

    kind: Literal["released"] = "released"
    guide_id: str
    reason: Literal["released", "lost_connection"]


class Transferred(Value):
    """The guide passed the conversation to a colleague, a service area or a language; it waits for them."""

    kind: Literal["transferred"] = "transferred"
    guide_id: str
    to_guide: str | None = None
    to_service: str | None = None
    to_language: str | None = None


class WishDropped(Value):
    """The colleague whom a conversation waited for is not at the desk; it waits for anybody."""

    kind: Literal["wish_dropped"] = "wish_dropped"
    to_guide: str


class HandedBack(Value):
    """The guide gave the conversation back to the bot, which takes it up where the note leaves it: at `service`."""

    kind: Literal["handed_back"] = "handed_back"
    guide_id: str
    note: str | None = None
    service: str | None = None


class Note(Value):
    """An internal note; citizens see a `hidden` event in its place."""

    kind: Literal["note"] = "note"
    guide_id: str
    guide_name: str
    text: str


class Whispered(Value):
    """A lead says something to the guide alone."""

    kind: Literal["whispered"] = "whispered"
    guide_id: str
    guide_name: str
    text: str


class ShadowCompared(Value):
    """How an unseen answer of the bot compares with what the guide wrote in its place."""

    kind: Literal["shadow_compared"] = "shadow_compared"
    draft_id: str
    #: The share of the words that both have in common, 0 to 1.
    agreement: float
    #: The share of characters to change to make one of the other, 0 to 1.
    edit_distance: float


class Reviewed(Value):
    """Somebody judged an answer of the bot after the fact; `item` is the id of its message or unseen draft."""

    kind: Literal["reviewed"] = "reviewed"
    item: str
    verdict: Literal["good", "wrong", "unclear"]
    harmful: bool = False
    guide_id: str
    guide_name: str


class Rated(Value):
    """The citizen's verdict: a score of 1 to 5 and whether the question was answered."""

    kind: Literal["rated"] = "rated"
    score: int
    resolved: bool | None = None
    comment: str | None = None


class Closed(Value):
    """The conversation ended."""

    kind: Literal["closed"] = "closed"
    by: Literal["citizen", "guide", "system"]
    guide_id: str | None = None
    outcome: Literal["solved", "referred", "case_created", "no_contact"] | None = None


class Redacted(Value):
    """The text of an earlier event was taken out of the record after the fact."""

    kind: Literal["redacted"] = "redacted"
    target_seq: int
    guide_id: str | None = None


Event = Annotated[
    Opened
    | Message
    | Draft
    | DraftDecided
    | Escalated
    | Claimed
    | Released
    | Transferred
    | WishDropped
    | HandedBack
    | Note
    | Whispered
    | ShadowCompared
    | Reviewed
    | Rated
    | Closed
    | Redacted,
    Field(discriminator="kind"),
]

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)


def event_to_json(event: Event) -> dict[str, Any]:
    """Return the JSON object of an event, without keys that hold their default."""
    body = event.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"kind": event.kind, **body}


def event_to_text(event: Event, exclude: AbstractSet[str] = frozenset()) -> str:
    """Return the same object as JSON text, without the keys in `exclude`."""
    body = event.model_dump_json(by_alias=True, exclude_defaults=True, exclude=set(exclude))
    kind = f'{{"kind":"{event.kind}"'
    return f"{kind}}}" if body == "{}" else f"{kind},{body[1:]}"


def event_from_json(body: dict[str, Any]) -> Event:
    """Return the event that `event_to_json` wrote; raises `pydantic.ValidationError` on anything else."""
    return _EVENT.validate_python(body)
