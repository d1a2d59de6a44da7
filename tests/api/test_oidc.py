"""Signing in with an identity provider: a real one, in a process of its own, and all that may go wrong on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from handover.core.roles import Role
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import GuideClient
from tests.support.kontakt import Kontakt
from tests.support.oidc import BEGIN, Browser, Provider, Twists, browser_of, provider_process, relay_to, with_query

pytestmark = pytest.mark.anyio
ROLES = ((Role.GUIDE, "Kontakt-Vagledare"), (Role.LEAD, "Kontakt-Ledare"), (Role.ADMIN, "Kontakt-Admin"))
GUIDE, LEAD = "Kontakt-Vagledare", "Kontakt-Ledare"
FAILED = "Inloggningen gick inte att slutföra. Försök igen."
EXPIRED = "expired_token: The token is expired"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One provider for all tests here, which knows nobody at first."""
    with provider_process("--require-nonce") as running:
        yield running


def oidc(issuer: str, **changed: Any) -> dict[str, Any]:
    """Return the settings of an identity provider."""
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": "kontakt",
        "oidc_client_secret": SecretStr("a secret of the client"),
        "oidc_roles": ROLES,
        **changed,
    }


@pytest.fixture
async def kontakt(start_kontakt: StartKontakt, provider: Provider) -> AsyncIterator[Kontakt]:
    """The app, with the provider."""
    async with start_kontakt(**oidc(provider.url)) as running:
        yield running


@pytest.fixture
async def browser(kontakt: Kontakt) -> AsyncIterator[Browser]:
    """A browser that nobody has signed in with."""
    async with browser_of(kontakt) as opened:
        yield opened


async def assert_fails(browser: Browser, callback_url: str, reason: str) -> None:
    """Come back, and check that the sign-in fails, for this reason, which only the log tells."""
    with capture_logs() as logs:
        answer = await browser.come_back(callback_url)
    await assert_refused(browser, answer, 401, FAILED)
    assert [entry["reason"] for entry in logs if entry["event"] == "sign_in_failed"] == [reason]


async def assert_refused(browser: Browser, answer: httpx.Response, status: int, sentence: str) -> None:
    """Check that a person reads this sentence, and that nobody is signed in."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert sentence in answer.text
    assert "Traceback" not in answer.text
    assert "kontakt_session" not in answer.headers.get("set-cookie", "")
    assert (await browser.who()).status_code == 401


@both_databases
async def test_person_with_a_role_signs_in_and_opens_the_desk(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("anna", name="Anna  Exempel", preferred_username="annex", roles=[GUIDE, "Annat"])
    answer = await browser.sign_in("anna")
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/console/">' in answer.text
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("kontakt_session="))
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in session.split(";")}
    who = (await browser.who()).json()
    assert (who["name"], who["roles"]) == ("Anna Exempel", ["guide"])
    async with GuideClient(kontakt.url, browser.http.cookies["kontakt_session"]) as guide:
        welcome = await guide.wait_for_type("welcome")
        assert welcome["guide"]["id"] == who["id"]


async def test_attempt_is_kept_out_of_reach_of_scripts_and_other_sites_and_is_gone_afterwards(
    browser: Browser, provider: Provider
) -> None:
    provider.tell("anna", roles=[GUIDE])
    began = await browser.http.get(BEGIN)
    attempt = began.headers["set-cookie"].lower()
    assert "httponly" in attempt and "samesite=lax" in attempt and f"path={BEGIN}" in attempt
    for part in ("code_challenge=", "code_challenge_method=S256", "nonce=", "state="):
        assert part in began.headers["location"]
    await browser.come_back(await browser.prove(began.headers["location"], "anna"))
    assert "kontakt_sign_in" not in browser.http.cookies


async def test_person_goes_on_to_the_page_one_came_for_and_nowhere_else(browser: Browser, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    assert "url=/&quot;" not in (answer := await browser.sign_in("anna", to="chat")).text
    assert 'content="0; url=/"' in answer.text
    for elsewhere in ("https://evil.example", "//evil.example", ""):
        assert (await browser.http.get(BEGIN, params={"to": elsewhere})).status_code == 400


async def test_roles_are_those_of_the_claims_at_every_sign_in(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("bo", name="Bo", roles=[GUIDE, LEAD])
    await browser.sign_in("bo")
    first = (await browser.who()).json()
    assert first["roles"] == ["guide", "lead"]
    provider.tell("bo", name="Bo Ny", roles=[GUIDE])
    await browser.sign_in("bo")
    second = (await browser.who()).json()
    assert (second["id"], second["roles"], second["name"]) == (first["id"], ["guide"], "Bo Ny")


async def test_person_who_lost_the_last_role_is_refused_and_signed_out_everywhere(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("cilla", roles=[GUIDE])
    await browser.sign_in("cilla")
    async with (
        GuideClient(kontakt.url, browser.http.cookies["kontakt_session"]) as desk,
        browser_of(kontakt) as elsewhere,
    ):
        await desk.wait_for_type("welcome")
        provider.tell("cilla", roles=["Annat"])
        answer = await elsewhere.sign_in("cilla")
        await assert_refused(elsewhere, answer, 403, "Du har inte behörighet till detta.")
        assert await desk.wait_closed() == 1008
    assert (await browser.who()).status_code == 401


@pytest.mark.parametrize("claims", [{}, {"roles": []}, {"roles": ["Annat"]}, {"roles": 7}, {"roles": {"guide": True}}])
async def test_person_without_a_role_is_refused(browser: Browser, provider: Provider, claims: dict[str, Any]) -> None:
    provider.tell("david", name="David", **claims)
    await assert_refused(browser, await browser.sign_in("david"), 403, "Du har inte behörighet till detta.")


async def test_everybody_may_be_staff_where_a_setting_says_so(start_kontakt: StartKontakt, provider: Provider) -> None:
    provider.tell("eva", roles=["Annat"])
    provider.tell("folke", roles=[GUIDE])
    async with start_kontakt(**oidc(provider.url, oidc_default_role=Role.STAFF)) as kontakt:
        for sub, roles in (("eva", ["staff"]), ("folke", ["guide"])):
            async with browser_of(kontakt) as browser:
                await browser.sign_in(sub)
                assert (await browser.who()).json()["roles"] == roles


async def test_role_claim_may_lie_deeper(start_kontakt: StartKontakt, provider: Provider) -> None:
    provider.tell("gun", realm_access={"roles": [LEAD]})
    async with (
        start_kontakt(**oidc(provider.url, oidc_role_claim="realm_access.roles")) as kontakt,
        browser_of(kontakt) as browser,
    ):
        await browser.sign_in("gun")
        assert (await browser.who()).json()["roles"] == ["lead"]


@both_databases
async def test_two_people_of_one_name_are_two_and_no_password_account_is_taken_over(
    kontakt: Kontakt, provider: Provider
) -> None:
    ids = set()
    for sub in ("one-of-two", "two-of-two"):
        provider.tell(sub, name="Demo Servicevägledare", preferred_username="guide", roles=[GUIDE, "Kontakt-Admin"])
        async with browser_of(kontakt) as browser:
            await browser.sign_in(sub)
            ids.add((await browser.who()).json()["id"])
            listed = (await browser.http.get("/api/v1/accounts")).json()["accounts"]
    with_password = await kontakt.http.get(
        "/api/v1/session", headers={"Cookie": f"kontakt_session={await kontakt.session('guide')}"}
    )
    assert len(ids | {with_password.json()["id"]}) == 3
    usernames = [one["username"] for one in listed if one["name"] == "Demo Servicevägledare"]
    assert len(set(usernames)) == 3 and all(username.startswith("guide") for username in usernames)


async def test_two_browsers_of_somebody_new_at_once_make_one_account(kontakt: Kontakt, provider: Provider) -> None:
    provider.tell("helge", roles=[GUIDE])
    async with browser_of(kontakt) as one, browser_of(kontakt) as two:
        await asyncio.gather(one.sign_in("helge"), two.sign_in("helge"))
        assert (await one.who()).json()["id"] == (await two.who()).json()["id"]


async def test_password_does_not_open_an_account_of_the_provider(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("ida", preferred_username="ida", roles=[GUIDE])
    await browser.sign_in("ida")
    for password in ("", "ida", " "):
        answer = await kontakt.http.post("/api/v1/session", json={"username": "ida", "password": password})
        assert answer.json()["code"] in ("login_failed", "bad_request")


async def test_account_that_is_shut_out_here_stays_out_whatever_the_provider_says(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("jan", roles=[GUIDE])
    await browser.sign_in("jan")
    account = (await browser.who()).json()["id"]
    admin = {"Cookie": f"kontakt_session={await kontakt.session('admin')}"}
    path = f"/api/v1/accounts/{account}"
    refused = await kontakt.http.post(f"{path}/roles", json={"roles": ["admin"]}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "kept_by_provider")
    assert (await kontakt.http.post(f"{path}/disabled", json={"disabled": True}, headers=admin)).status_code == 200
    await assert_refused(browser, await browser.sign_in("jan"), 403, "Du har inte behörighet till detta.")


# --- what may go wrong on the way ----------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"state": "another"}, {"state": ""}, {"code": "made-up"}, {"code": ""}])
async def test_answer_that_was_changed_on_the_way_is_refused(
    browser: Browser, provider: Provider, changed: dict[str, str]
) -> None:
    provider.tell("anna", roles=[GUIDE])
    back = await browser.prove(await browser.begin(), "anna")
    await assert_refused(browser, await browser.come_back(with_query(back, **changed)), 401, FAILED)


async def test_answer_meant_for_another_browser_is_refused(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("anna", roles=[GUIDE])
    back = await browser.prove(await browser.begin(), "anna")
    async with browser_of(kontakt) as other:
        await assert_refused(other, await other.come_back(back), 401, FAILED)
        await other.begin()
        await assert_refused(other, await other.come_back(back), 401, FAILED)


async def test_answer_is_good_for_one_sign_in(browser: Browser, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    back = await browser.prove(await browser.begin(), "anna")
    kept = browser.http.cookies["kontakt_sign_in"]
    assert (await browser.come_back(back)).status_code == 200
    await browser.http.delete("/api/v1/session")
    browser.http.cookies.set("kontakt_sign_in", kept, domain="127.0.0.1", path=BEGIN)
    await assert_fails(browser, back, "the provider says invalid_grant")


@pytest.mark.parametrize("cookie", ["", "made-up", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdGF0ZSI6IngifQ."])
async def test_attempt_that_we_did_not_sign_is_refused(browser: Browser, cookie: str) -> None:
    browser.http.cookies.set("kontakt_sign_in", cookie, domain="127.0.0.1", path=BEGIN)
    await assert_refused(browser, await browser.http.get(f"{BEGIN}/callback?state=x&code=y"), 401, FAILED)


async def test_attempt_of_long_ago_is_refused(
    browser: Browser, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.tell("anna", roles=[GUIDE])
    monkeypatch.setattr("handover.api.provider_sign_in.ATTEMPT_SECONDS", -1)
    location = (await browser.http.get(BEGIN)).headers["location"]
    await assert_refused(browser, await browser.come_back(await browser.prove(location, "anna")), 401, FAILED)


async def test_person_who_says_no_at_the_provider_is_not_signed_in(browser: Browser) -> None:
    back = await browser.prove(await browser.begin(), action="deny")
    assert "error=access_denied" in back
    await assert_refused(browser, await browser.come_back(back), 401, FAILED)


async def test_answer_that_names_another_issuer_is_refused(browser: Browser, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    back = await browser.prove(await browser.begin(), "anna")
    await assert_refused(browser, await browser.come_back(f"{back}&iss=https://evil.example"), 401, FAILED)


async def test_token_with_another_nonce_is_refused(browser: Browser, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    location = with_query(await browser.begin(), nonce="another")
    await assert_fails(browser, await browser.prove(location, "anna"), "invalid_claim: Invalid claim: 'nonce'")


async def test_token_that_is_over_is_refused(start_kontakt: StartKontakt) -> None:
    with provider_process("--token-max-age", "-3600") as provider:
        provider.tell("anna", roles=[GUIDE])
        async with start_kontakt(**oidc(provider.url)) as kontakt, browser_of(kontakt) as browser:
            await assert_fails(browser, await browser.prove(await browser.begin(), "anna"), EXPIRED)


async def test_token_that_another_signed_is_refused(start_kontakt: StartKontakt, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    with provider_process() as impostor:
        twists = Twists(keys_of=impostor.url)
        async with (
            relay_to(provider, twists) as issuer,
            start_kontakt(**oidc(issuer)) as kontakt,
            browser_of(kontakt) as browser,
        ):
            await assert_fails(browser, await browser.prove(await browser.begin(), "anna"), "bad_signature: ")
            twists.keys_of = None
            assert (await browser.sign_in("anna")).status_code == 200, "its keys are fetched anew"


async def test_token_for_another_client_is_refused(start_kontakt: StartKontakt, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    twists = Twists(client_id="another")
    async with (
        relay_to(provider, twists) as issuer,
        start_kontakt(**oidc(issuer)) as kontakt,
        browser_of(kontakt) as browser,
    ):
        location = with_query(await browser.begin(), client_id="another")
        await assert_fails(browser, await browser.prove(location, "anna"), "invalid_claim: Invalid claim: 'aud'")


UNAVAILABLE = "Kommunens inloggning svarar inte just nu. Försök igen om en stund."


async def test_provider_that_is_down_is_told_in_a_sentence_and_waited_for(start_kontakt: StartKontakt) -> None:
    with provider_process() as provider:
        provider.tell("anna", roles=[GUIDE])
        async with start_kontakt(**oidc(provider.url)) as kontakt, browser_of(kontakt) as browser:
            back = await browser.prove(await browser.begin(), "anna")
            provider.kill()
            await assert_refused(browser, await browser.come_back(back), 503, UNAVAILABLE)
        async with start_kontakt(**oidc(provider.url)) as kontakt, browser_of(kontakt) as browser:
            await assert_refused(browser, await browser.http.get(BEGIN), 503, UNAVAILABLE)
            program = await browser.http.get(BEGIN, headers={"Accept": "application/json"})
            assert (program.status_code, program.json()["code"]) == (503, "provider_unavailable")


@pytest.mark.parametrize("issuer", ["https://evil.example", 7, None])
async def test_provider_that_names_another_issuer_is_not_asked(
    start_kontakt: StartKontakt, provider: Provider, issuer: object
) -> None:
    twists = Twists(metadata=lambda found: found | {"issuer": issuer})
    async with (
        relay_to(provider, twists) as address,
        start_kontakt(**oidc(address)) as kontakt,
        browser_of(kontakt) as browser,
    ):
        await assert_refused(browser, await browser.http.get(BEGIN), 503, UNAVAILABLE)


async def test_provider_that_publishes_nonsense_is_told_in_a_sentence(start_kontakt: StartKontakt) -> None:
    with provider_process() as provider:
        async with start_kontakt(**oidc(f"{provider.url}/nowhere")) as kontakt, browser_of(kontakt) as browser:
            await assert_refused(browser, await browser.http.get(BEGIN), 503, UNAVAILABLE)


# --- beside it -----------------------------------------------------------------------------------


async def test_sign_out_leads_on_to_the_provider(kontakt: Kontakt, browser: Browser, provider: Provider) -> None:
    provider.tell("anna", roles=[GUIDE])
    await browser.sign_in("anna")
    told = (await browser.http.delete("/api/v1/session")).json()
    assert (await browser.who()).status_code == 401
    assert told["provider_url"].startswith(f"{provider.url}/oauth2/end_session?")
    page = await browser.http.get(told["provider_url"])
    assert page.status_code == 200 and f"{kontakt.url}/console/" in page.text
    with_password = {"Cookie": f"kontakt_session={await kontakt.session('guide')}"}
    assert (await kontakt.http.delete("/api/v1/session", headers=with_password)).json()["provider_url"] is None


async def test_sign_out_works_without_the_provider(start_kontakt: StartKontakt) -> None:
    with provider_process() as provider:
        provider.tell("anna", roles=[GUIDE])
        async with start_kontakt(**oidc(provider.url)) as kontakt, browser_of(kontakt) as browser:
            await browser.sign_in("anna")
            provider.kill()
            assert (await browser.http.delete("/api/v1/session")).status_code == 200
            assert (await browser.who()).status_code == 401


async def test_ways_to_sign_in_are_told(start_kontakt: StartKontakt, provider: Provider) -> None:
    for settings, password, offered in (
        ({}, True, False),
        (oidc(provider.url), True, True),
        (oidc(provider.url, password_sign_in=False), False, True),
    ):
        async with start_kontakt(**settings) as kontakt:
            ways = (await kontakt.http.get("/api/v1/session/ways")).json()
            assert ways == {"password": password, "provider": offered}
            answer = await kontakt.http.post(
                "/api/v1/session", json={"username": "guide", "password": kontakt.password("guide")}
            )
            assert (answer.status_code == 200) is password
            if not password:
                assert (answer.status_code, answer.json()["code"]) == (403, "password_sign_in_off")
            if not offered:
                assert (await kontakt.http.get(BEGIN)).json()["code"] == "not_found"
                assert (await kontakt.http.get(f"{BEGIN}/callback")).json()["code"] == "not_found"


async def test_session_of_the_provider_lasts_as_long_as_any(
    kontakt: Kontakt, browser: Browser, provider: Provider
) -> None:
    provider.tell("anna", roles=[GUIDE])
    answer = await browser.sign_in("anna")
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("kontakt_session="))
    assert f"Max-Age={int(kontakt.services.settings.session_max_seconds)}" in session
    now = datetime.now(UTC)
    kept = [one for one in await kontakt.services.keeper.list_accounts() if one.account.subject]
    assert [one.sessions for one in kept] == [1]
    assert kept[0].seen_at is not None and abs(now - kept[0].seen_at) < timedelta(minutes=1)
