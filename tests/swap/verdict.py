"""What is promised of swaps, checked: nobody's turn failed, and the model of each is the one that it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from handover.core.models import Service
from handover.store import models
from handover.store import tables as t
from tests.swap.load import Asked

LATE_SECONDS = 2.0
#: How late a replica may hear of a switch that another one, or a dead one, has made.
NEWS = timedelta(seconds=1.5)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the record: the conversation's beginning, when it was asked and answered, and by which model."""

    conversation_id: str
    began: datetime
    asked: datetime
    at: datetime
    model: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a run, in seconds of the monotonic clock."""

    name: str
    start: float
    end: float
    #: Bytes in memory of each engine at its end, by model.
    memory: dict[str, int]

    def turns_of(self, turns: Iterable[Asked]) -> list[Asked]:
        """Return the turns that were asked in this part."""
        return [turn for turn in turns if self.start <= turn.at < self.end]


def read_answers(connection: Connection) -> tuple[Service, list[Answered]]:
    """Return what was in service when, and every answer of which the record says who gave it."""
    names = {model.model_id: model.name for model in models.list_models(connection)}
    query = select(t.events).order_by(t.events.c.conversation_id, t.events.c.seq)
    found: list[Answered] = []
    began = asked = datetime.min
    for row in connection.execute(query):
        if row.seq == 1:
            began = row.at
        if row.kind != "message":
            continue
        if row.body["from"] == "citizen":
            asked = row.at
        understood = row.body.get("understanding")
        if understood and understood.get("model_id"):
            found.append(Answered(row.conversation_id, began, asked, row.at, names[understood["model_id"]]))
    return models.read_service(connection), found


def strangers(service: Service, answers: Iterable[Answered]) -> list[Answered]:
    """Return the answers that another model gave than should have, at any moment between question and answer."""
    return [one for one in answers if one.model not in _allowed(service, one)]


def _allowed(service: Service, one: Answered) -> set[str | None]:
    moments = [one.asked, one.at, one.asked - NEWS]
    moments += [switch.at for switch in service.switches if one.asked - NEWS <= switch.at <= one.at]
    # A replica that has not heard of a switch yet takes the one before it for the one in service.
    before = [Service(s for s in service.switches if s.at <= moment) for moment in moments]
    return {known.model_of(one.began, moment) for known, moment in zip(before, moments, strict=True)}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def told(phase: Phase, turns: Sequence[Asked]) -> str:
    """Return a line about one part of a run."""
    seconds = [turn.seconds for turn in turns]
    late = sum(one > LATE_SECONDS for one in seconds)
    failed = Counter(turn.failure for turn in turns if turn.failure)
    memory = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in sorted(phase.memory.items()))
    shares = " ".join(f"{share:.0%} {percentile(seconds, share) * 1_000:.0f}" for share in (0.5, 0.95, 0.99))
    return (
        f"{phase.name:<34} {phase.end - phase.start:5.0f} s {len(turns):5} turns  ms: {shares} "
        f"max {max(seconds, default=0) * 1_000:.0f}  late {late}  failed {dict(failed) or 0}  [{memory}]"
    )
