"""Models over HTTP: another one takes the place of the one in service, with its answers; or nothing changes."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handover.core.models import KEPT_FOR
from handover.core.supervision import Level
from handover.store import models
from handover.store.models import Model
from handover.store.supervision import RULE, Who
from handover.tuning.models.service import PATIENCE, STOPPED
from tests.api.conftest import both_databases
from tests.api.supervised import Person
from tests.conftest import StartKontakt
from tests.support.clients import Refused
from tests.support.keeper import OPEN, KeeperClient, add_model, running_keeper
from tests.support.kontakt import Kontakt
from tests.support.small_catalogue import bygglov, import_into, lon
from tests.support.waiting import eventually

pytestmark = pytest.mark.anyio
CLOSED: dict[str, Any] = {"open": False, "reasons": [{"code": "crisis_missed", "sentence": "En krisfråga missades."}]}
SWAP_SECONDS = 60.0
NEW_ANSWER = "Numera beror det på läget."


class Clock:
    """The time that the service goes by, which a test can set forward."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Room:
    """A running service with a keeper; model `a` is in service, with its answers."""

    def __init__(self, kontakt: Kontakt, keeper: KeeperClient, folder: Path, clock: Clock) -> None:
        self.kontakt = kontakt
        self.keeper = keeper
        self.clock = clock
        self._folder = folder

    async def add(self, name: str, gate: dict[str, Any] | None = OPEN, judged_id: str | None = None) -> Model:
        """Add a model with data of its own, in which one answer is another than that of `a`."""
        service = bygglov()
        if name != "a":
            service["faqs"][0]["answer"]["sv"] = NEW_ANSWER
        return await add_model(self.kontakt, self.keeper, name, [service, lon()], self.clock(), gate, judged_id)

    async def person(self, username: str) -> Person:
        """Return somebody who uses the page."""
        return Person(self.kontakt, await self.kontakt.session(username))

    async def begin(self, name: str, act: str = "put", username: str = "lead", **body: Any) -> Any:
        """Ask for a swap."""
        person = await self.person(username)
        return await person.post(f"tuning/models/{name}/{act}", **({"why": "prov"} | body))

    async def swap(self, name: str, act: str = "put", **body: Any) -> dict[str, Any]:
        """Carry a swap out; return the line that says what came of it."""
        await self.begin(name, act, **body)
        return await self.outcome()

    async def outcome(self) -> dict[str, Any]:
        """Return the newest line once no swap is under way."""
        person = await self.person("editor")

        async def settled() -> dict[str, Any] | None:
            page = await person.get("tuning/models")
            return None if page["swap"] else page

        page = await eventually(settled, "the end of the swap", SWAP_SECONDS)
        line: dict[str, Any] = page["log"][0]
        return line

    async def live(self) -> str:
        """Return which model is in service, by the list."""
        page = await (await self.person("editor")).get("tuning/models")
        (found,) = [one["model"] for one in page["models"] if one["in_service"]]
        return str(found)

    async def model_ids(self, conversation_id: str) -> list[str]:
        """Return which models have answered a conversation, turn by turn."""
        page = await self.kontakt.services.conversations.read(conversation_id, 0)
        understood = [getattr(stored.event, "understanding", None) for stored in page.events]
        return [one.model_id for one in understood if one is not None]


@pytest.fixture
async def room(start_kontakt: StartKontakt, tmp_path: Path) -> AsyncIterator[Room]:
    """The service with `a` in service and ready."""
    async with make_room(start_kontakt, tmp_path) as made:
        yield made


@asynccontextmanager
async def make_room(start: StartKontakt, folder: Path, **settings: Any) -> AsyncIterator[Room]:
    """Run the service and a keeper."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        keeper = await stack.enter_async_context(running_keeper(folder))
        kontakt = await stack.enter_async_context(start(clock=clock, keeper_url=keeper.url, **settings))
        room = Room(kontakt, keeper, folder, clock)
        model = await room.add("a")
        await import_into(kontakt, Path(model.tree))
        await kontakt.services.database.write(
            lambda connection: models.add_line(connection, clock(), "a", "put", RULE, "Den första modellen.")
        )
        await eventually(kontakt.services.engine.is_healthy, "the engine of the model in service", SWAP_SECONDS)
        yield room


async def say(room: Room, citizen: Any, text: str) -> None:
    """Say something and wait for the answer."""
    await citizen.say(text)
    await citizen.wait_for("message", sender="bot", text=f"Du skrev: {text}")


@both_databases
async def test_newcomers_get_the_new_model_and_others_keep_theirs(room: Room) -> None:
    before = await room.kontakt.citizen()
    await say(room, before, "Ett")
    await room.add("b")
    line = await room.swap("b")
    assert (line["kind"], line["model"], line["by_name"], line["why"]) == ("put", "b", "Demo Ledare", "prov")
    after = await room.kontakt.citizen()
    await say(room, after, "Två")
    await say(room, before, "Tre")
    assert await room.model_ids(after.conversation_id) == ["b-id"]
    assert await room.model_ids(before.conversation_id) == ["a-id", "a-id"]
    room.clock.ahead = KEPT_FOR
    await say(room, before, "Fyra")
    assert await room.model_ids(before.conversation_id) == ["a-id", "a-id", "b-id"]


async def test_what_was_rolled_back_from_answers_nobody(room: Room) -> None:
    await room.add("b")
    await room.swap("b")
    citizen = await room.kontakt.citizen()
    await say(room, citizen, "Ett")
    assert (await room.swap("a", "roll_back"))["kind"] == "rolled_back"
    await say(room, citizen, "Två")
    assert await room.model_ids(citizen.conversation_id) == ["b-id", "a-id"]


async def test_the_answers_come_and_go_with_the_model_and_what_has_changed_starts_at_approve(room: Room) -> None:
    async def answer() -> str:
        catalogue = (await room.kontakt.services.knowledge.get()).catalogue
        found = catalogue.find_faq("bygglov.behovs")
        assert found is not None
        return found.texts["sv"]

    old = await answer()
    lead = await room.person("lead")
    await room.add("b")
    await room.swap("b")
    assert (old, await answer()) == (bygglov()["faqs"][0]["answer"]["sv"], NEW_ANSWER)
    faq = await lead.faq("bygglov.behovs")
    assert faq["level"] == Level.APPROVE
    assert (faq["last_change"]["action"], faq["last_change"]["by_name"]) == ("set", "Demo Ledare")
    assert faq["last_change"]["why"] == "Frågan är ny eller ändrad i modellen b."
    assert (await lead.faq("bygglov.avgift"))["level"] == Level.SAMPLED
    await room.swap("a", "roll_back")
    assert await answer() == old
    assert (await lead.faq("bygglov.behovs"))["level"] == Level.APPROVE


async def test_a_lead_who_has_a_faq_lower_has_it_so_still(room: Room) -> None:
    lead = await room.person("lead")
    await lead.set_level("shadow", "bygglov.behovs")
    await room.add("b")
    await room.swap("b")
    assert (await lead.faq("bygglov.behovs"))["level"] == Level.SHADOW


async def test_a_closed_gate_is_opened_by_a_lead_with_a_reason_alone(room: Room) -> None:
    await room.add("b", CLOSED)
    await room.add("unjudged", None)
    for name in ("b", "unjudged"):
        for username in ("editor", "lead"):
            with pytest.raises(Refused, match="gate_closed"):
                await room.begin(name, username=username)
    with pytest.raises(Refused, match="forbidden"):
        await room.begin("b", username="editor", override=True)
    with pytest.raises(Refused, match="reason_required"):
        await room.begin("b", override=True, why="  ")
    assert (await room.begin("b", override=True, why="Bara en fråga skiljer."))["overridden"]
    line = await room.outcome()
    assert (line["kind"], line["overridden"], line["why"]) == ("put", True, "Bara en fråga skiljer.")


async def test_what_makes_no_sense_is_refused_and_changes_nothing(room: Room) -> None:
    await room.add("b")
    await room.add("gone")
    await room.kontakt.services.database.write(lambda connection: models.forget_file(connection, "gone"))
    for name, act, code in (
        ("a", "put", "model_in_service"),
        ("a", "roll_back", "model_in_service"),
        ("nix", "put", "model_unknown"),
        ("gone", "put", "model_unknown"),
        ("b", "roll_back", "model_never_served"),
    ):
        with pytest.raises(Refused, match=code):
            await room.begin(name, act)
    with pytest.raises(Refused, match="reason_required"):
        await room.begin("a", "roll_back", why="")
    assert len(await room.kontakt.services.database.read(models.list_lines)) == 1


async def test_one_swap_at_a_time(room: Room) -> None:
    await room.add("b")
    await room.add("c")
    await room.begin("b")
    page = await (await room.person("editor")).get("tuning/models")
    assert (page["swap"]["kind"], page["swap"]["model"]) == ("begun", "b")
    with pytest.raises(Refused, match="swap_under_way"):
        await room.begin("c")
    assert (await room.outcome())["model"] == "b"


async def test_whatever_fails_leaves_everything_as_it_was_and_says_why(room: Room, tmp_path: Path) -> None:
    citizen = await room.kontakt.citizen()
    await say(room, citizen, "Ett")
    files, trees = tmp_path / "engine" / "models", tmp_path / "tuning" / "trees"
    spoilt: dict[str, tuple[str, Callable[[], object]]] = {
        "b1": ("Motorn kunde inte ladda modellen", lambda: room.keeper.add_model("b1", "broken-b")),
        "b2": ("Motorn avslutades innan modellen var laddad", lambda: room.keeper.add_model("b2", "fatal-b")),
        "b3": ("Modellfilen gick inte att läsa", lambda: (files / "b3.tar.gz").write_bytes(b"x")),
        "b4": ("Modellens fil finns inte längre.", lambda: (files / "b4.tar.gz").unlink()),
        "b5": (
            "Modellens innehåll gick inte att läsa",
            lambda: (trees / "b5/catalogue/bygglov.yml").write_text("x: ["),
        ),
        "b6": (
            "Filen innehåller en annan modell än den som bedömdes.",
            lambda: room.keeper.add_model("b6", "other-id"),
        ),
    }
    for name, (why, spoil) in spoilt.items():
        await room.add(name, judged_id=f"{name}-id")
        spoil()
        line = await room.swap(name)
        assert (line["kind"], line["model"]) == ("failed", name)
        assert line["why"].startswith(why)
    assert await room.live() == "a"
    assert (await (await room.person("lead")).faq("bygglov.behovs"))["level"] == Level.SAMPLED
    await say(room, citizen, "Två")
    assert set(await room.model_ids(citizen.conversation_id)) == {"a-id"}


async def test_a_swap_whose_process_died_is_noted_and_the_next_one_may_begin(room: Room) -> None:
    await room.add("b")
    await room.kontakt.services.database.write(
        lambda connection: models.add_line(connection, room.clock(), "b", "begun", Who("x", "X"), "")
    )
    with pytest.raises(Refused, match="swap_under_way"):
        await room.begin("b")
    room.clock.ahead = PATIENCE
    line = await room.outcome()
    assert (line["kind"], line["why"], line.get("by_name")) == ("failed", STOPPED, None)
    assert (await room.swap("b"))["kind"] == "put"


async def test_a_conversation_whose_engine_is_gone_moves_to_the_model_in_service(room: Room) -> None:
    citizen = await room.kontakt.citizen()
    await say(room, citizen, "Ett")
    await room.add("b")
    await room.swap("b")
    (engine,) = await room.keeper.engines("a")
    await room.keeper.http.delete("/engines/a")
    os.kill(engine["pid"], signal.SIGKILL)
    await say(room, citizen, "Två")
    assert await room.model_ids(citizen.conversation_id) == ["a-id", "b-id"]


async def test_engines_and_figures_are_shown_to_those_who_tune(room: Room) -> None:
    await room.add("b", CLOSED)
    page = await (await room.person("editor")).get("tuning/models")
    assert page["keeper"]
    assert [(one["model"], one["in_service"], one["served"]) for one in page["models"]] == [
        ("b", False, False),
        ("a", True, True),
    ]
    assert page["models"][0]["gate"] == CLOSED
    assert (page["models"][0]["commit"], page["models"][0]["made_by"]) == ("c-b", "Eva")
    (engine,) = page["engines"]
    assert (engine["model"], engine["state"]) == ("a", "ready") and engine["memory"] > 0
    with pytest.raises(Refused, match="forbidden"):
        await (await room.person("guide")).get("tuning/models")


async def test_without_a_keeper_models_are_listed_and_not_changed(kontakt: Kontakt) -> None:
    lead = Person(kontakt, await kontakt.session("lead"))
    page = await lead.get("tuning/models")
    assert (page["keeper"], page["models"], page["engines"]) == (False, [], [])
    with pytest.raises(Refused, match="keeper_missing"):
        await lead.post("tuning/models/b/put", why="")
