"""Outside opening hours: who waits is told when somebody comes, keeps the place in line, and finds the answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue.opening import ALWAYS_OPEN, ZONE
from catalogue.phrases import Phrases
from handover.app import create_app
from handover.settings import Assignment, Mode, Settings
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.clients import CitizenClient
from tests.support.engine_double import EngineDouble, reply, turn_answer
from tests.support.kontakt import DATA, Kontakt
from tests.support.replica import Clock

pytestmark = pytest.mark.anyio
PHRASES = Phrases.read(DATA)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE_HOURS = {
    "source": "facts",
    "placeholder": "oppettider_kontakt",
    "weekly": {**{day: ["08:00-17:00"] for day in WEEKDAYS}, "saturday": [], "sunday": []},
}
#: A Saturday night in March, and the Monday morning after it.
SATURDAY = datetime(2026, 3, 7, 23, 0, tzinfo=ZONE)
MONDAY = datetime(2026, 3, 9, 8, 0, tzinfo=ZONE)
OPENS_AT = "2026-03-09T07:00:00+00:00"

StartOffice = Callable[..., AbstractAsyncContextManager[Kontakt]]


@pytest.fixture
def clock() -> Clock:
    """A clock that shows Saturday night until a test turns it."""
    clock = Clock()
    clock.now = SATURDAY.astimezone(UTC)
    return clock


@pytest.fixture
def start_office(start_kontakt: StartKontakt, clock: Clock, small_data: Path, tmp_path: Path) -> StartOffice:
    """Starts the app with office hours, on the test's clock."""
    folder = tmp_path / "office"
    folder.mkdir()
    for path in small_data.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "opening_hours.yml").write_text(yaml.safe_dump(OFFICE_HOURS), encoding="utf-8")

    def start(**changed: Any) -> AbstractAsyncContextManager[Kontakt]:
        return start_kontakt(data=folder, clock=clock, **changed)

    return start


def said_when_closed(language: str, key: str = "closed", **when: str) -> str:
    """Return what the service says while it is closed."""
    return PHRASES.say(key, language, **(when or {"day": "måndag 9 mars", "time": "08:00"}))


def system_texts(citizen: CitizenClient) -> list[str]:
    """Return what the service itself has said."""
    return [text for sender, text in citizen.texts if sender == "system"]


async def drain(citizen: CitizenClient) -> None:
    """Wait until the citizen has been told everything up to a message of its own."""
    await citizen.say("Är någon där?")
    await citizen.wait_for("message", sender="citizen", text="Är någon där?")


# --- what the person is told --------------------------------------------------------------------


@both_databases
async def test_who_asks_for_a_person_at_night_is_told_when_one_comes_and_may_write_on(
    start_office: StartOffice,
) -> None:
    async with start_office() as kontakt:
        citizen = await kontakt.waiting_citizen()
        await citizen.wait_for("message", sender="system", text=said_when_closed("sv"))
        place = await citizen.wait_for_type("queue", position=1, guides_on_duty=0)
        assert place["opens_at"] == OPENS_AT
        await citizen.say("Jag vill ändra min tid")
        assert system_texts(citizen) == [said_when_closed("sv")]
        late = CitizenClient(kontakt.url, citizen.conversation_id, citizen.token)
        async with late:
            assert (await late.wait_for_type("welcome"))["state"] == "waiting"


async def test_long_poll_tells_of_the_opening_too(start_office: StartOffice) -> None:
    async with start_office() as kontakt:
        citizen = await kontakt.polling_citizen()
        await citizen.do("ask_human")
        assert (await citizen.wait_for("message", sender="system"))["text"] == said_when_closed("sv")
        assert (await citizen.poll())["queue"]["opens_at"] == OPENS_AT


@pytest.mark.parametrize(
    ("language", "day", "time"),
    [
        ("sv-x-easy", "måndag 9 mars", "08:00"),
        ("en", "Monday March 9", "08:00"),
        ("ar", "الاثنين 9 مارس", "08:00"),
        ("fi", "maanantai 9. maaliskuuta", "8.00"),
        ("uk", "понеділок 9 березня", "08:00"),
        # Nothing is said in Vietnamese: English stands in, with the day in English.
        ("vi", "Monday March 9", "08:00"),
    ],
)
async def test_opening_is_told_in_the_persons_language(
    start_office: StartOffice, language: str, day: str, time: str
) -> None:
    async with start_office() as kontakt:
        citizen = await kontakt.citizen(language=language)
        await citizen.do("ask_human")
        told = await citizen.wait_for("message", sender="system")
        assert told["text"] == said_when_closed(language, day=day, time=time)


async def test_assistant_answers_at_night_and_says_nothing_of_hours(
    start_office: StartOffice, engine_stub: EngineDouble
) -> None:
    engine_stub.answer = lambda body: turn_answer(reply("Det är öppet i simhallen"))
    async with start_office() as kontakt:
        citizen = await kontakt.citizen()
        await citizen.say("När är simhallen öppen?")
        await citizen.wait_for("message", sender="bot")
        assert system_texts(citizen) == []


async def test_who_is_in_danger_hears_of_112_first_and_that_nobody_of_ours_is_there(
    start_office: StartOffice,
) -> None:
    async with start_office() as kontakt:
        other = await kontakt.waiting_citizen()
        citizen = await kontakt.citizen()
        await citizen.say("Jag vill ta livet av mig")
        await citizen.wait_for("message", text=said_when_closed("sv", "closed_in_danger"))
        safety, honest = system_texts(citizen)
        assert "112" in safety and "112" in honest
        assert honest == said_when_closed("sv", "closed_in_danger")
        await citizen.wait_for_type("queue", position=1)
        await other.wait_for_type("queue", position=2)


async def test_nothing_is_said_of_hours_while_it_is_open(start_office: StartOffice, clock: Clock) -> None:
    clock.now = MONDAY.astimezone(UTC)
    async with start_office() as kontakt:
        citizen = await kontakt.waiting_citizen()
        assert "opens_at" not in await citizen.wait_for_type("queue", position=1, guides_on_duty=0)
        await drain(citizen)
        assert system_texts(citizen) == []


async def test_place_says_that_it_has_closed_to_those_who_wait_at_closing_time(
    start_office: StartOffice, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handover.queue.REFRESH_SECONDS", 0.1)
    clock.now = (MONDAY - timedelta(days=3)).replace(hour=16, minute=59).astimezone(UTC)
    async with start_office() as kontakt:
        citizen = await kontakt.waiting_citizen()
        await citizen.wait_for_frame(lambda f: f["type"] == "queue" and "opens_at" not in f)
        clock.forward(minutes=1)
        await citizen.wait_for_type("queue", opens_at=OPENS_AT)


# --- presence wins ------------------------------------------------------------------------------


async def test_guide_who_works_late_is_given_conversations_and_nobody_is_told_to_wait_for_monday(
    start_office: StartOffice,
) -> None:
    async with start_office(assignment=Assignment.AUTOMATIC) as kontakt:
        guide = await kontakt.guide()
        citizen = await kontakt.waiting_citizen()
        await guide.wait_for("claimed", citizen.conversation_id)
        await guide.act("reply", citizen.conversation_id, text="Jag är kvar")
        await citizen.wait_for("message", sender="guide")
        assert system_texts(citizen) == []


async def test_nobody_is_given_anything_while_no_guide_is_on_duty(start_office: StartOffice) -> None:
    async with start_office(assignment=Assignment.AUTOMATIC) as kontakt:
        guide = await kontakt.guide()
        await guide.do("set_presence", presence="closed")
        citizen = await kontakt.waiting_citizen()
        await citizen.wait_for("message", sender="system", text=said_when_closed("sv"))
        line = await guide.wait_for_line(citizen.conversation_id, "waiting")
        assert "owner_id" not in line
        await guide.do("set_presence", presence="available")
        await guide.wait_for("claimed", citizen.conversation_id)


async def test_who_is_let_go_of_after_closing_time_is_told(start_office: StartOffice) -> None:
    async with start_office() as kontakt:
        guide = await kontakt.guide()
        citizen = await kontakt.waiting_citizen()
        await guide.act("claim", citizen.conversation_id)
        await guide.do("set_presence", presence="closed")
        await guide.act("release", citizen.conversation_id)
        await citizen.wait_for("message", sender="system", text=said_when_closed("sv"))


# --- the next opening ---------------------------------------------------------------------------


@both_databases
async def test_who_came_first_is_first_when_the_desk_opens_and_finds_the_answer_in_the_same_tab(
    start_office: StartOffice, clock: Clock
) -> None:
    async with start_office(assignment=Assignment.AUTOMATIC) as kontakt:
        citizens = []
        for number in range(4):
            citizen = await kontakt.waiting_citizen()
            await citizen.say(f"Ärende {number}")
            await citizen.close()
            citizens.append(citizen)
            clock.forward(hours=2)
        clock.now = MONDAY.astimezone(UTC)
        guide = await kontakt.guide()
        for citizen in citizens[:3]:
            await guide.wait_for("claimed", citizen.conversation_id)
        assert await kontakt.services.queue.place_of(citizens[3].conversation_id) is not None
        await guide.act("reply", citizens[0].conversation_id, text="Nu är vi här")
        await citizens[0].reconnect()
        assert (await citizens[0].wait_for("message", sender="guide"))["text"] == "Nu är vi här"
        await guide.act("close", citizens[1].conversation_id, outcome="no_contact")
        await guide.wait_for("claimed", citizens[3].conversation_id)


async def test_a_night_does_not_make_the_wait_look_long(start_office: StartOffice, clock: Clock) -> None:
    async with start_office() as kontakt:
        citizens = [await kontakt.waiting_citizen() for _ in range(5)]
        clock.now = MONDAY.astimezone(UTC) + timedelta(minutes=4)
        guide = await kontakt.guide()
        for citizen in citizens:
            await guide.act("claim", citizen.conversation_id)
            await guide.act("close", citizen.conversation_id)
        late = await kontakt.waiting_citizen()
        place = await late.wait_for_type("queue", position=1, guides_on_duty=1)
        assert place["wait_seconds"] == [240, 250]


async def test_who_was_taken_while_it_was_closed_does_not_make_the_wait_look_short(
    start_office: StartOffice, clock: Clock
) -> None:
    async with start_office() as kontakt:
        guide = await kontakt.guide()
        for _ in range(5):
            citizen = await kontakt.waiting_citizen()
            await guide.act("claim", citizen.conversation_id)
            await guide.act("close", citizen.conversation_id)
        late = await kontakt.waiting_citizen()
        assert "wait_seconds" not in await late.wait_for_type("queue", position=1, guides_on_duty=1)


# --- hours that nobody has confirmed ------------------------------------------------------------


@pytest.mark.parametrize("mode", Mode)
async def test_hours_that_are_an_example_are_told_in_the_demo_only(app_settings: Settings, mode: Mode) -> None:
    secret = Settings(engine_secret="x" * 32).engine_secret  # type: ignore[arg-type]
    settings = app_settings.model_copy(update={"mode": mode, "data": DATA, "engine_secret": secret})
    opening = create_app(settings).state.services.opening
    assert (opening is ALWAYS_OPEN) == (mode is Mode.PRODUCTION)
