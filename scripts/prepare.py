"""What `make run` and `make run-cluster` do before they start anything, and how they tell of what went wrong."""

from __future__ import annotations

import asyncio
import fcntl
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from catalogue.__main__ import import_data
from catalogue.documents import CatalogueError
from handover.settings import Mode, Settings
from handover.sign_in import DemoLogin, SignIn
from handover.store.database import Database
from handover.store.migrate import migrate
from scripts.serving import Served, choose, note_served
from scripts.stack import RunError, say, train


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


@dataclass(frozen=True)
class Prepared:
    """What is served: the model, the data that goes with it, and the demo accounts made now."""

    model: Path
    data: Path
    logins: list[DemoLogin]


def prepare(settings: Settings, env: dict[str, str]) -> Prepared:
    """Bring database, catalogue and model up to date."""
    served = prepare_database(settings)
    model = train(settings.data_dir.resolve(), {**env, "KONTAKT_DATA": str(served.data.resolve())})
    note_served(settings, served, model)
    logins = asyncio.run(make_demo_logins(settings)) if settings.mode is Mode.DEMO else []
    return Prepared(model, served.data, logins)


def prepare_database(settings: Settings) -> Served:
    """Bring the database up to date, with the catalogue that is to be served in it; return what is to be served.

    Production refuses a database of a demonstration.
    """
    say("creating or updating the database")
    asyncio.run(migrate(settings.resolved_database_url))
    if settings.mode is Mode.PRODUCTION:
        asyncio.run(check_no_demo_accounts(settings))
    served = choose(settings)
    say("importing the catalogue")
    say(import_data(served.data, settings.resolved_database_url))
    return served


def announce(base: str, logins: list[DemoLogin]) -> None:
    """Print where to click, and the passwords that were made now."""
    print(f"\n  Chat:     {base}/\n  Console:  {base}/console/\n  API docs: {base}/api-docs\n", flush=True)
    for login in logins:
        print(f"  Sign in as {login.role.value + ':':8} {login.username + ' /':9} {login.password}", flush=True)
    if logins:
        print("  These passwords are shown this once; KONTAKT_RENEW_DEMO=1 makes new ones.", flush=True)
    print("  Ctrl-C ends everything.\n", flush=True)


def exit_code(serve: Callable[[], int]) -> int:
    """Return the exit code of `serve`; what stops it is told in a sentence."""
    try:
        return serve()
    except CatalogueError as error:
        print(f"{error}\n[kontakt] The catalogue has faults; nothing was changed.", file=sys.stderr)
        return 1
    except RunError as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return error.exit_code
    except ValidationError as error:
        for fault in error.errors():
            print(f"[kontakt] setting {'.'.join(map(str, fault['loc']))}: {fault['msg']}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
