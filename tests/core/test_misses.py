"""What is a miss and what is not, told by short histories; and that no text of the inbox outlives its message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handover.core import events as e
from handover.core.events import Reason
from handover.core.misses import Guess, Miss, MissKind, find_misses, normal_form, tells_of_misses, text_key

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
PERMIT, FEE = "bygglov.behovs", "bygglov.avgift"
ASKED = "Får man bygga friggebod?"
OPENED = e.Opened(language="sv", audience=e.Audience.CITIZEN)
RANKING = (e.Ranked(intent=PERMIT, confidence=0.4), e.Ranked(intent=FEE, confidence=0.2))
CHOICES = (
    e.Choice(title="Behöver jag bygglov?", payload=PERMIT),
    e.Choice(title="Vad kostar det?", payload=FEE),
    e.Choice(title="Inget av dem", payload="dialogue.deny"),
    e.Choice(title="Människa", payload="human"),
)


def understood(decision: str, intent: str = PERMIT, **changed: Any) -> e.Understanding:
    return e.Understanding(
        intent=intent,
        confidence=0.4,
        decision=decision,
        language="sv",
        model_id="m1",
        **{"ranking": RANKING, **changed},
    )


def say(text: str = ASKED, choice: str | None = None) -> e.Message:
    return e.Message(id="said", sender="citizen", text=text, choice=choice)


def bot(reply_to: int, decision: str, *, faq: str | None = None, item: str = "reply", **fields: Any) -> e.Message:
    answer = e.AnswerRef(service=faq.partition(".")[0], faq=faq, language="sv") if faq else None
    return e.Message(
        id=item,
        sender="bot",
        text="Svar",
        answer=answer,
        reply_to=reply_to,
        **{"understanding": understood(decision), **fields},
    )


def draft(reply_to: int = 2, faq: str = PERMIT) -> e.Draft:
    answer = e.AnswerRef(service="bygglov", faq=faq, language="sv")
    return e.Draft(id="draft", text="Svar", answer=answer, reply_to=reply_to, understanding=understood("answered"))


def claimed(via: Any = "take_over") -> e.Claimed:
    return e.Claimed(guide_id="guide-1", guide_name="Ett", via=via)


def misses(*events: e.Event) -> tuple[Miss, ...]:
    """Return what is missed in a conversation that opens and goes on so; the first event has seq 2."""
    return find_misses(
        (number, START + timedelta(seconds=number), event) for number, event in enumerate((OPENED, *events), 1)
    )


def kinds(*events: e.Event) -> list[str]:
    """Return the kinds of the one miss, none of none."""
    found = misses(*events)
    assert len(found) <= 1
    return [kind.value for miss in found for kind in miss.kinds]


def test_answer_is_no_miss() -> None:
    assert misses(say(), bot(2, "answered", faq=PERMIT)) == ()
    assert misses(say(), bot(2, "answered", faq=PERMIT), e.Rated(score=5, resolved=True)) == ()


def test_message_that_was_only_searched_for_is_a_miss_with_what_the_engine_thought() -> None:
    (miss,) = misses(say(), bot(2, "searched", choices=CHOICES))
    assert (miss.seq, miss.text, miss.language, miss.audience) == (2, ASKED, "sv", "citizen")
    assert (miss.kinds, miss.weight, miss.model_id) == ((MissKind.SEARCHED,), 2.0, "m1")
    assert miss.offered == (PERMIT, FEE)
    assert miss.guesses == (Guess(PERMIT, 0.4), Guess(FEE, 0.2))
    assert miss.at == START + timedelta(seconds=2)


def test_what_was_chosen_after_menade_du_is_what_was_meant() -> None:
    asked = (say(), bot(2, "asked", choices=CHOICES))
    assert kinds(*asked) == ["asked"]
    (miss,) = misses(*asked, say("Vad kostar det?", FEE), bot(4, "answered", faq=FEE))
    assert (miss.chosen, miss.guesses, miss.weight) == (FEE, (Guess(FEE, 1.0),), 1.0)


@pytest.mark.parametrize("choice", ["dialogue.deny", "human"])
def test_none_of_the_questions_asked_back_is_worse(choice: str) -> None:
    (miss,) = misses(say(), bot(2, "asked", choices=CHOICES), say("Inget", choice))
    assert miss.kinds == (MissKind.ASKED, MissKind.DENIED)
    assert (miss.seq, miss.weight, miss.chosen) == (2, 2.0, None)


def test_small_talk_sign_in_and_menus_are_no_misses() -> None:
    vague = bot(2, "asked", understanding=understood("asked", "dialogue.vague"))
    assert misses(say("Jag har en fråga"), vague) == ()
    assert misses(say("När kommer lönen?"), bot(2, "refused")) == ()
    menu = e.Opened(language="ar", audience=e.Audience.CITIZEN, choices=CHOICES)
    history = [menu, say("Vad kostar det?", FEE), bot(2, "answered", faq=FEE), e.Rated(score=1, resolved=False)]
    assert find_misses((n, START, event) for n, event in enumerate(history, 1)) == ()


def test_escalation_for_want_of_confidence_is_of_what_was_asked_last() -> None:
    second = (say(), bot(2, "searched"), say("Alltså en bod"), bot(4, "escalated"))
    found = misses(*second, e.Escalated(reason=Reason.LOW_CONFIDENCE))
    assert [(miss.seq, miss.kinds) for miss in found] == [
        (2, (MissKind.SEARCHED,)),
        (4, (MissKind.LOW_CONFIDENCE,)),
    ]
    denied = bot(4, "escalated", understanding=understood("escalated", "dialogue.deny"))
    (miss,) = misses(say(), bot(2, "searched"), say("nej"), denied, e.Escalated(reason=Reason.LOW_CONFIDENCE))
    assert (miss.seq, miss.kinds) == (2, (MissKind.SEARCHED, MissKind.LOW_CONFIDENCE))
    assert miss.weight == 3.0


def test_escalations_for_other_reasons_are_no_misses() -> None:
    for reason in set(Reason) - {Reason.LOW_CONFIDENCE, Reason.NOT_RESOLVED}:
        assert misses(say(), bot(2, "answered", faq=PERMIT), e.Escalated(reason=reason)) == ()


def test_rejected_draft_is_a_miss_as_bad_as_its_label_says() -> None:
    def rejected(label: Any, harmful: bool = False) -> Miss:
        decided = e.DraftDecided(draft_id="draft", decision="rejected", label=label, harmful=harmful)
        (miss,) = misses(say(), draft(), decided, e.Escalated(reason=Reason.REJECTED_DRAFT))
        return miss

    wrong = rejected("wrong_answer")
    assert (wrong.kinds, wrong.weight, wrong.label) == ((MissKind.REJECTED,), 4.0, "wrong_answer")
    assert (wrong.answered, wrong.guesses) == (PERMIT, (Guess(FEE, 0.2),)), "what was wrong is not suggested"
    assert rejected("tone").weight == 1.0
    assert rejected("wrong_answer", harmful=True).weight == 6.0


def test_only_a_draft_that_was_changed_much_is_a_miss() -> None:
    def edited(distance: float) -> list[str]:
        decided = e.DraftDecided(draft_id="draft", decision="edited", edit_distance=distance)
        return kinds(say(), draft(), decided, bot(2, "answered", faq=PERMIT, understanding=None))

    assert edited(0.1) == []
    assert edited(0.11) == ["edited"]


def test_bad_rating_is_of_the_last_answer_unless_a_guide_came_after_it() -> None:
    answered = (say("Hur söker jag?"), bot(2, "answered", faq=FEE), say(), bot(4, "answered", faq=PERMIT))
    (miss,) = misses(*answered, e.Rated(score=4, resolved=False))
    assert (miss.seq, miss.kinds, miss.answered) == (4, (MissKind.NOT_HELPED,), PERMIT)
    assert kinds(*answered, e.Rated(score=2)) == ["not_helped"]
    assert kinds(*answered, e.Rated(score=3)) == []
    helped = (claimed("claim"), e.Message(id="g", sender="guide", text="Hej"))
    assert kinds(*answered, e.Escalated(reason=Reason.ASKED_FOR_HUMAN), *helped, e.Rated(score=1)) == []


def test_bad_rating_of_a_chosen_question_is_of_what_was_asked_in_own_words() -> None:
    chosen = (say(), bot(2, "asked", choices=CHOICES), say("Vad kostar det?", FEE), bot(4, "answered", faq=FEE))
    (miss,) = misses(*chosen, e.Rated(score=1, resolved=False))
    assert (miss.seq, miss.answered, miss.chosen) == (2, FEE, FEE)
    assert miss.kinds == (MissKind.ASKED, MissKind.NOT_HELPED)


def test_complaint_is_of_the_answer_before_it() -> None:
    complaint = bot(4, "smalltalk", understanding=understood("smalltalk", "dialogue.complaint"))
    answered = (say(), bot(2, "answered", faq=PERMIT), say("Det hjälpte inte"), complaint)
    (miss,) = misses(*answered)
    assert (miss.seq, miss.kinds) == (2, (MissKind.NOT_RESOLVED,))
    assert kinds(*answered, e.Escalated(reason=Reason.NOT_RESOLVED)) == ["not_resolved"]


def test_guide_who_takes_over_after_an_answer_makes_it_a_miss() -> None:
    answered = (say(), bot(2, "answered", faq=PERMIT))
    assert kinds(*answered, claimed()) == ["taken_over"]
    assert kinds(*answered, claimed("claim")) == []
    assert kinds(*answered, say("Och sedan?"), claimed()) == []


@pytest.mark.parametrize(
    ("verdict", "harmful", "expected"),
    [
        ("good", False, []),
        ("wrong", False, ["judged_wrong"]),
        ("unclear", False, ["judged_unclear"]),
        ("wrong", True, ["judged_wrong", "harmful"]),
    ],
)
def test_review_makes_a_miss_of_what_was_answered(verdict: Any, harmful: bool, expected: list[str]) -> None:
    judged = e.Reviewed(item="reply", verdict=verdict, harmful=harmful, guide_id="g", guide_name="G")
    assert kinds(say(), bot(2, "answered", faq=PERMIT), judged) == expected


def test_conversation_with_danger_in_it_shows_nothing() -> None:
    searched = (say(), bot(2, "searched"))
    assert misses(*searched, say("…"), e.Escalated(reason=Reason.CRISIS)) == ()
    safety = e.Message(id="said:safety", sender="system", text="Ring 112")
    assert misses(*searched, claimed(), say("…"), safety) == ()
    assert tells_of_misses(safety)


def test_redacted_message_is_gone() -> None:
    searched = (say(), bot(2, "searched"))
    assert misses(*searched, e.Redacted(target_seq=2)) == ()
    assert misses(*searched, e.Redacted(target_seq=2), e.Rated(score=1)) == ()
    assert kinds(*searched, e.Redacted(target_seq=3)) == ["searched"]


def test_message_without_words_is_no_miss() -> None:
    assert misses(say("???"), bot(2, "searched")) == ()


def test_same_words_are_the_same_text_in_one_language_and_for_one_audience() -> None:
    assert normal_form("  Får MAN bygga,\nfriggebod?? ") == "får man bygga friggebod"
    assert text_key("Får man bygga?", "sv", "citizen") == text_key("får man  bygga", "sv", "citizen")
    others = {text_key("a", language, audience) for language in ("sv", "en") for audience in ("citizen", "staff")}
    assert len(others) == 4
