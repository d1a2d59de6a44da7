"""Draw what `make rollout-simulation` found. Runs in the engine's environment (Python 3.10): it has matplotlib."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import pyplot

BLUE, ORANGE, GREY = "#00538a", "#b54a00", "#767676"
LINES = ("-", "--", "-.", ":")


def draw_slips(axes: Any, steady: list[dict[str, Any]], target: float) -> None:
    """Draw how often a FAQ goes up against its true error rate, with intervals."""
    errors = [100 * one["error"] for one in steady]
    for level, colour, marker in (("sampled", BLUE, "o"), ("auto", ORANGE, "s")):
        shares, lows, highs = zip(*([100 * part for part in one[level]] for one in steady), strict=True)
        around = [
            [max(0.0, share - low) for share, low in zip(shares, lows, strict=True)],
            [max(0.0, high - share) for share, high in zip(shares, highs, strict=True)],
        ]
        axes.errorbar(errors, shares, yerr=around, color=colour, marker=marker, capsize=3, label=f"ever at {level}")
    axes.axvline(100 * (1 - target), color=GREY, linestyle=":", label=f"target {target:.2f}")
    axes.set(xlabel="wrong answers, %", ylabel="FAQs, %", ylim=(-2, 102), title="Who goes up")
    axes.legend()


def draw_turned(axes: Any, turned: dict[str, Any]) -> None:
    """Draw how many wrong answers are sent before a FAQ that turned bad falls."""
    for place, line in zip(turned["places"], LINES, strict=False):
        wrong = place["wrong"]
        colour = BLUE if place["level"] == "sampled" else ORANGE
        label = f"{place['level']}, {100 * place['share']:g} % reviewed"
        axes.plot(wrong, range(1, len(wrong) + 1), color=colour, linestyle=line, label=label)
    axes.set(
        xscale="log",
        xlim=(1, None),
        xlabel="wrong answers sent unseen",
        ylabel="FAQs that have fallen, %",
        ylim=(-2, 102),
    )
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_title(f"A FAQ turns to {100 * turned['rate']:g} % wrong")
    axes.legend(loc="upper left", fontsize="small")


def main() -> None:
    """Read the figures, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path)
    parser.add_argument("plot", type=Path)
    options = parser.parse_args()
    found = json.loads(options.figures.read_text("utf-8"))
    matplotlib.use("Agg")
    # Ids within the file come from this instead of from chance.
    matplotlib.rcParams["svg.hashsalt"] = "rollout"
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    draw_slips(left, found["steady"], found["target"])
    draw_turned(right, found["turned"])
    figure.tight_layout()
    figure.savefig(options.plot, metadata={"Date": None})


if __name__ == "__main__":
    main()
