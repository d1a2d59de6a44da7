"""The commands of the engine's environment that train and judge."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from keeper.training_run import Commands, Order

#: The project's own regression questions, and where those of editors lie in a data folder.
PROJECT_QUESTIONS = Path("tests") / "nlu"
EDITORS_QUESTIONS = "regression"


def engine_commands(root: Path, engine: Path) -> Commands:
    """Return the commands of the tree `root`; models lie in `engine`/models."""
    binaries = root / ".venv-engine" / "bin"

    def train(_: Order) -> Sequence[str]:
        return [str(binaries / "kontakt-train"), str(engine)]

    def judge(order: Order, model: str, out: Path) -> Sequence[str]:
        folders = [root / PROJECT_QUESTIONS, order.tree / EDITORS_QUESTIONS]
        questions = [word for folder in folders if folder.is_dir() for word in ("--questions", str(folder))]
        against = ["--against", str(order.against)] if order.against is not None else []
        path = engine / "models" / f"{model}.tar.gz"
        return [str(binaries / "kontakt-judge"), str(path), "--out", str(out), *questions, *against]

    def environment(order: Order) -> dict[str, str]:
        return {
            **os.environ,
            "KONTAKT_DATA": str(order.tree),
            "PYTHONUNBUFFERED": "1",
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONWARNINGS": "ignore",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            # As bot/train.py has it for what it starts itself: folds are learnt by the same solver.
            "MALLOC_ARENA_MAX": "1",
            "MALLOC_TOP_PAD_": str(1024 * 1024),
        }

    return Commands(train, judge, environment)
