"""In which language a message is written."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.language import CATALOGUE_LANGUAGES, LANGUAGE_KEY, LanguageIdentifier, identify

QUESTIONS = {
    "sv": "Hur lånar jag om en bok?",
    "en": "How do I renew a loan at the library?",
    "ar": "كيف أسجل طفلي في الروضة؟",
    "so": "Sidee baan ugu codsan karaa xannaanada carruurta?",
    "fa": "چطور می توانم فرزندم را ثبت نام کنم؟",
    "ti": "ንውላደይ ኣብ መዋእለ ህጻናት ከመይ ገይረ የመዝግቦ?",
    "fi": "Miten haen päivähoitopaikkaa lapselleni?",
    "uk": "Як записати дитину до дитячого садка?",
    "pl": "Jak mogę zapisać dziecko do przedszkola?",
    "bs": "Kako mogu upisati dijete u vrtić?",
    "es": "Quisiera saber como puedo inscribir a mi hijo",
}


@pytest.fixture
def component(tmp_path):
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}))
    return LanguageIdentifier.create(LanguageIdentifier.get_default_config(), storage, Resource("language"), context)


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_in_a_language_of_the_catalogue_is_told(code):
    assert identify(QUESTIONS[code]) == code


def test_there_is_a_question_for_every_language_of_the_catalogue():
    assert set(QUESTIONS) == CATALOGUE_LANGUAGES


def test_a_language_without_answers_is_told_from_a_whole_sentence():
    assert identify("Wie melde ich mein Kind in der Schule an?") == "de"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jeg vil gerne låne en bog i dag og betale senere", "sv"),
        ("Kako mogu da upišem dijete u školu sljedeće godine?", "bs"),
        ("Hvordan kan jeg søke om barnehageplass til barnet mitt?", "sv"),
    ],
)
def test_a_neighbour_of_a_language_counts_as_it(text, code):
    assert identify(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hej",
        "hej hej",
        "bygglov",
        "ok",
        "asdf qwer zxcv",
        "123 456 789",
        "😀🙂",
        "\x00",
        "\ud800",
        "Ich möchte gern",
    ],
    ids=ascii,
)
def test_what_is_too_short_or_no_language_is_not_guessed(text):
    assert identify(text) is None


def test_two_languages_in_one_message_are_none():
    swedish = "Jag undrar hur jag ansöker om plats i förskolan för min dotter som snart fyller två år."
    polish = "Chciałabym zapisać moją córkę do przedszkola, ponieważ niedługo skończy dwa lata."
    assert (identify(swedish), identify(polish)) == ("sv", "pl")
    assert identify(f"{swedish} {polish}") is None


def test_the_component_puts_the_language_into_the_parse_result(component):
    messages = component.process([Message({TEXT: QUESTIONS["fi"]}), Message({TEXT: "hej"}), Message({})])
    results = [message.as_dict(only_output_properties=True) for message in messages]
    assert [result.get(LANGUAGE_KEY) for result in results] == ["fi", None, None]


def test_training_examples_stay_as_they_are(component):
    data = TrainingData([Message({TEXT: QUESTIONS["fi"]})])
    assert component.process_training_data(data) is data
    assert data.training_examples[0].get(LANGUAGE_KEY) is None
