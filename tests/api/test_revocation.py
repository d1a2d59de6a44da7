"""What somebody has lost is lost at once: open sockets are closed, on every replica, before anybody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.conftest import POSTGRES, StartKontakt
from tests.support.clients import GuideClient, Refused
from tests.support.kontakt import Kontakt
from tests.support.redis import redis_server
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
#: How soon an open socket has to be closed.
AT_ONCE_SECONDS = 1.0
Revoke = Callable[[Kontakt, GuideClient], Awaitable[object]]


@pytest.fixture(autouse=True)
def no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The heartbeat, which would find out later, does not help here."""
    monkeypatch.setattr("handover.api.guide_socket.HEARTBEAT_SECONDS", 3_600.0)


async def as_admin(kontakt: Kontakt, method: str, what: str, guide: GuideClient, body: object = None) -> None:
    """Change the account of a guide."""
    headers = {"Cookie": f"kontakt_session={await kontakt.session('admin')}"}
    path = f"/api/v1/accounts/{guide.frames[0]['guide']['id']}/{what}"
    answer = await kontakt.http.request(method, path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def sign_out(kontakt: Kontakt, guide: GuideClient) -> None:
    await kontakt.http.delete("/api/v1/session", headers={"Cookie": f"kontakt_session={guide.cookie}"})


async def shut_out(kontakt: Kontakt, guide: GuideClient) -> None:
    await as_admin(kontakt, "POST", "disabled", guide, {"disabled": True})


async def end_sessions(kontakt: Kontakt, guide: GuideClient) -> None:
    await as_admin(kontakt, "DELETE", "sessions", guide)


async def take_the_role(kontakt: Kontakt, guide: GuideClient) -> None:
    await as_admin(kontakt, "POST", "roles", guide, {"roles": ["staff"]})


WAYS = {
    sign_out: "sign_in_required",
    shut_out: "sign_in_required",
    end_sessions: "sign_in_required",
    take_the_role: "forbidden",
}


async def second_desk(kontakt: Kontakt, guide: GuideClient) -> GuideClient:
    """Open one more socket with the same session."""
    client = GuideClient(kontakt.url, guide.cookie)
    await kontakt.keep(client)
    await client.wait_for_type("welcome")
    return client


async def assert_closed_at_once(desks: list[GuideClient], code: str) -> None:
    async with asyncio.timeout(AT_ONCE_SECONDS):
        closed = await asyncio.gather(*(desk.wait_closed() for desk in desks))
    assert closed == [1008] * len(desks)
    assert [desk.frames[-1]["code"] for desk in desks] == [code] * len(desks)


@pytest.mark.parametrize("revoke", WAYS, ids=lambda way: way.__name__)
async def test_all_sockets_of_an_account_are_closed_at_once(kontakt: Kontakt, revoke: Revoke) -> None:
    guide, bystander = await kontakt.guide("guide"), await kontakt.guide("guide2")
    desks = [guide, await second_desk(kontakt, guide)]
    await revoke(kontakt, guide)
    await assert_closed_at_once(desks, WAYS[revoke])
    await bystander.do("set_presence", presence="busy")


async def test_signing_out_leaves_another_session_of_the_account_alone(kontakt: Kontakt) -> None:
    here, there = await kontakt.guide("guide"), await kontakt.guide("guide")
    await sign_out(kontakt, here)
    await assert_closed_at_once([here], "sign_in_required")
    await there.do("set_presence", presence="busy")


async def test_socket_whose_account_has_other_roles_comes_back_with_those(kontakt: Kontakt) -> None:
    lead = await kontakt.guide("lead")
    await as_admin(kontakt, "POST", "roles", lead, {"roles": ["guide"]})
    async with asyncio.timeout(AT_ONCE_SECONDS):
        assert await lead.wait_closed() == 1013
    async with GuideClient(kontakt.url, lead.cookie) as back:
        welcome = await back.wait_for_type("welcome")
        assert welcome["guide"]["roles"] == ["guide"]
        assert "live" not in welcome["guide"]["rights"]


async def test_command_after_the_loss_is_refused_with_a_sentence_and_changes_nothing(
    kontakt: Kontakt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kontakt.services.bus, "publish", lambda _: None)  # No word of the loss arrives.
    citizen, colleague = await kontakt.waiting_citizen(), await kontakt.guide("guide2")
    for revoke in (take_the_role, shut_out):
        guide = await kontakt.guide()
        await revoke(kontakt, guide)
        with pytest.raises(AssertionError, match="closed with 1008"):
            await guide.act("claim", citizen.conversation_id)
        told = guide.frames[-1]
        assert (told["type"], told["code"]) == ("error", WAYS[revoke])
        assert told["message"] in ("Logga in först.", "Du har inte behörighet till detta.")
        await as_admin(kontakt, "POST", "roles", guide, {"roles": ["guide"]})
    await colleague.act("claim", citizen.conversation_id)


async def test_command_that_needs_a_right_that_was_lost_is_refused_with_a_sentence(
    kontakt: Kontakt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kontakt.services.bus, "publish", lambda _: None)
    citizen, lead = await kontakt.waiting_citizen(), await kontakt.guide("lead")
    await as_admin(kontakt, "POST", "roles", lead, {"roles": ["guide"]})
    with pytest.raises(Refused, match="forbidden") as refused:
        await lead.act("whisper", citizen.conversation_id, text="Fråga om adressen")
    assert refused.value.frame["message"] == "Du har inte behörighet till detta."


@pytest.mark.parametrize("backend", [POSTGRES], indirect=True)
class TestOnTwoReplicas:
    """Two replicas on one PostgreSQL, with Redis between them."""

    @pytest.fixture
    async def pair(self, start_kontakt: StartKontakt, tmp_path: Path) -> AsyncIterator[list[Kontakt]]:
        with redis_server(tmp_path) as redis:
            async with start_kontakt(redis_url=redis.url) as one, start_kontakt(redis_url=redis.url) as two:
                await eventually(lambda: one.services.bus.is_connected and two.services.bus.is_connected, "the bus")
                yield [one, two]

    @pytest.mark.parametrize("revoke", WAYS, ids=lambda way: way.__name__)
    async def test_sockets_on_both_are_closed_at_once(self, pair: list[Kontakt], revoke: Revoke) -> None:
        guide = await pair[0].guide()
        desks = [guide, await second_desk(pair[1], guide)]
        await revoke(pair[1], guide)
        await assert_closed_at_once(desks, WAYS[revoke])
