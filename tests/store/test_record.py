"""The record keeps its laws on both databases: order, no gaps, once only, snapshot and events agree."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, RowMapping, delete, select

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation, replay
from handover.core.errors import HandoverError
from handover.store import record, redaction, reviews
from handover.store import tables as t
from handover.store.database import Database
from handover.store.execute import Entry, execute_one
from tests.support.replica import Replica

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)
GUIDES = (c.Guide("guide-1", "Ett"), c.Guide("guide-2", "Två"))
CHOICES = (e.Choice(title="Bygglov", payload="bygglov.behovs"), e.Choice(title="Människa", payload="human"))
ANSWER = e.AnswerRef(service="bygglov", faq="bygglov.behovs", language="sv")
guides = st.sampled_from(GUIDES)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


def _finish(mode: str, escalate: e.Reason | None, stale: bool) -> c.FinishTurn:
    """A bot's turn whose epoch is set when it is carried out; -1 stands for one that came too late."""
    message = c.BotMessage("Svar", choices=CHOICES, answer=ANSWER)
    deadline = NOW + timedelta(minutes=1) if mode == "approve" else None
    return c.FinishTurn(
        -1 if stale else 0,
        1,
        (message,),
        escalate,
        mode=mode,  # type: ignore[arg-type]
        draft_deadline=deadline,
        level="sampled",
        review=mode == "send",
        instead=(c.BotMessage("En människa svarar", sender="system"),),
    )


commands = st.one_of(
    texts.map(c.Say),
    st.sampled_from(["bygglov.behovs", "human", "never.offered"]).map(c.Choose),
    st.just(c.AskHuman()),
    st.builds(c.Rate, st.integers(0, 6), st.booleans() | st.none(), texts | st.none()),
    guides.map(c.Claim),
    guides.map(c.TakeOver),
    st.builds(c.Reply, guides, texts),
    st.builds(c.AddNote, guides, texts),
    guides.map(c.HandBack),
    guides.map(c.Release),
    st.builds(c.Transfer, guides, st.none(), st.just("bygglov")),
    st.builds(c.ApproveDraft, guides, st.just("draft"), texts | st.none()),
    st.builds(c.RejectDraft, guides, st.just("draft"), st.just("outdated")),
    st.builds(
        _finish,
        st.sampled_from(["send", "approve", "shadow"]),
        st.sampled_from([None, e.Reason.CRISIS, e.Reason.LOW_CONFIDENCE]),
        st.booleans(),
    ),
    st.just(c.DraftTimeout("draft", "Förlåt")),
    st.just(c.WithdrawDraft("draft", "En människa svarar")),
    st.just(c.TellClosed("Vi öppnar måndag kl. 08:00")),
    st.builds(c.Whisper, guides, texts),
    st.builds(c.Review, guides, st.just("none"), st.sampled_from(["good", "wrong", "unclear"]), st.booleans()),
    guides.map(c.GuideClose),
)


def _aimed(command: c.Command, at: Conversation) -> c.Command:
    """Return the command with the draft and the epoch of now, where it needs them."""
    if isinstance(command, c.FinishTurn) and command.epoch == 0:
        return replace(command, epoch=at.epoch, reply_to=at.last_seq)
    draft = at.draft.id if at.draft else "none"
    if isinstance(command, c.ApproveDraft):
        return c.ApproveDraft(command.guide, draft, command.text)
    if isinstance(command, c.RejectDraft):
        return c.RejectDraft(command.guide, draft, command.label)
    if isinstance(command, c.Review) and at.listed:
        return replace(command, item=at.listed[-1])
    if isinstance(command, c.DraftTimeout | c.WithdrawDraft):
        return replace(command, draft_id=draft)
    return command


def _carry_out(connection: Connection, history: list[c.Command]) -> list[Conversation]:
    """Carry out a history on a new conversation; return where it stood after each step."""
    key = str(uuid.uuid4())
    opened = e.Opened(language="sv", audience=e.Audience.CITIZEN)
    stood = [record.open_conversations(connection, [record.Opening(key, "hash", opened, NOW)], {})[0].conversation]
    for number, command in enumerate(history):
        now = NOW + timedelta(seconds=number)
        try:
            execute_one(connection, Entry(key, f"command-{number}", _aimed(command, stood[-1]), now))
        except HandoverError:
            assert record.get_conversation(connection, key) == stood[-1], "a refusal changed something"
        stood.append(record.get_conversation(connection, key))
    return stood


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(commands, max_size=15), cut=st.integers(0, 15))
async def test_old_snapshot_and_events_make_the_fresh_snapshot(
    database: Database, history: list[c.Command], cut: int
) -> None:
    stood = await database.write(lambda connection: _carry_out(connection, history))
    fresh, old = stood[-1], stood[min(cut, len(stood) - 1)]
    page = await database.read(lambda connection: record.read_events(connection, fresh.id, 0))
    events = [(stored.seq, stored.at, stored.event) for stored in page.events]
    assert [seq for seq, _, _ in events] == list(range(1, fresh.last_seq + 1))
    assert page.conversation == fresh == replay(fresh.id, events)
    later = await database.read(lambda connection: record.read_events(connection, fresh.id, old.last_seq))
    assert replay(fresh.id, [(s.seq, s.at, s.event) for s in later.events], old) == fresh
    row = await database.read(
        lambda connection: (
            connection.execute(select(t.conversations).where(t.conversations.c.id == fresh.id)).mappings().one()
        )
    )
    assert (row["state"], row["owner_id"], row["epoch"]) == (fresh.state, fresh.owner_id, fresh.epoch)
    assert (row["waiting_since"], row["last_at"]) == (fresh.waiting_since, fresh.last_at)
    assert row["draft_id"] == (fresh.draft.id if fresh.draft else None)


def _reviews(connection: Connection, key: str) -> list[RowMapping]:
    table = t.reviews
    query = select(table).where(table.c.conversation_id == key).order_by(table.c.item, table.c.faq)
    return list(connection.execute(query).mappings())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(commands, max_size=15))
async def test_reviews_are_what_the_events_make_of_them(database: Database, history: list[c.Command]) -> None:
    fresh = (await database.write(lambda connection: _carry_out(connection, history)))[-1]

    def made_anew(connection: Connection) -> tuple[list[RowMapping], list[RowMapping]]:
        kept = _reviews(connection, fresh.id)
        connection.execute(delete(t.reviews).where(t.reviews.c.conversation_id == fresh.id))
        for stored in record.read_events(connection, fresh.id, 0).events:
            reviews.project(connection, [(fresh.id, stored)])
        return kept, _reviews(connection, fresh.id)

    kept, again = await database.write(made_anew)
    assert kept == again
    assert {row["item"] for row in kept if row["status"] == reviews.LISTED} == set(fresh.listed)


async def test_repeated_id_returns_the_first_outcome_and_adds_nothing(replica: Replica) -> None:
    talk = await replica.open()
    first = await replica.do(talk, c.Say("Hej"), "the-same-id")
    await replica.do(talk, c.Say("Något annat"))
    again = await replica.do(talk, c.Say("Hej"), "the-same-id")
    assert (again.seq, again.appended, again.repeated, again.bot_turn) == (first.seq, (), True, None)
    assert (await replica.look(talk)).last_seq == 3
    assert len(replica.started) == 1


async def test_repeated_id_after_the_end_still_returns_the_first_outcome(replica: Replica) -> None:
    talk = await replica.open()
    first = await replica.do(talk, c.Say("Hej"), "the-same-id")
    await replica.do(talk, c.CitizenClose())
    assert (await replica.do(talk, c.Say("Hej"), "the-same-id")).seq == first.seq


@pytest.mark.parametrize("other", [c.Say("Hej då"), c.AskHuman(), c.CitizenClose()])
async def test_same_id_for_something_else_is_refused(replica: Replica, other: c.Command) -> None:
    talk = await replica.open()
    await replica.do(talk, c.Say("Hej"), "the-same-id")
    with pytest.raises(HandoverError, match="id_reused"):
        await replica.do(talk, other, "the-same-id")
    assert await replica.kinds(talk) == ["opened", "message"]


async def test_same_id_in_another_conversation_is_another_command(replica: Replica) -> None:
    one, two = await replica.open(), await replica.open()
    for talk in (one, two):
        await replica.do(talk, c.Say(f"Hej {talk}"), "the-same-id")
    assert (await replica.look(one)).last_seq == (await replica.look(two)).last_seq == 2


async def test_what_the_state_refused_stays_refused_under_its_id(replica: Replica) -> None:
    """A copy of a command may come late, over another connection: the sender was told no."""
    talk = await replica.open()
    for _ in range(2):
        with pytest.raises(HandoverError, match="wrong_state"):
            await replica.do(talk, c.Claim(GUIDES[0]), "claim-it")
        await replica.do(talk, c.AskHuman())
    with pytest.raises(HandoverError, match="id_reused"):
        await replica.do(talk, c.Claim(GUIDES[1]), "claim-it")
    assert (await replica.look(talk)).owner_id is None
    await replica.do(talk, c.Claim(GUIDES[0]), "claim-it-again")
    assert (await replica.look(talk)).owner_id == "guide-1"


async def test_after_in_the_future_is_refused_and_at_the_end_is_empty(replica: Replica) -> None:
    talk = await replica.open()
    assert (await replica.conversations.read(talk, 1)).events == ()
    for after in (2, 2**31, 2**70):
        with pytest.raises(HandoverError, match="after_in_future"):
            await replica.conversations.read(talk, after)


@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "x" * 64, "å", "nul\x00byte"])
async def test_unknown_conversation_is_refused_everywhere(replica: Replica, unknown: str) -> None:
    with pytest.raises(HandoverError, match="conversation_unknown"):
        await replica.conversations.read(unknown, 0)
    with pytest.raises(HandoverError, match="conversation_unknown"):
        await replica.do(unknown, c.Say("Hej"))
    with pytest.raises(HandoverError, match="conversation_unknown"):
        await replica.conversations.check_token(unknown, "token")


async def test_text_that_is_taken_out_is_gone_and_leaves_a_mark(replica: Replica) -> None:
    talk = await replica.open()
    said = await replica.do(talk, c.Say("en hemlighet"))
    await replica.database.write(
        lambda connection: redaction.redact_event(connection, talk, said.seq, replica.clock(), None)
    )
    history = await replica.history(talk)
    assert history[1].text == "[borttaget]"  # type: ignore[union-attr]
    assert history[2] == e.Redacted(target_seq=said.seq)
    with pytest.raises(HandoverError, match="bad_request"):
        await replica.database.write(lambda connection: redaction.redact_event(connection, talk, 1, NOW, None))
