"""Every route says who may call it, and holds to it; none lets a page of somebody else's change anything."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from handover.access_table import BEGIN, END, OPEN_AS_STAFF, TARGET, Row, frame_rows, render, route_rows
from handover.api.access import RouteAccess, list_route_access
from handover.api.origins import SAFE_METHODS
from handover.app import create_app
from handover.core.roles import Right, Role
from handover.settings import ROOT, Settings
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient, GuideClient, Refused, SocketClient, new_id
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
EMBEDDING = "https://www.linkoping.se"
FOREIGN_PAGES = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
)


def address(path: str) -> str:
    """Return a path with every parameter filled in with something that is nowhere."""
    return re.sub(r"\{[^}]+\}", "nowhere", path)


def changing_routes(kontakt: Kontakt) -> list[RouteAccess]:
    """Return the routes that change something; there are some."""
    found = [one for one in list_route_access(kontakt.app) if one.method not in SAFE_METHODS]
    assert len(found) >= 4
    return found


#: Routes that no code of ours answers: files of the build, the schema of the API; and the two sockets.
FILES = {"/openapi.json", "/widget", "/console", "/api-docs/files"}
SOCKETS = {"/api/v1/citizen", "/api/v1/guide"}
EVERYBODY = (None, *Role)
SIGN_OUT = "DELETE /api/v1/session"
GOLDEN = ROOT / "tests" / "contract" / "golden"


async def is_let_in_by_route(kontakt: Kontakt, row: Row, headers: dict[str, str]) -> bool:
    """Call a route with nothing sensible, and tell whether it is for other reasons that it refuses."""
    method, path = row.what.split(" ")[:2]
    body = {"audience": "staff"} if row.what == OPEN_AS_STAFF else None
    answer = await kontakt.http.request(method, address(path), headers=headers, json=body)
    refused = answer.status_code in (401, 403) and answer.json()["code"] in ("sign_in_required", "forbidden")
    return not refused


def example(sender: str, kind: str) -> dict[str, Any]:
    """Return a frame of this kind, about a conversation that is nowhere."""
    examples = json.loads((GOLDEN / f"from_{sender}.json").read_text(encoding="utf-8"))
    frame: dict[str, Any] = next(one for one in examples if one["type"] == kind)
    fresh = {"id": new_id(), "conversation_id": "nowhere-at-all"}
    return frame | {key: value for key, value in fresh.items() if key in frame and sender == "guide"}


async def frames_let_in(client: SocketClient, sender: str, kinds: list[str], sync: dict[str, Any]) -> set[str]:
    """Send one frame of each kind; return those that are not refused for want of a right.

    After each of them one more is sent, which is always answered: whatever came before was about the first.
    """
    let_in = set()
    try:
        await client.wait_for_type("welcome")
    except AssertionError:
        assert client.frames[-1]["code"] in ("sign_in_required", "forbidden")
        return let_in
    for kind in kinds:
        seen = len(client.frames)
        await client.send(example(sender, kind))
        with suppress(Refused):
            await client.do(**sync)
        codes = {frame["code"] for frame in client.frames[seen:] if frame["type"] == "error"}
        if not codes & {"sign_in_required", "forbidden"}:
            let_in.add(kind)
    return let_in


async def test_every_route_lets_in_whom_it_declares_and_nobody_else(kontakt: Kontakt) -> None:
    rows = route_rows(kontakt.app)
    found = {}
    for role in EVERYBODY:
        headers = {"Cookie": f"kontakt_session={await kontakt.session(role.value)}"} if role else {}
        for row in sorted(rows, key=lambda row: row.what == SIGN_OUT):  # With it the session is over.
            found[row.what, role] = await is_let_in_by_route(kontakt, row, headers)
    assert found == {(row.what, role): row.lets_in(role) for row in rows for role in EVERYBODY}


async def test_every_frame_lets_in_whom_it_declares_and_nobody_else(kontakt: Kontakt) -> None:
    rows = frame_rows()
    found = {}
    for role in EVERYBODY:
        cookie = await kontakt.session(role.value) if role else ""
        desk = GuideClient(kontakt.url, cookie)
        opened = await kontakt.open()
        chat = CitizenClient(kontakt.url, *opened, additional_headers={"Cookie": f"kontakt_session={cookie}"})
        sockets: tuple[tuple[SocketClient, str, dict[str, Any]], ...] = (
            (desk, "guide", {"kind": "set_presence", "presence": "busy"}),
            (chat, "citizen", {"kind": "rate", "score": 3}),
        )
        for client, sender, sync in sockets:
            names = [row.what.partition(": ")[2] for row in rows if row.what.startswith(sender)]
            async with client:
                let_in = await frames_let_in(client, sender, names, sync)
            found |= {(f"{sender}: {name}", role): name in let_in for name in names}
    assert found == {(row.what, role): row.lets_in(role) for row in rows for role in EVERYBODY}


async def test_every_route_is_in_the_table_or_known_to_need_no_row(kontakt: Kontakt) -> None:
    others = {context.path for context in iter_route_contexts(kontakt.app.routes)} - {
        one.path for one in list_route_access(kontakt.app)
    }
    assert others == FILES | SOCKETS


async def test_route_that_declares_nothing_is_found() -> None:
    app = FastAPI()
    app.add_api_route("/forgotten", lambda: None)
    with pytest.raises(ValueError, match="GET /forgotten does not declare who may call it"):
        route_rows(app)


def test_page_shows_the_table() -> None:
    page = TARGET.read_text(encoding="utf-8")
    table = page.partition(BEGIN)[2].partition(END)[0]
    rows = [*route_rows(create_app(Settings())), *frame_rows()]
    assert table == render(rows), "run `make protocol`"


def test_page_names_every_role_and_right() -> None:
    page = TARGET.read_text(encoding="utf-8")
    assert [word for word in (*Role, *Right) if f"| `{word}` |" not in page] == []


# --- pages of somebody else's --------------------------------------------------------------------


@pytest.mark.parametrize("headers", FOREIGN_PAGES, ids=str)
async def test_page_of_somebody_else_changes_nothing_on_any_route(kontakt: Kontakt, headers: dict[str, str]) -> None:
    cookie = {"Cookie": f"kontakt_session={await kontakt.session('lead')}"}
    for one in changing_routes(kontakt):
        answer = await kontakt.http.request(one.method, address(one.path), headers={**headers, **cookie})
        assert (one.path, answer.status_code, answer.json()["code"]) == (one.path, 403, "origin_refused")
    assert (await kontakt.http.get("/api/v1/session", headers=cookie)).status_code == 200


async def test_program_and_own_page_are_refused_for_their_origin_nowhere(kontakt: Kontakt) -> None:
    for headers in ({}, {"Origin": kontakt.url}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        for one in changing_routes(kontakt):
            answer = await kontakt.http.request(one.method, address(one.path), headers=headers)
            assert "origin_refused" not in answer.text, one


async def test_named_page_reaches_what_is_for_citizens_and_nothing_else(start_kontakt: StartKontakt) -> None:
    async with start_kontakt(allowed_origins=(EMBEDDING,)) as kontakt:
        let_in = {
            one.path
            for one in changing_routes(kontakt)
            if "origin_refused"
            not in (await kontakt.http.request(one.method, address(one.path), headers={"Origin": EMBEDDING})).text
        }
    assert let_in == {"/api/v1/conversations", "/api/v1/conversations/{conversation_id}/commands"}
