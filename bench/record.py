"""`make bench-record`: measure the service beside the machine's own limits, print the ratios, write build/bench.json.

`ONLY=relay|turn|idle`, `DATABASE=sqlite|postgres|both`, `QUICK=1`, `PROFILE=1`. A figure that is not reached does not
fail the run; only what cannot be measured does.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

from bench import idle, relay, turn
from bench.options import OptionError, Options, Part
from bench.report import RESULTS, Row, table, write
from bench.running import BenchError, machine, raise_file_limit
from scripts.stack import RunError, say


def run(options: Options) -> None:
    """Measure what is asked for and print it."""
    about = machine()
    raise_file_limit()
    rows: list[Row] = []
    details: dict[str, Any] = {}
    if Part.RELAY in options.parts:
        for backend in options.backends:
            found, details[f"relay {backend}"] = relay.measure(backend, options)
            rows += found
    if Part.TURN in options.parts:
        found, details["turn"] = turn.measure(options)
        rows += found
    if Part.IDLE in options.parts:
        found, details["idle"] = idle.measure(options.backends[0], options)
        rows += found
    print("\n" + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in about.items()))
    print(table(rows))
    write(about, rows, details)
    say(f"all figures: {RESULTS}")


def main() -> int:
    """Run; the exit code."""
    # So that whoever stops a run leaves no process and no folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        run(Options.from_environment())
    except (BenchError, OptionError, RunError) as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
