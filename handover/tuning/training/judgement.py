"""What the engine's judge wrote becomes a comparison and a verdict. Nothing here reads or waits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from handover.core.crisis import CrisisGuide
from handover.core.gate import Difference, Judged, Measured, Verdict, compare, compare_by, judge_gate

FIGURES, QUESTIONS, AGAINST = "figures.json", "questions.jsonl", "against.jsonl"


class JudgementError(Exception):
    """The files are no judgement; the message says which is not."""


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class JudgedDanger(_Written):
    """What the model of danger said."""

    is_alarm: bool
    is_harmless: bool


class Row(_Written):
    """One question and what a model made of it, as `bot/judge/asking.py` writes it."""

    id: str
    text: str
    language: str
    audience: str
    kind: Literal["faq", "several", "human", "crisis", "not_crisis", "no_answer"]
    expect: tuple[str, ...]
    must_catch: bool
    decision: str
    first: str
    first_faq: str | None
    confidence: float
    danger: JudgedDanger | None
    right: bool


class _Against(_Written):
    model: str
    labels: tuple[str, ...]
    overconfidence: float


class _Figures(_Written):
    model: str
    overconfidence: float
    against: _Against | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found of a candidate: the judge's figures, what changed against the model in service, the verdict."""

    figures: dict[str, Any]
    comparison: dict[str, Any] | None
    verdict: Verdict
    whole: Difference

    @property
    def gate(self) -> dict[str, Any]:
        """The verdict as it is stored with the model."""
        reasons = [
            {"code": r.code.value, "sentence": r.sentence, "questions": list(r.questions), "subject": r.subject}
            for r in self.verdict.reasons
        ]
        return {"open": self.verdict.is_open, "reasons": reasons, "unjudged": list(self.verdict.unjudged)}

    def as_json(self) -> dict[str, Any]:
        """Return what is stored with the training."""
        return {"figures": self.figures, "comparison": self.comparison, "gate": self.gate}

    def summary(self) -> dict[str, Any]:
        """Return the few figures that stand beside a model in a list."""
        own = next((g for g in self.figures["groups"] if (g["kind"], g["language"]) == ("faq", "")), None)
        return {
            "n": own["n"] if own else 0,
            "right": own["right"] if own else 0,
            "answered": own["answered"] if own else 0,
            "answered_wrong": own["answered_wrong"] if own else 0,
            "calibration_error": self.figures["calibration_error"],
            "lost": len(self.whole.lost),
            "gained": len(self.whole.gained),
            "p": self.whole.p,
        }


def judge(files: Mapping[str, bytes], crisis: CrisisGuide) -> Judgement:
    """Return the judgement of what the judge wrote; `AGAINST` is missing where no model was in service.

    A question about danger goes right where the assistant as a whole does: the patterns speak before the model, which
    may call them off. Raises `JudgementError`.
    """
    try:
        raw: dict[str, Any] = json.loads(files[FIGURES])
        figures = _Figures.model_validate(raw)
        rows = _rows(files[QUESTIONS], crisis)
        before = {row.id: row for row in _rows(files[AGAINST], crisis)} if AGAINST in files else {}
    except (KeyError, ValueError, ValidationError) as error:
        raise JudgementError(type(error).__name__) from error
    judged = [_judged(row, before.get(row.id)) for row in rows]
    measured = Measured(
        tuple(judged),
        figures.overconfidence,
        figures.against.overconfidence if figures.against else None,
        frozenset(figures.against.labels if figures.against else ()),
    )
    verdict, whole = judge_gate(measured), compare(judged)
    kept = {key: value for key, value in raw.items() if key not in ("labels", "against")}
    kept["danger"] = _danger(rows, raw["danger"])
    comparison = None
    if figures.against is not None:
        comparison = _comparison(figures.against.model, judged, rows, before, whole)
        comparison["groups"] = raw["against"]["groups"]
        comparison["calibration_error"] = raw["against"]["calibration_error"]
    shown = {row.id: row for row in rows}
    kept["named"] = {name: shown[name].text for reason in verdict.reasons for name in reason.questions}
    return Judgement(kept, comparison, verdict, whole)


def _comparison(
    model: str, judged: Sequence[Judged], rows: Sequence[Row], before: Mapping[str, Row], whole: Difference
) -> dict[str, Any]:
    changed = {*whole.lost, *whole.gained}
    subjects = {question.id: question.subject for question in judged}
    return {
        "model": model,
        "whole": _difference(whole),
        "faqs": [{"name": n, **_difference(one)} for n, one in compare_by(judged, "subject").items()],
        "services": [{"name": n, **_difference(one)} for n, one in compare_by(judged, "service").items()],
        "changed": [
            {
                "id": row.id,
                "text": row.text,
                "language": row.language,
                "subject": subjects[row.id],
                "right": row.right,
                "before": _outcome(before[row.id]),
                "now": _outcome(row),
            }
            for row in rows
            if row.id in changed
        ],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"n": one.n, "lost": len(one.lost), "gained": len(one.gained), "p": round(one.p, 4)}


def _outcome(row: Row) -> dict[str, Any]:
    return {"decision": row.decision, "first": row.first, "confidence": row.confidence}


def _danger(rows: Iterable[Row], by_model: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is missed and falsely alarmed by patterns and model together, and how much by the model alone."""
    missed = [row for row in rows if row.kind == "crisis" and not row.right]
    alarms = [row for row in rows if row.kind == "not_crisis" and not row.right]
    return {
        "n": by_model["n"],
        "harmless": by_model["harmless"],
        "missed": [{"id": row.id, "text": row.text, "language": row.language} for row in missed],
        "false_alarms": [{"id": row.id, "text": row.text, "language": row.language} for row in alarms],
        "missed_by_model": len(by_model["missed"]),
    }


def _rows(content: bytes, crisis: CrisisGuide) -> list[Row]:
    rows = [Row.model_validate_json(line) for line in content.splitlines() if line.strip()]
    return [row.model_copy(update={"right": _is_right(row, crisis)}) for row in rows]


def _is_right(row: Row, crisis: CrisisGuide) -> bool:
    if row.kind not in ("crisis", "not_crisis"):
        return row.right
    is_found = crisis.find(row.text) is not None and not (row.danger and row.danger.is_harmless)
    is_alarm = row.danger is not None and row.danger.is_alarm
    return (is_found or is_alarm) == (row.kind == "crisis")


def _judged(row: Row, before: Row | None) -> Judged:
    right_before = before.right if before is not None else None
    return Judged(row.id, row.text, row.kind, row.expect, row.right, right_before, row.must_catch)
