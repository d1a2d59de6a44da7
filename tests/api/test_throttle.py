"""Guessing passwords: so many tries and no more, for a name and from an address; the right one within them works."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from limits import RateLimitItemPerSecond

from handover.__main__ import server_config
from handover.app import create_app
from handover.core.errors import HandoverError
from handover.settings import Settings
from handover.throttle import PER_ADDRESS, PER_NAME, SignInThrottle
from tests.support.kontakt import Kontakt
from tests.support.server import serving
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
WRONG = "fel"


async def attempt(kontakt: Kontakt, username: str, password: str = WRONG) -> tuple[int, str | None]:
    """Try to sign in; return the status and the code of the refusal."""
    body = {"username": username, "password": password}
    answer = await kontakt.http.post("/api/v1/session", json=body)
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize("username", ["guide", "nobody"])
async def test_name_has_so_many_tries_whether_it_exists_or_not(kontakt: Kontakt, username: str) -> None:
    for _ in range(PER_NAME.amount):
        assert await attempt(kontakt, username) == (401, "login_failed")
    assert await attempt(kontakt, username) == (429, "too_many_requests")
    assert await attempt(kontakt, username.upper()) == (429, "too_many_requests")
    assert await attempt(kontakt, "guide2", kontakt.password("guide2")) == (200, None)


async def test_right_password_within_the_tries_works_and_starts_the_count_anew(kontakt: Kontakt) -> None:
    for _ in range(2):
        for _ in range(PER_NAME.amount - 1):
            assert await attempt(kontakt, "guide") == (401, "login_failed")
        assert await attempt(kontakt, "guide", kontakt.password("guide")) == (200, None)


async def test_right_password_past_the_tries_is_not_even_looked_at(kontakt: Kontakt) -> None:
    session = {"Cookie": f"kontakt_session={await kontakt.session('guide')}"}
    for _ in range(PER_NAME.amount):
        await attempt(kontakt, "guide")
    assert await attempt(kontakt, "guide", kontakt.password("guide")) == (429, "too_many_requests")
    assert (await kontakt.http.get("/api/v1/session", headers=session)).status_code == 200


async def test_tries_at_the_same_time_are_counted_one_by_one(kontakt: Kontakt) -> None:
    answers = await asyncio.gather(*(attempt(kontakt, "guide") for _ in range(PER_NAME.amount * 2)))
    assert answers.count((401, "login_failed")) == PER_NAME.amount


async def test_address_has_so_many_tries_over_all_names() -> None:
    throttle = SignInThrottle()
    for number in range(PER_ADDRESS.amount):
        await throttle.count(f"name-{number}", "192.0.2.1")
    for address in ("192.0.2.1", "::ffff:192.0.2.1"):
        with pytest.raises(HandoverError, match="too_many_requests"):
            await throttle.count("another", address)
    await throttle.count("another", "192.0.2.2")


async def test_ipv6_addresses_of_one_network_are_one() -> None:
    throttle = SignInThrottle(per_address=RateLimitItemPerSecond(2, 60))
    await throttle.count("a", "2001:db8::1")
    await throttle.count("b", "2001:db8::ffff:1")
    with pytest.raises(HandoverError, match="too_many_requests"):
        await throttle.count("c", "2001:db8::2")
    await throttle.count("c", "2001:db8:0:1::2")


async def test_tries_come_back_with_time() -> None:
    throttle = SignInThrottle(per_name=RateLimitItemPerSecond(1))

    async def may() -> bool:
        try:
            await throttle.count("guide", "192.0.2.1")
        except HandoverError:
            return False
        return True

    assert await may()
    assert not await may()
    await eventually(may, "another try")


# --- which address counts ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "told", "counted"),
    [
        ("127.0.0.1", "203.0.113.7, 198.51.100.4", "198.51.100.4"),
        ("127.0.0.1,198.51.100.0/24", "203.0.113.7, 198.51.100.4", "203.0.113.7"),
        ("192.0.2.9", "203.0.113.7", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
    ],
)
async def test_address_that_counts_is_the_last_that_no_trusted_proxy_has(
    app_settings: Settings, monkeypatch: pytest.MonkeyPatch, trusted: str, told: str | None, counted: str
) -> None:
    addresses: list[str] = []

    async def count(_: SignInThrottle, username: str, address: str) -> None:
        addresses.append(address)

    monkeypatch.setattr(SignInThrottle, "count", count)
    proxies = tuple(trusted.split(","))
    settings = app_settings.model_copy(update={"trusted_proxies": proxies})
    config = server_config(create_app(settings), settings)
    headers = {"X-Forwarded-For": told} if told else {}
    async with (
        serving(config.app, forwarded_allow_ips=config.forwarded_allow_ips) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, headers=headers) as http,
    ):
        await http.post("/api/v1/session", json={"username": "guide", "password": WRONG})
    assert addresses == [counted]
