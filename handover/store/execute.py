"""Commands become events: many commands in one transaction, in a handful of statements.

Each command is decided on the conversation as the ones before it have left it; a refusal is that command's alone.
These are plain functions of a `Connection`, so that one transaction can hold more than this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, func, insert, select, tuple_, update

from handover.core import commands as c
from handover.core import events as e
from handover.core.conversation import Conversation, apply
from handover.core.decisions import decide
from handover.core.errors import HandoverError
from handover.core.events import State
from handover.store import misses, record, reviews
from handover.store import tables as t
from handover.store.capacity import Room, lock_room
from handover.store.record import Locked, Outcome, Stored
from handover.store.rules import Rules, apply_rule


@dataclass(frozen=True, slots=True)
class Entry:
    """A command to carry out once; `timer_at` is when the conversation is to be looked at again if nothing happens."""

    conversation_id: str
    command_id: str
    command: c.Command
    now: datetime
    timer_at: datetime | None = None
    #: Whether it ends a leased turn, whose row says whether it was done: its id is neither looked for nor stored.
    of_turn: bool = False


def execute_one(connection: Connection, entry: Entry) -> Outcome:
    """Carry out one command; raises what `execute_all` returns for a refused one."""
    (result,) = execute_all(connection, (entry,), record.lock_conversations(connection, {entry.conversation_id}))
    if isinstance(result, HandoverError):
        raise result
    return result


def execute_all(
    connection: Connection, entries: Sequence[Entry], locked: Mapping[str, Locked], rules: Rules | None = None
) -> list[Outcome | HandoverError]:
    """Carry out commands on `locked` conversations, in order, each once.

    A repeat of an id returns the first outcome and adds nothing. By `rules` a FAQ whose answer a command judges goes
    up or down in the same transaction; without them nothing is moved.

    A command that is refused gets its `HandoverError` and changes nothing: `conversation_unknown`, `id_reused` (the
    same id for something else), or whatever the state refuses. What the state refused stays refused under its id, so
    that a copy which comes late does not take effect after all.
    """
    takers = {entry.command.guide.id for entry in entries if isinstance(entry.command, c.Claim | c.TakeOver)}
    batch = _Batch({key: one.conversation for key, one in locked.items()}, lock_room(connection, takers))
    batch.known = _find_commands(connection, entries)
    results = [batch.carry_out(entry) for entry in entries]
    judged = batch.write(connection)
    if rules is not None and judged:
        apply_rule(connection, judged, rules, max(entry.now for entry in entries))
    return results


def fingerprint(command: c.Command) -> str:
    """Return a hash by which a repeated command is told from another one under the same id."""
    text = f"{type(command).__name__}{sorted(_plain(command).items(), key=lambda item: item[0])!r}"
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return what `dataclasses.asdict` does, without a copy of every value that an answer of the assistant holds.

    Fields that do not compare were found out on the way, and are left out.
    """
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.compare}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


@dataclass(slots=True)
class _Known:
    """A command that was carried out before, in the database or earlier in the batch."""

    fingerprint: str
    seq: int | None
    refused: str | None = None


@dataclass(slots=True)
class _Batch:
    """Conversations as they come to stand, and the rows to write at the end."""

    conversations: dict[str, Conversation]
    room: Room
    known: dict[tuple[str, str], _Known] = field(default_factory=dict)
    timers: dict[str, datetime | None] = field(default_factory=dict)
    events: list[tuple[str, Stored]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)
    waits: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)

    def carry_out(self, entry: Entry) -> Outcome | HandoverError:
        try:
            return self._carry_out(entry)
        except HandoverError as refusal:
            return refusal

    def _carry_out(self, entry: Entry) -> Outcome:
        before = self.conversations.get(entry.conversation_id)
        if before is None:
            raise HandoverError("conversation_unknown")
        key = (entry.conversation_id, entry.command_id)
        print_of = "" if entry.of_turn else fingerprint(entry.command)
        known = self.known.get(key)
        if known is not None:
            if known.fingerprint != print_of:
                raise HandoverError("id_reused")
            if known.refused is not None:
                raise HandoverError(known.refused)
            return Outcome(known.seq or 0, before, repeated=True)
        # A clock that was set back does not make an event older than the one before it.
        now = max(entry.now, before.last_at or entry.now)
        try:
            decision = decide(before, entry.command, entry.command_id)
            if isinstance(entry.command, c.Claim | c.TakeOver):
                self.room.check(entry.command.guide, before)
        except HandoverError as refusal:
            self._note(entry, _Known(print_of, None, refusal.code), now)
            raise
        after, stored = before, []
        for event in decision.events:
            after = apply(after, event, after.last_seq + 1, now)
            stored.append(Stored(after.last_seq, now, event))
            if isinstance(event, e.Claimed):
                self._note_claim(entry.conversation_id, event, now)
        seq = stored[0].seq if stored else before.last_seq
        if stored:
            self.conversations[entry.conversation_id] = after
            self.timers[entry.conversation_id] = _timer(after, entry.timer_at)
            self.events += [(entry.conversation_id, one) for one in stored]
            self.room.change(before, after)
        self._note(entry, _Known(print_of, seq), now)
        if before.waiting_since is not None and after.state is State.GUIDE:
            self.waits.append({"at": now, "seconds": max(0.0, (now - before.waiting_since).total_seconds())})
        return Outcome(seq, after, tuple(stored), seq if decision.bot_turn else None)

    def _note(self, entry: Entry, known: _Known, now: datetime) -> None:
        self.known[entry.conversation_id, entry.command_id] = known
        if entry.of_turn:
            return
        self.commands.append(
            {
                "conversation_id": entry.conversation_id,
                "id": entry.command_id,
                "fingerprint": known.fingerprint,
                "seq": known.seq,
                "refused": known.refused,
                "at": now,
            }
        )

    def _note_claim(self, conversation_id: str, event: e.Claimed, now: datetime) -> None:
        self.assignments.append(
            {"at": now, "account_id": event.guide_id, "conversation_id": conversation_id, "via": event.via}
        )

    def write(self, connection: Connection) -> set[str]:
        """Write everything; return the FAQs of which an answer was judged."""
        judged: set[str] = set()
        if self.events:
            record.insert_events(connection, self.events)
            judged = reviews.project(connection, self.events)
            misses.project(connection, self.events)
            changed = [
                {**record.columns(self.conversations[key]), "timer_at": timer} for key, timer in self.timers.items()
            ]
            connection.execute(_UPDATE, [{"key": row.pop("id"), **row} for row in changed])
        if self.commands:
            connection.execute(_INSERT_COMMANDS, self.commands)
        if self.waits:
            connection.execute(_INSERT_WAITS, self.waits)
        if self.assignments:
            connection.execute(_INSERT_ASSIGNMENTS, self.assignments)
        return judged


_CHANGED = tuple(
    column.name
    for column in t.conversations.columns
    if column.name not in ("id", "token_hash", "context", "account_id")
)
_UPDATE = (
    update(t.conversations)
    .where(t.conversations.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _CHANGED})
)
_KEY = tuple_(t.commands.c.conversation_id, t.commands.c.id)
_FOUND = select(
    t.commands.c.conversation_id, t.commands.c.id, t.commands.c.fingerprint, t.commands.c.seq, t.commands.c.refused
)
_FIND = _FOUND.where(_KEY.in_(bindparam("keys", expanding=True)))
#: SQLite reads the whole table for pairs in a list of values, and uses the primary key for pairs in a subquery.
_GIVEN = func.json_each(bindparam("keys", type_=JSON)).table_valued("value")
_FIND_IN_SQLITE = _FOUND.where(
    _KEY.in_(select(func.json_extract(_GIVEN.c.value, "$[0]"), func.json_extract(_GIVEN.c.value, "$[1]")))
)
_INSERT_COMMANDS, _INSERT_WAITS, _INSERT_ASSIGNMENTS = insert(t.commands), insert(t.waits), insert(t.assignments)


def _timer(after: Conversation, timer_at: datetime | None) -> datetime | None:
    if after.draft is not None and after.draft.deadline is not None:
        return datetime.fromisoformat(after.draft.deadline)
    return timer_at if after.state is State.BOT else None


def _find_commands(connection: Connection, entries: Sequence[Entry]) -> dict[tuple[str, str], _Known]:
    keys = [
        (entry.conversation_id, entry.command_id)
        for entry in entries
        if not entry.of_turn and "\0" not in entry.conversation_id
    ]
    if not keys:
        return {}
    find = _FIND_IN_SQLITE if connection.dialect.name == "sqlite" else _FIND
    return {
        (row.conversation_id, row.id): _Known(row.fingerprint, row.seq, row.refused)
        for row in connection.execute(find, {"keys": keys})
    }
