"""The table of misses is what the record makes of it, on both databases; what is labelled or taken out is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, RowMapping, delete, insert, select

from handover.core import commands as c
from handover.core import events as e
from handover.core.errors import HandoverError
from handover.core.labels import SHOWN_FOR, SKIPPED_FOR, Label, LabelledFirstError
from handover.core.misses import find_misses, text_key
from handover.store import miss_labels, misses, record, redaction
from handover.store import tables as t
from handover.store.database import Database
from handover.store.miss_labels import Act
from handover.store.misses import Openness, OpenText
from handover.store.record import Stored
from handover.tuning.inbox.rebuilding import AT_ONCE, rebuild_all
from tests.store.test_record import NOW, _carry_out, commands

pytestmark = pytest.mark.anyio
PERMIT = "bygglov.behovs"
ASKED = "Får man bygga friggebod?"
KEY = text_key(ASKED, "sv", "citizen")
LATER = NOW + timedelta(hours=1)
UNDERSTOOD = [
    e.Understanding(intent=intent, confidence=0.4, decision=decision, model_id="m1")
    for intent in (PERMIT, "dialogue.deny", "dialogue.complaint")
    for decision in ("answered", "asked", "searched", "escalated")
]


def _understood(command: c.Command, understanding: e.Understanding) -> c.Command:
    return replace(command, understanding=understanding) if isinstance(command, c.FinishTurn) else command


#: Turns of the record's own histories, of which the assistant understood something.
turns = st.builds(_understood, commands, st.sampled_from(UNDERSTOOD))


def _rows(connection: Connection, key: str) -> list[RowMapping]:
    query = select(t.misses).where(t.misses.c.conversation_id == key).order_by(t.misses.c.seq)
    return list(connection.execute(query).mappings())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(turns, max_size=15), taken_out=st.integers(1, 20))
async def test_misses_are_what_the_record_makes_of_them(
    database: Database, history: list[c.Command], taken_out: int
) -> None:
    fresh = (await database.write(lambda connection: _carry_out(connection, history)))[-1]

    def take_out(connection: Connection) -> None:
        page = record.read_events(connection, fresh.id, 0)
        said = [one.seq for one in page.events if isinstance(one.event, e.Message)]
        if taken_out in said:
            redaction.redact_event(connection, fresh.id, taken_out, LATER, None)

    await database.write(take_out)

    def made_anew(connection: Connection) -> tuple[list[RowMapping], list[RowMapping], int]:
        kept = _rows(connection, fresh.id)
        misses.rebuild(connection, [fresh.id])
        page = record.read_events(connection, fresh.id, 0)
        found = find_misses((one.seq, one.at, one.event) for one in page.events)
        return kept, _rows(connection, fresh.id), len(found)

    kept, again, found = await database.write(made_anew)
    assert kept == again
    assert len(kept) == found
    assert taken_out not in [row["seq"] for row in kept]


def _append(connection: Connection, talk: str, *events: e.Event, at: datetime = NOW) -> None:
    """Append events to a conversation, opened first where it is new, as a command would."""
    if not connection.scalar(select(t.conversations.c.id).where(t.conversations.c.id == talk)):
        opened = e.Opened(language="sv", audience=e.Audience.CITIZEN)
        record.open_conversations(connection, [record.Opening(talk, "hash", opened, at)], {})
    last = record.get_conversation(connection, talk).last_seq
    stored = [(talk, Stored(seq, at, event)) for seq, event in enumerate(events, last + 1)]
    record.insert_events(connection, stored)
    row = {"last_seq": last + len(events)}
    projection = connection.scalar(select(t.conversations.c.projection).where(t.conversations.c.id == talk))
    connection.execute(
        t.conversations.update()
        .where(t.conversations.c.id == talk)
        .values(**row, projection={**(projection or {}), **row})
    )
    misses.project(connection, stored)


def _missed(
    connection: Connection, talk: str, text: str = ASKED, at: datetime = NOW, model: str = "m1", **understood: Any
) -> None:
    """Let a text be missed in a conversation of its own."""
    understanding = e.Understanding(
        **{
            "intent": PERMIT,
            "confidence": 0.1,
            "decision": "searched",
            "language": "sv",
            "model_id": model,
            **understood,
        }
    )
    said = e.Message(id="said", sender="citizen", text=text)
    reply = e.Message(id="reply", sender="bot", text="Jag hittade", reply_to=2, understanding=understanding)
    _append(connection, talk, said, reply, at=at)


def _openness(now: datetime, gone: frozenset[str] = frozenset()) -> Openness:
    return Openness(now - SHOWN_FOR, now - SKIPPED_FOR, gone)


def _shown(
    connection: Connection, now: datetime = LATER, gone: frozenset[str] = frozenset(), key: str = KEY
) -> OpenText | None:
    """Return the text as the inbox shows it; None: it does not."""
    openness = _openness(now, gone)
    listed = {one.text_key for one in misses.list_open(connection, openness, 100)}
    found = misses.list_texts(connection, [key], openness, now)
    assert (key in listed) == (key in found), "both readings say the same"
    return found.get(key)


def _act(number: int, label: Label, at: datetime = LATER, by: str = "editor-1", **fields: Any) -> Act:
    return Act(
        **{
            "id": f"act-{number}",
            "label": label,
            "faq": None,
            "name": None,
            "by_id": by,
            "by_name": by,
            "at": at,
            **fields,
        }
    )


async def test_same_words_of_several_people_are_one_text(database: Database) -> None:
    def work(connection: Connection) -> OpenText | None:
        _missed(connection, "talk-1")
        _missed(connection, "talk-2", "får man bygga friggebod", at=NOW + timedelta(minutes=1))
        _missed(connection, "talk-3", "Något annat")
        return _shown(connection)

    shown = await database.write(work)
    assert shown is not None
    assert (shown.count, shown.text, shown.version) == (2, "får man bygga friggebod", 0)
    assert (shown.conversation_id, shown.seq) == ("talk-2", 2)


async def test_text_that_is_taken_out_of_the_record_is_gone_from_the_inbox(database: Database) -> None:
    def work(connection: Connection) -> tuple[OpenText | None, OpenText | None]:
        _missed(connection, "talk-1")
        before = _shown(connection)
        redaction.redact_event(connection, "talk-1", 2, NOW, None)
        return before, _shown(connection)

    before, after = await database.write(work)
    assert before is not None
    assert after is None


async def test_message_that_is_taken_out_of_a_very_long_conversation_is_gone_too(database: Database) -> None:
    def work(connection: Connection) -> OpenText | None:
        _missed(connection, "talk-1")
        _append(connection, "talk-1", *[e.Note(guide_id="g", guide_name="G", text="…")] * (misses.WINDOW + 5))
        _append(connection, "talk-1", e.Rated(score=1, resolved=False))
        assert _shown(connection) is not None, "what is too long ago to be read again stays"
        redaction.redact_event(connection, "talk-1", 2, NOW, None)
        return _shown(connection)

    assert await database.write(work) is None


async def test_labelled_text_stays_away_until_another_model_misses_it(database: Database) -> None:
    def work(connection: Connection) -> list[bool]:
        _missed(connection, "talk-1")
        miss_labels.give(connection, _act(1, Label.RIGHT), {KEY: 0})
        shown = [_shown(connection) is not None]
        _missed(connection, "talk-2", at=LATER + timedelta(hours=1))
        shown.append(_shown(connection) is not None)
        _missed(connection, "talk-3", at=LATER + timedelta(hours=1), model="m2")
        again = _shown(connection)
        assert again is not None
        assert (again.count, again.version) == (1, 1)
        return [*shown, True]

    assert await database.write(work) == [False, False, True]


async def test_skipped_text_comes_back_after_a_week(database: Database) -> None:
    def work(connection: Connection) -> tuple[bool, bool]:
        _missed(connection, "talk-1")
        miss_labels.give(connection, _act(1, Label.SKIP), {KEY: 0})
        return _shown(connection) is None, _shown(connection, LATER + SKIPPED_FOR) is None

    assert await database.write(work) == (True, False)


async def test_text_whose_faq_is_gone_is_shown_again_unless_its_example_was_used(database: Database) -> None:
    def work(connection: Connection) -> tuple[bool, bool, bool]:
        _missed(connection, "talk-1")
        miss_labels.give(connection, _act(1, Label.FAQ, faq=PERMIT), {KEY: 0})
        gone = frozenset(miss_labels.list_named_faqs(connection))
        before = _shown(connection) is None, _shown(connection, gone=gone) is None
        miss_labels.mark_proposed(connection, miss_labels.list_waiting(connection, "editor-1", 10), "change-1")
        return *before, _shown(connection, gone=gone) is None

    assert await database.write(work) == (True, False, True)


async def test_record_of_before_an_upgrade_is_read_anew(database: Database) -> None:
    talks = [f"talk-{number:03}" for number in range(AT_ONCE + 3)]

    def work(connection: Connection) -> list[RowMapping]:
        for talk in talks:
            _missed(connection, talk)
        rows = list(connection.execute(select(t.misses).order_by(t.misses.c.conversation_id)).mappings())
        connection.execute(delete(t.misses))
        return rows

    before = await database.write(work)
    assert await rebuild_all(database) == len(talks)
    query = select(t.misses).order_by(t.misses.c.conversation_id)
    assert await database.read(lambda connection: list(connection.execute(query).mappings())) == before


async def test_old_misses_are_not_shown(database: Database) -> None:
    def work(connection: Connection) -> OpenText | None:
        _missed(connection, "talk-1")
        return _shown(connection, NOW + SHOWN_FOR)

    assert await database.write(work) is None


async def test_second_label_is_refused_with_the_first_and_changes_nothing(database: Database) -> None:
    def work(connection: Connection) -> LabelledFirstError:
        _missed(connection, "talk-1")
        _missed(connection, "talk-2", "Något annat")
        other = text_key("Något annat", "sv", "citizen")
        miss_labels.give(connection, _act(1, Label.FAQ, faq=PERMIT), {KEY: 0})
        with pytest.raises(LabelledFirstError) as refused:
            miss_labels.give(connection, _act(2, Label.RIGHT, by="editor-2"), {other: 0, KEY: 0})
        assert _shown(connection, key=other) is not None, "all or none"
        return refused.value

    given = (await database.write(work)).given
    assert given is not None
    assert (given.by_name, given.label, given.faq) == ("editor-1", Label.FAQ, PERMIT)


async def test_undone_label_leaves_what_stood_before_it(database: Database) -> None:
    def work(connection: Connection) -> None:
        _missed(connection, "talk-1")
        miss_labels.give(connection, _act(1, Label.RIGHT), {KEY: 0})
        _missed(connection, "talk-2", at=LATER + timedelta(hours=1), model="m2")
        evening = LATER + timedelta(hours=8)
        miss_labels.give(connection, _act(2, Label.OUT_OF_SCOPE, at=evening), {KEY: 1})
        with pytest.raises(HandoverError, match="label_unknown"):
            miss_labels.undo(connection, "act-2", "editor-2", evening)
        with pytest.raises(LabelledFirstError):
            miss_labels.undo(connection, "act-1", "editor-1", evening)
        assert miss_labels.undo(connection, "act-2", "editor-1", evening) == 1
        shown = _shown(connection, evening)
        assert shown is not None
        assert (shown.version, shown.count) == (1, 1), "the first label covers what it covered"
        with pytest.raises(HandoverError, match="label_unknown"):
            miss_labels.undo(connection, "act-2", "editor-1", evening)
        assert miss_labels.undo(connection, "act-1", "editor-1", evening) == 1
        again = _shown(connection, evening)
        assert again is not None
        assert (again.version, again.count) == (0, 2)
        miss_labels.give(connection, _act(3, Label.RIGHT, at=evening), {KEY: 0})
        assert [given.version for given in miss_labels.list_given(connection, 10)] == [2, 3, 1]

    await database.write(work)


async def test_label_whose_example_was_used_is_not_undone(database: Database) -> None:
    def work(connection: Connection) -> None:
        _missed(connection, "talk-1")
        miss_labels.give(connection, _act(1, Label.FAQ, faq=PERMIT), {KEY: 0})
        (waiting,) = miss_labels.list_waiting(connection, "editor-1", 10)
        assert (waiting.text, waiting.language, waiting.given.faq) == (ASKED, "sv", PERMIT)
        assert miss_labels.count_waiting(connection, "editor-1") == 1
        assert miss_labels.count_waiting(connection, "editor-2") == 0
        miss_labels.mark_proposed(connection, [waiting], "change-1")
        assert miss_labels.list_waiting(connection, "editor-1", 10) == []
        with pytest.raises(HandoverError, match="label_used"):
            miss_labels.undo(connection, "act-1", "editor-1", LATER)

    await database.write(work)


async def test_repeated_act_changes_nothing_and_its_id_is_for_nothing_else(database: Database) -> None:
    def work(connection: Connection) -> None:
        _missed(connection, "talk-1")
        for _ in range(2):
            miss_labels.give(connection, _act(1, Label.RIGHT), {KEY: 0})
        assert len(miss_labels.list_given(connection, 10)) == 1
        with pytest.raises(HandoverError, match="id_reused"):
            miss_labels.give(connection, _act(1, Label.SKIP), {KEY: 1})
        with pytest.raises(HandoverError, match="miss_unknown"):
            miss_labels.give(connection, _act(2, Label.RIGHT), {"0" * 32: 0})

    await database.write(work)


async def test_text_is_held_by_one_person_at_a_time(database: Database) -> None:
    until = LATER + timedelta(seconds=45)

    def work(connection: Connection) -> None:
        _missed(connection, "talk-1")
        assert miss_labels.hold(connection, [KEY], "editor-1", "Ett", LATER, until) == {KEY}
        assert miss_labels.hold(connection, [KEY], "editor-2", "Två", LATER, until) == set()
        shown = _shown(connection)
        assert shown is not None
        assert (shown.held_by, shown.held_by_name) == ("editor-1", "Ett")
        with pytest.raises(HandoverError, match="miss_held") as refused:
            miss_labels.give(connection, _act(1, Label.RIGHT, by="editor-2"), {KEY: 0})
        assert refused.value.message == "Ett tittar på texten just nu."
        assert miss_labels.hold(connection, [KEY], "editor-2", "Två", until, until + timedelta(seconds=45)) == {KEY}
        assert miss_labels.hold(connection, [], "editor-2", "Två", until, until) == set()
        miss_labels.give(connection, _act(1, Label.RIGHT, by="editor-1"), {KEY: 0})

    await database.write(work)


async def test_database_keeps_labels_whole(database: Database) -> None:
    """A label of a FAQ names one, and no other does."""
    for values in ({"label": "faq", "faq": None}, {"label": "right", "faq": PERMIT}, {"label": "new_faq"}):
        row = {
            "text_key": KEY,
            "version": 1,
            "act_id": "a",
            "at": NOW,
            "by_id": "b",
            "by_name": "b",
            "current": True,
            **values,
        }
        with pytest.raises(Exception, match=r"(?i)check"):
            await database.write(lambda connection, row=row: connection.execute(insert(t.miss_labels).values(**row)))
