"""What a run left behind, read without the product's help: the journal of all clients and the database's rows."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

Json = dict[str, Any]
#: Refusals that are no answer: the same command goes out again under its id.
NOT_FINAL = frozenset({"database_unavailable", "internal"})


@dataclass(slots=True)
class Reply:
    """One answer to a command as one client saw it."""

    at: float
    session: str
    seq: int | None
    code: str | None


@dataclass(slots=True)
class Delivery:
    """One time that a command was handed to a connection."""

    at: float
    session: str
    text: str | None


@dataclass(slots=True)
class Command:
    """A command that a client made, how often it went out and what came back."""

    id: str
    sender: str
    conversation: str
    kind: str
    text: str | None
    made_at: float
    deliveries: list[Delivery] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    @property
    def accepted(self) -> Reply | None:
        """The first acceptance, if there was one."""
        return next((reply for reply in self.replies if reply.code is None), None)

    @property
    def final(self) -> Reply | None:
        """The first answer that settles it, if there was one."""
        return next((reply for reply in self.replies if reply.code not in NOT_FINAL), None)

    def reuses(self) -> list[Delivery]:
        """Return the deliveries that held something else under the same id."""
        return [one for one in self.deliveries if one.text != self.text]


@dataclass(slots=True)
class Session:
    """One connection of a client: where it wanted to go on, and the events that it was sent."""

    number: str
    client: str
    after: int | dict[str, int]
    events: list[tuple[str, int, Json]] = field(default_factory=list)


@dataclass
class Journal:
    """The journal of a run, put in order."""

    wall_offset: float = 0.0
    commands: dict[str, Command] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    #: The conversation of each citizen's line.
    conversation_of: dict[str, str] = field(default_factory=dict)
    guide_ids: dict[str, str] = field(default_factory=dict)
    #: When a client stayed away of its own will.
    away: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    left: set[str] = field(default_factory=set)
    codes: Counter[str] = field(default_factory=Counter)
    hello_refusals: list[tuple[str, str]] = field(default_factory=list)
    #: When the database was away or hard to reach, as far as the faults tell.
    outages: list[tuple[float, float]] = field(default_factory=list)
    kills: list[tuple[float, str]] = field(default_factory=list)
    calm_at: float = float("inf")
    #: Clients that were there at the end.
    last_lines: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Row:
    """One conversation as the database holds it."""

    id: str
    state: str
    owner: str | None
    epoch: int
    last_seq: int
    projection: Json
    events: list[tuple[int, float, Json]] = field(default_factory=list)
    commands: dict[str, int | None] = field(default_factory=dict)
    turns: dict[int, Turn] = field(default_factory=dict)


@dataclass(slots=True)
class Turn:
    """A turn of the assistant as the database holds it."""

    seq: int
    epoch: int
    status: str
    attempts: int
    outcome: str | None


Record = dict[str, Row]


def read_journal(path: Path) -> Journal:
    """Return the journal in a file."""
    with path.open(encoding="utf-8") as file:
        return order(json.loads(line) for line in file)


def order(lines: Iterable[Json]) -> Journal:
    """Return the lines of a journal, put in order."""
    journal = Journal()
    down: dict[str, float] = {}
    for line in lines:
        at = line["t"]
        match line["k"]:
            case "clock":
                journal.wall_offset = line["wall"] - at
            case "open":
                journal.conversation_of[line["w"]] = line["cv"]
                journal.last_lines.add(line["w"])
            case "guide":
                journal.guide_ids[line["w"]] = line["id"]
            case "command":
                frame = line["f"]
                journal.commands[frame["id"]] = Command(
                    frame["id"], line["w"], frame["conversation_id"], frame["type"], frame.get("text"), at
                )
            case "send":
                frame = line["f"]
                command = journal.commands[frame["id"]]
                command.deliveries.append(Delivery(at, str(line["s"]), frame.get("text")))
            case "connect":
                hello = line["hello"]
                journal.sessions[str(line["s"])] = Session(str(line["s"]), line["w"], hello["after"])
            case "frame":
                _heard(journal, at, str(line["s"]), line["f"])
            case "away":
                journal.away[line["w"]].append((at, line["until"]))
            case "left":
                if at < journal.calm_at:
                    journal.left.add(line["w"])
                    journal.last_lines.discard(line["w"])
            case "calm":
                journal.calm_at = at
            case "kill":
                journal.kills.append((at, line["name"]))
                down.setdefault(line["name"], at)
            case "ready":
                began = down.pop(line["name"], at)
                if line["name"] == "postgres":
                    journal.outages.append((began, at))
            case "cut" | "delay" if line["line"].startswith("postgres"):
                journal.outages.append((at, at + line["seconds"]))
    return journal


def _heard(journal: Journal, at: float, session: str, frame: Json) -> None:
    if frame["type"] == "event":
        there = journal.sessions[session]
        conversation = frame.get("conversation_id") or journal.conversation_of[there.client]
        there.events.append((conversation, frame["seq"], frame["event"]))
    elif frame["type"] in ("accepted", "error"):
        code = frame.get("code")
        if code is not None:
            journal.codes[code] += 1
        command = journal.commands.get(frame.get("id") or "")
        if command is not None:
            command.replies.append(Reply(at, session, frame.get("seq"), code))
        elif code is not None and session in journal.sessions:
            journal.hello_refusals.append((journal.sessions[session].client, code))


async def read_database(url: str) -> Record:
    """Return all conversations of a database, by plain SQL."""
    tables = await _postgres_tables(url) if url.startswith("postgresql") else _sqlite_tables(url)
    record: Record = {}
    for row in tables["conversations"]:
        record[row["id"]] = Row(
            row["id"], row["state"], row["owner_id"], row["epoch"], row["last_seq"], _json(row["projection"])
        )
    for row in tables["events"]:
        record[row["conversation_id"]].events.append((row["seq"], _seconds(row["at"]), _json(row["body"])))
    for row in tables["commands"]:
        record[row["conversation_id"]].commands[row["id"]] = row["seq"]
    for row in tables["turns"]:
        turn = Turn(row["seq"], row["epoch"], row["status"], row["attempts"], row["outcome"])
        record[row["conversation_id"]].turns[row["seq"]] = turn
    return record


_QUERIES = {
    "conversations": "SELECT id, state, owner_id, epoch, last_seq, projection FROM conversations",
    "events": "SELECT conversation_id, seq, at, body FROM events ORDER BY conversation_id, seq",
    "commands": "SELECT conversation_id, id, seq FROM commands WHERE refused IS NULL",
    "turns": "SELECT conversation_id, seq, epoch, status, attempts, outcome FROM turns",
}


async def _postgres_tables(url: str) -> dict[str, list[Any]]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return {name: await connection.fetch(query) for name, query in _QUERIES.items()}
    finally:
        await connection.close()


def _sqlite_tables(url: str) -> dict[str, list[Any]]:
    connection = sqlite3.connect(url.partition("///")[2])
    connection.row_factory = sqlite3.Row
    try:
        return {name: connection.execute(query).fetchall() for name, query in _QUERIES.items()}
    finally:
        connection.close()


def _json(value: Any) -> Json:
    parsed: Json = json.loads(value) if isinstance(value, str) else value
    return parsed


def _seconds(at: Any) -> float:
    time = datetime.fromisoformat(at) if isinstance(at, str) else at
    return float((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp())


@dataclass(frozen=True, slots=True)
class Step:
    """One event with where the conversation stood before it."""

    seq: int
    at: float
    event: Json
    state: str
    owner: str | None
    epoch: int


_NEXT_STATE = {
    "escalated": "waiting",
    "claimed": "guide",
    "released": "waiting",
    "transferred": "waiting",
    "handed_back": "bot",
    "closed": "closed",
}


def replay(row: Row) -> Iterator[Step]:
    """Yield every event with the state before it; the last step, with an empty event, is where it ends."""
    state, owner, epoch, at = "bot", None, 0, 0.0
    for seq, at, event in row.events:
        yield Step(seq, at, event, state, owner, epoch)
        if event["kind"] in _NEXT_STATE:
            state = _NEXT_STATE[event["kind"]]
            owner = event["guide_id"] if state == "guide" else None
            epoch += 1
    yield Step(len(row.events) + 1, at, {"kind": "end"}, state, owner, epoch)
