"""What the pages of the rollout and of the review list are told, and what they ask for, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handover.api.frames import CommandId, Frame, Payload
from handover.core.supervision import Level
from handover.store.supervision import Action

MAX_REASON_CHARS = 500

FaqId = Annotated[str, StringConstraints(max_length=130, pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$")]
#: Why something was changed; empty is refused with `reason_required`.
Why = Annotated[str, StringConstraints(max_length=MAX_REASON_CHARS, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]


class EvidenceView(Frame):
    """What reviews say: `low` and `high` bound the 95 % Wilson interval of the approved share."""

    reviewed: int
    approved: int
    low: float
    high: float
    recent_reviewed: int
    recent_approved: int
    #: How like the guides' own words unseen answers were, on average; none where nothing was compared.
    agreement: float | None = None
    edit_distance: float | None = None


class LevelChange(Frame):
    """A line of the audit log. No `by_name`: the rule did it. No `faq`: it holds for all."""

    at: str
    faq: str | None = None
    action: Action
    from_level: Level | None = None
    to_level: Level | None = None
    by_name: str | None = None
    why: str


class FaqRollout(Frame):
    """Where one FAQ stands, and whether its evidence suffices to go up (`ready` names the level)."""

    faq: str
    question: str
    level: Level
    cap: Level
    #: Whether the answer is but an example, which production sends nobody unseen.
    example: bool
    cap_lifted: bool
    target: float
    floor: float
    min_samples: int
    evidence: EvidenceView
    ready: Level | None = None
    #: Answers on the review list that nobody has judged yet.
    waiting: int
    since: str | None = None
    last_change: LevelChange | None = None


class ServiceRollout(Frame):
    """A service with its FAQs; its evidence is that of all of them."""

    service: str
    name: str
    sensitive: bool
    audience: Literal["citizen", "staff"]
    evidence: EvidenceView
    levels: dict[Level, int]
    faqs: list[FaqRollout]


class Rollout(Frame):
    """Answer of `GET /api/v1/supervision`."""

    all_off: bool
    revision: int
    automatic_promotion: bool
    services: list[ServiceRollout]
    changes: list[LevelChange]


class SetLevel(Frame):
    """Body of `POST /api/v1/supervision/faqs/{faq}/level`: a lead decides, and says why; raised only to `approve`."""

    level: Level
    why: Why


class Confirm(Frame):
    """Body of `POST /api/v1/supervision/faqs/{faq}/promotion`: a lead confirms what the evidence allows."""

    level: Level
    why: Why = ""


class SetCap(Frame):
    """Body of `POST /api/v1/supervision/faqs/{faq}/cap`: lift or restore the cap of a sensitive service."""

    lifted: bool
    why: Why


class SetBounds(Frame):
    """Body of `POST /api/v1/supervision/faqs/{faq}/bounds`; null is the setting for all."""

    target: Share | None
    floor: Share | None
    why: Why


class SetSwitch(Frame):
    """Body of `POST /api/v1/supervision/switch`: switch everything off, for which no reason is needed, or on again."""

    all_off: bool
    why: Why


class JudgeAnswer(Frame):
    """Body of `POST /api/v1/reviews/{conversation_id}`."""

    id: CommandId
    item: Payload
    verdict: Literal["good", "wrong", "unclear"]
    harmful: bool = False


class ReviewItem(Frame):
    """An answer to judge: what was asked, what the assistant said or would have said, and what the guide wrote."""

    conversation_id: str
    item: str
    faqs: list[str]
    service: str
    level: Level
    at: str
    language: str
    question: str
    answer: str
    #: What the guide wrote in place of an unseen answer.
    guide_answer: str | None = None
    agreement: float | None = None
    edit_distance: float | None = None
    intent: str | None = None
    confidence: float | None = None


class ReviewList(Frame):
    """Answer of `GET /api/v1/reviews`: the oldest first, and how many there are in all."""

    total: int
    items: list[ReviewItem]
