"""What is no longer needed: engines that nobody can need, the oldest models with their data; what is needed stays."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.conversations import utc_now
from handover.core.models import KEPT_FOR, Service, Switch, SwitchKind
from handover.engine_keeper import EngineKeeper
from handover.engine_pool import EnginePool
from handover.store import models
from handover.store.models import Kind, Model
from handover.store.supervision import RULE, Who
from handover.store.trainings import Training, add_training
from handover.tuning.models.keeping import LEFT_ALONE, Keeping, to_drop
from handover.tuning.models.watch import ModelWatch
from tests.support.engine_double import ENGINE_SECRET
from tests.support.keeper import KeeperClient, add_model, running_keeper
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import bygglov

NOW = utc_now()
NAMES = tuple("abcdef")


@given(st.permutations(NAMES), st.lists(st.sampled_from(NAMES), max_size=6), st.integers(1, 8))
def test_as_many_models_are_kept_as_is_wished_and_the_one_in_service_among_them(
    made: list[str], put: list[str], keep: int
) -> None:
    known = [Model(name, "base", "tree", NOW + timedelta(hours=number)) for number, name in enumerate(made)]
    service = Service(Switch(n, SwitchKind.PUT, NOW + timedelta(minutes=m)) for m, n in enumerate(put))
    dropped = [model.name for model in to_drop(known, service, keep)]
    assert len(dropped) == max(0, len(NAMES) - keep)
    assert service.live not in dropped
    gone = [Model(name, "base", "tree", NOW, kept=False) for name in NAMES]
    assert to_drop(gone, service, keep) == []


class Kept:
    """A service whose engines and models are looked after by hand, at times that the test sets."""

    def __init__(self, kontakt: Kontakt, keeper: KeeperClient, client: EngineKeeper, pool: EnginePool) -> None:
        self.kontakt = kontakt
        self.keeper = keeper
        self.ahead = timedelta(0)
        database = kontakt.services.database
        self.watch = ModelWatch(database, kontakt.services.bus, client, pool, self.clock)
        trees = keeper.folder / "tuning" / "trees"
        self.keeping = Keeping(database, client, self.watch, trees, 2, self.clock)

    def clock(self) -> datetime:
        """Return the time that the test has come to."""
        return utc_now() + self.ahead

    async def put(self, name: str, kind: Kind = "put") -> None:
        """Put a model into service and wait until it is ready."""
        if not await self.kontakt.services.database.read(lambda connection: models.find_model(connection, name)):
            await add_model(self.kontakt, self.keeper, name, [bygglov()], self.clock())
        at = self.clock()
        await self.kontakt.services.database.write(
            lambda connection: models.add_line(connection, at, name, kind, RULE, "prov")
        )
        await self.watch.look()
        await self.keeper.start(name)
        await self.keeper.ready(name)

    async def look_after(self, later: timedelta) -> set[str]:
        """Look after so much time; return the models that are served then."""
        self.ahead += later
        await self.watch.look()
        await self.keeping.look()
        return {one["model"] for one in await self.keeper.engines() if one["state"] != "stopping"}


@pytest.fixture
async def kept(kontakt: Kontakt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kept]:
    """The service beside a keeper."""
    monkeypatch.setattr("keeper.engine.DRAIN_SECONDS", 0.1)
    async with (
        running_keeper(tmp_path / "kept") as keeper,
        EngineKeeper(keeper.url, ENGINE_SECRET) as client,
        EnginePool((), ENGINE_SECRET, 8.0) as pool,
    ):
        yield Kept(kontakt, keeper, client, pool)


@pytest.mark.anyio
async def test_an_engine_is_stopped_when_no_open_conversation_can_need_it(kept: Kept) -> None:
    await kept.put("a")
    citizen = await kept.kontakt.citizen()
    await kept.put("b")
    assert await kept.look_after(2 * LEFT_ALONE) == {"a", "b"}
    await citizen.do("close")
    assert await kept.look_after(timedelta(0)) == {"b"}


@pytest.mark.anyio
async def test_an_hour_after_it_was_replaced_an_engine_is_stopped_whoever_is_still_there(kept: Kept) -> None:
    await kept.put("a")
    await kept.kontakt.citizen()
    await kept.put("b")
    assert await kept.look_after(KEPT_FOR / 2) == {"a", "b"}
    assert await kept.look_after(KEPT_FOR / 2) == {"b"}


@pytest.mark.anyio
async def test_what_was_rolled_back_from_is_stopped_and_what_is_being_put_into_service_is_not(kept: Kept) -> None:
    await kept.put("a")
    await kept.put("b")
    await kept.kontakt.citizen()
    await kept.put("a", "rolled_back")
    assert await kept.look_after(2 * LEFT_ALONE) == {"a"}
    await kept.put("b", "begun")
    assert await kept.look_after(2 * LEFT_ALONE) == {"a", "b"}


@pytest.mark.anyio
async def test_the_oldest_models_go_with_their_data(kept: Kept) -> None:
    for name in "abc":
        await kept.put(name)
    files, trees = kept.keeper.folder / "engine" / "models", kept.keeper.folder / "tuning" / "trees"
    await kept.look_after(2 * KEPT_FOR)
    await kept.keeper.wait("a", lambda engines: not engines)
    for name in ("in-training", "of-nothing", "new"):
        (trees / name).mkdir()
    for path in trees.iterdir():
        if path.name != "new":
            os.utime(path, (0, 0))
    running = Training("t", "set", "in-training", "training", Who("x", "X"), NOW)
    await kept.kontakt.services.database.write(lambda connection: add_training(connection, running))
    await kept.look_after(timedelta(0))
    assert {path.name for path in files.iterdir()} == {"b.tar.gz", "c.tar.gz"}
    assert {path.name for path in trees.iterdir()} == {"b", "c", "in-training", "new"}
    known = await kept.kontakt.services.database.read(models.list_models)
    assert {one.name: one.kept for one in known} == {"a": False, "b": True, "c": True}
