"""`make evaluate FILE=… AUDIENCE=… OUT=…`: ask every question of the real engine, write decisions, print a report."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from catalogue.documents import CatalogueError
from catalogue.phrases import Phrases
from handover.assistant import Assistant
from handover.core.supervision import Level
from handover.crisis_file import read_crisis_guide
from handover.engine import HttpEngine
from handover.evaluate import Decision, Question, QuestionError, decide_all, read_questions, report, write_decisions
from handover.settings import Settings
from handover.store.migrate import migrate
from scripts.stack import (
    LOOPBACK,
    Ports,
    RunError,
    engine_secret,
    free_port,
    health_urls,
    process_environment,
    processes,
    run_step,
    say,
    train,
    wait_ready,
)

#: Nobody waits in an evaluation; a slow machine is no reason to call an answer wrong.
TIMEOUT_SECONDS = 60.0


async def ask_all(
    settings: Settings, ports: Ports, secret: str, questions: list[Question], audience: str
) -> list[Decision]:
    """Ask the running engine every question."""
    async with HttpEngine(f"http://{LOOPBACK}:{ports.engine}", secret, TIMEOUT_SECONDS) as engine:
        assistant = Assistant(
            engine, Phrases.read(settings.data), read_crisis_guide(settings.data), Level.AUTO, production=False
        )
        return await decide_all(assistant, questions, audience)


def evaluate(questions: list[Question], audience: str) -> list[Decision]:
    """Prepare what is missing, run engine and actions on a database of their own, ask everything."""
    settings = Settings()
    data_dir = settings.data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    ports = Ports(handover=0, engine=free_port(), actions=free_port())
    with tempfile.TemporaryDirectory() as scratch:
        own = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{scratch}/evaluate.sqlite3"})
        secret = engine_secret(data_dir)
        env = process_environment(own, ports, secret)
        asyncio.run(migrate(own.resolved_database_url))
        run_step("importing the catalogue", [sys.executable, "-m", "catalogue", "import"], env)
        model = train(data_dir, env)
        say("starting engine and actions")
        with processes(["engine", "actions"], model, ports, env, Path(scratch)):
            urls = health_urls(ports)
            wait_ready([urls["engine"], urls["actions"]])
            say(f"asking {len(questions)} questions as {audience}")
            return asyncio.run(ask_all(own, ports, secret, questions, audience))


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
