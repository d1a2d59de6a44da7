"""What the pages of trainings and of the playground are told, and what they ask for, over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints

from handover.api.frames import Frame
from handover.tuning.playground import Explanation

TrainingId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
#: The tables of a judgement that can be had as CSV.
Table = Literal[
    "groups",
    "risk_coverage",
    "reliability",
    "confusion",
    "faqs",
    "questions",
    "cross_validation_faqs",
    "cross_validation_confusion",
]
TrainingState = Literal["queued", "training", "judging", "done", "failed", "cancelled"]


class _Frame(Frame):
    model_config = ConfigDict(protected_namespaces=())


class StartTraining(_Frame):
    """Body of `POST /api/v1/tuning/trainings`."""

    change_set: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class TrainingView(_Frame):
    """A training; `share` is an estimate from 0 to 1, `tail` the last lines of its log, while it runs."""

    id: str
    change_set: str
    commit: str
    state: TrainingState
    step: str = ""
    share: float = 0.0
    tail: tuple[str, ...] = ()
    model: str | None = None
    problem: str | None = None
    started_at: str
    started_by: str | None = None
    ended_at: str | None = None


class TrainingList(_Frame):
    """Answer of `GET /api/v1/tuning/trainings`: the newest first."""

    #: Whether anything can be trained here: somebody keeps engines.
    can_train: bool
    trainings: list[TrainingView]


class GroupFigures(_Frame):
    """How questions of a kind went: all (no language), those of a language, those of a language and a voice."""

    kind: str
    language: str
    style: str
    n: int
    right: int
    answered: int
    answered_wrong: int


class CurvePoint(_Frame):
    """Where only confidences from here on are answered: the share that is answered, and the share wrong of it."""

    coverage: float
    risk: float
    confidence: float


class ReliabilityBin(_Frame):
    """Questions of about one confidence: their share of all, the mean confidence, and how many of them went right."""

    share: float
    confidence: float
    accuracy: float


class ConfusedPair(_Frame):
    """A FAQ that was taken for another, and how often."""

    expected: str
    given: str
    n: int


class FaqFigures(_Frame):
    """How a FAQ is told from the others; nulls where nothing was asked or given."""

    name: str
    n: int
    right: int
    given: int
    precision: float | None
    recall: float | None
    f1: float


class NamedQuestion(_Frame):
    """A question of the regression set."""

    id: str
    text: str
    language: str


class DangerFigures(_Frame):
    """Cries for help and their harmless look-alikes, by patterns and model together; `missed_by_model`: alone."""

    n: int
    harmless: int
    missed: list[NamedQuestion]
    false_alarms: list[NamedQuestion]
    missed_by_model: int


class CrossValidation(_Frame):
    """Examples asked of models that were learnt without them."""

    folds: int
    n: int
    accuracy: float | None
    macro_f1: float | None
    faqs: list[FaqFigures]
    confusion: list[ConfusedPair]
    seconds: float


class ModelFigures(_Frame):
    """The judgement of a model on the regression set."""

    model: str
    questions: int
    groups: list[GroupFigures]
    risk_coverage: list[CurvePoint]
    reliability: list[ReliabilityBin]
    calibration_error: float
    overconfidence: float
    confusion: list[ConfusedPair]
    faqs: list[FaqFigures]
    danger: DangerFigures
    cross_validation: CrossValidation
    seconds: float
    #: The texts of the questions that reasons name.
    named: dict[str, str]


class DifferenceView(_Frame):
    """What changed between two models; `p` is McNemar's, exact and two-sided. `name`: of which FAQ or service."""

    name: str = ""
    n: int
    lost: int
    gained: int
    p: float


class OutcomeView(_Frame):
    """What a model made of a question."""

    decision: str
    first: str
    confidence: float


class ChangedQuestion(_Frame):
    """A question that went from wrong to right, or (`right` is false) from right to wrong."""

    id: str
    text: str
    language: str
    subject: str
    right: bool
    before: OutcomeView
    now: OutcomeView


class Comparison(_Frame):
    """A candidate beside the model in service, on the same questions."""

    model: str
    whole: DifferenceView
    faqs: list[DifferenceView]
    services: list[DifferenceView]
    changed: list[ChangedQuestion]
    groups: list[GroupFigures]
    calibration_error: float


class GateReasonView(_Frame):
    """Why the gate is closed: a sentence, and the ids of the questions that show it."""

    code: str
    sentence: str
    questions: list[str]
    subject: str | None = None


class GateVerdict(_Frame):
    """Whether the model may be put into service; `unjudged` are FAQs with too few questions for a floor."""

    open: bool
    reasons: list[GateReasonView]
    unjudged: list[str]


class TrainingFigures(_Frame):
    """Answer of `GET …/figures`; no comparison where no model was in service."""

    figures: ModelFigures
    comparison: Comparison | None = None
    gate: GateVerdict


class TrySentence(_Frame):
    """Body of `POST /api/v1/tuning/playground`."""

    text: Annotated[str, StringConstraints(max_length=8_000)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-easy)?$")] = "sv"
    audience: Literal["citizen", "staff"] = "citizen"


class TriedMessage(_Frame):
    """Something that the assistant would say, with its quick replies."""

    text: str
    choices: list[str]
    faq: str | None = None


class TriedSentence(_Frame):
    """Answer of `POST /api/v1/tuning/playground`: what was understood, why, and what would be said."""

    #: As it would be stored: without personal data.
    stored: str
    explanation: Explanation
    decision: str
    #: How the answer would go out: sent, held for a guide, or kept in the shadow.
    mode: Literal["send", "approve", "shadow"]
    level: str | None = None
    escalates: bool
    messages: list[TriedMessage]


class CheckNewExample(_Frame):
    """Body of `POST /api/v1/tuning/playground/example`."""

    text: Annotated[str, StringConstraints(max_length=8_000)]
    intent: Annotated[str, StringConstraints(min_length=1, max_length=128)]
