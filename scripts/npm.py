"""Run npm with the Node that the set-up found: `python -m scripts.npm run check`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.setup import ROOT, node_path


def main() -> int:
    """Run npm; its exit code."""
    folder = node_path()
    if folder is None:
        print("Node is missing: run `make setup`.", file=sys.stderr)
        return 2
    env = dict(os.environ, PATH=folder + os.pathsep + os.environ.get("PATH", ""))
    return subprocess.run([str(Path(folder) / "npm"), *sys.argv[1:]], cwd=ROOT, env=env).returncode


if __name__ == "__main__":
    raise SystemExit(main())
