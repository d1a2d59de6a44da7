"""Who may come in where: tokens, sessions, roles and origins."""

from __future__ import annotations

import pytest

from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, GuideClient, raw_socket
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
FOREIGN = {"Origin": "https://evil.example"}


@pytest.mark.parametrize("token", ["wrong", "x" * 128, "å"])
async def test_wrong_token_is_refused_on_both_ways_in(kontakt: Kontakt, token: str) -> None:
    conversation_id, _ = await kontakt.open()
    async with CitizenClient(kontakt.url, conversation_id, token) as client:
        assert await client.wait_closed() == 1008
        assert client.frames[-1]["code"] == "token_invalid"
    headers = {"Authorization": f"Bearer {token}".encode()}
    answer = await kontakt.http.get(f"/api/v1/conversations/{conversation_id}/events", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_token_of_another_conversation_opens_nothing(kontakt: Kontakt) -> None:
    (mine, _), (_, other_token) = await kontakt.open(), await kontakt.open()
    async with CitizenClient(kontakt.url, mine, other_token) as client:
        await client.wait_for_type("error", code="token_invalid")
        assert await client.wait_closed() == 1008


@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "nul\x00nul\x00"])
async def test_unknown_conversation_is_refused(kontakt: Kontakt, unknown: str) -> None:
    async with CitizenClient(kontakt.url, unknown, "token") as client:
        await client.wait_for_type("error", code="conversation_unknown")
        assert await client.wait_closed() == 1008


@pytest.mark.parametrize("header", [None, "Bearer", "Basic abc", "token"])
async def test_missing_or_odd_authorization_is_refused(kontakt: Kontakt, header: str | None) -> None:
    conversation_id, _ = await kontakt.open()
    headers = {"Authorization": header} if header is not None else {}
    for method, path in (("GET", "events"), ("POST", "commands")):
        answer = await kontakt.http.request(method, f"/api/v1/conversations/{conversation_id}/{path}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_staff_audience_needs_a_session(kontakt: Kontakt) -> None:
    refused = await kontakt.http.post("/api/v1/conversations", json={"audience": "staff"})
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_required")
    for username in ("staff", "guide"):
        cookie = {"Cookie": f"kontakt_session={await kontakt.session(username)}"}
        opened = await kontakt.http.post("/api/v1/conversations", json={"audience": "staff"}, headers=cookie)
        assert opened.status_code == 201
    async with CitizenClient(kontakt.url, *opened.json().values()) as employee:
        await employee.say("Semester?")
        await employee.wait_for("message", sender="bot")
    assert kontakt.engine.asked[-1]["audience"] == "staff"


async def test_audience_of_a_citizen_is_not_changed_by_a_session(kontakt: Kontakt) -> None:
    citizen = await kontakt.citizen()
    await citizen.say("Hej")
    await citizen.wait_for("message", sender="bot")
    assert kontakt.engine.asked[-1]["audience"] == "citizen"


async def test_citizen_cannot_open_the_guide_socket(kontakt: Kontakt) -> None:
    conversation_id, token = await kontakt.open()
    for cookie in ("", token, "made-up"):
        async with GuideClient(kontakt.url, cookie) as client:
            assert await client.wait_closed() == 1008
            assert client.frames == [client.frames[0]]
            assert client.frames[0]["code"] == "sign_in_required"
    async with raw_socket(kontakt.url, f"/api/v1/guide?conversation_id={conversation_id}&token={token}") as client:
        assert await client.wait_closed() == 1008


async def test_staff_cannot_open_the_guide_socket(kontakt: Kontakt) -> None:
    async with GuideClient(kontakt.url, await kontakt.session("staff")) as client:
        assert await client.wait_closed() == 1008
        assert [frame["code"] for frame in client.frames] == ["forbidden"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_foreign_origin_is_refused_everywhere(kontakt: Kontakt, origin: str) -> None:
    headers = {"Origin": origin}
    conversation_id, token = await kontakt.open()
    async with CitizenClient(kontakt.url, conversation_id, token, additional_headers=headers) as client:
        await client.wait_for_type("error", code="origin_refused")
        assert await client.wait_closed() == 1008
    async with GuideClient(kontakt.url, await kontakt.session(), additional_headers=headers) as guide:
        await guide.wait_for_type("error", code="origin_refused")
        assert await guide.wait_closed() == 1008
    login = {"username": "guide", "password": kontakt.password("guide")}
    for path, body in (("/api/v1/conversations", {}), ("/api/v1/session", login)):
        answer = await kontakt.http.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")


async def test_own_and_named_origins_may_connect(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(allowed_origins=("https://www.linkoping.se",)) as kontakt:
        conversation_id, token = await kontakt.open()
        for origin in (kontakt.url, "https://www.linkoping.se"):
            headers = {"Origin": origin}
            async with CitizenClient(kontakt.url, conversation_id, token, additional_headers=headers) as client:
                await client.wait_for_type("welcome")
        named = {"Origin": "https://www.linkoping.se"}
        async with GuideClient(kontakt.url, await kontakt.session(), additional_headers=named) as guide:
            await guide.wait_for_type("error", code="origin_refused")


async def test_session_tells_who_is_signed_in_until_signed_out(kontakt: Kontakt) -> None:
    wrong = await kontakt.http.post("/api/v1/session", json={"username": "guide", "password": "fel"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "login_failed")
    login = {"username": "guide", "password": kontakt.password("guide")}
    right = await kontakt.http.post("/api/v1/session", json=login)
    assert right.json()["role"] == "guide"
    cookie = right.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert (await kontakt.http.get("/api/v1/session")).json() == right.json()
    assert (await kontakt.http.delete("/api/v1/session")).status_code == 200
    gone = await kontakt.http.get("/api/v1/session")
    assert (gone.status_code, gone.json()["code"]) == (401, "sign_in_required")


async def test_every_error_is_an_error_frame(kontakt: Kontakt) -> None:
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/api/v1/session", 405)):
        answer = await kontakt.http.request(method, path)
        assert answer.status_code == status
        assert answer.json()["type"] == "error"
    assert answer.headers["x-content-type-options"] == "nosniff"
