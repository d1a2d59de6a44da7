"""The checker on small hand-made journals: a clean one passes, and each breach is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.chaos.checker import check
from tests.chaos.evidence import Json, Record, Row, Turn, order
from tests.chaos.plan import CLIENT_LINES, FULL_RUN_SECONDS, figures, make_plan
from tests.chaos.stalls import command_waits, turn_waits

TALK, CITIZEN, GUIDE, GUIDE_ID, OTHER_ID = "talk", "citizen-1.1", "guide-1", "g1", "g2"
COMPONENTS = [("handover-1", "handover"), ("postgres", "postgres"), ("engine-1", "rasa"), ("redis", "redis")]


@dataclass
class Story:
    """A journal and a database that a test changes before it asks the checker."""

    lines: list[Json]
    record: Record

    @property
    def row(self) -> Row:
        """The one conversation."""
        return self.record[TALK]

    def breaches(self) -> set[str]:
        """Return the kinds of all breaches."""
        return {breach.kind for breach in check(order(copy.deepcopy(self.lines)), self.record)}

    def find(self, kind: str, **fields: Any) -> Json:
        """Return the first line of a kind whose frame has these fields."""
        return next(line for line in self.lines if line["k"] == kind and fields.items() <= line["f"].items())

    def event(self, seq: int) -> Json:
        """Return an event of the database."""
        return self.row.events[seq - 1][2]

    def forget(self, seq: int) -> None:
        """Take the events from a seq on out of the database, as if they had never been committed."""
        kept = {event.get("id") for at, _, event in self.row.events if at < seq}
        self.row.events = self.row.events[: seq - 1]
        self.row.last_seq = self.row.projection["last_seq"] = seq - 1
        self.row.commands = {key: value for key, value in self.row.commands.items() if key in kept}


def message(command_id: str, sender: str, text: str, **fields: Any) -> Json:
    return {"kind": "message", "id": command_id, "from": sender, "text": text, **fields}


EVENTS: list[Json] = [
    {"kind": "opened", "language": "sv", "audience": "citizen"},
    message("c1", "citizen", "m-b-c Hej"),
    message("turn:2:0", "bot", "Du skrev: m-b-c Hej", reply_to=2),
    {"kind": "escalated", "reason": "asked_for_human"},
    {"kind": "claimed", "guide_id": GUIDE_ID, "guide_name": "Guide 1"},
    message("c3", "citizen", "m-b-d Är du där?"),
    message("c4", "citizen", "m-b-f Hallå?"),
    message("r1", "guide", "m-lb-c Ja", author="Guide 1"),
    {"kind": "handed_back", "guide_id": GUIDE_ID, "note": "klart"},
]
COMMANDS = [
    (CITIZEN, "say", "c1", 2, "m-b-c Hej"),
    (CITIZEN, "ask_human", "c2", 4, None),
    (GUIDE, "claim", "k1", 5, None),
    (CITIZEN, "say", "c3", 6, "m-b-d Är du där?"),
    (CITIZEN, "say", "c4", 7, "m-b-f Hallå?"),
    (GUIDE, "reply", "r1", 8, "m-lb-c Ja"),
    (GUIDE, "hand_back", "h1", 9, None),
]


def citizen_view(event: Json) -> Json:
    return {key: value for key, value in event.items() if key not in ("guide_id", "note")}


@pytest.fixture
def story() -> Story:
    """A conversation in which everything went well: a citizen on two connections, a guide on one."""
    lines: list[Json] = [
        {"k": "clock", "t": 0.0, "wall": 1_000.0},
        {"k": "guide", "t": 0.0, "w": GUIDE, "id": GUIDE_ID},
        {"k": "open", "t": 0.0, "w": CITIZEN, "cv": TALK},
        {"k": "connect", "t": 0.1, "s": 1, "w": CITIZEN, "hello": {"type": "hello", "after": 0}},
        {"k": "connect", "t": 0.1, "s": 2, "w": GUIDE, "hello": {"type": "hello", "after": {}}},
    ]
    for number, (sender, kind, command_id, seq, text) in enumerate(COMMANDS, start=1):
        frame = {"type": kind, "id": command_id, "conversation_id": TALK, **({"text": text} if text else {})}
        session = 1 if sender == CITIZEN else 2
        lines += [
            {"k": "command", "t": number, "w": sender, "f": frame},
            {"k": "send", "t": number, "s": session, "w": sender, "f": frame},
            {
                "k": "frame", "t": number + 0.1, "s": session,
                "f": {"type": "accepted", "id": command_id, "seq": seq, "conversation_id": TALK},
            },
        ]  # fmt: skip
    lines.append({"k": "connect", "t": 20.0, "s": 3, "w": CITIZEN, "hello": {"type": "hello", "after": 5}})
    for seq, event in enumerate(EVENTS, start=1):
        shown = {"type": "event", "seq": seq, "event": citizen_view(event)}
        lines.append({"k": "frame", "t": 20.0 + seq, "s": 1 if seq <= 5 else 3, "f": shown})
        told = {"type": "event", "seq": seq, "event": dict(event), "conversation_id": TALK}
        lines.append({"k": "frame", "t": 20.0 + seq, "s": 2, "f": told})
    row = Row(TALK, "bot", None, 3, 9, {"last_seq": 9, "state": "bot", "owner_id": None, "epoch": 3})
    row.events = [(seq, 1_000.0 + seq, dict(event)) for seq, event in enumerate(EVENTS, start=1)]
    row.commands = {command_id: seq for _, _, command_id, seq, _ in COMMANDS}
    row.turns = {2: Turn(2, 0, "done", 1, "smalltalk")}
    return Story(lines, {TALK: row})


def test_a_clean_run_has_no_breaches(story: Story) -> None:
    assert story.breaches() == set()


def lose_the_end(story: Story) -> None:
    story.forget(8)


def store_what_nobody_sent(story: Story) -> None:
    story.event(7)["text"] = "m-b-f Något annat"


def store_what_was_refused(story: Story) -> None:
    story.find("frame", id="c4")["f"] = {"type": "error", "id": "c4", "code": "conversation_closed"}


def store_a_message_twice(story: Story) -> None:
    story.event(7).update(id="c3", text="m-b-d Är du där?")


def swap_two_messages(story: Story) -> None:
    first, second = story.event(6), story.event(7)
    story.row.events[5], story.row.events[6] = (6, 1_006.0, second), (7, 1_007.0, first)
    story.find("frame", id="c3")["f"]["seq"], story.find("frame", id="c4")["f"]["seq"] = 7, 6


def leave_a_gap_in_the_record(story: Story) -> None:
    story.row.events[6] = (17, 1_007.0, story.event(7))


def leave_a_gap_in_a_stream(story: Story) -> None:
    story.lines.remove(story.find("frame", type="event", seq=7, event=citizen_view(EVENTS[6])))


def deliver_an_event_twice(story: Story) -> None:
    line = story.find("frame", type="event", seq=6, event=citizen_view(EVENTS[5]))
    story.lines.append({**line, "t": 40.0})


def deliver_what_was_seen_before(story: Story) -> None:
    line = story.find("frame", type="event", seq=5, event=citizen_view(EVENTS[4]))
    story.lines.insert(story.lines.index(line) + 2, {**line, "s": 3})


def show_another_text(story: Story) -> None:
    story.find("frame", type="event", seq=3, event=citizen_view(EVENTS[2]))["f"]["event"]["text"] = "Du skrev något"


def show_a_citizen_what_is_internal(story: Story) -> None:
    story.find("frame", type="event", seq=9, event=citizen_view(EVENTS[8]))["f"]["event"]["note"] = "klart"


def write_another_epoch(story: Story) -> None:
    story.row.epoch = 2


def let_the_bot_speak_over_a_guide(story: Story) -> None:
    story.event(7).update(id="turn:2:1", reply_to=2, **{"from": "bot"})


def let_the_bot_answer_an_old_question(story: Story) -> None:
    story.row.events.append((10, 1_010.0, message("turn:2:1", "bot", "För sent", reply_to=2)))


def claim_without_a_guide(story: Story) -> None:
    story.row.commands["k1"] = 4


def let_two_guides_win(story: Story) -> None:
    story.event(6).clear()
    story.event(6).update(kind="claimed", guide_id=OTHER_ID, guide_name="Guide 2")


def promise_a_claim_to_the_wrong_guide(story: Story) -> None:
    story.event(5)["guide_id"] = OTHER_ID


def answer_a_repeat_otherwise(story: Story) -> None:
    line = story.find("frame", id="c1")
    story.lines.append({**line, "t": 30.0, "f": {**line["f"], "seq": 3}})


def refuse_what_was_accepted(story: Story) -> None:
    story.lines.append({"k": "frame", "t": 30.0, "s": 2, "f": {"type": "error", "id": "k1", "code": "already_claimed"}})


def accept_an_id_for_something_else(story: Story) -> None:
    line = story.find("send", id="c1")
    story.lines.append({**line, "s": 3, "t": 30.0, "f": {**line["f"], "text": "x-m-b-c Hej"}})
    story.lines.append({"k": "frame", "t": 31.0, "s": 3, "f": {"type": "accepted", "id": "c1", "seq": 2}})


def leave_a_command_without_answer(story: Story) -> None:
    story.lines.remove(story.find("frame", id="h1"))


def refuse_with_an_error_of_ones_own(story: Story) -> None:
    story.lines.append({"k": "frame", "t": 0.5, "s": 1, "f": {"type": "error", "id": "c1", "code": "internal"}})


def refuse_a_hello(story: Story) -> None:
    story.lines.append({"k": "frame", "t": 30.0, "s": 3, "f": {"type": "error", "code": "after_in_future"}})


def never_show_the_end(story: Story) -> None:
    story.lines.remove(story.find("frame", type="event", seq=9, event=citizen_view(EVENTS[8])))


def leave_a_turn_under_way(story: Story) -> None:
    story.row.turns[2].status = "leased"


def give_a_question_no_turn(story: Story) -> None:
    story.row.turns.clear()


def say_nothing(story: Story) -> None:
    story.row.events = [(seq, at, event) for seq, at, event in story.row.events if seq <= 2]


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", lose_the_end),
        ("phantom", store_what_nobody_sent),
        ("done_though_refused", store_what_was_refused),
        ("doubled", store_a_message_twice),
        ("reordered", swap_two_messages),
        ("gap", leave_a_gap_in_the_record),
        ("gap", leave_a_gap_in_a_stream),
        ("delivered_twice", deliver_an_event_twice),
        ("delivered_twice", deliver_what_was_seen_before),
        ("other_view", show_another_text),
        ("other_view", show_a_citizen_what_is_internal),
        ("projection", write_another_epoch),
        ("bot_spoke", let_the_bot_speak_over_a_guide),
        ("bot_spoke", let_the_bot_answer_an_old_question),
        ("double_claim", let_two_guides_win),
        ("phantom", claim_without_a_guide),
        ("double_claim", promise_a_claim_to_the_wrong_guide),
        ("other_outcome", answer_a_repeat_otherwise),
        ("other_outcome", refuse_what_was_accepted),
        ("other_outcome", accept_an_id_for_something_else),
        ("unanswered", leave_a_command_without_answer),
        ("refused", refuse_with_an_error_of_ones_own),
        ("refused", refuse_a_hello),
        ("not_delivered", never_show_the_end),
        ("turn_hangs", leave_a_turn_under_way),
        ("no_turn", give_a_question_no_turn),
        ("silent", say_nothing),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_breach_is_found(story: Story, kind: str, spoil: Callable[[Story], None]) -> None:
    spoil(story)
    assert kind in story.breaches()


def test_what_failed_while_the_database_was_away_may_be_stored_behind_what_came_after_it(story: Story) -> None:
    swap_two_messages(story)
    story.find("frame", id="c3")["t"] = 5.5
    assert "reordered" in story.breaches()
    story.lines.append({"k": "kill", "t": 4.0, "name": "postgres"})
    story.lines.append({"k": "ready", "t": 4.5, "name": "postgres"})
    assert "reordered" not in story.breaches()


def test_a_repeat_and_a_refused_reuse_are_no_breach(story: Story) -> None:
    accepted, sent = story.find("frame", id="c1"), story.find("send", id="c1")
    story.lines += [
        {**sent, "s": 3, "t": 30.0},
        {**accepted, "s": 3, "t": 30.1},
        {**sent, "s": 3, "t": 31.0, "f": {**sent["f"], "text": "x-m-b-c Hej"}},
        {"k": "frame", "t": 31.1, "s": 3, "f": {"type": "error", "id": "c1", "code": "id_reused"}},
    ]
    assert story.breaches() == set()


def test_a_guide_is_not_told_again_when_a_conversation_comes_back(story: Story) -> None:
    line = story.find("frame", type="event", seq=1, conversation_id=TALK)
    story.lines.append({**line, "t": 40.0})
    assert story.breaches() == {"delivered_twice"}


def test_waits_are_counted_from_when_a_client_was_back(story: Story) -> None:
    story.lines.append({"k": "away", "t": 0.9, "w": CITIZEN, "until": 1.05})
    journal = order(story.lines)
    first = next(wait for wait in command_waits(journal) if wait.what == "say c1")
    assert first.seconds == pytest.approx(0.05)
    assert [wait.seconds for wait in turn_waits(journal, story.record)] == [pytest.approx(1.95)]


def test_a_plan_is_the_same_for_the_same_seed_and_leaves_nobody_down() -> None:
    lines = [f"clients-{number}" for number in range(CLIENT_LINES)] + ["postgres-1"]
    plan = make_plan(7, FULL_RUN_SECONDS, COMPONENTS, lines)
    assert plan == make_plan(7, FULL_RUN_SECONDS, COMPONENTS, lines)
    assert plan != make_plan(8, FULL_RUN_SECONDS, COMPONENTS, lines)
    assert plan == sorted(plan, key=lambda act: act.at)
    kills = [act for act in plan if act.kind == "kill"]
    assert len(kills) >= figures(FULL_RUN_SECONDS).kills
    assert {act.target for act in kills} == {name for name, _ in COMPONENTS}
    for name, _ in COMPONENTS:
        mine = [act for act in kills if act.target == name]
        assert all(one.at + one.seconds < after.at for one, after in pairwise(mine))


def test_figures_are_in_proportion_to_the_length() -> None:
    assert figures(FULL_RUN_SECONDS).messages == 50_000
    assert figures(60).reconnects == 1_000 and figures(60).stall_seconds == 15.0
