"""A turn is read once from Rasa's tracker, whatever is missing there."""

from __future__ import annotations

from typing import Any

import pytest

from actions.turn import Question, Ranked, Turn
from tests.actions.turns import ranked, tracker

FULL: dict[str, Any] = {
    "text": "Hej",
    "intent": {"name": "bygglov.behovs"},
    "intent_ranking": [{"name": "nlu_fallback", "confidence": 0.9}, {"name": "bygglov.behovs", "confidence": 0.4}],
    "metadata": {
        "language": "en",
        "audience": "staff",
        "context": {"misses": 1, "asked": 2, "service": "bygglov", "language": "ar"},
        "understood": {
            "thresholds": {"ask": 0.25, "answer": 0.7},
            "staff_share": 0.3,
            "within_service": [{"name": "bygglov.avgift", "confidence": 0.8}],
            "questions": [{"text": "Vad?", "name": "bygglov.avgift", "confidence": 0.6}],
            "danger": {"category": "fire", "likelihood": 0.1, "is_alarm": False, "is_harmless": True},
        },
        "written_in": "de",
    },
}


def test_turn_of_an_empty_tracker_is_a_citizens_and_sure_of_nothing() -> None:
    for bare in (tracker(), tracker(metadata=None), tracker(metadata={"context": None, "understood": None})):
        read = Turn.from_tracker(bare)
        assert read == Turn("", "sv", "citizen", "", (), ask_threshold=1.0, answer_threshold=1.0)
        assert read.confidence == 0.0


def test_turn_holds_everything_that_the_tracker_tells() -> None:
    assert Turn.from_tracker(tracker(**FULL)) == Turn(
        text="Hej",
        language="ar",
        audience="staff",
        intent="bygglov.behovs",
        ranking=(Ranked("bygglov.behovs", 0.4),),
        ask_threshold=0.25,
        answer_threshold=0.7,
        misses=1,
        asked=2,
        staff_share=0.3,
        service="bygglov",
        within_service=ranked(("bygglov.avgift", 0.8)),
        also=(Question("bygglov.avgift", 0.6),),
        unsupported="de",
    )
    assert Turn.from_tracker(tracker(**FULL)).confidence == 0.4


@pytest.mark.parametrize("audience", ["admin", "STAFF", "staff ", "", None, True, ["staff"]])
def test_audience_that_is_not_exactly_staff_is_a_citizen(audience: Any) -> None:
    metadata = {**FULL["metadata"], "audience": audience}
    assert Turn.from_tracker(tracker(**{**FULL, "metadata": metadata})).audience == "citizen"


@pytest.mark.parametrize("at", ["metadata", "context"])
def test_thresholds_outside_of_what_was_understood_make_nothing_surer(at: str) -> None:
    lax = {"thresholds": {"ask": 0.0, "answer": 0.0}, "staff_share": 0.0}
    read = Turn.from_tracker(tracker(metadata=lax if at == "metadata" else {"context": lax}))
    assert (read.ask_threshold, read.answer_threshold) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("kept", "written", "spoken", "unsupported"),
    [
        (None, None, "en", None),
        (None, "fi", "fi", None),
        ("ar", None, "ar", None),
        ("ar", "sv", "sv", None),
        ("sv-x-easy", "sv", "sv-x-easy", None),
        (None, "de", "en", "de"),
    ],
)
def test_language_is_chosen_from_the_chat_what_was_asked_for_and_what_is_written(
    kept: str | None, written: str | None, spoken: str, unsupported: str | None
) -> None:
    metadata = {"language": "en", "context": {"language": kept}, "written_in": written}
    read = Turn.from_tracker(tracker(metadata=metadata))
    assert (read.language, read.unsupported) == (spoken, unsupported)
