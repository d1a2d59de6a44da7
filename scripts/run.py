"""Run the real thing: prepare the database and the model, start engine, actions and handover, print where to click.

`python -m scripts.run` in the app's environment; `make run` sets up first. Ctrl-C ends everything.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import IO

from honcho.manager import Manager
from honcho.printer import Printer
from pydantic import ValidationError

from catalogue.__main__ import import_data
from catalogue.documents import CatalogueError
from handover.settings import Mode, Settings
from handover.sign_in import DemoLogin, SignIn
from handover.store.database import Database
from handover.store.migrate import migrate
from scripts.stack import (
    LOOPBACK,
    READY_TIMEOUT_SECONDS,
    ROOT,
    Ports,
    RunError,
    commands,
    engine_secret,
    free_port,
    is_ready,
    process_environment,
    say,
    train,
)


def check_port_free(host: str, port: int) -> None:
    """Raise `RunError` when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise RunError(f"Port {port} is in use: choose another with KONTAKT_PORT=…") from None


def lock_data_dir(folder: Path) -> IO[str]:
    """Return a lock on the data folder that lives as long as the file is open; two copies need two folders."""
    lock = (folder / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise RunError(f"Another copy runs on {folder}: choose another folder with KONTAKT_DATA_DIR=…") from None
    return lock


async def make_demo_logins(settings: Settings) -> list[DemoLogin]:
    """Create the demo accounts that are missing; with KONTAKT_RENEW_DEMO=1 give all new passwords."""
    database = Database(settings.resolved_database_url)
    try:
        sign_in = SignIn(database, timedelta(0), timedelta(0))
        return await sign_in.make_demo_accounts(renew=os.environ.get("KONTAKT_RENEW_DEMO") == "1")
    finally:
        await database.close()


async def check_no_demo_accounts(settings: Settings) -> None:
    """Raise `RunError` when the database was used for a demonstration."""
    database = Database(settings.resolved_database_url)
    try:
        await SignIn(database, timedelta(0), timedelta(0)).check_no_demo_accounts()
    except RuntimeError as error:
        raise RunError(f"{error}.".capitalize()) from None
    finally:
        await database.close()


def announce_when_ready(
    ports: Ports, logins: list[DemoLogin], stop: threading.Event, give_up: Callable[[], None]
) -> None:
    """Wait for all three, then print where to click."""
    began = time.monotonic()
    while not is_ready(ports):
        if stop.wait(0.5):
            return
        if time.monotonic() - began > READY_TIMEOUT_SECONDS:
            say("the processes did not get ready in time; the log above says why")
            give_up()
            return
    base = f"http://{ports.host}:{ports.handover}"
    print(f"\n  Chat:     {base}/\n  Console:  {base}/console/\n  API docs: {base}/api-docs\n", flush=True)
    for login in logins:
        print(f"  Sign in as {login.role.value}: {login.username} / {login.password}", flush=True)
    if logins:
        print("  These passwords are shown this once; KONTAKT_RENEW_DEMO=1 makes new ones.", flush=True)
    print("  Ctrl-C ends everything.\n", flush=True)


def _reachable(host: str) -> str:
    """Return the address by which this machine reaches itself when listening on `host`."""
    return LOOPBACK if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104


def serve(settings: Settings) -> int:
    """Prepare and run until stopped; the exit code."""
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    check_port_free(settings.host, settings.port)
    lock = lock_data_dir(data_dir)
    ports = Ports(settings.port, free_port(), free_port(), _reachable(settings.host))
    given = settings.engine_secret.get_secret_value()
    env = process_environment(settings, ports, given or engine_secret(data_dir))
    say("creating or updating the database")
    asyncio.run(migrate(settings.resolved_database_url))
    if settings.mode is Mode.PRODUCTION:
        asyncio.run(check_no_demo_accounts(settings))
    say("importing the catalogue")
    say(import_data(settings.data, settings.resolved_database_url))
    model = train(data_dir, env)
    logins = asyncio.run(make_demo_logins(settings)) if settings.mode is Mode.DEMO else []
    say("starting engine, actions and handover")
    (data_dir / "run.json").write_text(json.dumps(vars(ports)))
    manager = Manager(Printer(sys.stdout))
    for name, command in commands(model, ports).items():
        cwd = data_dir / "engine" if name == "engine" else ROOT
        manager.add_process(name, subprocess.list2cmdline(["exec", *command]), env=env, cwd=str(cwd))
    stop = threading.Event()
    waiter = threading.Thread(target=announce_when_ready, args=(ports, logins, stop, manager.terminate), daemon=True)
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
    except CatalogueError as error:
        print(f"{error}\n[kontakt] The catalogue has faults; nothing was changed.", file=sys.stderr)
        return 1
    except RunError as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 1
    except ValidationError as error:
        for fault in error.errors():
            print(f"[kontakt] setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main())
