"""The gate: what closes it, and that a worse candidate never opens it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.gate import (
    ABSOLUTE_FLOOR,
    MAX_OVERCONFIDENCE,
    MIN_QUESTIONS_A_FAQ,
    OVERCONFIDENCE_SLACK,
    Code,
    Judged,
    Measured,
    compare,
    compare_by,
    judge_gate,
    mcnemar,
)

FAQS = ("bygglov.behovs", "bygglov.kostnad", "skolmat.matsedel")
KNOWN = frozenset(FAQS)


def asked(faq: str, right: int, n: int, before: int | None, start: int = 0) -> list[Judged]:
    """Questions of one FAQ: the first so many right now, the first so many right before."""
    return [
        Judged(f"{faq}-{start + i}", "?", "faq", (faq,), i < right, None if before is None else i < before)
        for i in range(n)
    ]


def measured(*groups: list[Judged], sure: float = 0.02, sure_before: float | None = 0.02) -> Measured:
    return Measured(tuple(q for group in groups for q in group), sure, sure_before, KNOWN)


def codes(found: Measured) -> set[Code]:
    return {reason.code for reason in judge_gate(found).reasons}


kinds = st.sampled_from(["faq", "faq", "faq", "crisis", "not_crisis", "human", "no_answer", "several"])
questions = st.lists(
    st.builds(
        lambda kind, faq, right, before, must: Judged(
            "", "?", kind, (faq,) if kind in ("faq", "several") else (), right, before, must and kind == "crisis"
        ),
        kinds,
        st.sampled_from(FAQS),
        st.sampled_from([True, True, True, False]),
        st.sampled_from([True, True, False, None]),
        st.booleans(),
    ),
    max_size=60,
).map(lambda found: tuple(replace(q, id=str(i)) for i, q in enumerate(found)))


def test_the_same_model_passes() -> None:
    assert judge_gate(measured(*(asked(faq, 6, 10, 6) for faq in FAQS))).is_open


def test_what_got_better_passes() -> None:
    assert judge_gate(measured(asked(FAQS[0], 10, 10, 3))).is_open


def test_without_questions_it_is_closed() -> None:
    assert codes(measured()) == {Code.NOTHING_ASKED}


@pytest.mark.parametrize(("right", "n", "fine"), [(8, 10, True), (7, 10, False), (4, 5, True), (3, 5, False)])
def test_a_faq_keeps_near_what_it_has_in_service(right: int, n: int, fine: bool) -> None:
    # Much is gained elsewhere, so that only the floor speaks.
    rest = asked(FAQS[2], 20, 20, 0)
    found = measured(asked(FAQS[0], right, n, n), rest)
    assert (Code.FAQ_BELOW_FLOOR in codes(found)) is not fine
    if not fine:
        (reason,) = [r for r in judge_gate(found).reasons if r.code is Code.FAQ_BELOW_FLOOR]
        assert (reason.subject, len(reason.questions)) == (FAQS[0], n - right)


def test_too_few_questions_close_nothing_and_are_told() -> None:
    few = MIN_QUESTIONS_A_FAQ - 1
    verdict = judge_gate(measured(asked(FAQS[0], 0, few, few), asked(FAQS[1], 20, 20, 10)))
    assert verdict.is_open
    assert verdict.unjudged == (FAQS[0],)


def test_a_new_faq_has_the_absolute_floor_alone() -> None:
    new = "ny_tjanst.fraga"
    assert codes(measured(asked(new, 1, 10, 0))) == {Code.FAQ_BELOW_FLOOR}
    assert judge_gate(measured(asked(new, 6, 10, 0))).is_open


def test_a_faq_that_was_bad_and_is_no_worse_closes_nothing() -> None:
    assert judge_gate(measured(asked(FAQS[0], 1, 10, 1))).is_open
    assert ABSOLUTE_FLOOR > 0.1


def test_a_loss_is_a_reason_only_when_it_is_no_chance() -> None:
    assert Code.SIGNIFICANT_LOSS not in codes(measured(asked(FAQS[0], 95, 100, 100)))
    assert Code.SIGNIFICANT_LOSS in codes(measured(asked(FAQS[0], 94, 100, 100)))
    assert mcnemar(5, 0) == 0.0625
    assert mcnemar(6, 0) == 0.03125


def test_a_service_can_lose_while_the_whole_gains() -> None:
    lost, gained = asked(FAQS[0], 92, 100, 100), asked(FAQS[2], 100, 100, 50)
    reasons = judge_gate(measured(lost, gained)).reasons
    assert [(r.code, r.subject) for r in reasons] == [(Code.SERVICE_LOSS, "bygglov")]


def test_no_cry_for_help_may_be_lost() -> None:
    rest = asked(FAQS[2], 50, 50, 0)
    lost = Judged("c", "?", "crisis", (), right=False, right_before=True)
    assert codes(measured(rest, [lost])) == {Code.CRISIS_MISSED}
    assert codes(measured(rest, [replace(lost, right_before=False)])) == set()
    assert codes(measured(rest, [replace(lost, right_before=False, must_catch=True)])) == {Code.MUST_CATCH_MISSED}


def test_a_model_may_not_promise_too_much() -> None:
    fine = asked(FAQS[0], 10, 10, 10)
    assert codes(measured(fine, sure=MAX_OVERCONFIDENCE + 0.001)) == {Code.TOO_SURE}
    assert codes(measured(fine, sure=MAX_OVERCONFIDENCE, sure_before=None)) == set()
    bad = 0.2
    assert codes(measured(fine, sure=bad + OVERCONFIDENCE_SLACK / 2, sure_before=bad)) == set()
    assert codes(measured(fine, sure=bad + OVERCONFIDENCE_SLACK * 2, sure_before=bad)) == {Code.TOO_SURE}


def test_the_first_model_of_all_is_held_to_absolute_floors() -> None:
    first = [replace(q, right_before=None) for q in asked(FAQS[0], 9, 10, 9)]
    assert judge_gate(Measured(tuple(first), 0.02)).is_open
    bad = [replace(q, right=False) for q in first]
    assert codes(Measured(tuple(bad), 0.02)) == {Code.FAQ_BELOW_FLOOR}


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_two_sided_binomial_test(lost: int, gained: int) -> None:
    n = lost + gained

    def chance(k: int) -> Fraction:
        return Fraction(factorial(n), factorial(k) * factorial(n - k) * 2**n)

    # By its definition: all outcomes that are at most as likely as the one that was seen.
    exact = sum((chance(k) for k in range(n + 1) if chance(k) <= chance(lost)), start=Fraction(0))
    assert mcnemar(lost, gained) == pytest.approx(float(exact))
    assert mcnemar(lost, gained) == mcnemar(gained, lost)


@given(questions, st.data(), st.floats(0, 0.3), st.floats(0, 0.3))
def test_a_worse_candidate_never_opens_the_gate(
    found: tuple[Judged, ...], data: st.DataObject, sure: float, sure_before: float
) -> None:
    before = Measured(found, sure, sure_before, frozenset(FAQS[:2]))
    right = [i for i, q in enumerate(found) if q.right]
    spoilt = set(data.draw(st.lists(st.sampled_from(right), unique=True))) if right else set()
    worse_ones = tuple(replace(q, right=q.right and i not in spoilt) for i, q in enumerate(found))
    worse = replace(before, questions=worse_ones, overconfidence=sure + data.draw(st.floats(0, 0.1)))
    if not judge_gate(before).is_open:
        assert not judge_gate(worse).is_open
    assert {(r.code, r.subject) for r in judge_gate(before).reasons} <= {
        (r.code, r.subject) for r in judge_gate(worse).reasons
    }


@given(questions)
def test_the_model_in_service_passes_its_own_gate(found: tuple[Judged, ...]) -> None:
    same = tuple(replace(q, right_before=q.right, must_catch=False) for q in found)
    verdict = judge_gate(Measured(same, 0.02, 0.02, KNOWN))
    assert verdict.is_open or not found


@given(questions)
def test_every_reason_names_questions_that_went_wrong_and_a_sentence(found: tuple[Judged, ...]) -> None:
    wrong = {q.id for q in found if not q.right}
    for reason in judge_gate(Measured(found, 0.02, 0.02, KNOWN)).reasons:
        assert set(reason.questions) <= wrong
        assert reason.sentence.endswith(".")


@given(questions)
def test_services_and_faqs_share_out_what_changed(found: tuple[Judged, ...]) -> None:
    whole = compare(found)
    for attribute in ("subject", "service"):
        parts = compare_by(found, attribute).values()
        assert sorted(i for one in parts for i in one.lost) == sorted(whole.lost)
        assert sorted(i for one in parts for i in one.gained) == sorted(whole.gained)
