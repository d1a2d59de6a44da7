"""Change sets follow the models that were made of them: into service, and out of it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from handover.core.models import Service
from handover.store import changes
from handover.store import tables as t


def follow_service(connection: Connection, service: Service, now: datetime) -> None:
    """Note of the sets whose models were rolled back from that none answers now, and of the live one's that it does."""
    for model in (*sorted(service.withdrawn), service.live):
        made_of = _made_of(connection, model) if model is not None else None
        if made_of is not None:
            change_set, commit = made_of
            changes.note_service(connection, change_set, commit if model == service.live else None, now)


def _made_of(connection: Connection, model: str) -> tuple[str, str] | None:
    """Return the change set and the commit that a model was last trained from; None for one that came otherwise."""
    table = t.trainings
    query = (
        select(table.c.change_set, table.c.commit)
        .where((table.c.model == model) & table.c.change_set.is_not(None) & table.c.commit.is_not(None))
        .order_by(table.c.started_at.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.change_set, row.commit)
