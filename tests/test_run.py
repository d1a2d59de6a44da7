"""What `make run` refuses, each with one clear sentence and a non-zero exit, before it starts anything."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from handover.settings import Settings
from handover.store.migrate import migrate
from scripts.prepare import lock_data_dir, make_demo_logins
from scripts.stack import LOOPBACK, ROOT, RunError, free_port


def run(tmp_path: Path, *, module: str = "scripts.run", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m scripts.run`, or another module, with settings and a data folder of its own."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("KONTAKT_")}
    env = {**clean, "KONTAKT_DATA_DIR": str(tmp_path), **settings}
    command = [sys.executable, "-m", module]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(tmp_path, KONTAKT_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.strip() == f"[kontakt] Port {port} is in use: choose another with KONTAKT_PORT=…"
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_is_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with lock_data_dir(tmp_path):
        with pytest.raises(RunError, match="Another copy runs"):
            lock_data_dir(tmp_path)
        done = run(tmp_path, KONTAKT_PORT=str(free_port()))
    assert done.returncode == 1 and "Another copy runs" in done.stderr


@pytest.mark.parametrize("secret", ["", "change-me", "short"])
def test_production_refuses_a_placeholder_secret(tmp_path: Path, secret: str) -> None:
    done = run(tmp_path, KONTAKT_MODE="production", KONTAKT_ENGINE_SECRET=secret, KONTAKT_PORT=str(free_port()))
    assert done.returncode == 2
    assert "KONTAKT_ENGINE_SECRET" in done.stderr and "production" in done.stderr


def test_production_refuses_a_database_with_demo_accounts(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    asyncio.run(migrate(settings.resolved_database_url))
    assert asyncio.run(make_demo_logins(settings))
    done = run(tmp_path, KONTAKT_MODE="production", KONTAKT_ENGINE_SECRET="x" * 40, KONTAKT_PORT=str(free_port()))
    assert done.returncode == 1
    assert "demo accounts" in done.stderr and "Traceback" not in done.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, KONTAKT_PORT="eighty")
    assert done.returncode == 2
    assert "port" in done.stderr and "Traceback" not in done.stderr
