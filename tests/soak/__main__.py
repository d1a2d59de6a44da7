"""`make soak DURATION=600 WIDGETS=200`: real widgets in a real browser, disturbed; then the checker's verdict.

Exits with 0 when everybody saw what the record says, nothing lost, doubled or reordered, else with 1.
"""

from __future__ import annotations

import argparse
import signal
from pathlib import Path

from handover.settings import Settings
from scripts.prepare import exit_code
from tests.chaos.__main__ import end
from tests.soak.run import Options, run
from tests.soak.tampering import TAMPERINGS


def main() -> int:
    """Run once; the exit code."""
    defaults = Options(Path())
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--duration", type=float, default=defaults.duration)
    parser.add_argument("--widgets", type=int, default=defaults.widgets)
    parser.add_argument("--guides", type=int, default=defaults.guides)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default=defaults.database)
    parser.add_argument("--tamper", choices=sorted(TAMPERINGS), help="spoil frames on the way, on purpose")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    return exit_code(lambda: _main(parser.parse_args()))


def _main(given: argparse.Namespace) -> int:
    folder = Settings().data_dir.resolve() / "soak"
    result = run(Options(folder, given.widgets, given.duration, given.seed, given.guides, given.database, given.tamper))
    print("\n".join(result.lines()), flush=True)
    return 0 if result.clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
