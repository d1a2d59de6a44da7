"""What a waiting citizen may honestly be told, from what others have waited. Pure."""

from __future__ import annotations

from collections.abc import Sequence

#: Fewer observations than this say nothing.
MIN_OBSERVATIONS = 5
_LOW_SHARE, _HIGH_SHARE = 0.25, 0.9
_ROUND_TO_SECONDS = 10


def wait_range(waits: Sequence[float], position: int, guides_on_duty: int) -> tuple[int, int] | None:
    """Return the range in seconds that most waits fell in, stretched by the place in line; None when unknown.

    `waits` are the recent waits in seconds, without the time in which it was closed. Whoever stands behind more people
    than there are guides waits for as many more rounds.
    """
    if len(waits) < MIN_OBSERVATIONS or guides_on_duty < 1:
        return None
    ordered = sorted(waits)
    rounds = 1 + (position - 1) // guides_on_duty
    low = ordered[int(_LOW_SHARE * (len(ordered) - 1))] * rounds
    high = ordered[int(_HIGH_SHARE * (len(ordered) - 1))] * rounds
    return _rounded_down(low), _rounded_up(high)


def _rounded_down(seconds: float) -> int:
    return int(seconds // _ROUND_TO_SECONDS) * _ROUND_TO_SECONDS


def _rounded_up(seconds: float) -> int:
    return (int(seconds // _ROUND_TO_SECONDS) + 1) * _ROUND_TO_SECONDS
