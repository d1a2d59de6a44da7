"""Labels of what was missed, who looks at what just now, and the examples that wait to be proposed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, text, tuple_, update

from handover.core.errors import HandoverError
from handover.core.labels import Given, Label, LabelledFirstError
from handover.store import tables as t

#: Labels that say to which intent a text belongs.
EXAMPLES = (Label.FAQ, Label.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True)
class Act:
    """One key: a label for some texts, by somebody; a repeat of its id changes nothing."""

    id: str
    label: Label
    faq: str | None
    name: str | None
    by_id: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A labelled text whose example nobody has proposed yet."""

    given: Given
    text: str
    language: str


def hold(
    connection: Connection, keys: Collection[str], by_id: str, by_name: str, now: datetime, until: datetime
) -> set[str]:
    """Let somebody have these texts, and no others, until then; return those that nobody else had."""
    _lock(connection)
    leases = t.miss_leases
    connection.execute(delete(leases).where((leases.c.by_id == by_id) | (leases.c.until <= now)))
    taken = set(connection.scalars(select(leases.c.text_key).where(leases.c.text_key.in_(list(keys)))))
    mine = set(keys) - taken
    if mine:
        rows = [{"text_key": key, "by_id": by_id, "by_name": by_name, "until": until} for key in sorted(mine)]
        connection.execute(insert(leases), rows)
    return mine


def give(connection: Connection, act: Act, versions: Mapping[str, int]) -> None:
    """Label texts, all or none; `versions` are those of the labels that they were seen with.

    Raises `miss_unknown`, `miss_held`, `id_reused`, and `LabelledFirstError` where a label came between.
    """
    _lock(connection)
    if _is_repeat(connection, act, versions):
        return
    keys = sorted(versions)
    newest = _newest_misses(connection, keys)
    if newest.keys() != versions.keys():
        raise HandoverError("miss_unknown")
    _check_versions(connection, versions)
    _check_held(connection, keys, act)
    labels = t.miss_labels
    counted = select(labels.c.text_key, func.max(labels.c.version)).where(labels.c.text_key.in_(keys))
    last = {row[0]: row[1] for row in connection.execute(counted.group_by(labels.c.text_key))}
    connection.execute(update(labels).where(labels.c.text_key.in_(keys) & labels.c.current).values(current=False))
    connection.execute(insert(labels), [_columns(act, key, last.get(key, 0) + 1, newest[key]) for key in keys])
    connection.execute(delete(t.miss_leases).where(t.miss_leases.c.text_key.in_(keys)))


def undo(connection: Connection, act_id: str, by_id: str, now: datetime) -> int:
    """Take back one's own label; what the texts had before stands again. Return of how many texts.

    Raises `label_unknown`, `label_used` for one that an example was made of, and `LabelledFirstError` where somebody
    has labelled one of the texts since.
    """
    _lock(connection)
    labels = t.miss_labels
    mine = (labels.c.act_id == act_id) & (labels.c.by_id == by_id) & labels.c.undone_at.is_(None)
    rows = connection.execute(select(labels).where(mine)).all()
    if not rows:
        raise HandoverError("label_unknown")
    if any(row.change_set_id is not None for row in rows):
        raise HandoverError("label_used")
    _check_versions(connection, {row.text_key: row.version for row in rows})
    connection.execute(update(labels).where(mine).values(undone_at=now, current=False))
    left = (
        select(labels.c.text_key, func.max(labels.c.version))
        .where(labels.c.text_key.in_([row.text_key for row in rows]) & labels.c.undone_at.is_(None))
        .group_by(labels.c.text_key)
    )
    before = [tuple(row) for row in connection.execute(left)]
    if before:
        connection.execute(update(labels).where(_KEY.in_(before)).values(current=True))
    return len(rows)


def list_given(connection: Connection, limit: int) -> list[Given]:
    """Return the newest labels, undone ones too: who labelled what."""
    table = t.miss_labels
    query = select(table).order_by(table.c.at.desc(), table.c.text_key).limit(limit)
    return [_given(row) for row in connection.execute(query)]


def list_waiting(connection: Connection, by_id: str, limit: int) -> list[Waiting]:
    """Return somebody's labels of which no example was proposed yet, oldest first, those whose text still stands."""
    misses, labels = t.misses, t.miss_labels
    age = func.row_number().over(partition_by=misses.c.text_key, order_by=(misses.c.at.desc(), misses.c.seq.desc()))
    inner = (
        select(labels, misses.c.language, t.events.c.body["text"].as_string().label("text"), age.label("age"))
        .join(misses, misses.c.text_key == labels.c.text_key)
        .join(t.events, and_(t.events.c.conversation_id == misses.c.conversation_id, t.events.c.seq == misses.c.seq))
        .where(_waits(by_id))
        .subquery()
    )
    query = select(inner).where(inner.c.age == 1).order_by(inner.c.at, inner.c.text_key).limit(limit)
    return [Waiting(_given(row), row.text, row.language) for row in connection.execute(query)]


def count_waiting(connection: Connection, by_id: str) -> int:
    """Return how many of somebody's labels wait to be proposed as examples."""
    with_text = select(t.misses.c.text_key).where(t.misses.c.text_key == t.miss_labels.c.text_key).exists()
    query = select(func.count()).select_from(t.miss_labels).where(_waits(by_id) & with_text)
    return connection.scalar(query) or 0


def mark_proposed(connection: Connection, waiting: Collection[Waiting], change_set_id: str) -> None:
    """Note in which change set the examples of these labels are."""
    keys = [(one.given.text_key, one.given.version) for one in waiting]
    connection.execute(update(t.miss_labels).where(_KEY.in_(keys)).values(change_set_id=change_set_id))


def list_named_faqs(connection: Connection) -> set[str]:
    """Return the FAQs that labels name of which no example was proposed yet."""
    table = t.miss_labels
    query = select(table.c.faq).where(table.c.current & table.c.faq.is_not(None) & table.c.change_set_id.is_(None))
    return set(connection.scalars(query.distinct()))


_KEY = tuple_(t.miss_labels.c.text_key, t.miss_labels.c.version)


def _lock(connection: Connection) -> None:
    """Let nobody else label until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE miss_labels IN SHARE ROW EXCLUSIVE MODE"))


def _is_repeat(connection: Connection, act: Act, versions: Mapping[str, int]) -> bool:
    """Tell whether the act was carried out before; raise `id_reused` where it was another one."""
    rows = connection.execute(select(t.miss_labels).where(t.miss_labels.c.act_id == act.id)).all()
    asked = {(key, act.label, act.faq, act.name, act.by_id) for key in versions}
    if rows and asked != {(row.text_key, row.label, row.faq, row.name, row.by_id) for row in rows}:
        raise HandoverError("id_reused")
    return bool(rows)


def _newest_misses(connection: Connection, keys: Collection[str]) -> dict[str, tuple[datetime, str | None]]:
    """Return when each text was missed last, and by which model."""
    table = t.misses
    query = select(table.c.text_key, table.c.at, table.c.model_id).where(table.c.text_key.in_(list(keys)))
    return {row.text_key: (row.at, row.model_id) for row in connection.execute(query.order_by(table.c.at))}


def _check_versions(connection: Connection, versions: Mapping[str, int]) -> None:
    table = t.miss_labels
    query = select(table).where(table.c.text_key.in_(sorted(versions)) & table.c.current)
    current = {row.text_key: _given(row) for row in connection.execute(query)}
    for key, version in sorted(versions.items()):
        given = current.get(key)
        if (given.version if given else 0) != version:
            raise LabelledFirstError(given)


def _check_held(connection: Connection, keys: Collection[str], act: Act) -> None:
    leases = t.miss_leases
    others = leases.c.text_key.in_(list(keys)) & (leases.c.by_id != act.by_id) & (leases.c.until > act.at)
    name = connection.scalar(select(leases.c.by_name).where(others).limit(1))
    if name is not None:
        raise HandoverError("miss_held", said=f"{name} tittar på texten just nu.")


def _waits(by_id: str) -> Any:
    labels = t.miss_labels.c
    is_example = or_(*(labels.label == label.value for label in EXAMPLES))
    return labels.current & (labels.by_id == by_id) & labels.change_set_id.is_(None) & is_example


def _columns(act: Act, key: str, version: int, newest: tuple[datetime, str | None]) -> dict[str, Any]:
    missed_at, model_id = newest
    return {
        "text_key": key,
        "version": version,
        "act_id": act.id,
        "label": act.label.value,
        "faq": act.faq,
        "name": act.name,
        # Clocks differ, and what was seen was there before it was labelled.
        "at": max(act.at, missed_at),
        "by_id": act.by_id,
        "by_name": act.by_name,
        "model_id": model_id,
        "current": True,
    }


def _given(row: Row[Any]) -> Given:
    return Given(
        text_key=row.text_key,
        version=row.version,
        act_id=row.act_id,
        label=Label(row.label),
        faq=row.faq,
        name=row.name,
        at=row.at,
        by_id=row.by_id,
        by_name=row.by_name,
        undone_at=row.undone_at,
        change_set_id=row.change_set_id,
    )
