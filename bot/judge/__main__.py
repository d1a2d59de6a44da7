"""Judge a trained model: `kontakt-judge MODEL --questions FOLDER… --out FOLDER [--against MODEL] [--vectors FOLDER]`.

Writes `figures.json`, `questions.jsonl`, with `--against` also `against.jsonl` (the other model on the same
questions), and tables as CSV; see docs/tuning.md. Exit code 1: it could not be judged, and one line says why.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

from bot.components.questions import HeldOut, QuestionsError, read_held_out
from bot.judge.asking import Row, ask_all, question_id
from bot.judge.figures import figures_of
from bot.judge.folds import NOT_VALIDATED, cross_validate
from bot.judge.loading import Model, ModelError, load_model
from bot.judge.writing import write_all


def read_questions(folders: List[Path]) -> List[HeldOut]:
    """Return all questions of the folders, each once; raises `QuestionsError` where there are none."""
    found: Dict[str, HeldOut] = {}
    for folder in folders:
        for question in read_held_out(folder):
            found.setdefault(question_id(question, question.audience or ""), question)
    if not found:
        raise QuestionsError(f"no questions in {', '.join(map(str, folders))}")
    return list(found.values())


def tell(step: str, share: float) -> None:
    """Print how far a step is; whoever started this reads it."""
    print(f"[judge] {share:.2f} {step}", flush=True)


def _judge(model: Model, questions: List[HeldOut]) -> Tuple[Dict[str, Any], List[Row]]:
    rows = ask_all(model, questions, tell)
    labels = model.classifier.look_inside().model.labels
    return {"model": model.name, "labels": labels, **figures_of(rows)}, rows


def main() -> int:
    """Judge; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--questions", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--vectors", type=Path, help="where vectors are kept; `vectors/` beside the model's folder")
    parser.add_argument("--without-folds", action="store_true", help="leave cross-validation out")
    options = parser.parse_args()
    vectors = options.vectors or options.model.resolve().parents[1] / "vectors"
    began = time.monotonic()
    try:
        questions = read_questions(options.questions)
        against, before = None, []
        if options.against:
            # The model in service is let go before the candidate is loaded.
            against, before = _judge(load_model(options.against, vectors), questions)
            gc.collect()
        model = load_model(options.model, vectors)
        figures, rows = _judge(model, questions)
        figures["against"] = against
        figures["cross_validation"] = NOT_VALIDATED if options.without_folds else cross_validate(model, tell)
        figures["seconds"] = round(time.monotonic() - began, 1)
        write_all(options.out, figures, rows, before)
    except (ModelError, QuestionsError, OSError) as error:
        print(f"[judge] {error}", file=sys.stderr, flush=True)
        return 1
    tell("done", 1.0)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
