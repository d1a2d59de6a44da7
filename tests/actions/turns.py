"""Turns as the actions see them, made for a test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from actions.turn import Question, Ranked, Reply, Turn
from catalogue.phrases import Phrases
from tests.support.kontakt import DATA

PHRASES = Phrases.read(DATA)


def ranked(*pairs: tuple[str, float]) -> tuple[Ranked, ...]:
    """Return a ranking, best first."""
    return tuple(Ranked(intent, confidence) for intent, confidence in pairs)


def questions(*pairs: tuple[str, float]) -> tuple[Question, ...]:
    """Return the questions of a message beside its first, each with how likely it is asked."""
    return tuple(Question(*pair) for pair in pairs)


def turn(text: str = "", *ranking: tuple[str, float], **changed: Any) -> Turn:
    """Return a citizen's turn with a ranking, best first."""
    fields: dict[str, Any] = {
        "language": "sv",
        "audience": "citizen",
        "ask_threshold": 0.3,
        "answer_threshold": 0.7,
        "intent": ranking[0][0] if ranking else "",
    }
    return Turn(text=text, ranking=ranked(*ranking), **{**fields, **changed})


def tracker(**message: Any) -> SimpleNamespace:
    """Return what of Rasa's tracker a turn is read from."""
    return SimpleNamespace(latest_message=message)


def payloads(reply: Reply) -> list[str]:
    """Return the payloads of a reply's choices."""
    return [choice.payload for choice in reply.choices]
