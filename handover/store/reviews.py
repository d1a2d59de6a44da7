"""Answers that are or were reviewed: a projection of the record's events, kept in the transaction that appends them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, update

from handover.core import events as e
from handover.core.likeness import SMALL_EDIT
from handover.core.rollout import Judgement, Verdict
from handover.store import tables as t
from handover.store.record import Stored

LISTED, DRAFTED, JUDGED, VOID = "listed", "drafted", "judged", "void"
#: The newest judgements of a FAQ that are weighed.
MOST_WEIGHED = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer that waits for somebody's verdict."""

    conversation_id: str
    item: str
    seq: int
    faqs: tuple[str, ...]
    level: str
    at: datetime
    agreement: float | None
    edit_distance: float | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the reviews of a FAQ since its last change of level come to."""

    reviewed: int = 0
    approved: int = 0
    recent_reviewed: int = 0
    recent_approved: int = 0
    agreement: float | None = None
    edit_distance: float | None = None


def project(connection: Connection, events: Sequence[tuple[str, Stored]]) -> set[str]:
    """Bring the table in step with events that are being appended; return the FAQs that were judged by them."""
    rows = [row for conversation_id, stored in events for row in _rows(conversation_id, stored)]
    if rows:
        connection.execute(insert(t.reviews), rows)
    judged: set[str] = set()
    for conversation_id, stored in events:
        changed = _changes(stored)
        if changed is None:
            continue
        item, values = changed
        here = (t.reviews.c.conversation_id == conversation_id) & (t.reviews.c.item == item)
        connection.execute(update(t.reviews).where(here).values(**values))
        if values.get("status") == JUDGED:
            judged |= set(connection.scalars(select(t.reviews.c.faq).where(here)))
    return judged


def judgements(connection: Connection, faq: str, since: datetime | None) -> list[Judgement]:
    """Return the judgements of a FAQ since then, oldest first."""
    table = t.reviews
    query = (
        select(table.c.verdict, table.c.harmful)
        .where((table.c.faq == faq) & (table.c.status == JUDGED))
        .order_by(table.c.judged_at.desc(), table.c.conversation_id, table.c.item)
        .limit(MOST_WEIGHED)
    )
    if since is not None:
        query = query.where(table.c.judged_at > since)
    rows = connection.execute(query).all()
    return [Judgement(Verdict(row.verdict), row.harmful) for row in reversed(rows)]


def tallies(connection: Connection, recent: int) -> dict[str, Tally]:
    """Return what the reviews of every FAQ since its last change of level come to; unclear ones count as none."""
    table, levels = t.reviews, t.faq_levels
    good = case((table.c.verdict == Verdict.GOOD, 1), else_=0)
    counted = (
        select(
            table.c.faq,
            good.label("good"),
            func.row_number().over(partition_by=table.c.faq, order_by=table.c.judged_at.desc()).label("age"),
        )
        .outerjoin(levels, levels.c.faq == table.c.faq)
        .where(
            (table.c.status == JUDGED)
            & (table.c.verdict != Verdict.UNCLEAR)
            & (levels.c.since.is_(None) | (table.c.judged_at > levels.c.since))
        )
        .subquery()
    )
    is_recent = case((counted.c.age <= recent, 1), else_=0)
    sums = select(
        counted.c.faq,
        func.count().label("reviewed"),
        func.sum(counted.c.good).label("approved"),
        func.sum(is_recent).label("recent_reviewed"),
        func.sum(is_recent * counted.c.good).label("recent_approved"),
    ).group_by(counted.c.faq)
    likeness = {row.faq: row for row in connection.execute(_LIKENESS)}
    found = {
        row.faq: Tally(row.reviewed, row.approved, row.recent_reviewed, row.recent_approved)
        for row in connection.execute(sums)
    }
    return {faq: _with_likeness(found.get(faq, Tally()), likeness.get(faq)) for faq in found.keys() | likeness.keys()}


def count_listed(connection: Connection) -> dict[str, int]:
    """Return how many answers of each FAQ wait for a verdict."""
    query = select(t.reviews.c.faq, func.count()).where(t.reviews.c.status == LISTED).group_by(t.reviews.c.faq)
    return {row[0]: row[1] for row in connection.execute(query)}


def list_listed(connection: Connection, faq: str | None, level: str | None, limit: int) -> tuple[int, list[Listed]]:
    """Return how many answers wait for a verdict, and the oldest of them."""
    table = t.reviews
    chosen = table.c.status == LISTED
    if faq is not None:
        chosen &= table.c.faq == faq
    if level is not None:
        chosen &= table.c.level == level
    one = select(table.c.conversation_id, table.c.item, func.min(table.c.at).label("at")).where(chosen)
    one = one.group_by(table.c.conversation_id, table.c.item)
    total = connection.scalar(select(func.count()).select_from(one.subquery())) or 0
    oldest = connection.execute(one.order_by("at", table.c.conversation_id, table.c.item).limit(limit)).all()
    rows: dict[tuple[str, str], list[Any]] = {(row.conversation_id, row.item): [] for row in oldest}
    of_these = chosen & table.c.conversation_id.in_([row.conversation_id for row in oldest])
    for row in connection.execute(select(table).where(of_these)):
        rows.setdefault((row.conversation_id, row.item), []).append(row)
    return total, [_listed(rows[row.conversation_id, row.item]) for row in oldest]


def _rows(conversation_id: str, stored: Stored) -> Iterator[dict[str, Any]]:
    event = stored.event
    if isinstance(event, e.Draft):
        level, status = ("shadow", LISTED) if event.shadow else ("approve", DRAFTED)
    elif isinstance(event, e.Message) and event.review:
        level, status = event.level or "sampled", LISTED
    else:
        return
    for faq in sorted({ref.faq for ref in (event.answer, *event.also) if ref is not None}):
        yield {
            "conversation_id": conversation_id,
            "item": event.id,
            "faq": faq,
            "seq": stored.seq,
            "level": level,
            "at": stored.at,
            "model_id": event.understanding.model_id if event.understanding else None,
            "status": status,
        }


def _changes(stored: Stored) -> tuple[str, Mapping[str, Any]] | None:
    """Return the item that an event says something of, and what it says."""
    match stored.event:
        case e.DraftDecided() as decided:
            return decided.draft_id, _decided(decided, stored.at)
        case e.Reviewed() as reviewed:
            values = {"verdict": reviewed.verdict, "harmful": reviewed.harmful, "judged_by": reviewed.guide_id}
            return reviewed.item, {"status": JUDGED, "judged_at": stored.at, **values}
        case e.ShadowCompared() as compared:
            return compared.draft_id, {"agreement": compared.agreement, "edit_distance": compared.edit_distance}
        case _:
            return None


def _decided(event: e.DraftDecided, at: datetime) -> Mapping[str, Any]:
    verdict = {
        "approved": Verdict.GOOD,
        "edited": Verdict.GOOD if (event.edit_distance or 0.0) <= SMALL_EDIT else Verdict.EDITED,
        "rejected": Verdict.WRONG,
    }.get(event.decision)
    if verdict is None:
        return {"status": VOID}
    return {
        "status": JUDGED,
        "verdict": verdict.value,
        "label": event.label,
        "harmful": event.harmful,
        "judged_at": at,
        "judged_by": event.guide_id,
        "edit_distance": event.edit_distance,
    }


def _listed(rows: Collection[Any]) -> Listed:
    first = next(iter(rows))
    return Listed(
        conversation_id=first.conversation_id,
        item=first.item,
        seq=first.seq,
        faqs=tuple(sorted(row.faq for row in rows)),
        level=first.level,
        at=first.at,
        agreement=first.agreement,
        edit_distance=first.edit_distance,
    )


def _with_likeness(tally: Tally, row: Any) -> Tally:
    if row is None:
        return tally
    return Tally(
        tally.reviewed,
        tally.approved,
        tally.recent_reviewed,
        tally.recent_approved,
        row.agreement,
        row.edit_distance,
    )


_LIKENESS = (
    select(
        t.reviews.c.faq,
        func.avg(t.reviews.c.agreement).label("agreement"),
        func.avg(t.reviews.c.edit_distance).label("edit_distance"),
    )
    .where((t.reviews.c.level == "shadow") & t.reviews.c.agreement.is_not(None))
    .group_by(t.reviews.c.faq)
)
