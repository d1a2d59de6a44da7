"""A keeper whose trainings are scripts: they print what the engine's do, and leave a judgement made by a test."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from keeper.training_routes import training_routes
from keeper.training_run import Commands, Order
from keeper.trainings import Trainings
from tests.support.server import LOOPBACK, serving

MODEL, LIVE = "kontakt-0a1b", "kontakt-11fe"
#: Says where it is, and waits in the middle for the file `go`; `fail` in the folder makes it fail.
TRAIN = """
import os, pathlib, sys, time
folder = pathlib.Path(sys.argv[1])
print("training kontakt-0a1b.tar.gz, which takes a few minutes", flush=True)
print("INFO rasa - Starting to train component 'SentenceClassifier'.", flush=True)
while not (folder / "go").exists():
    time.sleep(0.02)
if (folder / "fail").exists():
    sys.exit("ValueError: examples of 3 categories of danger or more are needed")
(folder / "trained").write_text(os.environ["KONTAKT_DATA"])
"""
JUDGE = """
import pathlib, shutil, sys
print("[judge] 0.00 asking kontakt-0a1b", flush=True)
shutil.copytree(pathlib.Path(sys.argv[1]) / "judgement", sys.argv[2])
print("[judge] 1.00 done", flush=True)
"""


@dataclass(frozen=True)
class Asked:
    """A question of a made-up judgement, and how it went with the candidate and with the model in service."""

    text: str
    faq: str = "bygglov.behovs"
    right: bool = True
    before: bool = True
    kind: str = "faq"
    confidence: float = 0.9
    other: str = "bygglov.avgift"
    must_catch: bool = False
    danger: dict[str, Any] | None = field(default=None)

    def row(self, number: int, right: bool) -> dict[str, Any]:
        """Return the line that the judge writes for one of the models."""
        is_faq = self.kind == "faq"
        given = self.faq if right else self.other
        alarm = self.danger or {"is_alarm": (self.kind == "crisis") == right, "is_harmless": False}
        return {
            "id": f"q{number}", "text": self.text, "language": "sv", "style": "vardag", "source": "small",
            "audience": "citizen", "kind": self.kind, "expect": [self.faq] if is_faq else [],
            "must_catch": self.must_catch, "decision": "answered" if is_faq else "crisis",
            "faqs": [given] if is_faq else [], "first_faq": given, "first": given, "confidence": self.confidence,
            "danger": {"category": "suicide", "likelihood": 0.5, **alarm}, "right": right,
        }  # fmt: skip


def ordinary() -> list[Asked]:
    """A candidate that is a little better: two of forty lost, six won, one cry for help missed by both."""
    faqs = ("bygglov.behovs", "bygglov.avgift", "bygglov.tid", "lon.datum")
    found = [Asked(f"Fråga {n + 1} om {faq}?", faq, confidence=0.55 + n * 0.04) for faq in faqs for n in range(10)]
    for place in (3, 14):
        found[place] = replace(found[place], right=False, other="lon.datum" if place == 3 else "bygglov.tid")
    for place in (0, 8, 11, 22, 31, 33):
        found[place] = replace(found[place], before=False)
    return [*found, Asked("Jag vill inte finnas", kind="crisis", right=False, before=False, faq="")]


def write_judgement(folder: Path, asked: Sequence[Asked], **changed: Any) -> None:
    """Write what `kontakt-judge` writes, with figures that fit the questions."""
    folder.mkdir(parents=True, exist_ok=True)
    now = [one.row(number, one.right) for number, one in enumerate(asked)]
    before = [one.row(number, one.before) for number, one in enumerate(asked)]
    for name, rows in (("questions.jsonl", now), ("against.jsonl", before)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    labels = sorted({one.faq for one in asked if one.faq})
    figures = {
        "model": MODEL,
        "labels": labels,
        **_figures(now),
        "against": {"model": LIVE, "labels": labels, **_figures(before)},
        "cross_validation": {
            "folds": 3, "n": 120, "accuracy": 0.81, "macro_f1": 0.79, "faqs": _faqs(now), "confusion": [],
            "seconds": 61.0,
        },
        "seconds": 70.0,
        **changed,
    }  # fmt: skip
    (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    for table in ("faqs", "confusion", "questions", "groups"):
        (folder / f"{table}.csv").write_text("name,n\nbygglov.behovs,10\n", encoding="utf-8")


def _figures(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    faq = sorted((row for row in rows if row["kind"] == "faq"), key=lambda row: -row["confidence"])
    wrong, curve = 0, []
    for place, row in enumerate(faq, 1):
        wrong += not row["right"]
        curve.append({"coverage": place / len(faq), "risk": wrong / place, "confidence": row["confidence"]})
    right = len(faq) - wrong
    group = {"kind": "faq", "n": len(faq), "right": right, "answered": len(faq), "answered_wrong": wrong}
    crises = [row["id"] for row in rows if row["kind"] == "crisis"]
    return {
        "questions": len(rows),
        "groups": [{**group, "language": language, "style": ""} for language in ("", "sv")],
        "risk_coverage": curve,
        "reliability": [{"share": 1.0, "confidence": 0.73, "accuracy": right / len(faq)}] if faq else [],
        "calibration_error": 0.031,
        "overconfidence": 0.012,
        "confusion": [
            {"expected": row["expect"][0], "given": row["first_faq"], "n": 1} for row in faq if not row["right"]
        ],
        "faqs": _faqs(rows),
        "danger": {"n": len(crises), "missed": crises, "harmless": 0, "false_alarms": []},
    }


def _faqs(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for name in sorted({row["expect"][0] for row in rows if row["expect"]}):
        own = [row for row in rows if row["expect"] == [name]]
        right = sum(row["right"] for row in own)
        share = right / len(own)
        counts = {"n": len(own), "right": right, "given": right}
        found.append({"name": name, **counts, "precision": 1.0, "recall": share, "f1": 2 * share / (1 + share)})
    return found


@dataclass(frozen=True)
class KeeperOfTrainings:
    """A running keeper that trains with scripts, and the folder that tells them what to do."""

    url: str
    folder: Path
    trainings: Trainings

    def let_go(self) -> None:
        """Let the training go on."""
        (self.folder / "go").touch()

    def fail(self) -> None:
        """Let the training fail."""
        (self.folder / "fail").touch()
        self.let_go()

    def judge(self, asked: Sequence[Asked], **changed: Any) -> None:
        """Have the judge find this."""
        shutil.rmtree(self.folder / "judgement", ignore_errors=True)
        write_judgement(self.folder / "judgement", asked, **changed)


@asynccontextmanager
async def keeper_of_trainings(data_dir: Path) -> AsyncIterator[KeeperOfTrainings]:
    """Run the keeper's routes of trainings on trees of this data folder; it keeps no engines."""
    folder = data_dir / "scripts"
    folder.mkdir(parents=True)
    (data_dir / "engine" / "models").mkdir(parents=True)
    (data_dir / "engine" / "models" / f"{LIVE}.tar.gz").touch()
    commands = Commands(
        train=lambda _: [sys.executable, "-c", TRAIN, str(folder)],
        judge=lambda _, model, out: [sys.executable, "-c", JUDGE, str(folder), str(out)],
        environment=_environment,
    )
    trainings = Trainings(data_dir / "keeper" / "trainings", commands)
    app = FastAPI()
    app.include_router(training_routes(trainings, data_dir / "tuning" / "trees", data_dir / "engine" / "models"))
    for path in ("/engines", "/models"):
        app.add_api_route(path, lambda: [])
    await trainings.open()
    try:
        async with serving(app) as port:
            running = KeeperOfTrainings(f"http://{LOOPBACK}:{port}", folder, trainings)
            running.judge(ordinary())
            yield running
    finally:
        await trainings.close()


def _environment(order: Order) -> dict[str, str]:
    return {**os.environ, "KONTAKT_DATA": str(order.tree)}
