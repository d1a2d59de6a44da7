"""Keeping accounts and guides over HTTP: what is changed holds at once, and nobody locks the last door from outside."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.api.conftest import both_databases
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio
UNKNOWN = ("nowhere", "00000000-0000-0000-0000-000000000000", "nul%00nul")


class Keeper:
    """Somebody who keeps accounts."""

    def __init__(self, kontakt: Kontakt, cookie: str) -> None:
        self._kontakt = kontakt
        self._headers = {"Cookie": f"kontakt_session={cookie}"}

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """Call a route."""
        return await self._kontakt.http.request(method, f"/api/v1{path}", json=body, headers=self._headers)

    async def account(self, username: str) -> dict[str, Any]:
        """Return an account as the list shows it."""
        listed = (await self.call("GET", "/accounts")).json()["accounts"]
        found: dict[str, Any] = next(one for one in listed if one["username"] == username)
        return found

    async def id_of(self, username: str) -> str:
        """Return the id of an account."""
        return str((await self.account(username))["id"])

    async def change(self, username: str, what: str, **body: Any) -> httpx.Response:
        """Change an account."""
        return await self.call("POST", f"/accounts/{await self.id_of(username)}/{what}", body)


async def keeper(kontakt: Kontakt, username: str = "admin") -> Keeper:
    """Return a demo account at work."""
    return Keeper(kontakt, await kontakt.session(username))


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a refusal, which has a sentence."""
    assert answer.json()["message"].endswith(".")
    return answer.status_code, answer.json()["code"]


@both_databases
async def test_list_shows_accounts_by_name_with_the_sessions_that_last(kontakt: Kontakt) -> None:
    admin = await keeper(kontakt)
    await kontakt.session("guide")
    await kontakt.session("guide")
    listed = (await admin.call("GET", "/accounts")).json()["accounts"]
    assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
    by_name = {one["username"]: one for one in listed}
    assert {name: one["sessions"] for name, one in by_name.items() if one["sessions"]} == {"admin": 1, "guide": 2}
    assert by_name["guide"]["seen_at"].endswith("+00:00")
    assert by_name["guide"] | {"id": "", "seen_at": ""} == {
        "id": "",
        "username": "guide",
        "name": "Demo Servicevägledare",
        "roles": ["guide"],
        "disabled": False,
        "by_provider": False,
        "sessions": 2,
        "seen_at": "",
    }


@both_databases
async def test_roles_that_are_given_hold_at_once(kontakt: Kontakt) -> None:
    admin, staff = await keeper(kontakt), await keeper(kontakt, "staff")
    assert refusal(await staff.call("GET", "/guides")) == (403, "forbidden")
    changed = await admin.change("staff", "roles", roles=["lead", "guide", "lead"])
    assert (changed.status_code, changed.json()["roles"]) == (200, ["guide", "lead"])
    assert (await staff.call("GET", "/guides")).status_code == 200
    await admin.change("staff", "roles", roles=["analyst"])
    assert refusal(await staff.call("GET", "/guides")) == (403, "forbidden")
    assert (await staff.call("GET", "/session")).json()["roles"] == ["analyst"]


@both_databases
async def test_account_that_is_shut_out_is_signed_out_and_cannot_come_back_until_it_is_let_in(kontakt: Kontakt) -> None:
    admin, guide = await keeper(kontakt), await keeper(kontakt, "guide")
    shut_out = (await admin.change("guide", "disabled", disabled=True)).json()
    assert (shut_out["disabled"], shut_out["sessions"]) == (True, 0)
    assert refusal(await guide.call("GET", "/session")) == (401, "sign_in_required")
    login = {"username": "guide", "password": kontakt.password("guide")}
    assert refusal(await kontakt.http.post("/api/v1/session", json=login)) == (401, "login_failed")
    assert "guide" not in [one["name"] for one in (await admin.call("GET", "/guides")).json()["guides"]]
    await admin.change("guide", "disabled", disabled=False)
    assert refusal(await guide.call("GET", "/session")) == (401, "sign_in_required")
    await kontakt.session("guide")


async def test_sessions_that_are_ended_are_over_and_the_account_may_come_back(kontakt: Kontakt) -> None:
    admin, guide = await keeper(kontakt), await keeper(kontakt, "guide")
    ended = await admin.call("DELETE", f"/accounts/{await admin.id_of('guide')}/sessions")
    assert (ended.status_code, ended.json()["sessions"]) == (200, 0)
    assert refusal(await guide.call("GET", "/session")) == (401, "sign_in_required")
    await kontakt.session("guide")


async def test_last_admin_stays(kontakt: Kontakt) -> None:
    admin = await keeper(kontakt)
    assert refusal(await admin.change("admin", "roles", roles=["guide"])) == (409, "last_admin")
    assert refusal(await admin.change("admin", "disabled", disabled=True)) == (409, "own_account")
    await admin.change("lead", "roles", roles=["lead", "admin"])
    assert refusal(await admin.change("admin", "disabled", disabled=True)) == (409, "own_account")
    other = await keeper(kontakt, "lead")
    assert (await other.change("admin", "disabled", disabled=True)).status_code == 200
    assert refusal(await other.change("lead", "roles", roles=["lead"])) == (409, "last_admin")
    assert (await other.account("lead"))["roles"] == ["admin", "lead"]


@both_databases
async def test_two_admins_who_take_each_other_s_role_at_once_do_not_both_succeed(kontakt: Kontakt) -> None:
    one = await keeper(kontakt)
    await one.change("lead", "roles", roles=["lead", "admin"])
    two = await keeper(kontakt, "lead")
    ids = {name: await one.id_of(name) for name in ("admin", "lead")}
    await asyncio.gather(
        one.call("POST", f"/accounts/{ids['lead']}/roles", {"roles": ["lead"]}),
        two.call("POST", f"/accounts/{ids['admin']}/roles", {"roles": ["guide"]}),
    )
    kept = [account for account in await kontakt.services.keeper.list_accounts() if "admin" in account.account.roles]
    assert len(kept) == 1


@pytest.mark.parametrize("unknown", UNKNOWN)
async def test_unknown_account_is_refused(kontakt: Kontakt, unknown: str) -> None:
    admin = await keeper(kontakt)
    profile = {"capacity": 3, "services": [], "languages": ["sv"]}
    for method, path, body in (
        ("POST", f"/accounts/{unknown}/roles", {"roles": ["guide"]}),
        ("POST", f"/accounts/{unknown}/disabled", {"disabled": True}),
        ("DELETE", f"/accounts/{unknown}/sessions", None),
        ("POST", f"/guides/{unknown}", profile),
    ):
        assert refusal(await admin.call(method, path, body)) == (404, "account_unknown")


@pytest.mark.parametrize("roles", [[], ["boss"], "guide", ["guide"] * 7, None, [None]])
async def test_roles_that_are_none_are_refused(kontakt: Kontakt, roles: object) -> None:
    admin = await keeper(kontakt)
    assert refusal(await admin.change("guide", "roles", roles=roles)) == (400, "bad_request")
    assert (await admin.account("guide"))["roles"] == ["guide"]


@both_databases
async def test_lead_sets_what_a_guide_takes_on(kontakt: Kontakt) -> None:
    lead = await keeper(kontakt, "lead")
    before = (await lead.call("GET", "/guides")).json()["guides"]
    assert [one["name"] for one in before] == ["Demo Kollega", "Demo Ledare", "Demo Servicevägledare"]
    assert before[0] | {"id": ""} == {
        "id": "",
        "name": "Demo Kollega",
        "capacity": 3,
        "services": [],
        "languages": ["sv", "en"],
    }
    body = {"capacity": 5, "services": ["bygglov", "bygglov"], "languages": ["sv", "ar"]}
    changed = await lead.call("POST", f"/guides/{before[0]['id']}", body)
    assert changed.json() == before[0] | {"capacity": 5, "services": ["bygglov"], "languages": ["sv", "ar"]}
    assert (await lead.call("GET", "/guides")).json()["guides"][0] == changed.json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": 0},
        {"capacity": 21},
        {"capacity": "many"},
        {"services": ["Not A Service"]},
        {"languages": []},
        {"languages": ["svenska!"]},
        {"unknown": 1},
    ],
    ids=str,
)
async def test_profile_out_of_bounds_changes_nothing(kontakt: Kontakt, wrong: dict[str, Any]) -> None:
    lead = await keeper(kontakt, "lead")
    before = (await lead.call("GET", "/guides")).json()
    body = {"capacity": 5, "services": [], "languages": ["sv"]} | wrong
    answer = await lead.call("POST", f"/guides/{before['guides'][0]['id']}", body)
    assert refusal(answer) == (400, "bad_request")
    assert (await lead.call("GET", "/guides")).json() == before


async def test_profile_is_for_guides_only(kontakt: Kontakt) -> None:
    admin = await keeper(kontakt)
    body = {"capacity": 5, "services": [], "languages": ["sv"]}
    answer = await admin.call("POST", f"/guides/{await admin.id_of('staff')}", body)
    assert refusal(answer) == (404, "account_unknown")


async def test_log_tells_every_change_by_ids_and_names_nobody(kontakt: Kontakt) -> None:
    admin = await keeper(kontakt)
    guide, by = await admin.id_of("guide"), await admin.id_of("admin")
    with capture_logs() as logs:
        await admin.change("guide", "roles", roles=["guide", "editor"])
        await admin.change("guide", "disabled", disabled=True)
        await admin.change("guide", "disabled", disabled=False)
        await admin.call("DELETE", f"/accounts/{guide}/sessions")
        await admin.call("POST", f"/guides/{guide}", {"capacity": 5, "services": [], "languages": ["sv"]})
        await admin.change("admin", "disabled", disabled=True)
    told = [entry for entry in logs if entry["event"] == "account_changed"]
    assert [entry["action"] for entry in told] == ["roles", "disabled", "enabled", "sessions_ended", "profile"]
    assert {(entry["account"], entry["by"]) for entry in told} == {(guide, by)}
    assert "Demo" not in str(logs)
