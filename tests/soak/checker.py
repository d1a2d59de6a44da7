"""The independent checker of a soak: what every person saw against what the database holds.

It imports nothing of the product; the words for what happens between messages are read from the Swedish table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.chaos import checker as chaos
from tests.chaos.checker import Breach
from tests.chaos.evidence import Journal, Json, Record, Row
from tests.soak.people import Line, Talk

TABLE = Path(__file__).parents[2] / "widget" / "src" / "strings" / "tables" / "sv.ts"
NOT_SENT = "failed"
#: The checks of the fault runs that hold for guides and for the record, whoever the citizens are.
OF_RECORD_AND_GUIDES = (
    chaos.check_accepted_is_stored,
    chaos.check_record,
    chaos.check_bot_is_silent,
    chaos.check_claims,
    chaos.check_refused_is_nothing,
    chaos.check_outcomes,
    chaos.check_streams,
    chaos.check_answered,
    chaos.check_turns,
)


def check(talks: Iterable[Talk], journal: Journal, record: Record) -> list[Breach]:
    """Return all breaches."""
    words = read_words()
    found = [breach for talk in talks for breach in check_talk(talk, record, words)]
    return [*found, *(breach for one in OF_RECORD_AND_GUIDES for breach in one(journal, record))]


def check_talk(talk: Talk, record: Record, words: dict[str, str]) -> Iterator[Breach]:
    """Everything said is there once and in order; what is shown is what the record says, now and at every moment."""
    if talk.conversation is None or talk.conversation not in record:
        if talk.said:
            yield Breach("lost", talk.widget, f"{len(talk.said)} messages, and no conversation in the database")
        return
    row = record[talk.conversation]
    due = [line for _, line in lines_of(row, words)]
    where = f"{talk.conversation} of {talk.widget}"
    yield from _check_unsent(talk, row, where, words)
    yield from _check_said(talk, due, where)
    if talk.shown != due:
        yield Breach("shown", where, _difference(talk.shown, due))
    for number, life in enumerate(talk.lives):
        lines = [one.line for one in life]
        if lines != due[: len(lines)]:
            yield Breach("shown_meanwhile", where, f"load {number}: {_difference(lines, due)}")


def _check_unsent(talk: Talk, row: Row, where: str, words: dict[str, str]) -> Iterator[Breach]:
    """In the end nothing waits; a message that the end of the conversation overtook is told of as not sent."""
    stored = {event["text"] for _, _, event in row.events if event["kind"] == "message"}
    for text, delivery in talk.unsent:
        if row.state != "closed" or delivery != words[NOT_SENT]:
            yield Breach("unsent", where, f"{text!r} is still “{delivery}”")
        elif text in stored:
            yield Breach("unsent", where, f"{text!r} is told of as not sent, and is in the database")


def _check_said(talk: Talk, due: list[Line], where: str) -> Iterator[Breach]:
    unsent = {text for text, _ in talk.unsent}
    said = [one.text for one in talk.said if one.text not in unsent]
    stored = [line.text for line in due if line.who == "citizen"]
    if said == stored:
        return
    for text in said:
        if stored.count(text) != 1:
            yield Breach("lost" if text not in stored else "doubled", where, text)
    if sorted(said) == sorted(stored):
        yield Breach("reordered", where, f"said {said}, stored {stored}")
    for text in stored:
        if text not in said:
            yield Breach("phantom", where, text)


def lines_of(row: Row, words: dict[str, str]) -> Iterator[tuple[float, Line]]:
    """Yield what the citizen is to see of a conversation, each with the time of its commit."""
    for _, at, event in row.events:
        line = _line_of(event, words)
        if line is not None:
            yield at, line


def _line_of(event: Json, words: dict[str, str]) -> Line | None:
    match event["kind"]:
        case "message":
            return Line(event["from"], event["text"])
        case "escalated":
            key = event["reason"]
        case "claimed":
            return Line("turn", words["claimed"].replace("{name}", event["guide_name"]))
        case "released":
            key = "lostConnection" if event.get("reason") == "lost_connection" else "released"
        case "transferred":
            key = "transferred"
        case "handed_back":
            key = "handedBack"
        case "closed":
            key = f"closedBy{event['by'].capitalize()}"
        case _:
            return None
    return Line("turn", words[key])


def read_words() -> dict[str, str]:
    """Return the texts of the Swedish table by their names; a name that stands there twice has the last."""
    return dict(re.findall(r'^\s*(\w+):\s*"((?:[^"\\]|\\.)*)"', TABLE.read_text(encoding="utf-8"), re.MULTILINE))


def _difference(shown: list[Line], due: list[Line]) -> str:
    """Say where two transcripts part."""
    at = next((n for n, (one, other) in enumerate(zip(shown, due, strict=False)) if one != other), None)
    if at is None:
        return f"{len(shown)} lines are shown, {len(due)} are in the database"
    return f"line {at} is {shown[at]}, in the database {due[at]}"
