"""What an action knows of the turn, and the one typed payload that every action answers with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from actions.languages import choose_language
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
class Question:
    """A question that a message seems to ask beside its first: its intent, and how likely it is asked."""

    intent: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn as an action sees it: parsed once from the tracker, which comes from outside.

    `unsupported` is a language that was written and has no answers; `service` is what was spoken of last, and
    `within_service` ranks its questions alone. `misses` and `asked` count the turns in a row that were only searched
    for and that were asked back.
    """

    text: str
    language: str
    audience: str
    intent: str
    ranking: tuple[Ranked, ...]
    ask_threshold: float
    answer_threshold: float
    misses: int = 0
    asked: int = 0
    staff_share: float = 0.0
    service: str | None = None
    within_service: tuple[Ranked, ...] = ()
    also: tuple[Question, ...] = ()
    unsupported: str | None = None

    @property
    def confidence(self) -> float:
        """How sure the first of the ranking is."""
        return self.ranking[0].confidence if self.ranking else 0.0

    @classmethod
    def from_tracker(cls, tracker: Any) -> Turn:
        """Return the turn of the tracker's latest message."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        context = metadata.get("context") or {}
        understood = metadata.get("understood") or {}
        thresholds = understood.get("thresholds") or {}
        kept = context.get("language")
        spoken = choose_language(
            str(metadata.get("language") or "sv"), str(kept) if kept else None, metadata.get("written_in")
        )
        return cls(
            text=str(message.get("text") or ""),
            language=spoken.language,
            audience="staff" if metadata.get("audience") == "staff" else "citizen",
            intent=str((message.get("intent") or {}).get("name") or ""),
            ranking=_ranked(message.get("intent_ranking")),
            ask_threshold=float(thresholds.get("ask", 1.0)),
            answer_threshold=float(thresholds.get("answer", 1.0)),
            misses=int(context.get("misses", 0)),
            asked=int(context.get("asked", 0)),
            staff_share=float(understood.get("staff_share", 0.0)),
            service=str(context["service"]) if context.get("service") else None,
            within_service=_ranked(understood.get("within_service")),
            also=_questions(understood.get("questions")),
            unsupported=spoken.unsupported,
        )


def _ranked(entries: Any) -> tuple[Ranked, ...]:
    return tuple(
        Ranked(str(entry["name"]), float(entry["confidence"]))
        for entry in entries or []
        if entry.get("name") != "nlu_fallback"
    )


def _questions(entries: Any) -> tuple[Question, ...]:
    """Return each question once, as it was told first."""
    found: dict[str, Question] = {}
    for entry in entries or []:
        found.setdefault(str(entry["name"]), Question(str(entry["name"]), float(entry["confidence"])))
    return tuple(found.values())


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
            context={"service": answer.service, "misses": 0, "asked": 0},
        )

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object that goes back through the engine."""
        return asdict(self)
