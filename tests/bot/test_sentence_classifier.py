"""The classifier of the pipeline, trained on a small set as Rasa trains it: read from YAML, kept in Rasa's storage."""

import logging
import re
from dataclasses import replace

import numpy as np
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.converters.nlu_message_converter import NLUMessageConverter
from small_model import DANGER, NLU, WAYS, asked_in, told

from bot.components import danger_model, intent_classifier
from bot.components.calibration import ANY_LANGUAGE, MIN_QUESTIONS_A_LANGUAGE
from bot.components.intent_classifier import (
    MIN_HELD_OUT,
    THOUGHT_KEY,
    UNDERSTOOD_KEY,
    SentenceClassifier,
    find_classifier_in_use,
)
from bot.components.understanding import STAFF_SHARE_TO_SIGN_IN, Understood

pytest_plugins = ["small_model"]


@pytest.fixture(autouse=True)
def _classifier_in_use(monkeypatch):
    """A component that was loaded is in use until the test ends."""
    monkeypatch.setattr(intent_classifier, "_in_use", None)


@pytest.fixture(scope="module")
def ask(trained):
    return asker(trained[0])


def asker(component):
    """Gives what the component puts into the parse result of a message, handed on as Rasa does it."""

    def one(text, **metadata):
        messages = NLUMessageConverter().convert_user_message([UserMessage(text, metadata=metadata or None)])
        (message,) = component.process(messages)
        return message.as_dict(only_output_properties=True)

    return one


def shares_of(parsed):
    return {one["name"]: one["confidence"] for one in parsed["intent_ranking"]}


def staff_part(parsed):
    return sum(share for name, share in shares_of(parsed).items() if name.startswith("hr_direkt."))


STAFF_QUESTION = "hur många semesterdagar har jag kvar som anställd"
CITIZEN_QUESTION = "vad kostar det att stå parkerad en timme"
SERIOUS = "jag orkar inte leva, jag vill dö ikväll"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("förlänga min bok", "bibliotek.omlan"),
        (CITIZEN_QUESTION, "parkering.taxa"),
        ("VAD BLIR DET TILL LUNCH I SKOLAN", "skolmat.matsedel"),
        ("kan någon människa svara mig", "dialogue.ask_human"),
        ("vem vann fotbollsmatchen", "out_of_scope"),
        ("How much does it cost to park my car in the centre?", "parkering.taxa"),
        ("Mitä ruokaa koulussa on tänään?", "skolmat.matsedel"),
    ],
)
def test_a_question_in_new_words_or_another_language_goes_to_its_intent(ask, text, intent):
    parsed = ask(text)
    assert parsed["intent"] == parsed["intent_ranking"][0]
    assert parsed["intent"]["name"] == intent


def test_the_ranking_is_sorted_and_its_confidences_are_shares(ask):
    parsed = ask(CITIZEN_QUESTION, audience="staff")
    confidences = [one["confidence"] for one in parsed["intent_ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-5), "eight intents fit into the ranking"
    assert len(shares_of(parsed)) == 8
    assert not any(name.startswith("danger.") for name in shares_of(parsed))


@pytest.mark.parametrize("text", ["", " ", "?", "😀", "你好", "\x00", "x" * 4_000], ids=lambda text: ascii(text)[:8])
def test_a_message_that_says_nothing_has_a_ranking_too(ask, text):
    parsed = ask(text)
    assert sum(shares_of(parsed).values()) == pytest.approx(1, abs=1e-5)
    assert parsed[UNDERSTOOD_KEY]["questions"] == []


def test_staff_get_the_questions_of_internal_services(ask):
    parsed = ask(STAFF_QUESTION, audience="staff")
    assert parsed["intent"]["name"] == "hr_direkt.semester"
    assert parsed[UNDERSTOOD_KEY]["staff_share"] == 0, "nothing is taken from them"


@pytest.mark.parametrize("metadata", [{"audience": "citizen"}, {}, {"audience": None}])
def test_internal_services_take_nothing_from_what_a_citizen_asks(ask, metadata):
    parsed, open_to_all = ask(CITIZEN_QUESTION, **metadata), ask(CITIZEN_QUESTION, audience="staff")
    assert staff_part(parsed) == 0 < staff_part(open_to_all)
    assert sum(shares_of(parsed).values()) == pytest.approx(1, abs=1e-5)
    assert parsed[UNDERSTOOD_KEY]["staff_share"] == pytest.approx(staff_part(open_to_all), abs=1e-4)
    assert parsed["intent"]["confidence"] > open_to_all["intent"]["confidence"]


def test_a_citizen_who_asks_what_only_staff_may_can_be_told_to_sign_in(ask):
    parsed = ask(STAFF_QUESTION, audience="citizen")
    assert parsed["intent"]["name"] == "hr_direkt.semester"
    assert parsed[UNDERSTOOD_KEY]["staff_share"] > STAFF_SHARE_TO_SIGN_IN
    assert parsed["intent_ranking"] == ask(STAFF_QUESTION, audience="staff")["intent_ranking"]


def test_within_the_service_that_is_talked_about_its_own_questions_are_ranked(ask):
    parsed = ask("hur får jag ett sådant", context={"service": "bibliotek"})
    within = parsed[UNDERSTOOD_KEY]["within_service"]
    assert {one["name"] for one in within} == {"bibliotek.omlan", "bibliotek.kort"}
    assert sum(one["confidence"] for one in within) == pytest.approx(1, abs=1e-5)
    assert within[0]["confidence"] >= within[1]["confidence"]
    shares = shares_of(parsed)
    ratio = shares[within[0]["name"]] / shares[within[1]["name"]]
    assert within[0]["confidence"] / within[1]["confidence"] == pytest.approx(ratio, rel=1e-3)


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"context": None},
        {"context": {"service": None}},
        {"context": {"service": "bibl"}},
        {"context": {"service": "vatten"}},
        {"context": {"service": "hr_direkt"}, "audience": "citizen"},
    ],
)
def test_within_no_service_or_a_hidden_one_nothing_is_ranked(ask, metadata):
    assert ask(CITIZEN_QUESTION, **metadata)[UNDERSTOOD_KEY]["within_service"] == []


def also(parsed):
    return [(one["text"], one["name"]) for one in parsed[UNDERSTOOD_KEY]["questions"]]


TWO_QUESTIONS = "Vad kostar parkering? Vi undrar också: hur lånar jag om boken?"


def test_a_second_question_is_understood_with_the_clause_that_asks_it(ask):
    parsed = ask(TWO_QUESTIONS, audience="citizen")
    clauses = {"parkering.taxa": "Vad kostar parkering?", "bibliotek.omlan": "Vi undrar också: hur lånar jag om boken?"}
    first = parsed["intent"]["name"]
    (second,) = set(clauses) - {first}
    assert also(parsed)[0] == (clauses[second], second)
    likely = [one["confidence"] for one in parsed[UNDERSTOOD_KEY]["questions"]]
    assert likely == sorted(likely, reverse=True) and 0 < likely[-1] <= likely[0] < 1


@pytest.mark.parametrize(
    "text",
    [
        CITIZEN_QUESTION,
        "Vad kostar parkering i centrum? Och är det dyrt att parkera där?",
        "Vi har flyttat hit. Vad kostar det att parkera? Tack på förhand!",
    ],
)
def test_a_message_of_one_question_has_no_second_one(ask, text):
    assert also(ask(text, audience="citizen")) == []


def test_a_reading_that_is_given_is_used_and_not_made_again(trained, monkeypatch):
    learnt = trained[0]._learnt
    encoder = learnt.encoder
    plain, reading = learnt.understand(CITIZEN_QUESTION, {}), encoder.read(CITIZEN_QUESTION)
    other = replace(reading, vector=encoder.read(STAFF_QUESTION).vector)
    made = []
    monkeypatch.setattr(encoder, "encode", made.append)
    monkeypatch.setattr(encoder, "read", made.append)
    assert learnt.understand(CITIZEN_QUESTION, {}, reading) == plain
    assert learnt.understand(CITIZEN_QUESTION, {}, other).ranking != plain.ranking
    assert made == []


def test_what_a_component_thought_before_is_believed_by_that_component_alone(trained, ask):
    component, other = trained[0], trained[1]()
    given = {"audience": "staff", "context": {"service": "bibliotek"}}
    for text in (CITIZEN_QUESTION, TWO_QUESTIONS, SERIOUS):
        assert ask(text, **given, **{THOUGHT_KEY: component.think(text, given)}) == ask(text, **given)
    thought = replace(
        component.think(CITIZEN_QUESTION, {}), understood=Understood([{"name": "x", "confidence": 1}], {})
    )
    assert ask(CITIZEN_QUESTION, **{THOUGHT_KEY: thought})["intent"]["name"] == "x"
    assert asker(other)(CITIZEN_QUESTION, **{THOUGHT_KEY: thought})["intent"]["name"] == "parkering.taxa"


def test_a_message_of_two_questions_is_read_once(trained, ask, monkeypatch):
    made = []
    monkeypatch.setattr(trained[0]._learnt.encoder, "encode", made.append)
    assert also(ask(TWO_QUESTIONS)) and made == []


def test_without_messages_of_two_questions_no_second_one_is_found(train):
    component, load = train(NLU, [*asked_in(len(WAYS))])
    for ask in (asker(component), asker(load())):
        assert also(ask(TWO_QUESTIONS)) == []


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (SERIOUS, "suicide"),
        ("min man slår mig och hotar mig", "violence"),
        ("det brinner i trapphuset", "fire_accident"),
    ],
)
def test_danger_comes_first_in_the_ranking_and_the_questions_follow(ask, text, category):
    parsed = ask(text)
    danger = parsed[UNDERSTOOD_KEY]["danger"]
    assert (danger["category"], danger["is_alarm"], danger["is_harmless"]) == (category, True, False)
    assert parsed["intent"] == {"name": f"danger.{category}", "confidence": danger["likelihood"]}
    assert parsed["intent_ranking"][0] == parsed["intent"]
    rest = parsed["intent_ranking"][1:]
    assert sum(one["confidence"] for one in rest) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["batteriet i datorn dör", CITIZEN_QUESTION, "var får jag elda kvistar"])
def test_what_tells_of_no_danger_raises_no_alarm(ask, text):
    parsed = ask(text)
    assert not parsed[UNDERSTOOD_KEY]["danger"]["is_alarm"]
    assert not parsed["intent"]["name"].startswith("danger.")


TOLD_BESIDE = "Vad kostar det att parkera på torget? Jag har ett besökskort. Min man slår mig. Får jag ha boken längre?"


def test_danger_told_beside_ordinary_questions_is_heard_in_its_part(ask, monkeypatch):
    danger = ask(TOLD_BESIDE)[UNDERSTOOD_KEY]["danger"]
    assert (danger["category"], danger["is_alarm"], danger["is_harmless"]) == ("violence", True, False)
    monkeypatch.setattr(danger_model, "SUSPICIOUS_PART", 2.0)
    assert not ask(TOLD_BESIDE)[UNDERSTOOD_KEY]["danger"]["is_alarm"], "the whole alone does not tell of it"


def test_a_loaded_component_understands_the_same(trained, ask):
    loaded = asker(trained[1]())
    for text in (CITIZEN_QUESTION, STAFF_QUESTION, SERIOUS, "Vad kostar parkering? Får jag ha boken längre?"):
        for metadata in ({}, {"audience": "staff", "language": "sv", "context": {"service": "bibliotek"}}):
            ours, theirs = loaded(text, **metadata), ask(text, **metadata)
            assert ours[UNDERSTOOD_KEY]["thresholds"] == theirs[UNDERSTOOD_KEY]["thresholds"]
            assert ours[UNDERSTOOD_KEY]["danger"]["is_alarm"] == theirs[UNDERSTOOD_KEY]["danger"]["is_alarm"]
            assert [one["name"] for one in ours["intent_ranking"]] == [one["name"] for one in theirs["intent_ranking"]]
            assert shares_of(ours) == pytest.approx(shares_of(theirs), abs=1e-4)
            for key in ("questions", "within_service"):
                pairs = zip(ours[UNDERSTOOD_KEY][key], theirs[UNDERSTOOD_KEY][key], strict=True)
                assert all(one == pytest.approx(other, abs=1e-4) for one, other in pairs)


def test_the_component_that_was_loaded_last_is_in_use(trained):
    assert find_classifier_in_use() is None, "training puts nothing in use"
    loaded = trained[1]()
    assert find_classifier_in_use() is loaded
    again = trained[1]()
    assert find_classifier_in_use() is again is not loaded


def test_a_component_that_is_neither_trained_nor_loaded_understands_nothing(trained, tmp_path):
    fresh = SentenceClassifier(
        {**SentenceClassifier.get_default_config(), "folder": str(trained[0]._folder)},
        LocalModelStorage.create(tmp_path),
        Resource("fresh"),
    )
    with pytest.raises(RuntimeError, match="neither trained nor loaded"):
        asker(fresh)("hej")


def test_thresholds_are_those_of_the_language_that_is_spoken(train):
    """Swedish questions are asked of what was learnt; English ones all expect the wrong thing."""
    wrong = [{**line, "expect": ["skolmat.matsedel"]} for line in asked_in(8, language="en") if "taxa" in str(line)]
    right = list(asked_in(8))
    right *= 1 + MIN_QUESTIONS_A_LANGUAGE // len(right)
    wrong *= 1 + MIN_QUESTIONS_A_LANGUAGE // len(wrong)
    component, load = train(NLU, [*right, *wrong])
    for ask in (asker(component), asker(load())):
        answer = {
            code: ask("hej", language=code)[UNDERSTOOD_KEY]["thresholds"]["answer"] for code in ("sv", "en", "so")
        }
        assert answer["sv"] < answer["so"] <= answer["en"] == 1
        assert ask("hej")[UNDERSTOOD_KEY]["thresholds"]["answer"] == answer["so"], "no language, any language"


def test_without_examples_of_danger_nothing_is_said_of_danger(train):
    component, load = train(NLU, told())
    for ask in (asker(component), asker(load())):
        parsed = ask(SERIOUS)
        assert "danger" not in parsed[UNDERSTOOD_KEY]
        assert not parsed["intent"]["name"].startswith("danger.")


def test_danger_without_lines_to_calibrate_on_raises_no_alarm(train, caplog):
    with caplog.at_level(logging.WARNING):
        component, _ = train(NLU + DANGER, told()[:5])
    assert "the model of danger raises no alarm" in caplog.text
    danger = asker(component)(SERIOUS)[UNDERSTOOD_KEY]["danger"]
    assert (danger["category"], danger["is_alarm"], danger["is_harmless"]) == ("suicide", False, False)


def one_less():
    """One question less than is enough, and lines that are none: of danger, and with several right answers."""
    lines = [*asked_in(len(WAYS))][: MIN_HELD_OUT - 1]
    return [*lines, *told(), {"text": "bok eller kort", "expect": ["bibliotek.omlan", "bibliotek.kort"]}]


def test_with_too_few_questions_confidences_come_from_cross_validation(train, caplog):
    with caplog.at_level(logging.INFO):
        component, load = train(NLU + DANGER, one_less())
    assert f"only {MIN_HELD_OUT - 1} held-out questions" in caplog.text
    assert "on 48 held-out sentences" in caplog.text
    for ask in (asker(component), asker(load())):
        assert ask(CITIZEN_QUESTION)["intent"]["name"] == "parkering.taxa"
        assert ask(SERIOUS)[UNDERSTOOD_KEY]["danger"]["is_alarm"], "danger has lines of its own"
        assert 0 < ask("hej")[UNDERSTOOD_KEY]["thresholds"]["ask"] < 1


def test_with_just_enough_questions_confidences_come_from_them(train, caplog):
    answerless = {"text": "vad gäller för vatten", "expect": ["vatten.kvalitet"]}
    with caplog.at_level(logging.INFO):
        component, _ = train(NLU, [*one_less(), answerless])
    assert "cross-validation" not in caplog.text
    assert f"on {MIN_HELD_OUT - 1} held-out sentences" in caplog.text, "what no intent answers does not count"
    assert MIN_HELD_OUT - 1 < MIN_QUESTIONS_A_LANGUAGE and set(component._learnt.thresholds) == {ANY_LANGUAGE}


def test_what_those_who_ask_may_not_see_is_no_wrong_answer_and_no_right_one_is_hidden(train, monkeypatch, caplog):
    """The same lines, asked by staff and by citizens; some of them expect an internal service all the same."""
    calibrated = []
    fit = intent_classifier.calibration.fit_sharpness
    monkeypatch.setattr(
        intent_classifier.calibration, "fit_sharpness", lambda scored: calibrated.append(scored) or fit(scored)
    )
    train(NLU, [*asked_in(len(WAYS))])
    with caplog.at_level(logging.INFO):
        component, _ = train(NLU, [*asked_in(len(WAYS), audience="citizen")])
    of_staff, of_citizens = calibrated
    internal = np.array([label.startswith("hr_direkt.") for label in component._learnt.model.labels])
    assert np.isfinite(of_staff.scores).all()
    assert np.array_equal(of_citizens.scores == -np.inf, internal & ~of_citizens.accepted)
    assert np.array_equal(of_citizens.accepted, of_staff.accepted)
    assert of_citizens.accepted[:, internal].any()
    (accuracy,) = re.findall(r"accuracy (\d\.\d+)", caplog.text)
    assert float(accuracy) > 0.85, "a quarter expects an internal service"
