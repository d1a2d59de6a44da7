"""`make check`: everything that is judged without running the product. Runs all steps, tells each, fails if one did."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.setup import ROOT
from scripts.stack import ENGINE_BIN

BIN = Path(sys.executable).parent
#: Hosts of package registries, in parts so that this file does not hold them.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("deb", "debian", "org"),
            ("registry", "yarnpkg", "com"),
        )
    )
)


def command(*arguments: str) -> Callable[[], bool]:
    """Return a step that runs a command and is content when it exits with 0."""

    def step() -> bool:
        env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
        done = subprocess.run(arguments, cwd=ROOT, env=env, text=True, capture_output=True)
        if done.returncode != 0:
            print(done.stdout + done.stderr)
        return done.returncode == 0

    return step


def no_registry_hosts() -> bool:
    """Tell whether no tracked file names a package registry."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = []
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and REGISTRY_HOSTS.search(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(name)
    for name in found:
        print(f"{name} names a package registry")
    return not found


STEPS: dict[str, Callable[[], bool]] = {
    "ruff: lint": command(str(BIN / "ruff"), "check", "."),
    "ruff: format": command(str(BIN / "ruff"), "format", "--check", "."),
    "mypy strict": command(str(BIN / "mypy")),
    "import directions": command(str(BIN / "lint-imports")),
    "protocol schema in step": command(sys.executable, "-m", "handover.api.schema", "--check"),
    "table of roles in step": command(sys.executable, "-m", "handover.access_table", "--check"),
    "catalogue and examples": command(sys.executable, "-m", "catalogue", "check"),
    "TypeScript strict": command(sys.executable, "-m", "scripts.npm", "run", "check"),
    "rasa data validate": command(str(ENGINE_BIN / "kontakt-train"), str(ROOT / "var" / "engine"), "--validate"),
    "requirement files in step": command(sys.executable, "-m", "scripts.lock", "--check"),
    "no registry host in a tracked file": no_registry_hosts,
}


def main() -> int:
    """Run all steps; the exit code."""
    failed = []
    for name, step in STEPS.items():
        began = time.monotonic()
        print(f"[check] {name} …", flush=True)
        well = step()
        print(f"[check] {name}: {'ok' if well else 'FAILED'} ({time.monotonic() - began:.1f} s)", flush=True)
        if not well:
            failed.append(name)
    print(f"[check] failed: {', '.join(failed)}" if failed else "[check] all well", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
