"""Run questions through the real engine and the real decision, and say how it went.

Each line of the input is `{"text","lang","style","expect":["service.faq",…],"outcome":"…"}`; each line of the output is
`{"text","decision","faq","also","choices","confidence","stored"}`, in the order of the input. `docs/evaluation.md`
says what counts as right.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from handover.assistant import Assistant, AssistantReply
from handover.conversations import safe_text
from handover.core.errors import HandoverError
from handover.core.events import Reason
from handover.engine import EngineQuestion

PARALLEL = 4
NO_FAQ_CHOICES = frozenset({"human"})

Outcome = Literal[
    "out_of_scope",
    "human",
    "crisis",
    "not_crisis",
    "chitchat",
    "vague",
    "multi",
    "staff_only",
    "personal_data",
    "not_personal_data",
    "hostile",
]
Verdict = Literal["right", "wrong", "asked", "searched", "escalated"]


class QuestionError(Exception):
    """The questions could not be judged: a line is no question, or the engine failed; the message says which."""


class Question(BaseModel):
    """One line of the input; keys that are not named here are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    lang: str = "sv"
    style: str = ""
    expect: list[str] = []
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a question, and the text as it would be stored."""

    text: str
    decision: str
    faq: str | None
    also: tuple[str, ...]
    choices: tuple[str, ...]
    confidence: float
    stored: str

    def as_json(self) -> dict[str, Any]:
        """Return one line of the output."""
        return {
            "text": self.text,
            "decision": self.decision,
            "faq": self.faq,
            "also": list(self.also),
            "choices": list(self.choices),
            "confidence": round(self.confidence, 4),
            "stored": self.stored,
        }


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a file; raise `QuestionError` at the first line that is none."""
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            questions.append(Question.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors()[0]
            raise QuestionError(f"{path}:{number}: {'.'.join(map(str, fault['loc']))} {fault['msg']}") from None
    if not questions:
        raise QuestionError(f"{path}:1: no questions here")
    return questions


async def decide_all(assistant: Assistant, questions: list[Question], audience: str) -> list[Decision]:
    """Return the decision on each question, in order; a few are asked at a time."""
    gate = asyncio.Semaphore(PARALLEL)

    async def one(question: Question) -> Decision:
        async with gate:
            return await decide(assistant, question, audience)

    return list(await asyncio.gather(*(one(question) for question in questions)))


async def decide(assistant: Assistant, question: Question, audience: str) -> Decision:
    """Return the decision on one question, asked as the first of a conversation of its own."""
    try:
        stored = safe_text(question.text)
    except HandoverError:
        return Decision(question.text, "refused", None, (), (), 0.0, "")
    asked = EngineQuestion(
        conversation_id=f"evaluate-{uuid.uuid4()}",
        turn_id="1",
        language=question.lang,
        audience=audience,
        context={},
        text=stored,
    )
    reply = await assistant.reply(asked)
    if reply.escalate is Reason.ENGINE_FAILURE:
        raise QuestionError(f"the engine failed ({reply.understanding.decision}); nothing was measured")
    return _decision(question.text, stored, reply)


def _decision(text: str, stored: str, reply: AssistantReply) -> Decision:
    answers = [ref.faq for message in reply.messages for ref in (message.answer, *message.also) if ref is not None]
    choices = [c.payload for message in reply.messages for c in message.choices]
    return Decision(
        text=text,
        decision=reply.decision,
        faq=answers[0] if answers else None,
        also=tuple(answers[1:]),
        choices=tuple(payload for payload in choices if _is_faq(payload)),
        confidence=reply.understanding.confidence,
        stored=stored,
    )


def _is_faq(payload: str) -> bool:
    return "." in payload and not payload.startswith("dialogue.") and payload not in NO_FAQ_CHOICES


def verdict(question: Question, decision: Decision) -> Verdict:
    """Say how a decision stands against what was expected."""
    outcome = question.outcome
    right: bool
    if outcome == "crisis":
        right = decision.decision == "crisis"
    elif outcome == "not_crisis":
        right = decision.decision != "crisis"
    elif outcome == "human":
        right = decision.decision == "escalated"
    elif outcome in ("personal_data", "not_personal_data"):
        right = (decision.stored != question.text.strip()) == (outcome == "personal_data")
    elif outcome == "multi":
        covered = {decision.faq, *decision.also, *decision.choices}
        right = set(question.expect) <= covered
    elif outcome is not None:
        right = decision.decision != "answered"
    elif decision.decision == "answered":
        right = decision.faq in question.expect
    else:
        return _not_answered(decision)
    return "right" if right else "wrong"


def _not_answered(decision: Decision) -> Verdict:
    if decision.decision == "asked":
        return "asked"
    if decision.decision == "searched":
        return "searched"
    return "escalated" if decision.decision == "escalated" else "wrong"


def report(questions: list[Question], decisions: list[Decision]) -> str:
    """Return a table: right, wrong, asked, searched, escalated by style, language and expected outcome."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    offered: Counter[str] = Counter()
    for question, decision in zip(questions, decisions, strict=True):
        found = verdict(question, decision)
        kind = question.outcome or "in scope"
        for group in (f"all, {kind}", f"{question.lang}, {kind}", f"{question.style or '-'}, {kind}"):
            groups[group][found] += 1
            if found in ("asked", "searched") and set(question.expect) & set(decision.choices):
                offered[group] += 1
    columns: Iterable[str] = ("right", "wrong", "asked", "searched", "escalated")
    lines = [f"{'':36}{'n':>6}" + "".join(f"{column:>11}" for column in columns) + f"{'offered':>10}"]
    for group, counts in sorted(groups.items()):
        n = counts.total()
        shares = "".join(f"{counts[column] / n:>11.3f}" for column in columns)
        lines.append(f"{group:36}{n:>6}{shares}{offered[group] / n:>10.3f}")
    return "\n".join(lines)


def write_decisions(path: Path, decisions: list[Decision]) -> None:
    """Write one line a decision."""
    text = "".join(json.dumps(d.as_json(), ensure_ascii=False) + "\n" for d in decisions)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
