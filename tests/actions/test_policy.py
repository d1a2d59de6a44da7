"""What the assistant decides: answer, sign in, ask back, search, or fetch a person, on a catalogue made here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine

from actions.actions import ALL_ACTIONS
from actions.policy import Assistant
from actions.turn import Decided, Ranked, Reply, Turn
from catalogue.documents import read_catalogue, read_yaml
from catalogue.importer import import_catalogue
from catalogue.models import Base
from catalogue.phrases import Phrases
from catalogue.snapshot import load_catalogue
from tests.support.kontakt import DATA
from tests.support.small_catalogue import write_data

PHRASES = Phrases.read(DATA)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """The assistant on the small catalogue."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        import_catalogue(connection, read_catalogue(write_data(tmp_path_factory.mktemp("data"))))
        catalogue = load_catalogue(connection)
    engine.dispose()
    return Assistant(catalogue, PHRASES)


def turn(text: str = "", *ranking: tuple[str, float], **changed: Any) -> Turn:
    """Return a citizen's turn with a ranking, best first."""
    ranked = tuple(Ranked(intent, confidence) for intent, confidence in ranking)
    fields: dict[str, Any] = {
        "language": "sv",
        "audience": "citizen",
        "ask_threshold": 0.3,
        "answer_threshold": 0.7,
        "misses": 0,
    }
    fields |= {"intent": ranked[0].intent if ranked else "", **changed}
    return Turn(text=text, ranking=ranked, **fields)


def _payloads(reply: Reply) -> list[str]:
    return [choice.payload for choice in reply.choices]


def test_answer_is_the_catalogues_and_forgets_misses(assistant: Assistant) -> None:
    reply = assistant.answer(turn("altan", ("bygglov.behovs", 0.9), misses=1))
    assert (reply.decision, reply.faq, reply.service) == (Decided.ANSWERED, "bygglov.behovs", "bygglov")
    assert reply.text == "Det beror på. Ring numret på webbplatsen."
    assert reply.context == {"service": "bygglov", "misses": 0}


def test_answer_comes_in_the_language_that_was_asked_for(assistant: Assistant) -> None:
    reply = assistant.answer(turn("", ("bygglov.avgift", 0.9), language="en"))
    assert (reply.text, reply.language, reply.source) == ("By the tariff.", "en", "law")


def test_staff_question_of_a_citizen_is_asked_to_sign_in_and_staff_get_the_answer(assistant: Assistant) -> None:
    refused = assistant.answer(turn("lön", ("lon.utbetalning", 0.9)))
    assert (refused.decision, refused.faq, _payloads(refused)) == (Decided.REFUSED, None, ["human"])
    assert refused.text == PHRASES.say("sign_in", "sv")
    assert "27" not in str(refused.as_json())
    answered = assistant.answer(turn("lön", ("lon.utbetalning", 0.9), audience="staff"))
    assert answered.text == "Den 27:e."


def test_intent_that_is_no_faq_any_more_is_searched_for(assistant: Assistant) -> None:
    assert assistant.answer(turn("bygglov altan", ("bygglov.borta", 0.9))).decision is Decided.SEARCHED


def test_between_the_thresholds_it_asks_which_was_meant(assistant: Assistant) -> None:
    ranking = (("bygglov.behovs", 0.5), ("dialogue.greet", 0.2), ("lon.utbetalning", 0.1), ("bygglov.avgift", 0.1))
    reply = assistant.clarify(turn("bygga", *ranking, misses=1))
    assert reply.decision is Decided.ASKED
    assert _payloads(reply) == ["bygglov.behovs", "bygglov.avgift", "dialogue.deny", "human"]
    assert reply.choices[0].title == "Behöver jag bygglov för altan?"
    assert reply.context == {"misses": 1}


def test_staff_question_that_is_unsure_is_not_offered_to_a_citizen(assistant: Assistant) -> None:
    reply = assistant.clarify(turn("lön", ("lon.utbetalning", 0.65)))
    assert (reply.decision, _payloads(reply)) == (Decided.REFUSED, ["human"])
    unsure = assistant.clarify(turn("lön", ("lon.utbetalning", 0.4), ("bygglov.avgift", 0.3), ("bygglov.behovs", 0.2)))
    assert _payloads(unsure) == ["bygglov.avgift", "bygglov.behovs", "dialogue.deny", "human"]
    shared_out = assistant.clarify(turn("avgift", ("bygglov.avgift", 0.55), ("lon.utbetalning", 0.4)))
    assert (shared_out.decision, shared_out.faq) == (Decided.ANSWERED, "bygglov.avgift")
    staff = assistant.clarify(turn("lön", ("lon.utbetalning", 0.5), audience="staff"))
    assert _payloads(staff)[0] == "lon.utbetalning"


@pytest.mark.parametrize("ranking", [(), (("bygglov.behovs", 0.29),), (("dialogue.greet", 0.5),)])
def test_below_the_threshold_it_searches(assistant: Assistant, ranking: tuple[tuple[str, float], ...]) -> None:
    reply = assistant.clarify(turn("altan bygglov", *ranking))
    assert reply.decision is Decided.SEARCHED
    assert _payloads(reply)[0] == "bygglov.behovs"
    assert _payloads(reply)[-2:] == ["dialogue.deny", "human"]
    assert reply.context == {"misses": 1}


def test_search_of_a_citizen_never_offers_a_staff_question(assistant: Assistant) -> None:
    text = "När kommer lönen och bygglovstillägget?"
    assert "lon.utbetalning" not in _payloads(assistant.search(turn(text)))
    assert "lon.utbetalning" in _payloads(assistant.search(turn(text, audience="staff")))


def test_search_that_finds_nothing_offers_a_person(assistant: Assistant) -> None:
    reply = assistant.search(turn("???"))
    assert (reply.decision, reply.text) == (Decided.SEARCHED, PHRASES.say("nothing_found", "sv"))
    assert _payloads(reply) == ["human"]


@pytest.mark.parametrize("step", ["search", "clarify", "deny"])
def test_second_miss_fetches_a_person(assistant: Assistant, step: str) -> None:
    first = getattr(assistant, step)(turn("???"))
    assert first.escalate is None
    assert first.context == {"misses": 1}
    second = getattr(assistant, step)(turn("???", misses=1))
    assert (second.decision, second.escalate) == (Decided.ESCALATED, "low_confidence")
    assert second.text == PHRASES.say("second_miss", "sv")


def test_asking_for_a_person_fetches_one(assistant: Assistant) -> None:
    reply = assistant.escalate(turn("människa"), "asked_for_human")
    assert (reply.decision, reply.escalate) == (Decided.ESCALATED, "asked_for_human")


def test_every_dialogue_intent_of_the_training_data_has_its_words(assistant: Assistant) -> None:
    content, _ = read_yaml(DATA / "nlu" / "dialogue.yml")
    intents = {block["intent"] for block in content["nlu"]} - {"dialogue.ask_human", "out_of_scope"}
    for intent in sorted(intents):
        for language in ("sv", "sv-x-easy", "en", "ar"):
            reply = assistant.small_talk(turn("", (intent, 0.9), language=language))
            assert reply.text, intent


def test_what_is_not_the_municipalitys_business_is_refused_with_a_way_out(assistant: Assistant) -> None:
    reply = assistant.out_of_scope(turn("väder"))
    assert (reply.decision, _payloads(reply)) == (Decided.REFUSED, ["human"])
    assert "{{" not in reply.text


def _tracker(**message: Any) -> SimpleNamespace:
    return SimpleNamespace(latest_message=message)


def test_turn_is_read_from_the_tracker_whatever_is_missing() -> None:
    bare = Turn.from_tracker(_tracker())
    assert bare == Turn("", "sv", "citizen", "", (), 1.0, 1.0, 0)
    full = Turn.from_tracker(
        _tracker(
            text="Hej",
            intent={"name": "bygglov.behovs"},
            intent_ranking=[{"name": "nlu_fallback", "confidence": 0.9}, {"name": "bygglov.behovs", "confidence": 0.4}],
            metadata={
                "language": "en",
                "audience": "staff",
                "context": {"misses": 1},
                "thresholds": {"ask": 0.25, "answer": 0.7},
            },
        )
    )
    assert full == Turn("Hej", "en", "staff", "bygglov.behovs", (Ranked("bygglov.behovs", 0.4),), 0.25, 0.7, 1)
    assert Turn.from_tracker(_tracker(metadata={"audience": "admin"})).audience == "citizen"


def test_actions_have_the_names_of_the_domain() -> None:
    domain, _ = read_yaml(DATA.parent / "bot" / "domain.yml")
    assert {action.action_name for action in ALL_ACTIONS} == set(domain["actions"])
