"""Whatever was understood, remembered or chosen: nobody but staff gets a staff answer or sees a staff question."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.actions import ALL_ACTIONS, SmallTalk
from actions.policy import Assistant
from actions.source import AssistantSource
from actions.turn import Reply, Turn
from catalogue.documents import EASY_SWEDISH
from catalogue.snapshot import Catalogue
from handover.engine import EngineReply
from tests.actions.turns import tracker
from tests.support.kontakt import DATA

#: With the catalogue of the fixture instead of the source's, which is never opened.
ACTIONS = [action(AssistantSource("sqlite+aiosqlite://", DATA)) for action in ALL_ACTIONS]
SMALL_TALK = ["dialogue.greet", "dialogue.switch_language"]
STAFF_INTENTS = ["lon.utbetalning", "lon.semester"]
INTENTS = [
    *STAFF_INTENTS,
    "bygglov.behovs",
    "bygglov.avgift",
    "avfall.tunna",
    "lon.borta",
    "dialogue.ask_human",
    "nlu_fallback",
    *SMALL_TALK,
]
TEXTS = [
    "När kommer lönen och bygglovstillägget?",
    "When is the salary paid?",
    "och hur tar jag ut det?",
    "lonord Tjänsten lon",
    "Heroma den 27:e",
    "bygglov altan",
    "kan du arabiska?",
    "???",
]
NOT_STAFF = ["citizen", "", None, "STAFF", "admin", "staff,citizen"]

# Staff intents are likelier than others, and so is what makes them count.
_shares = st.sampled_from([0.9, 0.61, 0.5, 0.3, 0.15, 0.1]) | st.floats(0, 1)
_intents = st.sampled_from(STAFF_INTENTS) | st.sampled_from(INTENTS)
_texts = st.just("och hur tar jag ut det?") | st.sampled_from(TEXTS)
_ranked: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({"name": _intents, "confidence": _shares})
_rankings = st.lists(_ranked, max_size=6, unique_by=lambda one: one["name"])
_questions = st.lists(st.fixed_dictionaries({"text": _texts, "name": _intents, "confidence": _shares}), max_size=3)
_contexts = st.fixed_dictionaries(
    {"service": st.just("lon") | st.sampled_from([None, "lon", "bygglov", "borta"])},
    optional={
        "misses": st.integers(0, 2),
        "asked": st.integers(0, 3),
        "language": st.sampled_from(["sv", EASY_SWEDISH, "en", "fi", "ar"]),
    },
)
_understood = st.fixed_dictionaries(
    {
        "thresholds": st.sampled_from([{"ask": 0.3, "answer": 0.7}, {"ask": 0.0, "answer": 0.0}, {}]),
        "staff_share": st.just(0.0) | _shares,
        "within_service": _rankings,
        "questions": _questions,
    }
)


@st.composite
def _messages(draw: st.DrawFn, audiences: list[str | None]) -> dict[str, Any]:
    """Return a message of somebody, typed or chosen, with what the engine may have made of it."""
    intent = draw(_intents)
    audience, context = draw(st.sampled_from(audiences)), draw(_contexts)
    metadata = {"language": draw(st.sampled_from(["sv", "en", "ar", "de"])), "audience": audience, "context": context}
    if draw(st.booleans()):
        chosen = {"name": intent, "confidence": 1.0}
        return {"text": f"/{intent}", "intent": chosen, "intent_ranking": [chosen], "metadata": metadata}
    metadata |= {
        "understood": draw(_understood),
        "written_in": draw(st.sampled_from([None, "sv", "en", "fi", "ar", "de"])),
    }
    ranking = sorted(draw(_rankings), key=lambda one: -one["confidence"])
    return {
        "text": draw(_texts),
        "intent": {"name": intent},
        "intent_ranking": ranking,
        "metadata": metadata,
    }


def _replies(assistant: Assistant, message: dict[str, Any]) -> list[Reply]:
    """Return the replies of every action there is: which one Rasa calls is not for the policy to trust."""
    turn = Turn.from_tracker(tracker(**message))
    replies: list[Reply] = []
    for action in ACTIONS:
        if isinstance(action, SmallTalk) and turn.intent not in SMALL_TALK:
            continue
        made = action.reply(assistant, turn)
        replies += made if isinstance(made, list) else [made]
    return replies


def _secrets(catalogue: Catalogue) -> set[str]:
    """Return ids, questions and answers of all staff services, in all languages, as JSON writes them."""
    staff = [service for service in catalogue.services.values() if service.audience == "staff"]
    faqs = [faq for service in staff for faq in service.faqs]
    assert sorted(faq.id for faq in faqs) == sorted(STAFF_INTENTS)
    told = {text for faq in faqs for text in (faq.id, *faq.questions.values(), *faq.texts.values())}
    return {json.dumps(text, ensure_ascii=False).strip('"') for text in told}


def _as_text(reply: Reply) -> str:
    return json.dumps(reply.as_json(), ensure_ascii=False)


@settings(max_examples=500, deadline=None)
@given(message=_messages(NOT_STAFF))
def test_no_reply_to_a_citizen_tells_anything_of_a_staff_question(
    assistant: Assistant, catalogue: Catalogue, message: dict[str, Any]
) -> None:
    for reply in _replies(assistant, message):
        shown = _as_text(reply)
        assert not [secret for secret in _secrets(catalogue) if secret in shown]
        assert reply.service != "lon"
        assert "lon" not in reply.context.values()


@settings(max_examples=200, deadline=None)
@given(message=_messages([*NOT_STAFF, "staff"]))
def test_every_reply_is_one_that_the_handover_service_takes(assistant: Assistant, message: dict[str, Any]) -> None:
    for reply in _replies(assistant, message):
        taken = EngineReply.model_validate_json(_as_text(reply))
        assert taken.faq is not None or taken.escalate is not None or taken.text.strip()
        assert len({choice.payload for choice in taken.choices}) == len(taken.choices)


def test_what_citizens_may_not_see_is_there_to_be_told(assistant: Assistant, catalogue: Catalogue) -> None:
    """The same questions of staff do tell it: else the property above would hold of an empty catalogue too."""
    questions = [{"text": "?", "name": name, "confidence": 0.9} for name in STAFF_INTENTS]
    understood = {"thresholds": {"ask": 0.3, "answer": 0.7}, "questions": questions}
    message = {"text": TEXTS[0], "metadata": {"audience": "staff", "understood": understood}}
    shown = "".join(map(_as_text, _replies(assistant, message)))
    assert {"lon.utbetalning", "lon.semester", "Den 27:e.", "I Heroma."} <= _secrets(catalogue)
    assert all(secret in shown for secret in ("lon.utbetalning", "lon.semester", "Den 27:e.", "I Heroma."))
