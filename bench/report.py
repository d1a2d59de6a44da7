"""What a benchmark prints: one row a figure, beside what is wanted and what the machine can do."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from scripts.stack import ROOT

RESULTS = ROOT / "build" / "bench.json"


@dataclass(frozen=True, slots=True)
class Row:
    """A figure; `baseline` is what it is compared with, `wanted` and `ok` are empty where nothing is asked of it."""

    part: str
    figure: str
    reached: float
    unit: str
    baseline: float | None = None
    wanted: str = ""
    ok: bool | None = None

    @property
    def ratio(self) -> float | None:
        """What was reached, in parts of the baseline."""
        return self.reached / self.baseline if self.baseline else None


def at_least(part: str, figure: str, reached: float, unit: str, baseline: float, share: float) -> Row:
    """Return the row of a figure that is to be at least a share of the baseline."""
    return Row(part, figure, reached, unit, baseline, f">= {share:.0%}", reached >= share * baseline)


def wanted_at_least(part: str, figure: str, reached: float, unit: str, limit: float) -> Row:
    """Return the row of a figure that is to reach a number."""
    return Row(part, figure, reached, unit, None, f">= {limit:g} {unit}", reached >= limit)


def at_most(part: str, figure: str, reached: float, unit: str, limit: float, baseline: float | None = None) -> Row:
    """Return the row of a figure that is to stay within a limit; with a baseline, within that many times it."""
    if baseline is None:
        return Row(part, figure, reached, unit, None, f"<= {limit:g} {unit}", reached <= limit)
    return Row(part, figure, reached, unit, baseline, f"<= {limit:g} x", reached <= limit * baseline)


def table(rows: list[Row]) -> str:
    """Return the rows as text."""
    head = f"{'':16}{'figure':58}{'reached':>18}{'baseline':>12}{'ratio':>8}  {'wanted':14}"
    lines = [head, "-" * len(head)]
    for row in rows:
        baseline = f"{row.baseline:,.1f}" if row.baseline is not None else ""
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        verdict = "" if row.ok is None else "ok" if row.ok else "NOT REACHED"
        reached = f"{row.reached:,.1f} {row.unit}"
        lines.append(f"{row.part:16}{row.figure:58}{reached:>18}{baseline:>12}{ratio:>8}  {row.wanted:14}{verdict}")
    return "\n".join(lines)


def write(machine: dict[str, Any], rows: list[Row], details: dict[str, Any], to: Path = RESULTS) -> None:
    """Write all figures as JSON."""
    to.parent.mkdir(parents=True, exist_ok=True)
    body = {"machine": machine, "rows": [asdict(row) | {"ratio": row.ratio} for row in rows], "details": details}
    to.write_text(json.dumps(body, indent=2, default=str) + "\n")
