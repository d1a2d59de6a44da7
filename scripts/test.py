"""`make test`: the browser code's unit tests, the engine's in its own environment, then everything else.

What follows `--` goes to the last pytest: `make test ARGS="tests/api -k claim"`. Its closing line comes last.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from handover.settings import Settings
from scripts.browser import BrowserMissing, ensure_browser
from scripts.setup import ROOT
from scripts.stack import ENGINE_BIN, RunError, model_environment, say, train


def step(what: str, command: list[str]) -> bool:
    """Run one set of tests; tell whether it passed."""
    say(what)
    env = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return subprocess.run(command, cwd=ROOT, env=env).returncode == 0


def main() -> int:
    """Run all tests; the exit code."""
    try:
        browser = ensure_browser()
        say(f"browser: {browser}")
        train(Settings().data_dir.resolve(), model_environment())
    except (BrowserMissing, RunError) as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 2
    passed = [
        step("unit tests of the browser code", [sys.executable, "-m", "scripts.npm", "test"]),
        step(
            "unit tests of the engine's components",
            [str(ENGINE_BIN / "pytest"), "-q", "--noconftest", "-c", "/dev/null", "tests/bot"],
        ),
    ]
    say("everything else: unit, property, contract, engine and browser tests")
    env = {**os.environ, "KONTAKT_BROWSER": str(browser)}
    env.pop("PYTHONWARNINGS", None)
    passed.append(
        subprocess.run([str(Path(sys.executable)), "-m", "pytest", *sys.argv[1:]], cwd=ROOT, env=env).returncode == 0
    )
    return 0 if all(passed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
