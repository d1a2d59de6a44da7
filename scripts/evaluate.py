"""`make evaluate FILE=… AUDIENCE=… OUT=…`: ask every question of the real engine, write decisions, print a report."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from catalogue.documents import CatalogueError
from catalogue.phrases import Phrases
from handover.assistant import Assistant
from handover.core.supervision import Level, Levels
from handover.crisis_file import read_crisis_guide
from handover.engine import HttpEngine
from handover.evaluate import Decision, Question, QuestionError, decide_all, read_questions, report, write_decisions
from handover.settings import Settings
from scripts.scratch_engine import scratch_engine
from scripts.stack import RunError, say

#: Nobody waits in an evaluation; a slow machine is no reason to call an answer wrong.
TIMEOUT_SECONDS = 60.0


async def ask_all(
    settings: Settings, url: str, secret: str, questions: list[Question], audience: str
) -> list[Decision]:
    """Ask the running engine every question."""
    async with HttpEngine(url, secret, TIMEOUT_SECONDS) as engine:
        assistant = Assistant(
            engine, Phrases.read(settings.data), read_crisis_guide(settings.data), lambda: Levels(Level.AUTO)
        )
        return await decide_all(assistant, questions, audience)


def evaluate(questions: list[Question], audience: str) -> list[Decision]:
    """Prepare what is missing, run engine and actions on a database of their own, ask everything."""
    settings = Settings()
    with scratch_engine(settings) as engine:
        say(f"asking {len(questions)} questions as {audience}")
        return asyncio.run(ask_all(settings, engine.url, engine.secret, questions, audience))


def main() -> int:
    """Evaluate; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--audience", choices=("citizen", "staff"), default="citizen")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        questions = read_questions(options.file)
        decisions = evaluate(questions, options.audience)
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 2
    except (QuestionError, RunError, CatalogueError) as error:
        print(error, file=sys.stderr)
        return 1
    write_decisions(options.out, decisions)
    print(report(questions, decisions))
    print(f"decisions: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
