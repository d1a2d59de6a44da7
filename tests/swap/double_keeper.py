"""The keeper with engine doubles in Rasa's place: `python -m tests.swap.double_keeper`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from keeper.__main__ import main
from keeper.app import create_keeper
from keeper.settings import ROOT


def serve(model: Path, port: int) -> Sequence[str]:
    """Return the command that serves a model file with the double."""
    # Engines run in the keeper's folder, from which the tests are not found.
    found = f"PYTHONPATH={ROOT}"
    return ["env", found, sys.executable, "-m", "tests.swap.double_engine", "--model", str(model), "--port", str(port)]


if __name__ == "__main__":
    raise SystemExit(main(lambda settings: create_keeper(settings, serve)))
