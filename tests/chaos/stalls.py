"""How long people waited: for the answer to a command, and for the assistant's word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.chaos.checker import answer_to
from tests.chaos.evidence import Command, Journal, Record, replay


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait, in monotonic time; `leases` is how often its turn, or one ahead of it, had to be taken up anew."""

    began: float
    ended: float
    what: str
    leases: int = 0

    @property
    def seconds(self) -> float:
        """How long it was."""
        return max(0.0, self.ended - self.began)


def command_waits(journal: Journal) -> Iterator[Wait]:
    """Yield the wait of every command from when it was made until it was settled, without its client's absences."""
    for command in journal.commands.values():
        if command.final is not None:
            yield Wait(_began(journal, command, command.final.at), command.final.at, f"{command.kind} {command.id}")


def turn_waits(journal: Journal, record: Record) -> Iterator[Wait]:
    """Yield the wait of every question from when it was made until an answer or another owner.

    A question waits behind those before it, and so with them for each process that dies with theirs.
    """
    for row in record.values():
        steps = list(replay(row))
        ahead: list[tuple[float, int]] = []
        for step in steps:
            turn = row.turns.get(step.seq)
            if turn is None or step.event["kind"] != "message":
                continue
            command = journal.commands.get(step.event["id"])
            answer = answer_to(steps, step)
            if command is None or answer is None:
                continue
            again = max(0, turn.attempts - 1)
            behind = sum(lost for answered_at, lost in ahead if answered_at > step.at)
            ahead.append((answer.at, again))
            ended = answer.at - journal.wall_offset
            yield Wait(_began(journal, command, ended), ended, f"turn {row.id}/{step.seq}", again + behind)


def hit_by_outage(journal: Journal, wait: Wait) -> bool:
    """Tell whether PostgreSQL was away, or hard to reach, during a wait."""
    return any(wait.began <= end and start <= wait.ended for start, end in journal.outages)


def kills_during(journal: Journal, wait: Wait) -> list[str]:
    """Return what was killed during a wait."""
    return [name for at, name in journal.kills if wait.began <= at <= wait.ended]


def _began(journal: Journal, command: Command, ended: float) -> float:
    """Return when a command was made, later by as long as its client stayed away of its own will since then."""
    away = journal.away.get(command.sender, ())
    return command.made_at + sum(max(0.0, min(end, ended) - max(start, command.made_at)) for start, end in away)


def quantile(values: list[float], share: float) -> float:
    """Return the value below which that share of all values lies; 0 where there are none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
