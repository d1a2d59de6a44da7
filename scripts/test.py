"""`make test`: the browser code's unit tests, the engine's in its own environment, the stories, then everything else.

`make test ARGS="tests/api -k claim"` hands its arguments to one pytest instead. pytest's closing line comes last.
"""

from __future__ import annotations

import os
import subprocess
import sys

from handover.settings import Settings
from scripts.browser import BrowserMissing, ensure_browser
from scripts.setup import ROOT
from scripts.stack import ENGINE_BIN, RunError, model_environment, say, train

#: Tests wait more than they compute, so there are more of them at a time than cores.
WORKERS = 4
#: The engine's tests train; see the constant of this name in bot/train.py.
STEADY_MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_TOP_PAD_": str(1024 * 1024)}
ENGINE_TESTS = ["-q", "--noconftest", "-c", os.devnull, "tests/bot"]


def step(what: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one set of tests; tell whether it passed."""
    say(what)
    if "scripts.npm" in command or command[0].startswith(str(ENGINE_BIN)):
        env = {**env, **STEADY_MALLOC, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
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
    pytest = [sys.executable, "-m", "pytest"]
    with_product = ["-m", "engine or browser"]
    in_chaos = ["-m", "chaos"]
    rest = ["-m", "not engine and not browser and not chaos", "-n", str(WORKERS), "--dist", "worksteal"]
    env = {**os.environ, "KONTAKT_BROWSER": str(browser)}
    if sys.argv[1:]:
        return subprocess.run([*pytest, *sys.argv[1:]], cwd=ROOT, env=env).returncode
    steps = {
        "unit tests of the browser code": [sys.executable, "-m", "scripts.npm", "test"],
        "unit tests of the engine's components": [str(ENGINE_BIN / "pytest"), *ENGINE_TESTS],
        "stories in the browser, and the real engine": [*pytest, *with_product],
        "a short chaos run, a short soak, and faults put in on purpose": [*pytest, *in_chaos],
        "everything else: unit, property, contract and server tests": [*pytest, *rest],
    }
    passed = [step(what, command, env) for what, command in steps.items()]
    if not all(passed):
        failed = [what for what, well in zip(steps, passed, strict=True) if not well]
        print(f"[kontakt] failed: {'; '.join(failed)}", file=sys.stderr)
    return 0 if all(passed) else 1


if __name__ == "__main__":
    raise SystemExit(main())
