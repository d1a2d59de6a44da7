"""The parts of trainings, put together."""

from __future__ import annotations

from catalogue.tree import fingerprint
from handover.conversations import Clock
from handover.core.crisis import CrisisGuide
from handover.settings import Settings
from handover.store.database import Database
from handover.tuning.changes.desk import ChangeDesk
from handover.tuning.training.keeper import TrainingKeeper
from handover.tuning.training.service import Trainings


def open_trainings(
    settings: Settings, database: Database, changes: ChangeDesk, crisis: CrisisGuide, clock: Clock
) -> Trainings:
    """Return the trainings of an installation; nothing is opened yet."""
    secret = settings.engine_secret.get_secret_value()
    keeper = TrainingKeeper(settings.keeper_url, secret) if settings.keeper_url else None
    return Trainings(
        database,
        keeper,
        changes.sets,
        changes.trees.unpack,
        lambda: fingerprint(settings.data),
        crisis,
        clock,
    )
