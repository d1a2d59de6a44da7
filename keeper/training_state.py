"""What is known of a training, and how it is kept between two lives of the keeper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class TrainingState(StrEnum):
    """Where a training stands; the last four are ends."""

    TRAINING = "training"
    JUDGING = "judging"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    #: The keeper ended in the middle of it.
    LOST = "lost"


RUNNING = (TrainingState.TRAINING, TrainingState.JUDGING)


@dataclass(frozen=True, slots=True)
class Training:
    """What is known of a training."""

    id: str
    state: TrainingState
    started_at: datetime
    step: str = ""
    share: float = 0.0
    model: str | None = None
    problem: str | None = None
    ended_at: datetime | None = None
    tail: tuple[str, ...] = ()


def write_training(path: Path, training: Training, process: dict[str, Any] | None) -> None:
    """Keep a training, and the process that works on it; raises `OSError`."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(_as_json(training) | {"process": process}), encoding="utf-8")
    part.replace(path)


def read_process(path: Path) -> tuple[int, float] | None:
    """Return number and start of the process that worked on a training, None where none is noted."""
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))["process"]
        return int(noted["pid"]), float(noted["created"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _as_json(training: Training) -> dict[str, Any]:
    return {
        "id": training.id,
        "state": training.state.value,
        "started_at": training.started_at.isoformat(),
        "step": training.step,
        "share": training.share,
        "model": training.model,
        "problem": training.problem,
        "ended_at": training.ended_at.isoformat() if training.ended_at else None,
        "tail": list(training.tail),
    }


def read_training(path: Path) -> Training | None:
    """Return what was kept of a training, None where it cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Training(
            id=str(kept["id"]),
            state=TrainingState(kept["state"]),
            started_at=datetime.fromisoformat(kept["started_at"]),
            step=str(kept["step"]),
            share=float(kept["share"]),
            model=kept["model"],
            problem=kept["problem"],
            ended_at=datetime.fromisoformat(kept["ended_at"]) if kept["ended_at"] else None,
            tail=tuple(map(str, kept["tail"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
