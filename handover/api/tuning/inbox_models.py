"""The inbox as it crosses the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handover.api.frames import CommandId, Frame
from handover.core.events import Audience
from handover.core.labels import Label
from handover.core.misses import MissKind

MOST_LABELLED = 50

TextKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
FaqName = Annotated[str, StringConstraints(min_length=1, max_length=130)]
WorkingName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class LikelyFaq(Frame):
    """A question that may have been meant, and how likely that is, 0 to 1."""

    faq: str
    likelihood: float


class MissedText(Frame):
    """A text that was missed, with what became of it the last time."""

    key: str
    #: Of its labels; who labels it says which version was seen.
    version: int
    text: str
    language: str
    audience: Audience
    #: How many times it was missed since it was labelled last.
    count: int
    kinds: list[MissKind]
    answered: str | None = None
    offered: list[str]
    chosen: str | None = None
    #: Why a guide rejected the draft.
    reject_label: str | None = None
    model_id: str | None = None
    at: str
    conversation_id: str
    seq: int


class MissedGroup(Frame):
    """Texts that may belong to the same question, the worst first; some of them where there are many."""

    key: str
    suggestions: list[LikelyFaq]
    #: A working name, should it be a new question.
    name: str
    #: How many misses, and how many texts, there are in all.
    count: int
    size: int
    #: The colleague who looks at it just now.
    held_by: str | None = None
    texts: list[MissedText]


class InboxPage(Frame):
    """Answer of `GET /api/v1/tuning/inbox`: the worst groups, and how much there is in all."""

    total_groups: int
    total_texts: int
    #: How many examples of one's own labels wait for a change set.
    waiting: int
    groups: list[MissedGroup]


class InboxFaq(Frame):
    """A question of the catalogue that a text may belong to."""

    id: str
    question: str
    service: str
    service_name: str
    audience: Audience


class InboxFaqs(Frame):
    """Answer of `GET /api/v1/tuning/inbox/faqs`."""

    faqs: list[InboxFaq]


class HoldTexts(Frame):
    """Body of `POST /api/v1/tuning/inbox/holds`: what one looks at, in place of what one looked at before."""

    texts: Annotated[list[TextKey], Field(max_length=MOST_LABELLED)]


class HeldTexts(Frame):
    """Answer of `POST /api/v1/tuning/inbox/holds`: those that nobody else looks at."""

    texts: list[str]


class SeenText(Frame):
    """A text, and the version of its labels that was seen."""

    key: TextKey
    version: Annotated[int, Field(ge=0)]


class LabelTexts(Frame):
    """Body of `POST /api/v1/tuning/inbox/labels`; `faq` names the question, `name` a new one."""

    id: CommandId
    label: Label
    faq: FaqName | None = None
    name: WorkingName | None = None
    texts: Annotated[list[SeenText], Field(min_length=1, max_length=MOST_LABELLED)]


class LabelledTexts(Frame):
    """Answer of `POST /api/v1/tuning/inbox/labels`: its `id` is what one undoes it by."""

    id: str
    texts: int


class GivenLabel(Frame):
    """One label: who gave it to which text and when, and whether it still stands."""

    key: str
    version: int
    label: Label
    faq: str | None = None
    name: str | None = None
    at: str
    by_name: str
    undone: bool = False
    change_set_id: str | None = None


class GivenLabels(Frame):
    """Answer of `GET /api/v1/tuning/inbox/labels`: the newest first."""

    labels: list[GivenLabel]


class ProposedExamples(Frame):
    """Answer of `POST /api/v1/tuning/inbox/proposals`."""

    examples: int
    change_set_id: str | None = None


class ContextLine(Frame):
    """Something that was said around a missed text."""

    seq: int
    sender: Annotated[Literal["citizen", "bot", "guide", "system"], Field(alias="from")]
    text: str


class MissContext(Frame):
    """Answer of `GET /api/v1/tuning/inbox/context/{conversation_id}/{seq}`, for those who may read conversations."""

    lines: list[ContextLine]
