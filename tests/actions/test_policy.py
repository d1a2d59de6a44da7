"""What the assistant decides: answer, sign in, ask back, search, or fetch a person, on a catalogue made here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.languages import ANSWERED
from actions.policy import MAX_ASKED, SURE_TOO, Assistant
from actions.turn import Decided, Reply, Turn
from catalogue.documents import EASY_SWEDISH, read_yaml
from tests.actions.turns import PHRASES, payloads, questions, ranked, turn
from tests.support.kontakt import DATA

ASK_HUMAN = "dialogue.ask_human"
#: Spoken of last, and a message that leans on it: "and what does it cost?".
OF_PERMITS: dict[str, Any] = {
    "service": "bygglov",
    "within_service": ranked(("bygglov.avgift", 0.8), ("bygglov.behovs", 0.2)),
}


def _one(replies: list[Reply]) -> Reply:
    (reply,) = replies
    return reply


def test_answer_is_the_catalogues_and_forgets_misses(assistant: Assistant) -> None:
    reply = _one(assistant.answer(turn("altan", ("bygglov.behovs", 0.9), misses=1, asked=2)))
    assert (reply.decision, reply.faq, reply.service) == (Decided.ANSWERED, "bygglov.behovs", "bygglov")
    assert reply.text == "Det beror på. Ring numret på webbplatsen."
    assert reply.context == {"service": "bygglov", "misses": 0, "asked": 0}


@pytest.mark.parametrize(
    ("language", "text", "given"),
    [
        ("sv", "Enligt taxan.", "sv"),
        ("sv-FI", "Enligt taxan.", "sv"),
        (EASY_SWEDISH, "Lätt: Enligt taxan.", EASY_SWEDISH),
        ("en", "By the tariff.", "en"),
        ("en-GB", "By the tariff.", "en"),
    ],
)
def test_answer_comes_in_the_language_that_was_asked_for(
    assistant: Assistant, language: str, text: str, given: str
) -> None:
    reply = _one(assistant.answer(turn("", ("bygglov.avgift", 0.9), language=language)))
    assert (reply.text, reply.language, reply.source, reply.choices) == (text, given, "law", ())


def test_answer_that_is_not_in_the_language_says_so_in_it_and_offers_a_person(assistant: Assistant) -> None:
    finnish = _one(assistant.answer(turn("", ("bygglov.behovs", 0.9), language="fi")))
    assert (finnish.text, finnish.language, finnish.choices) == ("Se riippuu.", "fi", ())
    other = _one(assistant.answer(turn("", ("bygglov.avgift", 0.9), language="fi")))
    assert other.text == f"{PHRASES.say('answer_in_swedish', 'fi')}\n\nBy the tariff."
    assert (other.decision, other.faq, other.language) == (Decided.ANSWERED, "bygglov.avgift", "en")
    assert payloads(other) == ["human"]
    assert other.context["service"] == "bygglov"


def test_staff_question_of_a_citizen_is_asked_to_sign_in_and_staff_get_the_answer(assistant: Assistant) -> None:
    refused = _one(assistant.answer(turn("lön", ("lon.utbetalning", 0.9))))
    assert (refused.decision, refused.faq, payloads(refused)) == (Decided.REFUSED, None, ["human"])
    assert refused.text == PHRASES.say("sign_in", "sv")
    assert "27" not in str(refused.as_json())
    answered = _one(assistant.answer(turn("lön", ("lon.utbetalning", 0.9), audience="staff")))
    assert answered.text == "Den 27:e."


def test_intent_that_is_no_faq_any_more_is_searched_for(assistant: Assistant) -> None:
    reply = _one(assistant.answer(turn("bygglov altan", ("bygglov.borta", 0.9))))
    assert (reply.decision, payloads(reply)[0]) == (Decided.SEARCHED, "bygglov.behovs")


def test_between_the_thresholds_it_asks_which_was_meant(assistant: Assistant) -> None:
    ranking = (("bygglov.behovs", 0.5), ("dialogue.greet", 0.2), ("lon.utbetalning", 0.1), ("bygglov.avgift", 0.1))
    reply = _one(assistant.clarify(turn("bygga", *ranking, misses=1)))
    assert reply.decision is Decided.ASKED
    assert payloads(reply) == ["bygglov.behovs", "bygglov.avgift", "dialogue.deny", "human"]
    assert reply.choices[0].title == "Behöver jag bygglov för altan?"
    assert reply.context == {"misses": 1, "asked": 1}


def test_it_asks_at_the_lower_threshold_and_offers_three_at_most(assistant: Assistant) -> None:
    ranking = (("bygglov.avgift", 0.3), ("avfall.tunna", 0.1), ("lon.semester", 0.1), ("bygglov.behovs", 0.1))
    reply = _one(assistant.clarify(turn("kostar", *ranking, audience="staff")))
    assert payloads(reply) == ["bygglov.avgift", "avfall.tunna", "lon.semester", "dialogue.deny", "human"]


@pytest.mark.parametrize("ranking", [(), (("bygglov.behovs", 0.29),), (("dialogue.greet", 0.5),)])
def test_below_the_threshold_it_searches(assistant: Assistant, ranking: tuple[tuple[str, float], ...]) -> None:
    reply = _one(assistant.clarify(turn("altan bygglov", *ranking, asked=1)))
    assert reply.decision is Decided.SEARCHED
    assert payloads(reply)[0] == "bygglov.behovs"
    assert payloads(reply)[-2:] == ["dialogue.deny", "human"]
    assert reply.context == {"misses": 1, "asked": 0}


def test_it_asks_twice_in_a_row_then_searches_and_then_fetches_a_person(assistant: Assistant) -> None:
    unsure = turn("altan bygglov", ("bygglov.behovs", 0.5))
    decided = []
    for _ in range(MAX_ASKED + 1):
        reply = _one(assistant.clarify(unsure))
        decided.append(reply.decision)
        unsure = replace(unsure, misses=reply.context["misses"], asked=reply.context["asked"])
    assert decided == [Decided.ASKED] * MAX_ASKED + [Decided.SEARCHED]
    assert (unsure.misses, unsure.asked) == (1, 0)
    assert _one(assistant.clarify(unsure)).decision is Decided.ASKED
    last = _one(assistant.clarify(replace(unsure, asked=MAX_ASKED)))
    assert (last.decision, last.escalate) == (Decided.ESCALATED, "low_confidence")


def test_message_of_several_questions_is_asked_back_no_more_often(assistant: Assistant) -> None:
    other = questions(("avfall.tunna", 0.4))
    reply = _one(assistant.clarify(turn("kostar tunna", ("bygglov.avgift", 0.5), also=other, asked=MAX_ASKED)))
    assert (reply.decision, reply.context) == (Decided.SEARCHED, {"misses": 1, "asked": 0})


@pytest.mark.parametrize(
    ("share", "audience", "decision"),
    [
        (0.61, "citizen", Decided.REFUSED),
        (0.6, "citizen", Decided.ASKED),
        (0.61, "staff", Decided.ASKED),
    ],
)
def test_citizens_question_that_internal_services_take_most_of_is_asked_to_sign_in(
    assistant: Assistant, share: float, audience: str, decision: Decided
) -> None:
    ranking = (("lon.utbetalning", 0.4), ("bygglov.avgift", 0.35))
    reply = _one(assistant.clarify(turn("lön", *ranking, staff_share=share, audience=audience)))
    assert reply.decision is decision
    assert ("lon.utbetalning" in payloads(reply)) is (audience == "staff")
    if decision is Decided.REFUSED:
        assert (reply.text, payloads(reply)) == (PHRASES.say("sign_in", "sv"), ["human"])


#: Messages that could be answered, or asked back, in another way too.
OTHERWISE: dict[str, dict[str, Any]] = {
    "second question": {"also": questions(("avfall.tunna", 0.9))},
    "unsure second question": {"also": questions(("avfall.tunna", 0.1))},
    "follow-up": OF_PERMITS,
}


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
def test_signing_in_comes_before_several_questions_and_follow_ups(
    assistant: Assistant, otherwise: dict[str, Any]
) -> None:
    message = turn("och vad kostar det?", ("lon.utbetalning", 0.6), (ASK_HUMAN, 0.2), staff_share=0.7, **otherwise)
    reply = _one(assistant.clarify(message))
    assert (reply.decision, reply.text) == (Decided.REFUSED, PHRASES.say("sign_in", "sv"))
    below = assistant.clarify(replace(message, staff_share=0.6, ranking=ranked(("bygglov.behovs", 0.6))))
    assert {reply.decision for reply in below} <= {Decided.ANSWERED, Decided.ASKED}


@pytest.mark.parametrize("otherwise", OTHERWISE.values(), ids=OTHERWISE)
def test_wish_for_a_person_comes_before_several_questions_and_follow_ups(
    assistant: Assistant, otherwise: dict[str, Any]
) -> None:
    message = turn("och vad kostar det?", ("bygglov.behovs", 0.5), (ASK_HUMAN, 0.15), **otherwise)
    assert _one(assistant.clarify(message)).escalate == "asked_for_human"
    below = assistant.clarify(replace(message, ranking=ranked(("bygglov.behovs", 0.5), (ASK_HUMAN, 0.149))))
    assert {reply.decision for reply in below} <= {Decided.ANSWERED, Decided.ASKED}


def test_whether_to_ask_goes_by_what_the_citizen_may_see(assistant: Assistant) -> None:
    hidden = turn("bygglov", ("lon.utbetalning", 0.6), ("bygglov.avgift", 0.29))
    assert _one(assistant.clarify(hidden)).decision is Decided.SEARCHED
    asked = _one(assistant.clarify(replace(hidden, audience="staff")))
    assert payloads(asked) == ["lon.utbetalning", "bygglov.avgift", "dialogue.deny", "human"]


@pytest.mark.parametrize(
    ("ranking", "decision"),
    [
        ((("bygglov.avgift", 0.5), (ASK_HUMAN, 0.15)), Decided.ESCALATED),
        ((("bygglov.avgift", 0.5), (ASK_HUMAN, 0.149)), Decided.ASKED),
        ((("bygglov.avgift", 0.2), (ASK_HUMAN, 0.15)), Decided.ESCALATED),
        (
            (("bygglov.avgift", 0.3), ("bygglov.behovs", 0.2), ("avfall.tunna", 0.2), (ASK_HUMAN, 0.15)),
            Decided.ASKED,
        ),
    ],
    ids=["enough", "too little", "below the threshold", "fourth"],
)
def test_whoever_may_well_be_asking_for_a_person_gets_one(
    assistant: Assistant, ranking: tuple[tuple[str, float], ...], decision: Decided
) -> None:
    reply = _one(assistant.clarify(turn("kan någon hjälpa mig", *ranking)))
    assert reply.decision is decision
    assert reply.escalate == ("asked_for_human" if decision is Decided.ESCALATED else None)


def test_likely_second_questions_are_answered_after_the_first(assistant: Assistant) -> None:
    asked = questions(("avfall.tunna", 0.9), ("bygglov.avgift", SURE_TOO))
    replies = assistant.answer(turn("tre frågor", ("bygglov.behovs", 0.9), also=asked))
    assert [reply.faq for reply in replies] == ["bygglov.behovs", "avfall.tunna", "bygglov.avgift"]
    assert [reply.text for reply in replies[1:]] == ["Här.", "Enligt taxan."]


def test_less_likely_second_questions_are_asked_about_after_the_answers(assistant: Assistant) -> None:
    asked = questions(("avfall.tunna", 0.9), ("bygglov.avgift", SURE_TOO - 0.01))
    replies = assistant.answer(turn("tre frågor", ("bygglov.behovs", 0.9), also=asked))
    assert [reply.faq for reply in replies] == ["bygglov.behovs", "avfall.tunna", None]
    assert (replies[2].decision, replies[2].text) == (Decided.ASKED, PHRASES.say("also_meant", "sv"))
    assert (payloads(replies[2]), replies[2].context) == (["bygglov.avgift"], {})


def test_where_the_first_question_is_unsure_all_are_asked_about_together(assistant: Assistant) -> None:
    asked = questions(("avfall.tunna", 0.9), ("bygglov.avgift", 0.1))
    reply = _one(assistant.clarify(turn("tre frågor", ("bygglov.behovs", 0.2), also=asked)))
    assert (reply.decision, reply.context) == (Decided.ASKED, {"misses": 0, "asked": 1})
    assert payloads(reply) == ["bygglov.behovs", "avfall.tunna", "bygglov.avgift", "dialogue.deny", "human"]


@pytest.mark.parametrize("other", ["bygglov.behovs", "dialogue.greet", "avfall.borta", "lon.utbetalning"])
def test_second_question_that_is_none_or_not_for_the_asker_is_left_out(assistant: Assistant, other: str) -> None:
    asked = questions((other, 0.9))
    assert _one(assistant.answer(turn("", ("bygglov.behovs", 0.9), also=asked))).faq == "bygglov.behovs"
    asked_back = _one(assistant.clarify(turn("", ("bygglov.behovs", 0.5), also=asked)))
    assert payloads(asked_back) == ["bygglov.behovs", "dialogue.deny", "human"]


def test_second_question_of_an_internal_service_is_answered_to_staff(assistant: Assistant) -> None:
    message = turn("två frågor", ("bygglov.avgift", 0.9), also=questions(("lon.utbetalning", 0.9)), audience="staff")
    assert [reply.faq for reply in assistant.answer(message)] == ["bygglov.avgift", "lon.utbetalning"]


def test_message_that_leans_on_the_last_has_no_second_question(assistant: Assistant) -> None:
    message = turn("och vad kostar det?", ("avfall.tunna", 0.69), also=questions(("bygglov.behovs", 0.9)), **OF_PERMITS)
    assert _one(assistant.answer(message)).faq == "bygglov.avgift"


@pytest.mark.parametrize("step", ["answer", "clarify"])
def test_message_that_leans_on_the_last_is_about_its_service(assistant: Assistant, step: str) -> None:
    message = turn("och vad kostar det?", ("avfall.tunna", 0.69), **OF_PERMITS)
    reply = _one(getattr(assistant, step)(message))
    assert (reply.decision, reply.faq) == (Decided.ANSWERED, "bygglov.avgift")


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "vad kostar en tunna?"},
        {"service": None},
        {"within_service": ()},
        {"within_service": ranked(("bygglov.avgift", 0.49), ("bygglov.behovs", 0.48))},
        {"within_service": ranked(("bygglov.borta", 0.9))},
        {"ranking": ranked(("avfall.tunna", 0.97))},
    ],
    ids=["says itself", "first message", "no ranking", "unsure which", "no question any more", "surely another"],
)
def test_message_is_no_follow_up_and_answered_for_what_it_is(assistant: Assistant, changed: dict[str, Any]) -> None:
    message = turn("och vad kostar det?", ("avfall.tunna", 0.96), **OF_PERMITS)
    assert _one(assistant.answer(message)).faq == "bygglov.avgift"
    assert _one(assistant.answer(replace(message, **changed))).faq == "avfall.tunna"


@pytest.mark.parametrize("text", ["Vad ska jag bifoga?", "hur gör man", "what should i send", "ماذا أرفق؟"])
def test_short_question_that_could_be_anybodys_is_about_the_service_just_spoken_of(
    assistant: Assistant, text: str
) -> None:
    unsure = turn(text, ("avfall.tunna", 0.4), ("bygglov.behovs", 0.3), **OF_PERMITS, intent="nlu_fallback")
    assert _one(assistant.clarify(unsure)).faq == "bygglov.avgift"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("xyz qwerty foo bar", "avfall.tunna"),
        ("🙂🙂", "dialogue.thanks"),
        ("hmm", "dialogue.affirm"),
        ("jaha", "dialogue.affirm"),
        ("ok då", "dialogue.affirm"),
        ("är det du?", "dialogue.greet"),
    ],
)
def test_noise_and_small_talk_after_an_answer_get_no_other_answer(assistant: Assistant, text: str, first: str) -> None:
    said = turn(text, (first, 0.55), ("bygglov.avgift", 0.05), **OF_PERMITS, intent="nlu_fallback")
    assert _one(assistant.clarify(said)).decision is not Decided.ANSWERED


def test_surely_another_question_of_the_same_service_does_not_undo_a_follow_up(assistant: Assistant) -> None:
    message = turn("och vad kostar det?", ("bygglov.behovs", 0.99), **OF_PERMITS)
    assert _one(assistant.answer(message)).faq == "bygglov.avgift"


def test_follow_up_below_a_high_threshold_is_still_one(assistant: Assistant) -> None:
    ranking = (("bygglov.behovs", 0.98),)
    message = turn("och vad kostar det?", *ranking, **OF_PERMITS, intent="nlu_fallback", answer_threshold=0.99)
    assert _one(assistant.clarify(message)).faq == "bygglov.avgift"


def test_whoever_may_well_be_asking_for_a_person_about_it_gets_one(assistant: Assistant) -> None:
    message = turn("kan någon ringa mig om det?", (ASK_HUMAN, 0.6), **OF_PERMITS, intent="nlu_fallback")
    assert _one(assistant.clarify(message)).escalate == "asked_for_human"


def test_follow_up_of_a_staff_service_is_for_staff_alone(assistant: Assistant) -> None:
    of_wages = {"service": "lon", "within_service": ranked(("lon.semester", 1.0))}
    message = turn("och hur tar jag ut det?", ("bygglov.avgift", 0.5), **of_wages)
    for reply in (*assistant.clarify(message), *assistant.answer(message)):
        assert "semester" not in str(reply.as_json())
    assert _one(assistant.clarify(replace(message, audience="staff"))).faq == "lon.semester"


@pytest.mark.parametrize("language", ["de", "ru", "nb"])
def test_language_without_answers_is_told_so_in_it_and_offered_a_person(assistant: Assistant, language: str) -> None:
    message = turn("ich brauche Hilfe", ("bygglov.behovs", 0.5), unsupported=language)
    reply = _one(assistant.clarify(message))
    assert (reply.decision, payloads(reply)) == (Decided.REFUSED, ["human"])
    assert reply.text == PHRASES.say("unsupported_language", language) != PHRASES.say("unsupported_language", "en")


def test_language_that_there_are_no_words_in_does_not_stand_in_the_way(assistant: Assistant) -> None:
    unsure = turn("aza", ("bygglov.behovs", 0.5), unsupported="mg")
    assert _one(assistant.clarify(unsure)).decision is Decided.ASKED
    sure = turn("Baugenehmigung", ("bygglov.behovs", 0.9), unsupported="de")
    assert _one(assistant.answer(sure)).faq == "bygglov.behovs"


@pytest.mark.parametrize(
    ("text", "language"), [("kan du arabiska?", "ar"), ("english please", "en"), ("lättare svenska", EASY_SWEDISH)]
)
def test_language_that_is_asked_for_is_kept(assistant: Assistant, text: str, language: str) -> None:
    reply = assistant.small_talk(turn(text, ("dialogue.switch_language", 0.9)))
    assert (reply.decision, reply.choices) == (Decided.SMALLTALK, ())
    assert (reply.text, reply.context) == (PHRASES.say("affirm", language), {"language": language})


def test_language_that_there_are_no_answers_in_offers_a_person(assistant: Assistant) -> None:
    reply = assistant.small_talk(turn("kan du japanska?", ("dialogue.switch_language", 0.9)))
    assert (reply.text, reply.context) == (PHRASES.say("switch_language", "sv"), {})
    assert payloads(reply) == ["human"]


def test_search_of_a_citizen_never_offers_a_staff_question(assistant: Assistant) -> None:
    text = "När kommer lönen och bygglovstillägget?"
    assert "lon.utbetalning" not in payloads(assistant.search(turn(text)))
    assert "lon.utbetalning" in payloads(assistant.search(turn(text, audience="staff")))


def test_citizen_is_not_told_that_something_was_found_for_staff(assistant: Assistant) -> None:
    of_staff = turn("Heroma")
    assert payloads(assistant.search(replace(of_staff, audience="staff")))[0] == "lon.semester"
    reply = assistant.search(of_staff)
    assert (reply.text, payloads(reply)) == (PHRASES.say("nothing_found", "sv"), ["human"])


def test_search_that_finds_nothing_offers_a_person(assistant: Assistant) -> None:
    reply = assistant.search(turn("???"))
    assert (reply.decision, reply.text) == (Decided.SEARCHED, PHRASES.say("nothing_found", "sv"))
    assert payloads(reply) == ["human"]


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("search", "low_confidence"),
        ("clarify", "low_confidence"),
        ("deny", "low_confidence"),
        ("complain", "not_resolved"),
    ],
)
def test_second_miss_fetches_a_person(assistant: Assistant, step: str, reason: str) -> None:
    def take(message: Turn) -> Reply:
        made = getattr(assistant, step)(message)
        return _one(made) if isinstance(made, list) else made

    first = take(turn("???"))
    assert (first.escalate, first.context["misses"], payloads(first)) == (None, 1, ["human"])
    second = take(turn("???", misses=1))
    assert (second.decision, second.escalate) == (Decided.ESCALATED, reason)
    assert second.text == PHRASES.say("second_miss", "sv")


def test_asking_for_a_person_fetches_one(assistant: Assistant) -> None:
    reply = assistant.escalate(turn("människa"), "asked_for_human")
    assert (reply.decision, reply.escalate) == (Decided.ESCALATED, "asked_for_human")


def test_danger_fetches_a_person_whatever_else_was_understood(assistant: Assistant) -> None:
    message = turn("jag orkar inte mer", ("danger.suicide", 0.9), misses=1, asked=2, staff_share=0.9, **OF_PERMITS)
    reply = assistant.danger(message)
    assert (reply.decision, reply.escalate, reply.faq) == (Decided.ESCALATED, "crisis", None)
    assert reply.text == PHRASES.say("fetching_person", "sv")


def test_every_dialogue_intent_of_the_training_data_has_its_words(assistant: Assistant) -> None:
    content, _ = read_yaml(DATA / "nlu" / "dialogue.yml")
    intents = {block["intent"] for block in content["nlu"]} - {"dialogue.ask_human"}
    for intent in sorted(intents):
        for language in sorted({*ANSWERED, EASY_SWEDISH}):
            reply = assistant.small_talk(turn("", (intent, 0.9), language=language))
            assert reply.text == PHRASES.say(intent.removeprefix("dialogue."), language)
            assert PHRASES.is_said_in(intent.removeprefix("dialogue."), language), (intent, language)


def test_what_is_not_the_municipalitys_business_is_refused_with_a_way_out(assistant: Assistant) -> None:
    reply = assistant.out_of_scope(turn("väder"))
    assert (reply.decision, payloads(reply)) == (Decided.REFUSED, ["human"])
    assert "{{" not in reply.text


def test_question_about_another_municipality_is_asked_back_and_not_answered(assistant: Assistant) -> None:
    sure = turn("Behöver jag bygglov i Mjölby kommun?", ("bygglov.behovs", 0.99))
    (reply,) = assistant.answer(sure)
    assert reply.decision is Decided.ASKED and "Linköping" in reply.text
    assert payloads(reply)[0] == "bygglov.behovs"
    (ours,) = assistant.answer(turn("Behöver jag bygglov i Linköping?", ("bygglov.behovs", 0.99)))
    assert ours.decision is Decided.ANSWERED
