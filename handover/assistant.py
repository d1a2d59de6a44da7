"""How the assistant replies to one message: danger first, then the engine, then the supervision level.

The turn worker and `make evaluate` both decide through `Assistant.reply`, so that what is measured is what runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from catalogue.phrases import Phrases
from handover.core.commands import BotMessage, Danger
from handover.core.crisis import CrisisGuide
from handover.core.events import AnswerRef, Choice, Link, Ranked, Reason, Understanding
from handover.core.supervision import SENT_AT_ONCE, Level, level_of_answer
from handover.engine import Engine, EngineError, EngineQuestion, EngineReply, EngineTurn

Mode = Literal["send", "approve", "shadow"]
#: How much of the ranking is kept in the record.
KEPT_RANKING = 5


@dataclass(frozen=True, slots=True)
class AssistantReply:
    """What a turn comes to, before it is fenced and stored."""

    decision: str
    understanding: Understanding
    messages: tuple[BotMessage, ...] = ()
    escalate: Reason | None = None
    mode: Mode = "send"
    context: dict[str, Any] = field(default_factory=dict)
    engine_ms: float | None = None


class Assistant:
    """Decides turns; holds no conversation."""

    def __init__(
        self, engine: Engine, phrases: Phrases, crisis: CrisisGuide, level: Level, *, production: bool
    ) -> None:
        self._engine = engine
        self._phrases = phrases
        self._crisis = crisis
        self._level = level
        self._production = production

    async def reply(self, question: EngineQuestion) -> AssistantReply:
        """Return the reply to a question; an engine that fails leads to a person, never to silence."""
        danger = self._crisis.find_danger(question.text) if question.text else None
        try:
            turn = await self._engine.ask(question)
        except EngineError as error:
            if danger is not None:
                return self._in_danger(danger, question.language, 1.0)
            return self._failed(question.language, f"engine_{error.kind}")
        judged = turn.understanding.danger
        if danger is not None and not (judged and judged.is_harmless):
            return self._in_danger(danger, question.language, 1.0, turn)
        if judged is not None and judged.is_alarm and judged.category in self._crisis.texts:
            found = Danger(judged.category, self._crisis.texts[judged.category])
            return self._in_danger(found, question.language, judged.likelihood, turn)
        return self._supervised(turn, question)

    def _in_danger(
        self, danger: Danger, language: str, likelihood: float, turn: EngineTurn | None = None
    ) -> AssistantReply:
        """Return the safety text and the way to a person, first in the queue."""
        safety = BotMessage(danger.safety_text(language), sender="system")
        understood = Understanding(
            intent=f"crisis.{danger.category}",
            confidence=round(likelihood, 4),
            decision="crisis",
            language=language,
            model_id=turn.model_id if turn else None,
            engine_ms=turn.total_ms if turn else None,
        )
        return AssistantReply("crisis", understood, (safety,), Reason.CRISIS)

    def give_up(self, language: str) -> AssistantReply:
        """Return the reply to a turn that failed too often."""
        return self._failed(language, "gave_up")

    def _failed(self, language: str, decision: str) -> AssistantReply:
        understood = Understanding(intent=None, confidence=0.0, decision=decision, language=language)
        sorry = BotMessage(self._phrases.say("engine_failure", language), sender="system")
        return AssistantReply("escalated", understood, (sorry,), Reason.ENGINE_FAILURE)

    def _supervised(self, turn: EngineTurn, question: EngineQuestion) -> AssistantReply:
        first = turn.replies[0]
        answers = [reply for reply in turn.replies if reply.faq is not None]
        levels = [level_of_answer(self._level, a.source, production=self._production) for a in answers]
        level = min(levels, key=list(Level).index) if levels else Level.AUTO
        messages = tuple(_message(reply) for reply in turn.replies)
        escalate = next((reply.escalate for reply in turn.replies if reply.escalate is not None), None)
        mode: Mode = "send"
        if level is Level.APPROVE:
            mode = "approve"
        elif level not in SENT_AT_ONCE:
            mode = "shadow" if level is Level.SHADOW else "send"
            escalate = Reason.POLICY
            if level is Level.OFF:
                messages = (BotMessage(self._phrases.say("policy", question.language), sender="system"),)
        context = {**question.context}
        for reply in turn.replies:
            context |= reply.context
        return AssistantReply(
            decision=first.decision,
            understanding=_understanding(turn, first, question.language),
            messages=messages,
            escalate=escalate,
            mode=mode,
            context=context,
            engine_ms=turn.total_ms,
        )


def _message(reply: EngineReply) -> BotMessage:
    answer = None
    if reply.faq is not None:
        answer = AnswerRef(
            service=reply.service or reply.faq.partition(".")[0], faq=reply.faq, language=reply.language or "sv"
        )
    return BotMessage(
        text=reply.text,
        choices=tuple(Choice(title=c.title, payload=c.payload) for c in reply.choices),
        links=tuple(Link(title=link.title, url=link.url) for link in reply.links),
        answer=answer,
    )


def _understanding(turn: EngineTurn, first: EngineReply, language: str) -> Understanding:
    understood = turn.understanding
    return Understanding(
        intent=understood.intent,
        confidence=round(understood.confidence, 4),
        ranking=tuple(
            Ranked(intent=r.name, confidence=round(r.confidence, 4)) for r in understood.ranking[:KEPT_RANKING]
        ),
        decision=first.decision,
        language=language,
        model_id=turn.model_id,
        engine_ms=turn.total_ms,
    )
