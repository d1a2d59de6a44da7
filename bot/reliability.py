"""`make reliability`: ask the trained model the held-out questions; print how honest its confidences are, and draw it.

Only what nobody trained on or calibrated on is asked: the questions of `tests/nlu` that have one right FAQ.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List, Tuple

import matplotlib
import numpy as np
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage

from bot.build import ROOT, is_faq, staff_services
from bot.components.calibration import expected_calibration_error, reliability
from bot.components.questions import HeldOut, read_held_out
from bot.train import model_path

#: What stands before the ranking of questions: Rasa's own fallback, and danger.
_NO_QUESTION = ("nlu_fallback", "danger.")

#: Confidence of the first intent, whether it is right, and whether the first FAQ is.
Sure = Tuple[float, bool, bool]


async def ask(agent: Agent, questions: List[HeldOut]) -> Dict[str, List[Sure]]:
    """Return how sure and how right each ranking begins, by language and for all together."""
    staff = set(staff_services(ROOT / "data" / "catalogue"))
    found: Dict[str, List[Sure]] = defaultdict(list)
    for question in questions:
        audience = "staff" if question.expect[0].partition(".")[0] in staff else "citizen"
        metadata: Dict[str, Any] = {"audience": audience, "language": question.language}
        parsed = await agent.processor.parse_message(UserMessage(question.text, metadata=metadata))
        ranking = [one for one in parsed["intent_ranking"] if not one["name"].startswith(_NO_QUESTION)]
        faqs = [one["name"] for one in ranking if is_faq(one["name"])]
        sure = (float(ranking[0]["confidence"]), ranking[0]["name"] in question.expect, faqs[0] in question.expect)
        found["all"].append(sure)
        found[question.language].append(sure)
    return found


def draw(pairs: List[Sure], path: Path) -> None:
    """Draw accuracy against confidence as SVG, the size of a point by how many questions it stands for."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    bins = reliability(*_columns(pairs)[:2])
    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], linestyle="--", color="#767676", label="as sure as right")
    sizes = [20 + 1_500 * one["share"] for one in bins]
    confidences, accuracies = [one["confidence"] for one in bins], [one["accuracy"] for one in bins]
    axes.plot(confidences, accuracies, color="#00538a")
    axes.scatter(confidences, accuracies, s=sizes, color="#00538a", label="held-out questions")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share right")
    axes.legend(loc="upper left")
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def _columns(pairs: List[Sure]) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    confidence, right, faq = zip(*pairs)
    return np.array(confidence), np.array(right), np.array(faq)


def main() -> None:
    """Ask, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the folder that `kontakt-train` was given")
    parser.add_argument("--plot", type=Path, required=True)
    options = parser.parse_args()
    questions = [q for q in read_held_out(ROOT / "tests" / "nlu") if len(q.expect) == 1 and q.outcome is None]
    agent = asyncio.run(load_agent(model_path=str(model_path(options.out.resolve()))))
    found = asyncio.run(ask(agent, questions))
    print(f"{'language':10}{'questions':>10}{'right FAQ first':>17}{'calibration error':>19}")
    for language, pairs in sorted(found.items(), key=lambda item: -len(item[1])):
        confidence, right, faq = _columns(pairs)
        error = expected_calibration_error(confidence, right)
        print(f"{language:10}{len(pairs):10}{faq.mean():17.3f}{error:19.3f}")
    for one in reliability(*_columns(found["all"])[:2]):
        print(f"confidence {one['confidence']:.3f}: right {one['accuracy']:.3f} ({one['share']:.1%} of the questions)")
    draw(found["all"], options.plot)


if __name__ == "__main__":
    main()
