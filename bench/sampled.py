"""Run a module under a sampling profiler: `python -m bench.sampled <folder> <module>`; written when it is stopped.

A timer of the process's processor time interrupts the main thread two hundred times a second, and the time that the
thread has used since is booked on the stack that is found. It costs a few per cent, where counting every call would
double the time of exactly the small functions that are in question. (A second thread that looks at the first sees it
mostly where it gives the interpreter's lock away, which is not where it works.) `top.txt` lists functions by their own
and by their inclusive time; `stacks.folded` (microseconds) is what flame graph programs read. What runs in C is booked
on the Python function that called it, the event loop's own work on the function that runs the loop.
"""

from __future__ import annotations

import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import NoReturn

EVERY_SECONDS = 0.005
LISTED = 60
_MICRO = 1_000_000

Stack = tuple[str, ...]


class Sampler:
    """Books the main thread's processor time on stacks, from `start` to `stop`."""

    def __init__(self) -> None:
        self.stacks: Counter[Stack] = Counter()
        self._used = 0.0

    def start(self) -> None:
        """Begin, in the main thread."""
        self._used = time.thread_time()
        signal.signal(signal.SIGPROF, self._book)
        signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)

    def stop(self) -> None:
        """End it."""
        signal.setitimer(signal.ITIMER_PROF, 0.0)

    def _book(self, _: int, frame: FrameType | None) -> None:
        used = time.thread_time()
        self.stacks[_stack(frame)] += round((used - self._used) * _MICRO)
        self._used = used


def _stack(frame: FrameType | None) -> Stack:
    names = []
    while frame is not None:
        code = frame.f_code
        names.append(f"{'/'.join(code.co_filename.rsplit('/', 2)[-2:])}:{code.co_qualname}")
        frame = frame.f_back
    return tuple(reversed(names))


def report(stacks: Counter[Stack]) -> str:
    """Return the functions on which most processor time was spent."""
    total = stacks.total() or 1
    own: Counter[str] = Counter()
    inclusive: Counter[str] = Counter()
    for stack, spent in stacks.items():
        own[stack[-1]] += spent
        for name in set(stack):
            inclusive[name] += spent
    lines = [f"main thread: {total / _MICRO:.1f} s of processor time; the process: {time.process_time():.1f} s"]
    for title, counts in (("own", own), ("inclusive", inclusive)):
        lines += ["", title, *(f"{spent / total:7.1%}  {name}" for name, spent in counts.most_common(LISTED))]
    return "\n".join(lines) + "\n"


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)


def main(folder: Path, module: str) -> None:
    """Run the module; write what was seen when SIGTERM ends it."""
    signal.signal(signal.SIGTERM, _end)
    sampler = Sampler()
    sampler.start()
    try:
        sys.argv = [module]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        sampler.stop()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "top.txt").write_text(report(sampler.stacks))
        folded = [f"{';'.join(stack)} {spent}" for stack, spent in sampler.stacks.most_common()]
        (folder / "stacks.folded").write_text("\n".join(folded) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
