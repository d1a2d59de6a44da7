"""`make lock`: compile the hashed requirement files from pyproject.toml; `--check` says whether they are in step."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.setup import ROOT, find_uv

FILES = {
    "app.txt": ["--python-version", "3.12", "pyproject.toml", "--group", "dev"],
    "engine.txt": ["--python-version", "3.10", "--group", "engine"],
}
#: No index address may stand in the files, and pins that are there stay unless pyproject.toml asks otherwise.
OPTIONS = ["--universal", "--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock", "-q"]


def compile_file(name: str, target: Path) -> None:
    """Compile one requirement file into `target`, which holds the present pins."""
    command = [find_uv(), "pip", "compile", *FILES[name], *OPTIONS, "--output-file", str(target)]
    subprocess.run(command, cwd=ROOT, check=True)


def in_step(name: str) -> bool:
    """Tell whether compiling a requirement file again would change it."""
    written = ROOT / "requirements" / name
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / name
        fresh.write_text(written.read_text())
        compile_file(name, fresh)
        return fresh.read_text() == written.read_text()


def main() -> int:
    """Compile or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        for name in FILES:
            compile_file(name, ROOT / "requirements" / name)
        return 0
    stale = [name for name in FILES if not in_step(name)]
    for name in stale:
        print(f"requirements/{name} is out of step with pyproject.toml: run `make lock`.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
