"""The independent checker: reads what every client saw and what the database holds, and verifies every promise.

It imports nothing of the product. Each check yields the breaches that it finds; a clean run has none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.chaos.evidence import NOT_FINAL, Command, Journal, Json, Record, Row, Session, Step, replay

#: How far from a known outage a trouble may still be its doing.
OUTAGE_SLACK_SECONDS = 2.0
#: Which event each command makes.
MAKES = {
    "say": "message",
    "reply": "message",
    "rate": "rated",
    "close": "closed",
    "claim": "claimed",
    "take_over": "claimed",
    "hand_back": "handed_back",
    "release": "released",
    "transfer": "transferred",
    "note": "note",
}
#: Refusals that belong to the game: races that were lost, and states that changed meanwhile.
EXPECTED_CODES = frozenset(
    {
        "already_claimed", "already_waiting", "conversation_closed", "database_unavailable", "guide_unavailable",
        "not_owner", "wrong_state",
    }
)  # fmt: skip
HELLO_CODES = frozenset({"database_unavailable"})
CITIZEN_SEES = frozenset(
    {
        "opened", "message", "escalated", "claimed", "released", "transferred", "handed_back", "rated", "closed",
        "redacted",
    }
)  # fmt: skip
CITIZEN_DOES_NOT_SEE = ("understanding", "guide_id", "to_guide", "note", "level", "review")


@dataclass(frozen=True, slots=True)
class Breach:
    """One promise that was not kept."""

    kind: str
    conversation: str
    detail: str


Check = Callable[[Journal, Record], Iterator[Breach]]


def check(journal: Journal, record: Record) -> list[Breach]:
    """Return all breaches."""
    return [breach for one in CHECKS for breach in one(journal, record)]


def check_accepted_is_stored(journal: Journal, record: Record) -> Iterator[Breach]:
    """What was accepted is in the database: at that seq, as it was sent."""
    for command in journal.commands.values():
        reply = command.accepted
        if reply is None:
            continue
        row = record.get(command.conversation)
        if row is None or command.id not in row.commands:
            yield Breach("lost", command.conversation, f"{command.kind} {command.id} was accepted and is not there")
            continue
        event = next((e for seq, _, e in row.events if seq == reply.seq), None)
        made = MAKES.get(command.kind)
        if made is None:
            continue
        same = event is not None and event["kind"] == made
        if same and event is not None and made == "message":
            same = event["id"] == command.id and event["text"] == command.text
        if not same:
            found = event["kind"] if event else "nothing"
            yield Breach("lost", command.conversation, f"{command.kind} {command.id}: {found} at seq {reply.seq}")


def check_stored_was_sent(journal: Journal, record: Record) -> Iterator[Breach]:
    """What is in the database was sent by somebody, as it stands there, and is there once."""
    tokens: Counter[str] = Counter()
    for row in record.values():
        ids: Counter[str] = Counter()
        for seq, _, event in row.events:
            if event["kind"] != "message":
                continue
            ids[event["id"]] += 1
            if ids[event["id"]] > 1:
                yield Breach("doubled", row.id, f"message {event['id']} again at seq {seq}")
            if event["from"] not in ("citizen", "guide"):
                continue
            token = event["text"].split()[0]
            tokens[token] += 1
            if tokens[token] > 1:
                yield Breach("doubled", row.id, f"{token} again at seq {seq}")
            command = journal.commands.get(event["id"])
            if command is None or command.text != event["text"]:
                yield Breach("phantom", row.id, f"seq {seq} was never sent as it stands there")


def check_order(journal: Journal, record: Record) -> Iterator[Breach]:
    """What one sender said stands in the order in which it was said."""
    talks: dict[tuple[str, str], list[Command]] = defaultdict(list)
    for command in journal.commands.values():
        if command.kind in ("say", "reply") and command.accepted is not None:
            talks[command.sender, command.conversation].append(command)
    for (sender, conversation), said in talks.items():
        if conversation not in record:
            continue
        yield from _out_of_order(journal, sender, conversation, said)


def _out_of_order(journal: Journal, sender: str, conversation: str, said: list[Command]) -> Iterator[Breach]:
    """A later command stands behind all that was accepted before it was made, and behind what went before it
    over the same connections, unless the database was away in between: then what failed goes out again, later.
    """
    piped = 0
    settled: list[tuple[float, int]] = []
    for command in said:
        reply = command.accepted
        assert reply is not None and reply.seq is not None
        before = max((seq for at, seq in settled if at < command.made_at), default=0)
        steady = _is_steady(journal, command)
        if reply.seq <= before or (steady and reply.seq <= piped):
            yield Breach("reordered", conversation, f"{sender}: {command.text} at seq {reply.seq}")
        settled.append((reply.at, reply.seq))
        if steady:
            piped = max(piped, reply.seq)


def _is_steady(journal: Journal, command: Command) -> bool:
    """Tell whether a command went the usual way only: over its sender's one connection, and was never put off."""
    reply = command.accepted
    if reply is None or any(one.code in NOT_FINAL for one in command.replies):
        return False
    ways = Counter(one.session for one in command.deliveries)
    if any(way.startswith("http") for way in ways) or len(ways) > 1:
        return False
    return not _in_outage(journal, command.made_at, reply.at)


def _in_outage(journal: Journal, began: float, ended: float) -> bool:
    return any(
        began <= end + OUTAGE_SLACK_SECONDS and start - OUTAGE_SLACK_SECONDS <= ended for start, end in journal.outages
    )


def check_record(journal: Journal, record: Record) -> Iterator[Breach]:
    """Each record has no gaps, and its row is what its events say."""
    for row in record.values():
        seqs = [seq for seq, _, _ in row.events]
        if seqs != list(range(1, len(seqs) + 1)):
            yield Breach("gap", row.id, f"the record's seqs are {seqs[:50]}")
        *_, end = replay(row)
        said = (len(seqs), end.state, end.owner, end.epoch)
        for name, held in (
            ("row", (row.last_seq, row.state, row.owner, row.epoch)),
            ("projection", tuple(row.projection[key] for key in ("last_seq", "state", "owner_id", "epoch"))),
        ):
            if held != said:
                yield Breach("projection", row.id, f"the {name} says {held}, the events say {said}")


def check_bot_is_silent(journal: Journal, record: Record) -> Iterator[Breach]:
    """The assistant says nothing once the owner has changed since the message that it answers."""
    for row in record.values():
        epochs: dict[int, int] = {}
        for step in replay(row):
            epochs[step.seq] = step.epoch
            if not _is_turns_word(step.event):
                continue
            asked = epochs.get(step.event.get("reply_to") or 0)
            if step.state != "bot":
                yield Breach("bot_spoke", row.id, f"seq {step.seq} while the state was {step.state}")
            elif asked is not None and asked != step.epoch:
                yield Breach("bot_spoke", row.id, f"seq {step.seq} answers epoch {asked} in epoch {step.epoch}")


def _is_turns_word(event: Json) -> bool:
    return event["kind"] == "message" and (event["from"] == "bot" or event.get("reply_to") is not None)


def check_claims(journal: Journal, record: Record) -> Iterator[Breach]:
    """A claim has one winner: nobody takes what a guide has, and each claim is that of the guide who made it."""
    for row in record.values():
        claims = {
            seq: journal.commands[command_id]
            for command_id, seq in row.commands.items()
            if command_id in journal.commands and journal.commands[command_id].kind in ("claim", "take_over")
        }
        for step in replay(row):
            if step.event["kind"] != "claimed":
                continue
            if step.state == "guide":
                yield Breach("double_claim", row.id, f"claimed at seq {step.seq} while {step.owner} had it")
            command = claims.get(step.seq)
            if command is None:
                yield Breach("phantom", row.id, f"nobody claimed at seq {step.seq}")
            elif journal.guide_ids[command.sender] != step.event["guide_id"]:
                yield Breach("double_claim", row.id, f"seq {step.seq} is not that of {command.sender}")
    promised = Counter(
        (command.conversation, command.accepted.seq)
        for command in journal.commands.values()
        if command.kind in ("claim", "take_over") and command.accepted is not None
    )
    for (conversation, seq), winners in promised.items():
        if winners > 1:
            yield Breach("double_claim", conversation, f"seq {seq} was promised {winners} times")


def check_refused_is_nothing(journal: Journal, record: Record) -> Iterator[Breach]:
    """What was refused has not been carried out, and is not carried out when it comes again."""
    for command in journal.commands.values():
        row = record.get(command.conversation)
        final = command.final
        if row is not None and final is not None and final.code is not None and command.id in row.commands:
            detail = f"{command.kind} {command.id} was refused with {final.code}, seq {row.commands[command.id]}"
            yield Breach("done_though_refused", row.id, detail)


def check_outcomes(journal: Journal, record: Record) -> Iterator[Breach]:
    """An id has one outcome, however often it is sent; for something else it is refused."""
    for command in journal.commands.values():
        seqs = {reply.seq or 0 for reply in command.replies if reply.code is None}
        if len(seqs) > 1:
            yield Breach("other_outcome", command.conversation, f"{command.kind} {command.id}: seqs {sorted(seqs)}")
        reuses = command.reuses()
        first = command.accepted
        if first is not None:
            later = {r.code for r in command.replies if r.at > first.at and r.code is not None} - NOT_FINAL
            if reuses:
                later.discard("id_reused")
            if later:
                detail = f"{command.kind} {command.id}: accepted, then {sorted(later)}"
                yield Breach("other_outcome", command.conversation, detail)
        for one in reuses:
            said = [r for r in command.replies if r.session == one.session and r.code is None]
            as_it_was = sum(d.session == one.session and d.text == command.text for d in command.deliveries)
            if len(said) > as_it_was:
                yield Breach("other_outcome", command.conversation, f"{command.id} was accepted for something else")


def check_streams(journal: Journal, record: Record) -> Iterator[Breach]:
    """Each connection gets every event after the seq that it named, in order, once, as the database has it."""
    for session in journal.sessions.values():
        bodies = {cv: {seq: event for seq, _, event in record[cv].events} for cv in _conversations(session, record)}
        last: dict[str, int] = {}
        for conversation, seq, event in session.events:
            if conversation not in bodies:
                yield Breach("lost", conversation, f"{session.client} saw a conversation that is not there")
                continue
            expected = last.get(conversation, _after(session, conversation)) + 1
            if seq != expected:
                kind = "delivered_twice" if seq < expected else "gap"
                yield Breach(kind, conversation, f"{session.client} got {seq} instead of {expected}")
            last[conversation] = seq
            held = bodies[conversation].get(seq)
            sees = held if session.client in journal.guide_ids else _as_citizen(held)
            if held is None:
                yield Breach("lost", conversation, f"{session.client} saw seq {seq}, which is not there")
            elif event != sees:
                yield Breach("other_view", conversation, f"{session.client} saw another event at seq {seq}")


def _conversations(session: Session, record: Record) -> set[str]:
    return {conversation for conversation, _, _ in session.events if conversation in record}


def _after(session: Session, conversation: str) -> int:
    return session.after if isinstance(session.after, int) else session.after.get(conversation, 0)


def _as_citizen(event: Json | None) -> Json | None:
    if event is None or event["kind"] not in CITIZEN_SEES:
        waits = event is not None and event["kind"] == "draft" and not event.get("shadow", False)
        return event and {"kind": "checking" if waits else "hidden"}
    return {key: value for key, value in event.items() if key not in CITIZEN_DOES_NOT_SEE}


def check_delivered(journal: Journal, record: Record) -> Iterator[Breach]:
    """At the end each citizen who is still there has seen the whole record, also what came while nobody looked."""
    seen: dict[str, set[int]] = defaultdict(set)
    for session in journal.sessions.values():
        if session.client in journal.conversation_of:
            seen[session.client] |= {seq for _, seq, _ in session.events}
    for client, conversation in journal.conversation_of.items():
        row = record.get(conversation)
        if row is None:
            yield Breach("lost", conversation, f"the conversation of {client} is not there")
            continue
        top = row.last_seq if client in journal.last_lines else max(seen[client], default=0)
        missing = set(range(1, top + 1)) - seen[client]
        if missing:
            yield Breach("not_delivered", conversation, f"{client} never saw {sorted(missing)[:20]}")


def check_answered(journal: Journal, record: Record) -> Iterator[Breach]:
    """Every command got an answer, and none that does not belong to the game."""
    for command in journal.commands.values():
        if command.final is None:
            yield Breach("unanswered", command.conversation, f"{command.kind} {command.id} of {command.sender}")
        expected = EXPECTED_CODES | ({"id_reused"} if command.reuses() else set())
        for code in {r.code for r in command.replies if r.code is not None} - expected:
            yield Breach("refused", command.conversation, f"{command.kind} {command.id}: {code}")
    for client, code in journal.hello_refusals:
        if code not in HELLO_CODES:
            yield Breach("refused", journal.conversation_of.get(client, client), f"{client} said hello: {code}")


def check_turns(journal: Journal, record: Record) -> Iterator[Breach]:
    """Every message to the assistant has a turn; each turn came to an answer, an escalation, or another owner."""
    for row in record.values():
        steps = list(replay(row))
        for turn in row.turns.values():
            if turn.status != "done":
                yield Breach("turn_hangs", row.id, f"the turn of seq {turn.seq} is {turn.status}")
        for number, step in enumerate(steps):
            if _is_question(steps, number):
                yield from _check_turn(row, steps, step)


def _is_question(steps: list[Step], number: int) -> bool:
    """Tell whether the assistant was to answer: a citizen's message that did not itself call for a person."""
    step = steps[number]
    if step.event["kind"] != "message" or step.event["from"] != "citizen" or step.state != "bot":
        return False
    following = steps[number + 1].event
    fetched = following["kind"] == "escalated" and following.get("reason") in ("asked_for_human", "crisis")
    return not ((step.event.get("choice") and fetched) or str(following.get("id", "")).endswith(":safety"))


def _check_turn(row: Row, steps: list[Step], asked: Step) -> Iterator[Breach]:
    turn = row.turns.get(asked.seq)
    if turn is None:
        yield Breach("no_turn", row.id, f"the message at seq {asked.seq} has no turn")
        return
    if turn.status == "done" and answer_to(steps, asked) is None:
        yield Breach("silent", row.id, f"the turn of seq {asked.seq} came to {turn.outcome} and nothing was said")


def answer_to(steps: list[Step], asked: Step) -> Step | None:
    """Return the step at which a question was answered, or at which the owner changed."""
    for step in steps[asked.seq :]:
        if step.epoch != asked.epoch:
            return steps[step.seq - 2]
        if step.event.get("reply_to") == asked.seq:
            return step
    return None


CHECKS: tuple[Check, ...] = (
    check_accepted_is_stored,
    check_stored_was_sent,
    check_order,
    check_record,
    check_bot_is_silent,
    check_claims,
    check_refused_is_nothing,
    check_outcomes,
    check_streams,
    check_delivered,
    check_answered,
    check_turns,
)
