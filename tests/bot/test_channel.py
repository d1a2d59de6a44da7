"""What the engine's channel lets in."""

import json

import pytest

from bot.channel import EMPTY_TEXT, MAX_BODY_BYTES, MAX_TEXT_CHARS, KontaktInput, TurnRefused, as_plain_text, parse_turn

TURN = {"conversation_id": "c-1", "turn_id": "t-1", "text": "Hej", "language": "sv", "audience": "citizen"}


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


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "not_json"),
        (b"[]", 400, "not_a_turn"),
        (b"x" * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
        (body(text="x" * (MAX_TEXT_CHARS + 1)), 413, "text_too_long"),
        (body(text=" "), 400, "not_a_turn"),
        (body(text=None), 400, "not_a_turn"),
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


def test_the_channel_is_not_made_without_a_secret():
    with pytest.raises(Exception, match="credentials"):
        KontaktInput.from_credentials({})
