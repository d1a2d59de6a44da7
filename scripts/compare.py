"""`make compare A=model B=model`: whether model B may take the place of model A; exit code 1 where the gate is closed.

A model is a path, or the name of one in `<data dir>/engine/models/`. Both are asked the questions of the project and of
the data folder. What the judge writes stays in OUT.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from handover.crisis_file import read_crisis_guide
from handover.settings import Settings
from handover.tuning.training.judgement import AGAINST, FIGURES, QUESTIONS, Judgement, JudgementError, judge
from keeper.training_commands import engine_commands
from keeper.training_run import Order
from scripts.stack import ROOT, RunError, say

MODEL_SUFFIX = ".tar.gz"
#: As many changed questions as are printed; all stand in questions.csv.
SHOWN = 20


def find_model(name: str, models: Path) -> Path:
    """Return the path of a model; raises `RunError`."""
    for path in (Path(name), models / name, models / f"{name}{MODEL_SUFFIX}"):
        if path.is_file():
            return path.resolve()
    raise RunError(f"There is no model {name}, neither as a file nor in {models}.")


def compare(live: Path, candidate: Path, data: Path, out: Path) -> Judgement:
    """Ask both models everything and return the judgement; raises `RunError`."""
    commands = engine_commands(ROOT, candidate.parents[1])
    order = Order("compare", data, live)
    name = candidate.name.removesuffix(MODEL_SUFFIX)
    command = [*commands.judge(order, name, out), "--without-folds"]
    say(f"asking {live.name} and {candidate.name}")
    done = subprocess.run(command, env=commands.environment(order), stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise RunError("The models could not be judged.")
    try:
        files = {name: (out / name).read_bytes() for name in (FIGURES, QUESTIONS, AGAINST)}
        return judge(files, read_crisis_guide(data))
    except (OSError, JudgementError) as error:
        raise RunError(f"The judgement cannot be read: {error}") from error


def table(found: Judgement) -> str:
    """Return the comparison as text."""
    comparison = found.comparison or {"faqs": [], "changed": []}
    whole = found.whole
    lines = [f"{whole.n} questions: {len(whole.lost)} lost, {len(whole.gained)} gained, p = {whole.p:.4f} (McNemar)"]
    if comparison["faqs"]:
        lines.append(f"\n{'changed by FAQ':44}{'n':>6}{'lost':>6}{'gained':>8}{'p':>9}")
    for one in comparison["faqs"]:
        lines.append(f"{one['name']:44}{one['n']:>6}{one['lost']:>6}{one['gained']:>8}{one['p']:>9.4f}")
    lost = [one for one in comparison["changed"] if not one["right"]]
    if lost:
        lines.append("\nright before, wrong now:")
    lines += [f"  {one['subject']}: {one['text']} ({one['now']['first']})" for one in lost[:SHOWN]]
    if len(lost) > SHOWN:
        lines.append(f"  … and {len(lost) - SHOWN} more, see questions.csv")
    lines.append("\ngate: open" if found.verdict.is_open else "\ngate: CLOSED")
    lines += [f"  {reason.code}: {reason.sentence}" for reason in found.verdict.reasons]
    return "\n".join(lines)


def main() -> int:
    """Compare; the exit code: 0 open, 1 closed, 2 it could not be judged."""
    settings = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("live", help="the model in service: a path or a kept name")
    parser.add_argument("candidate", help="the model that is to take its place")
    parser.add_argument("--data", type=Path, default=settings.data)
    parser.add_argument("--out", type=Path, default=Path(os.curdir) / "build" / "compare")
    options = parser.parse_args()
    models = settings.data_dir.resolve() / "engine" / "models"
    try:
        live, candidate = find_model(options.live, models), find_model(options.candidate, models)
        found = compare(live, candidate, options.data.resolve(), options.out.resolve())
    except RunError as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 2
    print(table(found))
    print(f"\nfigures and tables: {options.out}")
    return 0 if found.verdict.is_open else 1


if __name__ == "__main__":
    raise SystemExit(main())
