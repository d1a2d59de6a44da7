"""How long to wait before something that has ended is started again: pauses that grow. Pure."""

from __future__ import annotations

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
#: Whatever has run for so long is thought sound again.
STEADY_SECONDS = 60.0


class Pauses:
    """The pauses between the starts of one process; times are seconds of any clock that only goes forward."""

    def __init__(self) -> None:
        self._pause = 0.0
        self._started: float | None = None

    def started(self, now: float) -> None:
        """Note a start."""
        self._started = now

    def next(self, now: float) -> float:
        """Return the seconds to wait after an end that was noticed now: twice as long as last time."""
        steady = self._started is None or now - self._started > STEADY_SECONDS
        fresh = steady or not self._pause
        self._pause = FIRST_PAUSE_SECONDS if fresh else min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        return self._pause
