"""Run the real thing: prepare the database and the model, start engine, actions and handover, print where to click.

`python -m scripts.run` in the app's environment; `make run` sets up first. Ctrl-C ends everything.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from honcho.manager import Manager
from honcho.printer import Printer

from handover.settings import Settings
from handover.sign_in import DemoLogin
from scripts.prepare import announce, check_port_free, exit_code, lock_data_dir, prepare
from scripts.stack import (
    READY_TIMEOUT_SECONDS,
    ROOT,
    Ports,
    commands,
    engine_secret,
    free_port,
    is_ready,
    process_environment,
    reachable,
    say,
)


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
    announce(f"http://{ports.host}:{ports.handover}", logins)


def serve(settings: Settings) -> int:
    """Prepare and run until stopped; the exit code."""
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    check_port_free(settings.host, settings.port)
    lock = lock_data_dir(data_dir)
    ports = Ports(settings.port, free_port(), free_port(), reachable(settings.host))
    given = settings.engine_secret.get_secret_value()
    env = process_environment(settings, ports, given or engine_secret(data_dir))
    model, logins = prepare(settings, env)
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
    return exit_code(lambda: serve(Settings()))


if __name__ == "__main__":
    raise SystemExit(main())
