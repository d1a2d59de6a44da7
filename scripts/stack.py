"""The processes behind `make run`: how the model is trained and how keeper, actions and handover are started.

Also used by `make evaluate` and by the tests, so that all of them run the same thing.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from handover.settings import Settings
from keeper.launching import ENGINE_BIN as ENGINE_BIN
from keeper.launching import engine_command as engine_command
from keeper.launching import model_environment as model_environment
from keeper.ports import LOOPBACK as LOOPBACK

ROOT = Path(__file__).resolve().parents[1]
READY_TIMEOUT_SECONDS = 180.0
STOP_SECONDS = 8.0
#: How often a long training says that it is still at it.
REMIND_SECONDS = 20.0


class RunError(Exception):
    """It cannot be run; the message is one sentence that says why."""

    exit_code = 1


@dataclass(frozen=True)
class Ports:
    """Where the processes listen; only the first is for people. With a keeper, that one says where its engines do."""

    handover: int
    engine: int
    actions: int
    host: str = LOOPBACK
    keeper: int | None = None


def say(text: str) -> None:
    """Tell what is being done."""
    print(f"[kontakt] {text}", flush=True)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def reachable(host: str) -> str:
    """Return the address by which this machine reaches itself when listening on `host`."""
    return LOOPBACK if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104


def engine_secret(folder: Path) -> str:
    """Return the secret that the processes share, made at the first start and readable by the owner only."""
    path = folder / "engine-secret"
    if not path.exists():
        private_file(path, secrets.token_urlsafe(32))
    return path.read_text()


def private_file(path: Path, text: str) -> None:
    """Make a file that only its owner may read; raises `FileExistsError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


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
            if time.monotonic() - began > REMIND_SECONDS:
                say("… still training")
                began = time.monotonic()
    lines = log.read_text().strip().splitlines()
    if process.returncode != 0:
        sys.stderr.write("\n".join(lines[-20:]) + "\n")
        raise RunError(f"Training failed; the log is {log}.")
    names = [word for line in lines for word in line.split() if word.strip("',").endswith(".tar.gz")]
    return out / "models" / Path(names[-1].strip("',")).name


def process_environment(settings: Settings, ports: Ports, secret: str) -> dict[str, str]:
    """Return the environment that all processes share."""
    return {
        **model_environment(),
        "KONTAKT_MODE": settings.mode.value,
        "KONTAKT_PORT": str(ports.handover),
        "KONTAKT_DATA_DIR": str(settings.data_dir.resolve()),
        "KONTAKT_DATA": str(settings.data.resolve()),
        "KONTAKT_SERVED_DATA": str(settings.resolved_served_data.resolve()),
        "KONTAKT_DATABASE_URL": settings.resolved_database_url,
        "KONTAKT_ENGINE_URL": f"http://{LOOPBACK}:{ports.engine}",
        "KONTAKT_ENGINE_SECRET": secret,
        "KONTAKT_ACTIONS_PORT": str(ports.actions),
        "KONTAKT_ACTIONS_URL": f"http://{LOOPBACK}:{ports.actions}",
        "KONTAKT_KEEPER_PORT": str(ports.keeper or ""),
        "KONTAKT_KEEPER_URL": f"http://{LOOPBACK}:{ports.keeper}" if ports.keeper else "",
    }


def commands(model: Path, ports: Ports) -> dict[str, list[str]]:
    """Return the processes by name: with a keeper, that one starts the engines."""
    engines = [sys.executable, "-m", "keeper"] if ports.keeper else engine_command(model, ports.engine)
    return {
        "keeper" if ports.keeper else "engine": engines,
        "actions": [sys.executable, "-m", "actions"],
        "handover": [sys.executable, "-m", "handover"],
    }


def is_ready(ports: Ports) -> bool:
    """Tell whether all answer their health checks; the handover service also tells of the keeper's engines."""
    return all(answers(url) for url in health_urls(ports).values())


@contextmanager
def processes(
    names: list[str], model: Path, ports: Ports, env: dict[str, str], logs: Path
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run some of them until the block ends; each logs to a file of its name under `logs`."""
    logs.mkdir(parents=True, exist_ok=True)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name in names:
            running[name] = start_process(name, model, ports, env, logs)
        yield running
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def start_process(name: str, model: Path, ports: Ports, env: dict[str, str], logs: Path) -> subprocess.Popen[bytes]:
    """Start one of them in the background, its output in `logs`."""
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            commands(model, ports)[name],
            cwd=logs if name == "engine" else ROOT,
            env=env,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def wait_ready(urls: list[str], timeout_seconds: float = READY_TIMEOUT_SECONDS) -> None:
    """Wait until every address answers 200; raise `RunError` when that takes too long."""
    deadline = time.monotonic() + timeout_seconds
    for url in urls:
        while not answers(url):
            if time.monotonic() > deadline:
                raise RunError(f"{url} did not get ready in {timeout_seconds:.0f} s.")
            time.sleep(0.2)


def answers(url: str) -> bool:
    """Tell whether an address answers 200."""
    try:
        return httpx.get(url, timeout=3.0, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def health_urls(ports: Ports) -> dict[str, str]:
    """Return where each process tells how it is."""
    urls = {
        "actions": f"http://{LOOPBACK}:{ports.actions}/health",
        "engine": f"http://{LOOPBACK}:{ports.engine}/webhooks/kontakt/health",
        "handover": f"http://{ports.host}:{ports.handover}/ready",
    }
    if ports.keeper:
        del urls["engine"]
    return urls
