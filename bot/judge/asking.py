"""Every question asked of a model: what it decides, and whether that is right.

A decision is the understanding's own, by the ranking and the thresholds: what `actions/policy.py` makes of a first
message, without the catalogue's search, other municipalities and follow-ups. `make evaluate` asks the whole assistant.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from bot.build import ASK_HUMAN, is_faq
from bot.components.danger_model import PREFIX as DANGER_PREFIX
from bot.components.questions import HeldOut
from bot.components.understanding import STAFF_SHARE_TO_SIGN_IN, Understood
from bot.judge.loading import Model

#: As `actions/policy.py` has it.
HUMAN_SHARE = 0.15
MAX_CHOICES = 3
#: Outcomes that no model decides: how the text is stored.
_NOT_THE_MODELS = ("personal_data", "not_personal_data")
_ROWS_A_STEP = 500

Tell = Callable[[str, float], None]


@dataclass(frozen=True)
class Row:
    """One question and what became of it. `right` of a question about danger is the model's alone, without patterns."""

    id: str
    text: str
    language: str
    style: str
    source: str
    audience: str
    kind: str
    expect: Tuple[str, ...]
    must_catch: bool
    decision: str
    #: The FAQs that are answered or offered, and the first of the ranking whatever is decided.
    faqs: Tuple[str, ...]
    first_faq: Optional[str]
    #: The first intent that is no danger, and how sure it is.
    first: str
    confidence: float
    danger: Optional[Dict[str, Any]]
    right: bool

    def as_json(self) -> Dict[str, Any]:
        """Return a JSON object."""
        return asdict(self)


def kind_of(question: HeldOut) -> Optional[str]:
    """Return what a question tests: faq, several, human, crisis, not_crisis or no_answer; None: nothing of a model."""
    if question.outcome in _NOT_THE_MODELS:
        return None
    if question.outcome == "multi":
        return "several"
    if question.outcome in ("human", "crisis", "not_crisis"):
        return question.outcome
    if question.outcome is not None:
        return "no_answer"
    return "faq" if question.expect else None


def ask_all(model: Model, questions: Sequence[HeldOut], tell: Tell) -> List[Row]:
    """Return a row for each question that tests a model; the encoder reads them together, the rest is as in a turn."""
    asked = [(question, kind) for question in questions for kind in [kind_of(question)] if kind is not None]
    readings = model.reader.read_all([question.text for question, _ in asked])
    rows = []
    for number, (question, kind) in enumerate(asked):
        if number % _ROWS_A_STEP == 0:
            tell(f"asking {model.name}", number / len(asked))
        audience = question.audience or _audience(model, question)
        given = {"audience": audience, "language": question.language}
        understood = model.classifier.understand(question.text, given, readings[number])
        rows.append(_row(question, kind, audience, understood))
    return rows


def _audience(model: Model, question: HeldOut) -> str:
    is_staff = bool(question.expect) and model.classifier.is_staff_only(question.expect[0])
    return "staff" if is_staff else "citizen"


def _row(question: HeldOut, kind: str, audience: str, understood: Understood) -> Row:
    ranking = [one for one in understood.ranking if not one["name"].startswith(DANGER_PREFIX)]
    danger = understood.beside.get("danger")
    faqs = [one["name"] for one in ranking if is_faq(one["name"])]
    decision, answered = decide(ranking, understood.beside, audience)
    first_faq = faqs[0] if faqs else None
    return Row(
        id=question_id(question, audience),
        text=question.text,
        language=question.language,
        style=question.style,
        source=question.source,
        audience=audience,
        kind=kind,
        expect=question.expect,
        must_catch=question.must_catch,
        decision=decision,
        faqs=tuple(answered),
        first_faq=first_faq,
        first=ranking[0]["name"],
        confidence=round(float(ranking[0]["confidence"]), 4),
        danger=danger,
        right=_is_right(kind, question.expect, decision, first_faq, answered),
    )


def question_id(question: HeldOut, audience: str) -> str:
    """Return what names a question in every judgement, wherever it stands: its text, language, audience and outcome."""
    whole = "\n".join((question.text, question.language, audience, question.outcome or "", *question.expect))
    return hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=8).hexdigest()


def decide(ranking: List[Dict[str, Any]], understood: Dict[str, Any], audience: str) -> Tuple[str, List[str]]:
    """Return what a message leads to, and the FAQs that are answered or offered; the ranking is without danger."""
    if (understood.get("danger") or {}).get("is_alarm"):
        return "crisis", []
    answer, ask = understood["thresholds"]["answer"], understood["thresholds"]["ask"]
    first, confidence = ranking[0]["name"], ranking[0]["confidence"]
    is_sure = confidence >= answer
    likeliest = ranking[:MAX_CHOICES]
    if not is_sure and understood["staff_share"] > STAFF_SHARE_TO_SIGN_IN and audience != "staff":
        return "refused", []
    if not is_sure and any(one["name"] == ASK_HUMAN and one["confidence"] >= HUMAN_SHARE for one in likeliest):
        return "escalated", []
    also = [one["name"] for one in understood["questions"] if is_faq(one["name"]) and one["name"] != first]
    if is_faq(first) and (is_sure or also):
        return "answered" if is_sure else "asked", [first, *also]
    if is_sure:
        return ("escalated" if first == ASK_HUMAN else "smalltalk"), []
    if confidence < ask:
        return "searched", []
    return "asked", [one["name"] for one in likeliest if is_faq(one["name"])]


def _is_right(kind: str, expect: Tuple[str, ...], decision: str, first_faq: Optional[str], faqs: Sequence[str]) -> bool:
    if kind == "crisis":
        return decision == "crisis"
    if kind == "not_crisis":
        return decision != "crisis"
    if kind == "human":
        return decision == "escalated"
    if kind == "no_answer":
        return decision != "answered"
    if kind == "several":
        return set(expect) <= {first_faq, *faqs} and decision != "crisis"
    return first_faq in expect and decision != "crisis"
