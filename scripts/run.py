"""Run the real thing: prepare the database and the model, start engine, actions and handover, print where to click.

`python scripts/run.py` in the app's environment; `make run` sets up first. Ctrl-C ends everything.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from datetime import timedelta  # noqa: E402

from pydantic import ValidationError  # noqa: E402

from handover.settings import Mode, Settings  # noqa: E402
from handover.sign_in import DemoLogin, SignIn  # noqa: E402
from handover.store.database import Database  # noqa: E402
from handover.store.migrate import migrate  # noqa: E402

LOOPBACK = "127.0.0.1"
READY_TIMEOUT_SECONDS = 180.0
ENGINE_BIN = ROOT / ".venv-engine" / "bin"


class RunError(Exception):
    """It cannot be run; the message is one sentence that says why."""


@dataclass(frozen=True)
class Ports:
    """Where the three processes listen; only the first is for people."""

    handover: int
    engine: int
    actions: int


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"[run] {text}", flush=True)


def check_port_free(host: str, port: int) -> None:
    """Raise `RunError` when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise RunError(f"Port {port} is in use: choose another with KONTAKT_PORT=…") from None


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def lock_data_dir(folder: Path) -> IO[str]:
    """Return a lock on the data folder that lives as long as the file is open; two copies need two folders."""
    lock = (folder / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise RunError(f"Another copy runs on {folder}: choose another folder with KONTAKT_DATA_DIR=…") from None
    return lock


def engine_secret(folder: Path) -> str:
    """Return the secret that the processes share, made at the first start and readable by the owner only."""
    path = folder / "engine-secret"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text()


def run_step(what: str, command: list[str], env: dict[str, str]) -> str:
    """Run one step of the preparation and return its output; raise `RunError` when it fails."""
    say(what)
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout + done.stderr)
        raise RunError(f"This step failed: {what}.")
    return done.stdout.strip()


def train(data_dir: Path, env: dict[str, str]) -> Path:
    """Train the model if its inputs changed; return its path. Progress goes to a log file."""
    out = data_dir / "engine"
    out.mkdir(parents=True, exist_ok=True)
    log = out / "training.log"
    say(f"training the assistant if its examples changed (log: {log})")
    with log.open("w") as file:
        process = subprocess.Popen(
            [str(ENGINE_BIN / "kontakt-train"), str(out)], cwd=ROOT, env=env, stdout=file, stderr=subprocess.STDOUT
        )
        began = time.monotonic()
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - began > 20:
                say("… still training")
                began = time.monotonic()
    lines = log.read_text().strip().splitlines()
    if process.returncode != 0:
        sys.stderr.write("\n".join(lines[-20:]) + "\n")
        raise RunError(f"Training failed; the log is {log}.")
    names = [word for line in lines for word in line.split() if word.strip("',").endswith(".tar.gz")]
    return out / "models" / Path(names[-1].strip("',")).name


async def make_demo_logins(settings: Settings) -> list[DemoLogin]:
    """Create the demo accounts that are missing; with KONTAKT_RENEW_DEMO=1 give all new passwords."""
    database = Database(settings.resolved_database_url)
    try:
        sign_in = SignIn(database, timedelta(0), timedelta(0))
        return await sign_in.make_demo_accounts(renew=os.environ.get("KONTAKT_RENEW_DEMO") == "1")
    finally:
        await database.close()


def process_environment(settings: Settings, ports: Ports, secret: str) -> dict[str, str]:
    """Return the environment that all three processes share."""
    return {
        **os.environ,
        "KONTAKT_MODE": settings.mode.value,
        "KONTAKT_PORT": str(ports.handover),
        "KONTAKT_DATA_DIR": str(settings.data_dir.resolve()),
        "KONTAKT_DATA": str(settings.data.resolve()),
        "KONTAKT_DATABASE_URL": settings.resolved_database_url,
        "KONTAKT_ENGINE_URL": f"http://{LOOPBACK}:{ports.engine}",
        "KONTAKT_ENGINE_SECRET": secret,
        "KONTAKT_ACTIONS_PORT": str(ports.actions),
        "KONTAKT_ACTIONS_URL": f"http://{LOOPBACK}:{ports.actions}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_LIBRARIES": "ERROR",
    }


def engine_command(model: Path, port: int) -> list[str]:
    """Return the command that serves the model, on loopback, without Rasa's own HTTP API."""
    return [
        str(ENGINE_BIN / "rasa"), "run", "--model", str(model), "--interface", LOOPBACK, "--port", str(port),
        "--endpoints", str(ROOT / "bot" / "endpoints.yml"), "--credentials", str(ROOT / "bot" / "credentials.yml"),
        "--log-level", "WARNING",
    ]  # fmt: skip


def commands(model: Path, ports: Ports) -> dict[str, list[str]]:
    """Return the three processes by name."""
    return {
        "engine": engine_command(model, ports.engine),
        "actions": [sys.executable, "-m", "actions"],
        "handover": [sys.executable, "-m", "handover"],
    }


def is_ready(ports: Ports) -> bool:
    """Tell whether all three answer their health checks."""
    for url in (
        f"http://{LOOPBACK}:{ports.actions}/health",
        f"http://{LOOPBACK}:{ports.engine}/webhooks/kontakt/health",
        f"http://{LOOPBACK}:{ports.handover}/ready",
    ):
        try:
            if httpx.get(url, timeout=3.0, trust_env=False).status_code != httpx.codes.OK:
                return False
        except httpx.HTTPError:
            return False
    return True


def announce_when_ready(ports: Ports, logins: list[DemoLogin], stop: threading.Event, give_up: Callable[[], None]) -> None:
    """Wait for all three, then print where to click."""
    began = time.monotonic()
    while not is_ready(ports):
        if stop.wait(0.5):
            return
        if time.monotonic() - began > READY_TIMEOUT_SECONDS:
            say("the processes did not get ready in time; the log above says why")
            give_up()
            return
    base = f"http://{LOOPBACK}:{ports.handover}"
    print(f"\n  Chat:     {base}/\n  Console:  {base}/console/\n  API docs: {base}/api-docs\n", flush=True)
    for login in logins:
        print(f"  Sign in as {login.role.value}: {login.username} / {login.password}", flush=True)
    if logins:
        print("  These passwords are shown this once; KONTAKT_RENEW_DEMO=1 makes new ones.", flush=True)
    print("  Ctrl-C ends everything.\n", flush=True)


def serve(settings: Settings) -> int:
    """Prepare and run until stopped; the exit code."""
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    check_port_free(settings.host, settings.port)
    lock = lock_data_dir(data_dir)
    ports = Ports(settings.port, free_port(), free_port())
    env = process_environment(settings, ports, engine_secret(data_dir))
    say("creating or updating the database")
    asyncio.run(migrate(settings.resolved_database_url))
    say(run_step("importing the catalogue", [sys.executable, "-m", "catalogue", "import"], env))
    model = train(data_dir, env)
    logins = asyncio.run(make_demo_logins(settings)) if settings.mode is Mode.DEMO else []
    say("starting engine, actions and handover")
    (data_dir / "run.json").write_text(json.dumps(vars(ports)))
    manager = Manager(Printer(sys.stdout))
    for name, command in commands(model, ports).items():
        cwd = data_dir / "engine" if name == "engine" else ROOT
        manager.add_process(name, subprocess.list2cmdline(["exec", *command]), env=env, cwd=str(cwd))
    stop = threading.Event()
    waiter = threading.Thread(
        target=announce_when_ready, args=(ports, logins, stop, manager.terminate), daemon=True
    )
    waiter.start()
    try:
        manager.loop()
    finally:
        stop.set()
        lock.close()
    return int(manager.returncode or 0)


def main() -> int:
    """Run; the exit code."""
    try:
        return serve(Settings())
    except RunError as error:
        print(f"[run] {error}", file=sys.stderr)
        return 1
    except ValidationError as error:
        for fault in error.errors():
            print(f"[run] setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
