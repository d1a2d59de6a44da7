"""`make swap-test`: two real models swapped under load, with faults, and the time that every turn took.

Exits with 0 when no turn failed, none of a plain swap came later than two seconds, and every conversation was answered
by its model.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from handover.settings import Settings
from scripts.prepare import exit_code
from scripts.stack import model_environment, say, train
from tests.swap.model_files import copy_as, make_small
from tests.swap.run import BROKEN, SOUND, run
from tests.swap.stage import Plan
from tests.swap.verdict import percentile


def main() -> int:
    """Run once; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=0.5, help="new conversations a second; each asks six times")
    parser.add_argument("--think", type=float, default=4.0, help="seconds between an answer and the next question")
    parser.add_argument("--steady", type=float, default=40.0, help="seconds of plain load")
    parser.add_argument("--model", type=Path, help="a trained model; else the one of today's data, trained if needed")
    options = parser.parse_args()
    return exit_code(lambda: _main(options))


def _main(options: argparse.Namespace) -> int:
    trained = options.model or train(Settings().data_dir.resolve(), model_environment())

    def make(name: str, path: Path) -> None:
        if name in SOUND:
            copy_as(trained, path, f"{name}-id")
        else:
            make_small(path, f"{name}-id")

    with tempfile.TemporaryDirectory(prefix="kontakt-swap-") as folder:
        plan = Plan(Path(folder), (*SOUND, BROKEN), make, double=False)
        say("swapping two real models under load; this takes some minutes")
        result = asyncio.run(run(plan, options.rate, options.think, options.steady))
    print("\n".join(result.lines()))
    by_name = {phase.name: [turn.seconds for turn in phase.turns_of(result.turns)] for phase in result.phases}
    calm, swap = percentile(by_name["a steady load"], 0.95), percentile(by_name["swap to B"], 0.95)
    print(f"p95 without a swap {calm * 1_000:.0f} ms, while one is made {swap * 1_000:.0f} ms")
    for what, found in {"failed": result.failed, "late": result.late, "of another model": result.strangers}.items():
        if found:
            print(f"{len(found)} turns {what}: {found[:5]}", file=sys.stderr)
    return 0 if not (result.failed or result.late or result.strangers) else 1


if __name__ == "__main__":
    raise SystemExit(main())
