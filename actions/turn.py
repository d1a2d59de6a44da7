"""What an action knows of the turn, and the one typed payload that every action answers with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from catalogue.snapshot import Answer, Link


class Decided(StrEnum):
    """What the assistant decided to do with a turn."""

    ANSWERED = "answered"
    ASKED = "asked"
    SEARCHED = "searched"
    ESCALATED = "escalated"
    SMALLTALK = "smalltalk"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent of the ranking."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn as an action sees it: parsed once from the tracker, which comes from outside."""

    text: str
    language: str
    audience: str
    intent: str
    ranking: tuple[Ranked, ...]
    ask_threshold: float
    answer_threshold: float
    misses: int

    @classmethod
    def from_tracker(cls, tracker: Any) -> Turn:
        """Return the turn of the tracker's latest message."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        context = metadata.get("context") or {}
        thresholds = metadata.get("thresholds") or {}
        ranking = tuple(
            Ranked(str(entry["name"]), float(entry["confidence"]))
            for entry in message.get("intent_ranking") or []
            if entry.get("name") != "nlu_fallback"
        )
        return cls(
            text=str(message.get("text") or ""),
            language=str(metadata.get("language") or "sv"),
            audience="staff" if metadata.get("audience") == "staff" else "citizen",
            intent=str((message.get("intent") or {}).get("name") or ""),
            ranking=ranking,
            ask_threshold=float(thresholds.get("ask", 1.0)),
            answer_threshold=float(thresholds.get("answer", 1.0)),
            misses=int(context.get("misses", 0)),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick reply: a FAQ id, `human` or `dialogue.deny` as payload."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What an action answers; the handover service validates the same shape."""

    decision: Decided
    text: str
    faq: str | None = None
    service: str | None = None
    language: str | None = None
    source: str | None = None
    links: tuple[Link, ...] = ()
    choices: tuple[Choice, ...] = ()
    escalate: str | None = None
    context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of_answer(cls, answer: Answer) -> Reply:
        """Return the reply that gives a catalogue answer; whoever gets one has missed nothing."""
        return cls(
            decision=Decided.ANSWERED,
            text=answer.text,
            faq=answer.faq_id,
            service=answer.service,
            language=answer.language,
            source=answer.source,
            links=answer.links,
            context={"service": answer.service, "misses": 0},
        )

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object that goes back through the engine."""
        return asdict(self)
