"""A turn of the assistant through everything, beside the bare engine's: the real engine, actions and service."""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.options import Options
from bench.report import Row, at_most, wanted_at_least
from bench.running import LOGS, SECRET, cpu_seconds, weigh
from bench.turn_load import TURNS_A_CONVERSATION
from bench.worker import Worker, worker
from catalogue.documents import read_catalogue
from handover.evaluate import read_questions
from handover.settings import Settings
from handover.store.migrate import migrate
from scripts.stack import (
    LOOPBACK,
    ROOT,
    Ports,
    free_port,
    health_urls,
    process_environment,
    processes,
    run_step,
    say,
    train,
    wait_ready,
)

NAMES = ["engine", "actions", "handover"]
CONVERSATIONS = (8, 16, 32)
QUESTIONS = 200
TURNS = 300
#: What is wanted: the whole in parts of the bare turn, and turns a second.
WANTED_RATIO = 1.5
WANTED_PER_SECOND = 100.0
SEED = 7


def measure(options: Options) -> tuple[list[Row], dict[str, Any]]:
    """Return the rows of the turn, and everything that was seen."""
    ports = Ports(handover=free_port(), engine=free_port(), actions=free_port())
    data_dir = Settings().data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kontakt-bench-") as name:
        folder = Path(name)
        settings = Settings(database_url=f"sqlite+aiosqlite:///{folder / 'kontakt.sqlite3'}", data_dir=data_dir)
        env = process_environment(settings, ports, SECRET)
        asyncio.run(migrate(settings.resolved_database_url))
        run_step("importing the catalogue", [sys.executable, "-m", "catalogue", "import"], env)
        model = train(data_dir, env)
        say("turn: starting engine, actions and handover")
        with processes(NAMES, model, ports, env, LOGS / "turn") as running:
            wait_ready(list(health_urls(ports).values()))
            pids = {name: process.pid for name, process in running.items()}
            with worker("bench.turn_load") as load:
                details = _measure(load, ports, pids, options)
    return _rows(details), details


def _measure(load: Worker, ports: Ports, pids: dict[str, int], options: Options) -> dict[str, Any]:
    chosen = load.ask(
        "choose",
        host=LOOPBACK,
        engine=ports.engine,
        handover=ports.handover,
        secret=SECRET,
        questions=_questions(),
        held=_held_services(),
    )
    say(f"turn: {chosen['kept']} of {chosen['asked']} questions are answered at once")
    turns = TURNS // 3 if options.quick else TURNS
    beside = load.ask("side_by_side", turns=turns)
    bare, whole = beside["bare"], beside["whole"]
    say(f"  bare p50 {bare['p50']:.1f} ms, whole p50 {whole['p50']:.1f} ms: {whole['p50'] / bare['p50']:.2f}")
    at_once: dict[str, dict[str, Any]] = {}
    for conversations in CONVERSATIONS:
        for side in ("bare", "whole"):
            found = _at_once(load, pids, side, conversations, 3.0 if options.quick else 10.0)
            at_once[f"{side} {conversations}"] = found
            say(f"  {side}, {conversations} at once: {_told(found)}")
    memory = {name: weigh(pid) for name, pid in pids.items()}
    return {"chosen": chosen, "side_by_side": beside, "at_once": at_once, "memory": memory}


def _held_services() -> list[str]:
    """Return the services whose answers wait for a guide: their turns end in a draft."""
    documents = [file.document for file in read_catalogue(ROOT / "data").services]
    return [service.id for service in documents if service.sensitive]


def _at_once(load: Worker, pids: dict[str, int], side: str, conversations: int, seconds: float) -> dict[str, Any]:
    """Run one phase; with the shares of a core that each process used."""
    before, began = {name: cpu_seconds(pid) for name, pid in pids.items()}, time.monotonic()
    found = load.ask("at_once", side=side, conversations=conversations, seconds=seconds)
    took = time.monotonic() - began
    cores = {name: round((cpu_seconds(pid) - before[name]) / took, 2) for name, pid in pids.items()}
    return {**found, "cores": cores}


def _told(phase: dict[str, Any]) -> str:
    took = phase["took"]
    faults = f"; {phase['faults']} without an answer: {phase['fault']}" if phase["faults"] else ""
    cores = ", ".join(f"{name} {share}" for name, share in phase["cores"].items())
    return f"{phase['per_second']:.1f} turns/s, p50 {took['p50']:.0f} p99 {took['p99']:.0f} ms; cores: {cores}{faults}"


def _questions() -> list[str]:
    """Return some of the questions with one right answer that nobody trains on, always the same."""
    found = [
        question.text
        for path in sorted((ROOT / "tests" / "nlu").glob("*.jsonl"))
        for question in read_questions(path)
        if question.lang == "sv" and question.outcome is None and len(question.expect) == 1
    ]
    return random.Random(SEED).sample(found, QUESTIONS)  # noqa: S311


def _rows(details: dict[str, Any]) -> list[Row]:
    beside, at_once = details["side_by_side"], details["at_once"]
    bare, whole = beside["bare"], beside["whole"]
    rows = [
        Row("turn", "bare engine's webhook p50", bare["p50"], "ms"),
        Row("turn", "bare engine's webhook p95", bare["p95"], "ms"),
        Row("turn", "of which inside the engine p50", beside["engine_total"]["p50"], "ms"),
        Row("turn", "of which understanding p50", beside["engine_parse"]["p50"], "ms"),
        at_most("turn", "say -> assistant's message p50", whole["p50"], "ms", WANTED_RATIO, baseline=bare["p50"]),
        Row("turn", "say -> assistant's message p95", whole["p95"], "ms", bare["p95"]),
    ]
    for conversations in CONVERSATIONS:
        one, other = at_once[f"whole {conversations}"], at_once[f"bare {conversations}"]
        figure = f"turns, {conversations} conversations at once (baseline: bare)"
        rows.append(Row("turn", figure, one["per_second"], "/s", other["per_second"]))
    best = max(at_once[f"whole {conversations}"]["per_second"] for conversations in CONVERSATIONS)
    rows.append(wanted_at_least("turn", "turns, the best of these", best, "/s", WANTED_PER_SECOND))
    rows += [
        Row("turn", f"memory of {name} (USS)", weight.uss / 1024, "MB") for name, weight in details["memory"].items()
    ]
    rows.append(Row("turn", f"turns a conversation {TURNS_A_CONVERSATION}; turns without an answer",
                    beside["faults"] + sum(phase["faults"] for phase in at_once.values()), ""))  # fmt: skip
    return rows
