"""Run the real thing: prepare the database and the model, start keeper, actions and handover, print where to click.

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
from keeper.notes import end_left_behind
from keeper.ports import lasting_ports
from scripts.prepare import announce, check_port_free, exit_code, lock_data_dir, prepare
from scripts.stack import (
    READY_TIMEOUT_SECONDS,
    ROOT,
    Ports,
    commands,
    engine_secret,
    is_ready,
    process_environment,
    reachable,
    say,
)


def announce_when_ready(
    ports: Ports, logins: list[DemoLogin], stop: threading.Event, give_up: Callable[[], None]
) -> None:
    """Wait for all of them, then print where to click."""
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
    actions, keeper = lasting_ports(2)
    ports = Ports(settings.port, 0, actions, reachable(settings.host), keeper)
    given = settings.engine_secret.get_secret_value()
    env = process_environment(settings, ports, given or engine_secret(data_dir))
    prepared = prepare(settings, env)
    env["KONTAKT_SERVED_DATA"] = str(prepared.data.resolve())
    say("starting keeper, actions and handover")
    (data_dir / "run.json").write_text(json.dumps(vars(ports)))
    manager = Manager(Printer(sys.stdout))
    for name, command in commands(prepared.model, ports).items():
        manager.add_process(name, subprocess.list2cmdline(["exec", *command]), env=env, cwd=str(ROOT))
    stop = threading.Event()
    told = (ports, prepared.logins, stop, manager.terminate)
    waiter = threading.Thread(target=announce_when_ready, args=told, daemon=True)
    waiter.start()
    try:
        manager.loop()
    finally:
        stop.set()
        end_left_behind(data_dir / "keeper")
        lock.close()
    return int(manager.returncode or 0)


def main() -> int:
    """Run; the exit code."""
    return exit_code(lambda: serve(Settings()))


if __name__ == "__main__":
    raise SystemExit(main())
