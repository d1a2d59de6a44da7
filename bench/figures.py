"""Latencies in milliseconds, summed up as percentiles."""

from __future__ import annotations

import math
from collections.abc import Sequence

Summary = dict[str, float]


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the (sorted) values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summed_up(seconds: Sequence[float]) -> Summary:
    """Return count, p50, p95, p99 and the largest, in milliseconds; zeros where nothing was measured."""
    if not seconds:
        return {"n": 0, "p50": math.inf, "p95": math.inf, "p99": math.inf, "max": math.inf}
    ordered = sorted(seconds)
    found = {f"p{round(share * 100)}": percentile(ordered, share) for share in (0.5, 0.95, 0.99)}
    return {
        "n": len(ordered),
        **{name: round(value * 1_000, 3) for name, value in (found | {"max": ordered[-1]}).items()},
    }
