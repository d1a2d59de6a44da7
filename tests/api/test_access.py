"""Every route says who may call it, and holds to it; none lets a page of somebody else's change anything."""

from __future__ import annotations

import re

import pytest

from handover.api.access import RouteAccess, list_route_access
from handover.api.origins import SAFE_METHODS
from tests.conftest import StartKontakt
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


async def test_every_route_declares_who_may_call_it(kontakt: Kontakt) -> None:
    undeclared = [f"{one.method} {one.path}" for one in list_route_access(kontakt.app) if one.access is None]
    assert undeclared == []


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
