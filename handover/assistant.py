"""How the assistant replies to one message: danger first, then the engine, then the supervision level.

The turn worker and `make evaluate` both decide through `Assistant.reply`, so that what is measured is what runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from catalogue.phrases import Phrases
from handover.core.commands import BotMessage, Danger
from handover.core.crisis import CrisisGuide
from handover.core.events import AnswerRef, Choice, Link, Ranked, Reason, Understanding
from handover.core.supervision import SENT_AT_ONCE, Level, Levels, lowest
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
    #: The supervision level of the answer; None where there is none.
    level: Level | None = None
    #: What is said in place of an answer that may not be shown.
    instead: tuple[BotMessage, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)
    engine_ms: float | None = None


class Assistant:
    """Decides turns by the levels of the moment; holds no conversation."""

    def __init__(self, engine: Engine, phrases: Phrases, crisis: CrisisGuide, levels: Callable[[], Levels]) -> None:
        self._engine = engine
        self._phrases = phrases
        self._crisis = crisis
        self._levels = levels

    async def reply(self, question: EngineQuestion) -> AssistantReply:
        """Return the reply to a question; an engine that fails leads to a person, never to silence."""
        # Patterns are looked for while the engine thinks.
        turn, danger = await asyncio.gather(self._ask(question), self._look_for_danger(question))
        if isinstance(turn, EngineError):
            if danger is not None:
                return self._in_danger(danger, question.language, 1.0)
            return self._failed(question.language, f"engine_{turn.kind}")
        judged = turn.understanding.danger
        if danger is not None and not (judged and judged.is_harmless):
            return self._in_danger(danger, question.language, 1.0, turn)
        if judged is not None and judged.is_alarm and judged.category in self._crisis.texts:
            found = Danger(judged.category, self._crisis.texts[judged.category])
            return self._in_danger(found, question.language, judged.likelihood, turn)
        return self._supervised(turn, question)

    async def _ask(self, question: EngineQuestion) -> EngineTurn | EngineError:
        try:
            return await self._engine.ask(question)
        except EngineError as error:
            return error

    async def _look_for_danger(self, question: EngineQuestion) -> Danger | None:
        return self._crisis.find_danger(question.text) if question.text else None

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
        levels = self._levels()
        answers = [reply for reply in turn.replies if reply.faq is not None]
        level = lowest(levels.level_of(answer.faq) for answer in answers if answer.faq is not None)
        messages = tuple(_message(reply) for reply in turn.replies)
        escalate = next((reply.escalate for reply in turn.replies if reply.escalate is not None), None)
        instead = (BotMessage(self._phrases.say("policy", question.language), sender="system"),)
        mode: Mode = "send"
        if levels.all_off or level is Level.OFF:
            messages, escalate = instead, Reason.POLICY
        elif level is Level.SHADOW or (level is Level.APPROVE and escalate is not None):
            # Whoever is on the way to a person anyway needs no draft approved; the guide sees it all the same.
            mode, escalate = "shadow", escalate or Reason.POLICY
        elif level not in SENT_AT_ONCE:
            mode = "approve"
        context = {**question.context}
        for reply in turn.replies:
            context |= reply.context
        return AssistantReply(
            decision=first.decision,
            understanding=_understanding(turn, first, question.language),
            messages=messages,
            escalate=escalate,
            mode=mode,
            level=level if answers and not levels.all_off else None,
            instead=instead,
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
