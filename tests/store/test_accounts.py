"""Accounts, sessions and presence: who is signed in, for how long, and who is on duty."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from handover.core.errors import HandoverError
from handover.core.roles import Right
from handover.sign_in import SignIn
from handover.store import duty
from handover.store import tables as t
from handover.store.database import Database
from tests.support.replica import Clock, Replica

pytestmark = pytest.mark.anyio
IDLE, LONGEST = timedelta(hours=1), timedelta(hours=12)


@pytest.fixture
def sign_in(database: Database, clock: Clock) -> SignIn:
    """Signing in, on the test's clock."""
    return SignIn(database, IDLE, LONGEST, clock)


async def test_right_password_opens_a_session_and_a_wrong_one_does_not(
    sign_in: SignIn, passwords: dict[str, str]
) -> None:
    account, token = await sign_in.sign_in("guide", passwords["guide"])
    assert (await sign_in.find(token)) == account
    for username, password in (("guide", "fel"), ("guide", passwords["staff"]), ("nobody", "x"), ("", ""), ("\0", "x")):
        with pytest.raises(HandoverError, match="login_failed"):
            await sign_in.sign_in(username, password)


async def test_session_ends_when_idle_and_after_its_longest_time(
    sign_in: SignIn, passwords: dict[str, str], clock: Clock
) -> None:
    _, idle = await sign_in.sign_in("guide", passwords["guide"])
    _, used = await sign_in.sign_in("guide", passwords["guide"])
    for _ in range(12):
        clock.forward(minutes=59)
        assert await sign_in.find(used) is not None
    assert await sign_in.find(idle) is None
    clock.forward(minutes=30)
    assert await sign_in.find(used) is None


@pytest.mark.parametrize("longest", [IDLE, LONGEST], ids=["idle", "absolute"])
async def test_session_lasts_to_the_very_end_of_its_time_and_not_beyond(
    sign_in: SignIn, passwords: dict[str, str], clock: Clock, longest: timedelta
) -> None:
    _, token = await sign_in.sign_in("guide", passwords["guide"])
    end = clock.now + longest
    while end - clock.now > IDLE:
        clock.forward(minutes=30)
        assert await sign_in.find(token) is not None
    clock.now = end - timedelta(microseconds=1)
    assert await sign_in.find(token, active=False) is not None
    clock.now = end
    assert await sign_in.find(token) is None


async def test_looking_without_doing_anything_does_not_keep_a_session_from_going_idle(
    sign_in: SignIn, passwords: dict[str, str], clock: Clock
) -> None:
    _, token = await sign_in.sign_in("guide", passwords["guide"])
    for _ in range(2):
        clock.forward(minutes=29)
        assert await sign_in.find(token, active=False) is not None
    clock.forward(minutes=2)
    assert await sign_in.find(token) is None


async def test_access_needs_a_session_and_the_role(sign_in: SignIn, passwords: dict[str, str]) -> None:
    _, staff = await sign_in.sign_in("staff", passwords["staff"])
    with pytest.raises(HandoverError, match="forbidden"):
        await sign_in.access(staff, Right.DESK)
    for token in (None, "", "made-up"):
        with pytest.raises(HandoverError, match="sign_in_required"):
            await sign_in.access(token, Right.DESK)
    await sign_in.sign_out(staff)
    with pytest.raises(HandoverError, match="sign_in_required"):
        await sign_in.access(staff, Right.ASK_AS_STAFF)


async def test_tokens_and_passwords_are_not_stored_in_clear(
    sign_in: SignIn, passwords: dict[str, str], database: Database
) -> None:
    _, token = await sign_in.sign_in("guide", passwords["guide"])

    def everything(connection: Connection) -> str:
        return repr([connection.execute(select(table)).all() for table in (t.accounts, t.sessions)])

    stored = await database.read(everything)
    assert token not in stored
    assert passwords["guide"] not in stored


async def test_demo_accounts_are_kept_unless_renewed_and_renewal_ends_sessions(
    sign_in: SignIn, passwords: dict[str, str]
) -> None:
    _, token = await sign_in.sign_in("guide", passwords["guide"])
    assert await sign_in.make_demo_accounts(renew=False) == []
    renewed = {login.username: login.password for login in await sign_in.make_demo_accounts(renew=True)}
    assert set(renewed) == {"guide", "guide2", "lead", "editor", "analyst", "admin", "staff"}
    assert await sign_in.find(token) is None
    await sign_in.sign_in("guide", renewed["guide"])


async def test_production_refuses_a_database_with_demo_accounts(sign_in: SignIn) -> None:
    with pytest.raises(RuntimeError, match="demo accounts"):
        await sign_in.check_no_demo_accounts()


async def test_guide_is_on_duty_while_seen_and_available(replica: Replica) -> None:
    guide = await replica.demo_guide()

    async def on_duty() -> int:
        since = replica.clock() - timedelta(seconds=30)
        return await replica.database.read(lambda connection: duty.count_on_duty(connection, since))

    assert await on_duty() == 0
    await replica.see(guide)
    assert await on_duty() == 1
    now = replica.clock()
    await replica.database.write(lambda connection: duty.set_presence(connection, guide.id, "busy", now))
    assert await on_duty() == 0
    await replica.database.write(lambda connection: duty.set_presence(connection, guide.id, "available", now))
    replica.clock.forward(seconds=31)
    assert await on_duty() == 0


async def test_guide_who_connects_twice_at_once_is_seen(pair: list[Replica]) -> None:
    for username in ("guide", "guide2"):
        guide = await pair[0].demo_guide(username)
        await asyncio.gather(*(pair[number % 2].see(guide) for number in range(6)))
