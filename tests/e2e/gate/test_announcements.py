"""What is said aloud: each thing of the other side once, one's own words never, and no count at every step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import WebSocketRoute

from tests.e2e.gate.checks import ANNOUNCED
from tests.e2e.gate.ear import Ear, Region, said
from tests.e2e.gate.record import Record
from tests.e2e.gate.stage import ASK, NOTICES, Stage

pytestmark = pytest.mark.browser
ANSWER = "Avgiften beror på vad du bygger."
ONE_MINUTE_MS = 60_000
Story = Callable[[Stage], None]
TITLES: dict[str, str] = {}


def story(title: str) -> Callable[[Story], Story]:
    """Name a story as the accessibility statement does where it failed."""

    def name(test: Story) -> Story:
        TITLES[test.__name__] = f"Chatten: {title}"
        return test

    return name


@pytest.fixture(autouse=True)
def kept(request: pytest.FixtureRequest, record: Record) -> Iterator[None]:
    """Note in the record of the run whether a story passed."""
    title, failed_before = TITLES.get(request.node.name), request.session.testsfailed
    yield
    if title is not None:
        record.note(ANNOUNCED, title, ["failed"] if request.session.testsfailed > failed_before else [])


def seen(stage: Stage, selector: str, text: str = "") -> Callable[[], bool]:
    """Return whether something is on the screen by now."""
    return lambda: stage.chat(selector).filter(has_text=text).count() > 0


def times(heard: list[str], text: str) -> int:
    """Return how often a text was said."""
    return sum(one.count(text) for one in heard)


def tell_queue(route: WebSocketRoute, position: int, low: int, high: int) -> None:
    """Say what the service says when it has counted anew."""
    frame = {"type": "queue", "position": position, "wait_seconds": [low, high], "guides_on_duty": 1, "opens_at": None}
    route.send(json.dumps(frame))


@story("svar läses upp en gång, det egna aldrig")
def test_each_answer_is_said_once_and_own_words_never(stage: Stage) -> None:
    stage.open_chat()
    ear = Ear(stage.page)
    for number in (1, 2, 3):
        own = f"{ASK} Fråga {number}"
        stage.send(own)
        heard = ear.listen(lambda: stage.chat(".message.bot").count() == number)  # noqa: B023
        assert times(heard, ANSWER) == 1, heard
        assert times(heard, "Fråga") == times(heard, "Levererat") == times(heard, "Skickar") == 0, heard
        assert times(heard, "skriver …") == 0, heard


@story("en ny plats i kön läses upp en gång")
def test_queue_says_a_new_place_once_and_no_new_count_of_minutes(stage: Stage) -> None:
    stage.page = stage.new_page()
    routes = stage.tell_waits([180, 300])
    stage.page.goto(stage.room.url)
    stage.show_chat()
    stage.ask()
    ear = Ear(stage.page)
    stage.ask_for_a_person()
    heard = ear.listen(seen(stage, ".status", "plats"))
    assert times(heard, "Du har bett att få prata med en människa.") == 1, heard
    assert times(heard, "Du har plats") == 1, heard
    for minutes in range(4, 9):
        tell_queue(routes[0], 2, minutes * 60, minutes * 60 + 120)
        heard = ear.listen(seen(stage, ".status", f"{minutes}–{minutes + 2} minuter"))
        assert times(heard, "Du har plats 2 i kön.") == (1 if minutes == 4 else 0), heard
        assert len(heard) == (1 if minutes == 4 else 0), heard
    tell_queue(routes[0], 1, 60, 120)
    assert len(ear.listen(seen(stage, ".status", "plats 1"))) == 1


@story("att någon skriver läses inte upp")
def test_guide_who_writes_is_not_said_and_what_is_written_once(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.ask_for_a_person()
    ear = Ear(stage.page)
    talk = stage.claim()
    heard = ear.listen(seen(stage, ".turn", "har tagit över"))
    assert times(heard, "har tagit över chatten") == 1, heard
    for _ in range(4):
        stage.room.do(stage.guide.send({"type": "typing", "conversation_id": talk}))
        assert ear.listen(seen(stage, ".typing")) == []
    stage.room.do(stage.guide.act("reply", talk, text="Vad vill du bygga?"))
    heard = ear.listen(seen(stage, ".message.guide"))
    assert len(heard) == times(heard, "Vad vill du bygga?") == 1, heard


@story("det som redan är sagt läses inte upp igen")
def test_what_was_said_before_is_not_said_anew(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    stage.page.reload()
    stage.chat("button.launcher").wait_for()
    ear = Ear(stage.page)
    stage.show_chat()
    heard = ear.listen(seen(stage, ".message.bot"))
    assert times(heard, ANSWER) == times(heard, ASK) == 0, heard


@story("varningen för personnummer läses upp en gång")
def test_warning_of_a_personnummer_is_said_once_while_one_writes_on(stage: Stage) -> None:
    stage.open_chat()
    ear = Ear(stage.page)
    stage.field.press_sequentially("Mitt nummer är 811218-9876")
    heard = ear.listen(seen(stage, ".composer .notice"))
    stage.field.press_sequentially(" och jag bor här sedan länge")
    heard += ear.listen()
    assert len(heard) == times(heard, "Det ser ut som ett personnummer.") == 1, heard


@story("att texten är för lång läses upp en gång")
def test_too_long_a_text_is_said_once_while_one_writes_on(stage: Stage) -> None:
    stage.open_chat()
    ear = Ear(stage.page)
    stage.field.fill("å" * 4_001)
    heard = ear.listen(seen(stage, "#message-count.problem"))
    for _ in range(5):
        stage.field.press("a")
        heard += ear.listen()
    assert len(heard) == times(heard, "tecken för lång") == 1, heard


@story("ett fel läses upp en gång")
def test_failure_to_send_is_said_once(stage: Stage) -> None:
    stage.open_chat()
    stage.ask()
    ear = Ear(stage.page)
    stage.send("\u200b\u200b")
    heard = ear.listen(seen(stage, ".message .quiet"))
    assert heard == ["Skriv något först."]


@story("störningar läses upp en gång")
def test_notices_are_said_once_however_often_they_are_read(stage: Stage) -> None:
    stage.page = stage.new_page()
    stage.page.clock.install()
    # A browser keeps the answer for a while by a clock of its own, but not where a request is looked at on its way.
    stage.meet("notices", lambda route: route.continue_())
    stage.page.goto(stage.room.url)
    stage.show_chat()
    ear = Ear(stage.page)
    stage.put_up_notices()
    heard: list[str] = []
    for _ in range(3):
        stage.page.clock.run_for(ONE_MINUTE_MS)
        heard += ear.listen(seen(stage, ".notices p", NOTICES[1][1]))
    assert times(heard, NOTICES[0][1]) == times(heard, NOTICES[1][1]) == 1, heard


# --- the ear itself -------------------------------------------------------------------------------


def region(role: str, *texts: str, atomic: bool = False, busy: bool = False) -> Region:
    """Return a region whose children say one text each."""
    return Region(role, atomic, busy, {(number, number): text for number, text in enumerate(texts)})


def test_ear_hears_what_is_new_in_a_log_and_all_of_a_status() -> None:
    assert said(region("log", "a"), region("log", "a", "b")) == ["b"]
    assert said(region("status", "a", atomic=True), region("status", "a", "b", atomic=True)) == ["a b"]
    assert said(region("log", "a"), region("log", "a")) == []
    assert said(None, region("log", "a")) == []
    assert said(None, region("alert", "a", atomic=True)) == ["a"]
    assert said(region("log"), region("log", "a", busy=True)) == []


def test_ear_hears_what_is_said_twice(stage: Stage) -> None:
    page = stage.visit("/widget/demo/plain.html")
    page.evaluate("document.body.innerHTML = '<p role=status id=one></p><div role=log id=two></div>'")
    ear = Ear(page)
    page.evaluate("one.textContent = 'hej'; two.innerHTML = '<p>hej</p><p aria-live=off>mitt</p>'")
    assert ear.listen() == ["hej", "hej"]
