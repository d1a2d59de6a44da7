"""Anything may come in over the public door; each kind of bad input has its own answer, and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handover.api.frames import MAX_FRAME_BYTES
from tests.support.clients import CitizenClient, Refused, new_id, raw_socket
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
CITIZEN, GUIDE = "/api/v1/citizen", "/api/v1/guide"


async def _unharmed(kontakt: Kontakt, citizen: CitizenClient) -> None:
    """Show that the conversation stands where it stood and goes on."""
    await citizen.reconnect(after=0)
    await citizen.say("fortfarande här")
    await citizen.wait_for("message", text="Du skrev: fortfarande här")
    said = [text for sender, text in citizen.texts if sender == "citizen"]
    assert set(said) == {"fortfarande här"}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"type": "say"', 1007),
        ("", 1007),
        ("null", 1007),
        ("[]", 1007),
        ('"say"', 1007),
        ("[" * 30_000, 1007),
        (b'{"type": "say"}', 1007),
        (b"\x00\xff", 1007),
        ("x" * (MAX_FRAME_BYTES + 1), 1009),
        ("å" * (MAX_FRAME_BYTES // 2 + 1), 1009),
        ("x" * (4 * MAX_FRAME_BYTES), 1009),
    ],
    ids=lambda value: repr(value)[:20] + str(len(value)) if isinstance(value, str | bytes) else str(value),
)
async def test_what_is_no_frame_closes_with_its_code(kontakt: Kontakt, frame: str | bytes, code: int) -> None:
    citizen = await kontakt.citizen()
    await citizen.send(frame)
    assert await citizen.wait_closed() == code
    await _unharmed(kontakt, citizen)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "dance", "id": "12345678"}, "frame_unknown"),
        ({"id": "12345678"}, "frame_unknown"),
        ({"type": None, "id": "12345678"}, "frame_unknown"),
        ({"type": "claim", "id": "12345678", "conversation_id": "x" * 36}, "frame_unknown"),
        ({"type": "hello", "conversation_id": "x" * 36, "token": "y"}, "frame_unknown"),
        ({"type": "say", "id": "12345678"}, "frame_malformed"),
        ({"type": "say", "id": "12345678", "text": 7}, "frame_malformed"),
        ({"type": "say", "id": "12345678", "text": "Hej", "from": "guide"}, "frame_malformed"),
        ({"type": "say", "id": "short", "text": "Hej"}, "frame_malformed"),
        ({"type": "say", "id": "x" * 65, "text": "Hej"}, "frame_malformed"),
        ({"type": "say", "id": "turn:2-id", "text": "Hej"}, "frame_malformed"),
        ({"type": "say", "id": "12345678", "text": "\ud83d"}, "text_empty"),
        ({"type": "say", "id": "lone-\ud83d", "text": "Hej"}, "frame_malformed"),
        ({"type": "say", "id": ["12345678"], "text": "Hej"}, "frame_malformed"),
        ({"type": "choose", "id": "12345678", "payload": ""}, "frame_malformed"),
        ({"type": "choose", "id": "12345678", "payload": "never.offered"}, "choice_unknown"),
        ({"type": "say", "id": "12345678", "text": "   \n"}, "text_empty"),
        ({"type": "say", "id": "12345678", "text": "\u200b\u2066\x00"}, "text_empty"),
        ({"type": "say", "id": "12345678", "text": "x" * 4_001}, "text_too_long"),
        ({"type": "say", "id": "12345678", "text": "x" * 20_000}, "text_too_long"),
        ({"type": "rate", "id": "12345678", "score": 6}, "rating_invalid"),
        ({"type": "rate", "id": "12345678", "score": 10**40}, "rating_invalid"),
        ({"type": "rate", "id": "12345678", "score": 3.5}, "frame_malformed"),
        ({"type": "rate", "id": "12345678", "score": 3, "comment": "x" * 1_001}, "frame_malformed"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else "",
)
async def test_refused_frame_gets_an_error_and_the_socket_stays_open(
    kontakt: Kontakt, body: dict[str, Any], code: str
) -> None:
    citizen = await kontakt.citizen()
    await citizen.send(json.dumps(body))
    error = await citizen.wait_for_type("error")
    assert error["code"] == code
    await citizen.say("går fint")
    await citizen.wait_for("message", text="går fint")
    assert [event["kind"] for _, event in citizen.events][:2] == ["opened", "message"]
    path = f"/api/v1/conversations/{citizen.conversation_id}/commands"
    answer = await kontakt.http.post(
        path, content=json.dumps(body), headers={"Authorization": f"Bearer {citizen.token}"}
    )
    assert answer.json()["code"] == code
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "frame_malformed"),
        (b"\xff\xfe", 400, "frame_malformed"),
        (b"[]", 400, "frame_malformed"),
        (b"[" * 30_000, 400, "frame_malformed"),
        (b"x" * (MAX_FRAME_BYTES + 1), 413, "frame_too_large"),
        (b'{"type":"typing"}', 400, "frame_unknown"),
    ],
    ids=["cut off", "not utf-8", "a list", "deep", "too large", "not stored"],
)
async def test_bad_body_over_http_gets_an_error(kontakt: Kontakt, content: bytes, status: int, code: str) -> None:
    conversation_id, token = await kontakt.open()
    answer = await kontakt.http.post(
        f"/api/v1/conversations/{conversation_id}/commands",
        content=content,
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "body",
    [
        {"language": "Svenska"},
        {"language": "x" * 200},
        {"service": "../etc"},
        {"audience": "admin"},
        {"extra": 1},
        [],
        "text",
    ],
    ids=str,
)
async def test_conversation_is_not_opened_on_a_bad_body(kontakt: Kontakt, body: Any) -> None:
    answer = await kontakt.http.post("/api/v1/conversations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=26", "wait=nan", "wait=-1"])
async def test_bad_query_is_refused(kontakt: Kontakt, query: str) -> None:
    conversation_id, token = await kontakt.open()
    headers = {"Authorization": f"Bearer {token}"}
    answer = await kontakt.http.get(f"/api/v1/conversations/{conversation_id}/events?{query}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_text_of_four_thousand_characters_is_taken(kontakt: Kontakt) -> None:
    citizen = await kontakt.waiting_citizen()
    await citizen.say("ä" * 4_000)
    await citizen.wait_for("message", text="ä" * 4_000)


async def test_invisible_characters_are_taken_out_and_html_is_kept_as_text(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("a\u200bb\x07c\u202ed\x00e")
    await citizen.wait_for("message", sender="citizen", text="abcde")
    html = "<script>alert('x')</script> & <b>fet</b>"
    await citizen.say(html)
    await citizen.wait_for("message", sender="citizen", text=html)
    assert html in kontakt.engine.texts or await citizen.wait_for("message", sender="bot", text=f"Du skrev: {html}")


@pytest.mark.parametrize("path", [CITIZEN, GUIDE])
@pytest.mark.parametrize(
    ("first", "error", "code"),
    [
        ({"type": "say", "id": "12345678", "text": "Hej"}, "hello_expected", 1008),
        ({"type": "hello", "token": 7, "after": "x"}, "frame_malformed", 1008),
        ("{", None, 1007),
        (b"binary", None, 1007),
        ("x" * (MAX_FRAME_BYTES + 1), None, 1009),
    ],
    ids=["another frame", "malformed", "no json", "binary", "too large"],
)
async def test_socket_that_does_not_say_hello_is_closed(
    kontakt: Kontakt, path: str, first: Any, error: str | None, code: int
) -> None:
    headers = {"Cookie": f"kontakt_session={await kontakt.session()}"}
    async with raw_socket(kontakt.url, path, additional_headers=headers) as client:
        await client.send(first)
        assert await client.wait_closed() == code
        assert [frame["code"] for frame in client.frames] == ([error] if error else [])


async def test_silent_socket_is_closed(kontakt: Kontakt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.api.socket.HELLO_TIMEOUT_SECONDS", 0.05)
    async with raw_socket(kontakt.url, CITIZEN) as client:
        assert await client.wait_closed() == 1008


async def test_commands_in_the_wrong_state_are_refused(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.do("close")
    for kind, fields in (("say", {"text": "Hej"}), ("ask_human", {}), ("close", {}), ("choose", {"payload": "human"})):
        with pytest.raises(Refused, match="conversation_closed"):
            await citizen.do(kind, **fields)
    await citizen.do("rate", score=1, command_id=new_id())
