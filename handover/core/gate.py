"""The gate: whether a candidate model may take the place of the one in service. Pure.

Both are asked the same regression questions. The gate is closed where the candidate loses what the model in service
has: a FAQ below its floor, a loss that is no chance, a cry for help that is missed, confidences that promise too much.
A candidate that gets worse never opens it (a test says so); what it costs to be sure is that a good one is now and
then stopped, which is why a lead may override with a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import comb

from handover.core.rollout import wilson_interval

#: A difference counts as no chance where chance alone would bring one as large in fewer cases than this.
SIGNIFICANCE = 0.05
#: A FAQ with fewer questions says too little by itself: with 4, Wilson's interval is wider than half of the scale.
MIN_QUESTIONS_A_FAQ = 5
#: A FAQ is below its floor when even the upper end of the interval lies so far below what it has in service: 5 of 5 may
#: become 4 of 5 and 10 of 10 may become 8 of 10, which is often no more than wording; not 3 of 5, not 7 of 10.
FLOOR_BELOW_LIVE = 0.10
#: … or below this, where the FAQ is new or got worse: who asks it is more often misunderstood than not.
ABSOLUTE_FLOOR = 0.50
#: By how much the candidate may be surer than right, on average. The thresholds promise 2 % wrong; with 0.05 the models
#: so far (0.01 to 0.03) have room and one that was calibrated on other questions has not.
MAX_OVERCONFIDENCE = 0.05
#: A model in service that is above that already may be followed by one that is worse by no more than this.
OVERCONFIDENCE_SLACK = 0.01


class Code(StrEnum):
    """Why the gate is closed."""

    FAQ_BELOW_FLOOR = "faq_below_floor"
    SIGNIFICANT_LOSS = "significant_loss"
    SERVICE_LOSS = "service_loss"
    CRISIS_MISSED = "crisis_missed"
    MUST_CATCH_MISSED = "must_catch_missed"
    TOO_SURE = "too_sure"
    NOTHING_ASKED = "nothing_asked"


@dataclass(frozen=True, slots=True)
class Judged:
    """One regression question, and whether it went right; `right_before` is None where no model is in service."""

    id: str
    text: str
    kind: str
    expect: tuple[str, ...]
    right: bool
    right_before: bool | None = None
    must_catch: bool = False

    @property
    def subject(self) -> str:
        """The FAQ that it was written for, else what kind of question it is."""
        return self.expect[0] if self.expect and self.kind == "faq" else self.kind

    @property
    def service(self) -> str:
        """The service of that FAQ, else the kind."""
        return self.subject.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the gate goes by. `known_before` are the intents that the model in service can tell."""

    questions: tuple[Judged, ...]
    overconfidence: float
    overconfidence_before: float | None = None
    known_before: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two models on the same questions, and McNemar's p.

    `p` is how often pure chance would bring a difference at least as large, if each changed question had been as likely
    to change the other way. It says nothing of how much a change matters.
    """

    n: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    p: float

    @property
    def is_loss(self) -> bool:
        """Tell whether more was lost than gained, and not by chance."""
        return len(self.lost) > len(self.gained) and self.p < SIGNIFICANCE


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the gate is closed: for whom a sentence, and the questions that show it."""

    code: Code
    sentence: str
    questions: tuple[str, ...] = ()
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Open where there is no reason to close it; `unjudged` are FAQs with too few questions for a floor."""

    reasons: tuple[Reason, ...]
    unjudged: tuple[str, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Tell whether the model may be put into service without an override."""
        return not self.reasons


def mcnemar(lost: int, gained: int) -> float:
    """Return the exact two-sided p of McNemar's test (1947): the binomial test of the questions that changed."""
    changed, fewer = lost + gained, min(lost, gained)
    tail = sum(comb(changed, k) for k in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << changed))


def compare(questions: Iterable[Judged]) -> Difference:
    """Return what changed on questions that both models were asked."""
    both = [question for question in questions if question.right_before is not None]
    lost = tuple(q.id for q in both if q.right_before and not q.right)
    gained = tuple(q.id for q in both if q.right and not q.right_before)
    return Difference(len(both), lost, gained, mcnemar(len(lost), len(gained)))


def compare_by(questions: Iterable[Judged], attribute: str) -> dict[str, Difference]:
    """Return what changed, by `subject` or `service`, where anything did."""
    groups = _grouped(questions, attribute)
    found = {name: compare(members) for name, members in sorted(groups.items())}
    return {name: one for name, one in found.items() if one.lost or one.gained}


def judge_gate(measured: Measured) -> Verdict:
    """Return whether the gate is open, and every reason why it is not."""
    if not measured.questions:
        sentence = "Inga testfrågor ställdes, så modellen kan inte jämföras med den som är i drift."
        return Verdict((Reason(Code.NOTHING_ASKED, sentence),))
    reasons = [
        *_missed(measured.questions),
        *_losses(measured.questions),
        *_below_floor(measured),
        *_too_sure(measured),
    ]
    few = [name for name, own in _of_faqs(measured.questions).items() if len(own) < MIN_QUESTIONS_A_FAQ]
    return Verdict(tuple(reasons), tuple(few))


def _missed(questions: Sequence[Judged]) -> Iterable[Reason]:
    missed = [q for q in questions if q.kind == "crisis" and not q.right]
    must = tuple(q.id for q in missed if q.must_catch)
    if must:
        sentence = f"Modellen missar {_count(must, 'rop på hjälp', 'rop på hjälp')} som aldrig får missas."
        yield Reason(Code.MUST_CATCH_MISSED, sentence, must)
    lost = tuple(q.id for q in missed if q.right_before and not q.must_catch)
    if lost:
        sentence = f"Modellen missar {_count(lost, 'rop på hjälp', 'rop på hjälp')} som modellen i drift uppfattar."
        yield Reason(Code.CRISIS_MISSED, sentence, lost)


def _losses(questions: Sequence[Judged]) -> Iterable[Reason]:
    whole = compare(questions)
    if whole.is_loss:
        sentence = (
            f"Fler frågor blev fel ({len(whole.lost)}) än rätt ({len(whole.gained)}) mot modellen i drift, "
            f"och det är knappast slump ({_chance(whole.p)})."
        )
        yield Reason(Code.SIGNIFICANT_LOSS, sentence, whole.lost)
    for service, one in compare_by(questions, "service").items():
        if one.is_loss:
            sentence = (
                f"Området {service} har blivit sämre: {len(one.lost)} frågor blev fel och {len(one.gained)} rätt "
                f"({_chance(one.p)})."
            )
            yield Reason(Code.SERVICE_LOSS, sentence, one.lost, service)


def _below_floor(measured: Measured) -> Iterable[Reason]:
    for faq, own in _of_faqs(measured.questions).items():
        floor = find_floor(faq, own, measured.known_before)
        right = sum(q.right for q in own)
        if floor is None or len(own) < MIN_QUESTIONS_A_FAQ or wilson_interval(right, len(own))[1] >= floor:
            continue
        sentence = f"Frågan {faq} förstås i {right} av {len(own)} fall; golvet är {_percent(floor)}."
        yield Reason(Code.FAQ_BELOW_FLOOR, sentence, tuple(q.id for q in own if not q.right), faq)


def find_floor(faq: str, own: Sequence[Judged], known_before: frozenset[str]) -> float | None:
    """Return the share of its questions that a FAQ may not fall below; None where it got no worse and is not new."""
    before = [q.right_before for q in own if q.right_before is not None]
    if not before or faq not in known_before:
        return ABSOLUTE_FLOOR
    live, now = sum(before) / len(before), sum(q.right for q in own) / len(own)
    return max(live - FLOOR_BELOW_LIVE, ABSOLUTE_FLOOR) if now < live else None


def _too_sure(measured: Measured) -> Iterable[Reason]:
    before = measured.overconfidence_before
    bound = MAX_OVERCONFIDENCE if before is None else max(MAX_OVERCONFIDENCE, before + OVERCONFIDENCE_SLACK)
    if measured.overconfidence > bound:
        sentence = (
            f"Modellen är säkrare än den har rätt till: i snitt {_percent(measured.overconfidence)} för säker, "
            f"högst {_percent(bound)} tillåts."
        )
        yield Reason(Code.TOO_SURE, sentence)


def _of_faqs(questions: Iterable[Judged]) -> Mapping[str, list[Judged]]:
    return dict(sorted(_grouped((q for q in questions if q.kind == "faq"), "subject").items()))


def _grouped(questions: Iterable[Judged], attribute: str) -> Mapping[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for question in questions:
        groups[getattr(question, attribute)].append(question)
    return groups


def _count(items: Sequence[str], one: str, many: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else many}"


def _chance(p: float) -> str:
    return "p under 0,001" if p < 0.001 else f"p = {p:.3f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %".replace(".0 %", " %").replace(".", ",")
