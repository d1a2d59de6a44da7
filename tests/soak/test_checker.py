"""The soak's checker on small hand-made conversations: a clean one passes, and each breach is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.chaos.evidence import Json, Record, Row
from tests.soak.checker import check_talk, lines_of, read_words
from tests.soak.people import Appeared, Line, Said, Talk
from tests.soak.report import Wait, waits_of
from tests.soak.tampering import EVERY, TAMPERINGS, TamperingLine

TALK = "talk"
EVENTS: list[Json] = [
    {"kind": "opened", "language": "sv", "audience": "citizen"},
    {"kind": "message", "id": "c1", "from": "citizen", "text": "w-b-c Hej"},
    {"kind": "draft", "id": "d1", "text": "Det här ser ingen"},
    {"kind": "message", "id": "b1", "from": "bot", "text": "Du skrev: w-b-c Hej"},
    {"kind": "escalated", "reason": "asked_for_human"},
    {"kind": "claimed", "guide_id": "g1", "guide_name": "Guide 1"},
    {"kind": "note", "text": "Det här inte heller"},
    {"kind": "message", "id": "c2", "from": "citizen", "text": "w-b-d Är du där?"},
    {"kind": "message", "id": "r1", "from": "guide", "text": "g-b-c Ja"},
    {"kind": "closed", "by": "guide", "outcome": "solved"},
    {"kind": "rated", "score": 5},
]
SHOWN = [
    Line("citizen", "w-b-c Hej"),
    Line("bot", "Du skrev: w-b-c Hej"),
    Line("turn", "Du har bett att få prata med en människa. Du står nu i kön."),
    Line("turn", "Guide 1 har tagit över chatten."),
    Line("citizen", "w-b-d Är du där?"),
    Line("guide", "g-b-c Ja"),
    Line("turn", "Servicevägledaren avslutade chatten."),
]


@dataclass
class Story:
    """What a person saw and what the database holds; a test changes either before it asks the checker."""

    talk: Talk
    record: Record

    @property
    def row(self) -> Row:
        """The conversation in the database."""
        return self.record[TALK]

    def kinds(self) -> set[str]:
        """Return the kinds of all breaches."""
        return {breach.kind for breach in check_talk(self.talk, self.record, read_words())}


@pytest.fixture
def story() -> Story:
    """A conversation in which everything went well, over two loads of the page."""
    row = Row(TALK, "closed", None, 3, len(EVENTS), {})
    row.events = [(seq, 1_000.0 + seq, copy.deepcopy(event)) for seq, event in enumerate(EVENTS, start=1)]
    lives = [[Appeared(line, 1_010.0) for line in SHOWN[:3]], [Appeared(line, 1_020.0) for line in SHOWN]]
    said = [Said("w-b-c Hej", 1_001.0), Said("w-b-d Är du där?", 1_007.0)]
    return Story(Talk("widget-1", TALK, said, list(SHOWN), [], lives), {TALK: row})


def test_clean_conversation_has_no_breaches(story: Story) -> None:
    assert story.kinds() == set()
    assert [line for _, line in lines_of(story.row, read_words())] == SHOWN


def lose_a_message(story: Story) -> None:
    del story.row.events[7]


def lose_the_conversation(story: Story) -> None:
    story.record.clear()


def double_a_message(story: Story) -> None:
    story.row.events.insert(8, story.row.events[7])


def swap_two_messages(story: Story) -> None:
    events = story.row.events
    events[1], events[7] = events[7], events[1]


def store_what_nobody_said(story: Story) -> None:
    story.talk.said.pop()


def hide_the_last_line(story: Story) -> None:
    story.talk.shown.pop()


def show_a_line_twice(story: Story) -> None:
    story.talk.shown.insert(1, story.talk.shown[0])


def show_another_text(story: Story) -> None:
    story.talk.shown[1] = Line("bot", "Du ropade: w-b-c Hej")


def say_that_somebody_else_wrote_it(story: Story) -> None:
    story.talk.shown[5] = Line("bot", "g-b-c Ja")


def show_lines_in_another_order_for_a_moment(story: Story) -> None:
    life = story.talk.lives[0]
    life[0], life[1] = life[1], life[0]


def leave_a_message_on_its_way(story: Story) -> None:
    story.talk.unsent.append(("w-b-f Hallå?", "Skickar …"))


def tell_of_what_was_stored_as_not_sent(story: Story) -> None:
    story.talk.unsent.append(("w-b-d Är du där?", "Inte skickat"))


def leave_a_message_unsent_though_the_conversation_goes_on(story: Story) -> None:
    story.row.state = "bot"
    story.talk.unsent.append(("w-b-f Hallå?", "Inte skickat"))


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", lose_a_message),
        ("lost", lose_the_conversation),
        ("doubled", double_a_message),
        ("reordered", swap_two_messages),
        ("phantom", store_what_nobody_said),
        ("shown", hide_the_last_line),
        ("shown", show_a_line_twice),
        ("shown", show_another_text),
        ("shown", say_that_somebody_else_wrote_it),
        ("shown_meanwhile", show_lines_in_another_order_for_a_moment),
        ("unsent", leave_a_message_on_its_way),
        ("unsent", tell_of_what_was_stored_as_not_sent),
        ("unsent", leave_a_message_unsent_though_the_conversation_goes_on),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_breach_is_found(story: Story, kind: str, spoil: Callable[[Story], None]) -> None:
    spoil(story)
    assert kind in story.kinds()


def test_message_that_the_end_overtook_may_be_told_of_as_not_sent(story: Story) -> None:
    story.talk.said.append(Said("w-b-f Hallå?", 1_009.0))
    story.talk.unsent.append(("w-b-f Hallå?", "Inte skickat"))
    assert story.kinds() == set()


def test_waits_leave_out_what_was_disturbed_on_purpose(story: Story) -> None:
    story.talk.troubles.append((1_004.0, 1_009.0))
    waits = {wait.what: wait for wait in waits_of(story.talk, story.record)}
    assert waits["recorded: w-b-c Hej of widget-1"] == Wait("recorded: w-b-c Hej of widget-1", 1.0, 1.0)
    shown = waits["shown: w-b-c Hej to widget-1"]
    assert (shown.seconds, shown.calm) == (8.0, 3.0)


EVENT = b'{"type":"event","text":"Du skrev: Hej"}'
FRAME = b"\x81" + bytes([len(EVENT)]) + EVENT
WELCOME = b'\x81\x12{"type":"welcome"}'


@pytest.mark.parametrize(
    ("name", "becomes"),
    [("drop", b""), ("double", FRAME + FRAME), ("rewrite", FRAME.replace(b"Du skrev:", b"Du ropade"))],
)
def test_one_event_in_so_many_is_spoilt_and_nothing_else(name: str, becomes: bytes) -> None:
    line = TamperingLine(1, TAMPERINGS[name])
    assert [line.incoming(FRAME) for _ in range(EVERY)] == [FRAME] * (EVERY - 1) + [becomes]
    assert [line.incoming(WELCOME) for _ in range(2 * EVERY)] == [WELCOME] * 2 * EVERY
    assert line.spoilt == 1
