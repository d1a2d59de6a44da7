"""`make chaos DURATION=600 SEED=1 ENGINE=rasa|double`: a cluster under load and faults, then the checker's verdict.

Exits with 0 when every promise was kept and as much was done as there was to be done, else with 1.
"""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from types import FrameType
from typing import NoReturn

from handover.settings import Settings
from scripts.cluster import Shape
from scripts.prepare import exit_code
from scripts.stack import model_environment, train
from tests.chaos.faulty import FAULTS
from tests.chaos.load import LoadSize
from tests.chaos.run import Options, hears_others, run


def main() -> int:
    """Run once; the exit code."""
    size = LoadSize()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--duration", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["rasa", "double"], default="rasa")
    parser.add_argument("--replicas", type=int, default=2 if hears_others() else 1)
    parser.add_argument("--citizens", type=int, default=size.citizens)
    parser.add_argument("--guides", type=int, default=size.guides)
    parser.add_argument("--rate", type=float, default=size.messages_per_second)
    parser.add_argument("--races", type=float, default=size.races_per_second)
    parser.add_argument("--aborts", type=float, default=size.aborts_per_second)
    parser.add_argument("--fault", choices=sorted(FAULTS), help="put a fault into the replicas on purpose")
    parser.add_argument("--quiet", action="store_true", help="load only: kill, cut and delay nothing")
    parser.add_argument("--rolling", action="store_true", help="only restart one replica after the other")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    return exit_code(lambda: _main(parser.parse_args()))


def end(number: int, frame: FrameType | None) -> NoReturn:
    """End as by Ctrl-C, so that nothing is left running."""
    raise KeyboardInterrupt


def _main(given: argparse.Namespace) -> int:
    data_dir = Settings().data_dir.resolve()
    fault = ("-m", "tests.chaos.faulty", "--fault", given.fault) if given.fault else ("-m", "handover")
    shape = Shape(
        engines=("double", "double") if given.engine == "double" else ("rasa", "double"),
        replicas=given.replicas,
        model=None if given.engine == "double" else train(data_dir, model_environment()),
        handover=fault,
    )
    size = LoadSize(given.citizens, given.guides, given.rate, given.races, given.aborts)
    folder = Path(data_dir / "chaos")
    options = Options(folder, given.duration, given.seed, shape, size, faults=not given.quiet, rolling=given.rolling)
    result = run(options)
    print("\n".join(result.lines()), flush=True)
    return 0 if result.clean and result.enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
