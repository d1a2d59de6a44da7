"""What the engine's channel lets in, and what it gives."""

import asyncio
import gc
import json
import socket
import sys
import threading

import aiohttp
import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.domain import Domain
from sanic import Sanic

from bot import channel
from bot.channel import (
    EMPTY_TEXT,
    MAX_BODY_BYTES,
    MAX_TEXT_CHARS,
    SECRET_HEADER,
    KontaktInput,
    TurnRefused,
    as_plain_text,
    parse_text,
    parse_turn,
)
from bot.components import intent_classifier
from bot.components.intent_classifier import THOUGHT_KEY
from bot.swifter.memory import keep_what_is_loaded
from bot.swifter.threads import pass_the_interpreter_on_sooner

pytest_plugins = ["small_model"]
TURN = {"conversation_id": "c-1", "turn_id": "t-1", "text": "Hej", "language": "sv", "audience": "citizen"}
SECRET = {SECRET_HEADER: "secret"}
DANGER = {"category": "suicide", "likelihood": 0.9, "is_alarm": True, "is_harmless": False}
UNDERSTOOD = {"thresholds": {"answer": 0.7, "ask": 0.2}, "staff_share": 0.1, "questions": [], "danger": DANGER}
PARSED = {
    "text": "Hej",
    "intent": {"name": "nlu_fallback", "confidence": 0.5},
    "intent_ranking": [
        {"name": "nlu_fallback", "confidence": 0.5},
        {"name": "bygglov.behovs", "confidence": 0.4},
        {"name": "dialogue.greet", "confidence": 0.1},
    ],
    "entities": [{"entity": "service", "value": "bygglov", "start": 0, "end": 3, "extractor": "spacy"}],
    "language": "fi",
    "understood": UNDERSTOOD,
}


def body(**changed):
    return json.dumps({key: value for key, value in {**TURN, **changed}.items() if value is not None}).encode()


def test_a_turn_is_parsed_once_into_typed_values():
    turn = parse_turn(body(context={"misses": 1}))
    assert (turn.conversation_id, turn.turn_id, turn.text, turn.payload) == ("c-1", "t-1", "Hej", None)
    assert turn.metadata == {"language": "sv", "audience": "citizen", "context": {"misses": 1}}


@pytest.mark.parametrize("typed", ["/restart", "  /restart", "//restart", '/inform{"a": 1}', "/bygglov.behovs"])
def test_what_begins_with_a_slash_is_plain_text(typed):
    assert not as_plain_text(typed).startswith("/")


def test_nothing_but_slashes_is_not_empty():
    assert as_plain_text("///") == EMPTY_TEXT


#: No object, or none with a text: neither a turn nor a text to judge.
NO_TEXT = [
    (b"{", 400, "not_json"),
    (b"[]", 400, "not_a_turn"),
    (b"x" * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
    (body(text="x" * (MAX_TEXT_CHARS + 1)), 413, "text_too_long"),
    (body(text=" "), 400, "not_a_turn"),
    (body(text=5), 400, "not_a_turn"),
    (body(text=None), 400, "not_a_turn"),
]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        *NO_TEXT,
        (body(payload="bygglov.behovs"), 400, "not_a_turn"),
        (body(audience="admin"), 400, "not_a_turn"),
        (body(conversation_id="x" * 200), 400, "not_a_turn"),
        (body(context="x"), 400, "not_a_turn"),
    ],
)
def test_what_is_no_turn_is_refused_with_a_code(raw, status, code):
    with pytest.raises(TurnRefused) as refused:
        parse_turn(raw)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert refused.value.message


@pytest.mark.parametrize(("raw", "status", "code"), NO_TEXT)
def test_what_holds_no_text_is_refused_with_a_code(raw, status, code):
    with pytest.raises(TurnRefused) as refused:
        parse_text(raw)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_text_to_judge_needs_nothing_beside_it():
    assert parse_text(b'{"text": " Hej "}') == " Hej "
    assert parse_text(json.dumps({"text": "x" * MAX_TEXT_CHARS}).encode()) == "x" * MAX_TEXT_CHARS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\ud83d", "?"),
        (r"\ude42 hej \ud83d", "? hej ?"),
        (r"\ud83d\ude42 hej", "🙂 hej"),
        (r"\ude42\ud83d", "??"),
        ("مرحبا å 🙂", "مرحبا å 🙂"),
    ],
)
def test_halves_of_characters_are_replaced_and_whole_ones_are_kept(written, read):
    assert parse_text(f'{{"text": "{written}"}}'.encode()) == read
    raw = body().decode().replace('"Hej"', f'"{written}"').encode()
    assert parse_turn(raw).text == read


def test_the_channel_is_not_made_without_a_secret():
    with pytest.raises(Exception, match="credentials"):
        KontaktInput.from_credentials({})


class Engine:
    """Of Rasa's agent and processor what the channel uses: keeps what it is asked, and understands one thing."""

    model_id = "model-1"
    domain = Domain.from_dict({"version": "3.1", "intents": ["bygglov.behovs", "danger.suicide", "dialogue.greet"]})

    def __init__(self):
        self.processor = self
        self.parsed = PARSED
        self.asked, self.handled = [], []

    def is_ready(self):
        return True

    async def parse_message(self, message):
        self.asked.append(message)
        return {**self.parsed, "text": message.text}

    async def handle_message(self, message):
        self.handled.append(message)
        await message.output_channel.send_text_message(message.sender_id, "no object")
        await message.output_channel.send_custom_json(message.sender_id, {"text": f"Hej {message.sender_id}"})


class Classifier:
    """Thinks ahead: keeps what it is asked, and on which thread."""

    def __init__(self):
        self.asked, self.threads = [], []

    def think(self, text, given):
        self.asked.append((text, given))
        self.threads.append(threading.current_thread())
        return f"thought: {text}"


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture(autouse=True)
def _no_classifier(monkeypatch):
    """Of models that other tests loaded nothing is left."""
    monkeypatch.setattr(intent_classifier, "_in_use", None)


@pytest.fixture
def classifier(monkeypatch):
    monkeypatch.setattr(intent_classifier, "_in_use", Classifier())
    return intent_classifier.find_classifier_in_use()


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Notes that the server settles, and leaves the tests' own process as it is."""
    noted = []
    monkeypatch.setattr(channel, "keep_what_is_loaded", lambda: noted.append("kept"))
    monkeypatch.setattr(channel, "pass_the_interpreter_on_sooner", lambda: noted.append("passed on"))
    return noted


@pytest.fixture
def post(engine, monkeypatch):
    """Sends one request to the channel behind Rasa's own server; gives status and object."""

    async def over_http(path, content, headers):
        app = Sanic("kontakt_test", configure_logging=False)
        app.ctx.agent = engine
        register([KontaktInput.from_credentials({"secret": "secret"})], app, route="/webhooks/")
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = await app.create_server(sock=listening, return_asyncio_server=True)
            await server.startup()
            await server.after_start()
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/kontakt/{path}"
            try:
                async with aiohttp.ClientSession() as client, client.post(url, data=content, headers=headers) as answer:
                    return answer.status, await answer.json()
            finally:
                server.close()
                await server.wait_closed()

    # Lets one process make an app of the same name again.
    monkeypatch.setattr(Sanic, "test_mode", True)

    def send(path, content, headers=SECRET):
        return asyncio.run(over_http(path, content, headers))

    return send


def test_a_turn_is_parsed_with_its_metadata_and_handled_with_what_was_understood(post, engine):
    context = {"service": "bygglov", "misses": 1}
    status, answer = post("turn", body(text="/Hej", language="en", audience="staff", context=context))
    assert status == 200
    given = {"language": "en", "audience": "staff", "context": context}
    ((asked,), (handled,)) = engine.asked, engine.handled
    assert (asked.text, asked.metadata) == ("Hej", given)
    assert handled.metadata == {**given, "understood": UNDERSTOOD, "written_in": "fi"}
    assert (handled.text, handled.sender_id, handled.message_id, handled.input_channel) == (
        "Hej",
        "c-1",
        "t-1",
        "kontakt",
    )
    assert handled.parse_data["intent"] == PARSED["intent"]
    assert answer["replies"] == [{"text": "Hej c-1"}]
    assert answer["model_id"] == "model-1"
    assert answer["total_ms"] >= answer["parse_ms"] >= 0


def test_a_text_is_thought_about_beside_the_server_and_given_to_the_parser_alone(post, engine, classifier):
    status, _ = post("turn", body(text="/Hej"))
    given = {"language": "sv", "audience": "citizen", "context": {}}
    assert (status, classifier.asked) == (200, [("Hej", given)]), "the text that is parsed, and who asks"
    assert threading.main_thread() not in classifier.threads, "where the server runs"
    ((asked,), (handled,)) = engine.asked, engine.handled
    thought = asked.metadata.pop(THOUGHT_KEY)
    assert (thought, asked.metadata) == ("thought: Hej", given)
    assert handled.metadata == {**given, "understood": UNDERSTOOD, "written_in": "fi"}


def test_a_text_that_is_judged_is_thought_about_too(post, engine, classifier):
    assert post("danger", b'{"text": "//orkar inte mer"}') == (200, {"danger": DANGER})
    assert classifier.asked == [("orkar inte mer", {})]
    assert [[*message.metadata] for message in engine.asked] == [[THOUGHT_KEY]]


def test_a_choice_is_not_thought_about(post, classifier):
    assert post("turn", body(text=None, payload="bygglov.behovs"))[0] == 200
    assert classifier.asked == []


def test_understanding_is_told_without_the_fallbacks_own_mark(post):
    _, answer = post("turn", body())
    assert answer["understanding"] == {
        "intent": "bygglov.behovs",
        "confidence": 0.4,
        "ranking": PARSED["intent_ranking"][1:],
        "entities": [{"entity": "service", "value": "bygglov", "start": 0, "end": 3}],
        "language": "fi",
        "thresholds": UNDERSTOOD["thresholds"],
        "danger": DANGER,
    }


def test_a_turn_of_which_nothing_was_understood_is_answered_all_the_same(post, engine):
    engine.parsed = {"text": "Hej", "intent": {"name": None, "confidence": 0.0}}
    status, answer = post("turn", body())
    assert status == 200
    assert answer["understanding"] == {
        "intent": None,
        "confidence": 0.0,
        "ranking": [],
        "entities": [],
        "language": None,
        "thresholds": {},
        "danger": None,
    }
    assert engine.handled[0].metadata["understood"] == {}


def test_a_choice_is_its_intent_and_nothing_is_parsed(post, engine):
    status, answer = post("turn", body(text=None, payload="bygglov.behovs"))
    assert status == 200 and engine.asked == []
    (handled,) = engine.handled
    assert handled.text == "/bygglov.behovs"
    assert handled.parse_data["intent"] == {"name": "bygglov.behovs", "confidence": 1.0}
    assert (handled.metadata["understood"], handled.metadata["written_in"]) == ({}, None)
    assert handled.metadata["audience"] == "citizen"
    assert (answer["understanding"]["intent"], answer["understanding"]["danger"]) == ("bygglov.behovs", None)


@pytest.mark.parametrize("payload", ["danger.suicide", "danger.", "bygglov.other", "/bygglov.behovs"])
def test_danger_and_what_no_intent_is_named_are_no_choices(post, engine, payload):
    status, answer = post("turn", body(text=None, payload=payload))
    assert (status, answer["error"]["code"]) == (422, "payload_unknown")
    assert engine.asked == engine.handled == []


def test_danger_of_a_text_is_judged_and_nothing_is_said(post, engine):
    assert post("danger", b'{"text": "/orkar inte mer"}') == (200, {"danger": DANGER})
    assert [message.text for message in engine.asked] == ["orkar inte mer"]
    assert engine.handled == []


@pytest.mark.parametrize("parsed", [{}, {"understood": None}, {"understood": {"thresholds": {}}}])
def test_a_model_that_knows_no_danger_says_so(post, engine, parsed):
    engine.parsed = parsed
    assert post("danger", b'{"text": "hej"}') == (200, {"danger": None})


@pytest.mark.parametrize("path", ["turn", "danger", "explain", "example"])
@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "other"}, {SECRET_HEADER: ""}])
def test_nobody_comes_in_without_the_secret(post, engine, path, headers):
    status, answer = post(path, body(), headers)
    assert (status, answer["error"]["code"]) == (401, "secret_invalid")
    assert engine.asked == engine.handled == []


@pytest.mark.parametrize("path", ["turn", "danger", "explain", "example"])
def test_what_is_refused_is_refused_in_http_too(post, path):
    status, answer = post(path, b"[]")
    assert (status, answer["error"]["code"]) == (400, "not_a_turn")


def test_when_the_server_has_started_what_it_loaded_is_kept_and_threads_take_turns_sooner(post, kept):
    post("turn", body())
    assert kept == ["kept", "passed on"]


def test_a_thread_waits_for_the_interpreter_a_tenth_as_long():
    before = sys.getswitchinterval()
    try:
        pass_the_interpreter_on_sooner()
        assert sys.getswitchinterval() == pytest.approx(before / 10)
    finally:
        sys.setswitchinterval(before)


def test_what_is_kept_is_left_out_of_later_collections():
    assert gc.get_freeze_count() == 0
    try:
        keep_what_is_loaded()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()


def test_what_tuning_asks_is_refused_until_a_model_is_loaded(post):
    for path, content in (("explain", body()), ("example", body(intent="bygglov.behovs"))):
        status, answer = post(path, content)
        assert (status, answer["error"]["code"]) == (503, "not_ready")


def test_an_example_names_its_intent(post):
    status, answer = post("example", b'{"text": "Hej"}')
    assert (status, answer["error"]["code"]) == (400, "not_a_turn")


def test_a_question_is_explained_as_it_is_understood_and_nobody_is_answered(post, engine, trained):
    trained[1]()
    status, found = post("explain", body(text="/hur lånar jag om en bok", audience="staff"))
    assert status == 200
    assert (found["text"], found["intent"], found["model_id"]) == (
        "hur lånar jag om en bok",
        "bygglov.behovs",
        "model-1",
    )
    assert found["nearest"][0]["intent"] == "bibliotek.omlan"
    assert engine.handled == []
    assert engine.asked[0].metadata["audience"] == "staff"


def test_a_new_example_is_checked_and_nobody_is_answered(post, engine, trained):
    trained[1]()
    status, found = post("example", body(text="förlänga lånet på en bok", intent="bibliotek.kort"))
    assert (status, found["is_known"], found["near_duplicates"][0]["intent"]) == (200, True, "bibliotek.omlan")
    assert engine.asked == engine.handled == []
