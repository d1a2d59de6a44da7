"""One transaction for what came together: conversations to open, commands, and the ends of the assistant's turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handover.core import commands as c
from handover.core.decisions import silenced
from handover.core.errors import HandoverError
from handover.store import record, turns
from handover.store.execute import Entry, execute_all
from handover.store.record import Locked, Opening, Outcome
from handover.store.rules import Rules
from handover.store.turns import Asked, Turn


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a turn: the command that it comes to (None: nothing), what is remembered, and how it went."""

    turn: Turn
    entry: Entry | None
    context: dict[str, Any] | None
    result: str
    engine_ms: float | None


@dataclass(frozen=True, slots=True)
class Done:
    """What an item came to: its outcome, and the turn of the assistant that this replica is to run now.

    A finish whose lease was lost has no outcome.
    """

    outcome: Outcome | None
    turn: Turn | None = None
    #: Whether the turn follows on one that was finished, and so goes to whoever ran that.
    follows: bool = False


type Item = Opening | Entry | Finish


def carry_out_all(
    connection: Connection, items: Sequence[Item], replica: str, lease_until: datetime, rules: Rules | None = None
) -> list[Done | HandoverError]:
    """Carry out all items in order; safe to repeat, should nobody know whether the commit was done.

    A turn is finished only while it is leased to `replica`, and its words are written only under the epoch that it
    began with: `decide` compares it with the locked conversation's, in this transaction. When everything has been
    switched off since, it says what it was given to say instead.
    """
    finishes = [item for item in items if isinstance(item, Finish)]
    ids = {conversation_of(item) for item in items}
    locked = record.lock_conversations(connection, ids)
    opened = iter(record.open_conversations(connection, [item for item in items if isinstance(item, Opening)], locked))
    found = turns.find_leased(connection, [finish.turn for finish in finishes], replica)
    held = found.turns
    if found.all_off:
        items = [_silenced(item) for item in items]
    entries = [entry for item in items if (entry := _entry_of(item, held)) is not None]
    results = iter(execute_all(connection, entries, locked, rules))
    outcomes: list[Outcome | HandoverError | None] = []
    for item in items:
        if isinstance(item, Opening):
            outcomes.append(next(opened))
        else:
            outcomes.append(next(results) if _entry_of(item, held) is not None else None)
    begun = _begin_turns(connection, outcomes, locked, replica, lease_until)
    following = _end_turns(connection, items, outcomes, held, locked, replica, lease_until)
    return [
        outcome
        if isinstance(outcome, HandoverError)
        else Done(outcome, _turn_of(item, outcome, begun, following), isinstance(item, Finish))
        for item, outcome in zip(items, outcomes, strict=True)
    ]


def conversation_of(item: Item) -> str:
    """Return the conversation that an item is about."""
    return item.turn.conversation_id if isinstance(item, Finish) else item.conversation_id


def _entry_of(item: Item, held: frozenset[Turn]) -> Entry | None:
    if isinstance(item, Finish):
        return item.entry if item.turn in held else None
    return item if isinstance(item, Entry) else None


def _silenced(item: Item) -> Item:
    if not isinstance(item, Finish) or item.entry is None or not isinstance(item.entry.command, c.FinishTurn):
        return item
    return replace(item, entry=replace(item.entry, command=silenced(item.entry.command)))


def _begin_turns(
    connection: Connection,
    outcomes: Sequence[Outcome | HandoverError | None],
    locked: dict[str, Locked],
    replica: str,
    lease_until: datetime,
) -> dict[tuple[str, int], Turn]:
    """Add the turns that commands lead to; return those that may run now, with what they answer."""
    wanted = [done for done in outcomes if isinstance(done, Outcome) and done.bot_turn is not None]
    keys = [(done.conversation.id, done.bot_turn or 0, done.conversation.epoch) for done in wanted]
    leased = {(t.conversation_id, t.seq): t for t in turns.add_turns(connection, keys, replica, lease_until)}
    return {
        key: replace(leased[key], asked=Asked(done.conversation, done.appended[0].event, locked[key[0]].context))
        for done in wanted
        if (key := (done.conversation.id, done.bot_turn or 0)) in leased
    }


def _end_turns(
    connection: Connection,
    items: Sequence[Item],
    outcomes: Sequence[Outcome | HandoverError | None],
    held: frozenset[Turn],
    locked: dict[str, Locked],
    replica: str,
    lease_until: datetime,
) -> dict[str, Turn]:
    """Mark turns as done, keep what they taught, and lease the next turn of each conversation."""
    ended: list[tuple[Turn, str, float | None]] = []
    contexts: dict[str, dict[str, Any]] = {}
    spoken_since = {
        done.conversation.id for done in outcomes if isinstance(done, Outcome) and done.bot_turn is not None
    }
    for item, outcome in zip(items, outcomes, strict=True):
        if not isinstance(item, Finish) or item.turn not in held:
            continue
        fresh = _is_fresh(item.turn, outcome)
        ended.append((item.turn, item.result if fresh else "stale", item.engine_ms))
        if fresh and item.context is not None and item.context != locked[item.turn.conversation_id].context:
            contexts[item.turn.conversation_id] = item.context
        if locked[item.turn.conversation_id].conversation.last_seq != item.turn.seq:
            spoken_since.add(item.turn.conversation_id)
    if not ended:
        return {}
    record.set_contexts(connection, contexts)
    turns.finish_turns(connection, ended)
    # Most often nothing was said since the message that was answered, so that no turn can have queued behind it.
    waiting = {turn.conversation_id for turn, _, _ in ended} & spoken_since
    return turns.lease_next(connection, waiting, replica, lease_until) if waiting else {}


def _is_fresh(turn: Turn, outcome: Outcome | HandoverError | None) -> bool:
    """Tell whether a turn's words were written, or would have been, had there been any."""
    if not isinstance(outcome, Outcome):
        return False
    return bool(outcome.appended) or outcome.conversation.epoch == turn.epoch


def _turn_of(
    item: Item, outcome: Outcome | None, begun: dict[tuple[str, int], Turn], following: dict[str, Turn]
) -> Turn | None:
    if isinstance(item, Finish):
        return following.pop(item.turn.conversation_id, None)
    if outcome is None or outcome.bot_turn is None:
        return None
    return begun.get((outcome.conversation.id, outcome.bot_turn))
