"""`make bench-training`: a change set of one example trained and judged while people chat, and how long they wait.

Everything is real: service, keeper, engine and actions, the whole catalogue, a training as the page starts it. The
baseline is the same load before the training. `COLD=1` begins without kept vectors, as the first training ever does.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import Summary, summed_up
from bench.report import Row, at_most, table, wanted_at_least
from bench.running import machine
from handover.settings import Settings
from scripts.stack import ROOT, model_environment, say, train
from tests.swap.load import Load
from tests.swap.model_files import copy_as
from tests.swap.stage import Plan, Stage

MODEL = "in-service"
#: A tenth of 300 000 cases a year by chat is one conversation every four minutes of office hours. Twenty times that.
CONVERSATIONS_PER_SECOND, THINK_SECONDS = 0.1, 4.0
WARM_UP_SECONDS, CALM_SECONDS, LOOK_EVERY_SECONDS = 20.0, 90.0, 1.0
#: What is wanted: minutes from the button to the judgement, and how much longer a turn may take meanwhile.
WHOLE_MINUTES, TIMES_IDLE = 10.0, 3.0
EXAMPLE = {
    "kind": "add_example",
    "intent": "avfall.sophamtning",
    "language": "sv",
    "voice": "vardag",
    "text": "Sopbilen körde rakt förbi vår infart i morse utan att stanna",
}


async def start_training(stage: Stage) -> str:
    """Open a change set with one new example and start its training; return the training's id."""
    changes = "/api/v1/tuning/changes"
    opened = await stage.http.post(changes, json={"title": "Ett exempel"})
    opened.raise_for_status()
    change_set = opened.json()["id"]
    edited = await stage.http.post(f"{changes}/{change_set}/edits", json={"edits": [EXAMPLE]})
    edited.raise_for_status()
    started = await stage.http.post("/api/v1/tuning/trainings", json={"change_set": change_set})
    started.raise_for_status()
    return str(started.json()["id"])


async def wait_for_judgement(stage: Stage, training: str) -> dict[str, Any]:
    """Return the training when it has ended."""
    step: str | None = None
    while True:
        answer = await stage.http.get(f"/api/v1/tuning/trainings/{training}")
        answer.raise_for_status()
        view: dict[str, Any] = answer.json()
        if view["state"] not in ("training", "judging"):
            return view
        if view.get("step") != step:
            step = view.get("step")
            say(f"{view['state']}: {step}")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def measure(folder: Path, model: Path, warm: bool) -> list[Row]:
    """Run the load, first alone, then beside a training; return the figures."""
    vectors = model.parents[1] / "vectors"
    if warm and vectors.is_dir():
        shutil.copytree(vectors, folder / "engine" / "vectors")
    # A copy, which is in no repository: the change set is a branch of one.
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    plan = Plan(folder, (MODEL,), lambda name, path: copy_as(model, path, f"{name}-id"), double=False, data=data)
    async with Stage(plan) as stage:
        load = Load(stage.url, CONVERSATIONS_PER_SECOND, THINK_SECONDS)
        loading = asyncio.create_task(load.run())
        try:
            await asyncio.sleep(WARM_UP_SECONDS)
            warmed = time.monotonic()
            await asyncio.sleep(CALM_SECONDS)
            began = time.monotonic()
            view = await wait_for_judgement(stage, await start_training(stage))
            ended = time.monotonic()
        finally:
            load.finish()
            await loading
    if view["state"] != "done":
        print("\n".join(view.get("tail") or []), file=sys.stderr)
        raise RuntimeError(f"the training ended as {view['state']}: {view['problem']}")

    def turns(start: float, end: float) -> Summary:
        return summed_up([turn.seconds for turn in load.turns if start <= turn.at < end])

    calm, busy = turns(warmed, began), turns(began, ended)
    unanswered = sum(turn.failure is not None for turn in load.turns)
    return [
        at_most("training", "from the button to the judgement", (ended - began) / 60, "min", WHOLE_MINUTES),
        Row("chats", "turns before, and meanwhile", busy["n"], "", calm["n"]),
        wanted_at_least("chats", "answered", 100 * (1 - unanswered / max(1, len(load.turns))), "%", 100),
        Row("chats", "turn, p50", busy["p50"], "ms", calm["p50"]),
        at_most("chats", "turn, p95", busy["p95"], "ms", TIMES_IDLE, calm["p95"]),
        Row("chats", "turn, longest", busy["max"], "ms", calm["max"]),
    ]


def main() -> int:
    """Measure; the exit code is 0 unless something could not be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="without the vectors that earlier trainings have kept")
    options = parser.parse_args()
    model = train(Settings().data_dir.resolve(), model_environment())
    with tempfile.TemporaryDirectory(prefix="kontakt-bench-") as folder:
        say("training beside a load of chats; this takes up to ten minutes")
        rows = asyncio.run(measure(Path(folder), model, warm=not options.cold))
    print(machine())
    print(table(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
