"""How an engine is started: its command and its environment."""

from __future__ import annotations

import os
from pathlib import Path

from keeper.ports import LOOPBACK
from keeper.settings import ROOT

ENGINE_BIN = ROOT / ".venv-engine" / "bin"
ENDPOINTS, SHARED_ENDPOINTS = "endpoints.yml", "endpoints.cluster.yml"


def engine_command(model: Path, port: int, endpoints: str = ENDPOINTS) -> list[str]:
    """Return the command that serves the model, on loopback, without Rasa's own HTTP API."""
    return [
        str(ENGINE_BIN / "kontakt-rasa"), "run", "--model", str(model), "--interface", LOOPBACK, "--port", str(port),
        "--endpoints", str(ROOT / "bot" / endpoints), "--credentials", str(ROOT / "bot" / "credentials.yml"),
    ]  # fmt: skip


def model_environment() -> dict[str, str]:
    """Return the environment in which Rasa trains and runs: quiet, and telling nobody."""
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
    }
