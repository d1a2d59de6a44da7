"""A small data folder, and the model that `kontakt-train` makes of it, in processes of their own."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from small_model import DANGER, NLU, WAYS, asked_in, told

TRAIN = "from bot.train import main; raise SystemExit(main())"


def run(command, cwd, **variables):
    """Runs a command of the engine's environment; gives what it printed."""
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def small_data(tmp_path_factory):
    """A data folder with seven intents, four of danger, and questions to calibrate on."""
    data = tmp_path_factory.mktemp("data")
    for name in ("nlu", "catalogue", "calibration"):
        (data / name).mkdir()
    (data / "nlu" / "all.yml").write_text(NLU + DANGER, encoding="utf-8")
    lines = [*asked_in(len(WAYS), audience="citizen"), *told()]
    content = "\n".join(json.dumps({**line, "audience": None} if "hr_direkt" in str(line) else line) for line in lines)
    (data / "calibration" / "lines.jsonl").write_text(content, encoding="utf-8")
    for service in ("bibliotek", "parkering", "skolmat", "hr_direkt"):
        told_of = {"id": service, "name": {"sv": service}, "audience": "staff" if service == "hr_direkt" else "citizen"}
        (data / "catalogue" / f"{service}.yml").write_text(yaml.safe_dump(told_of), encoding="utf-8")
    return data


@pytest.fixture(scope="session")
def train_small(tmp_path_factory):
    """Trains a data folder as `kontakt-train` does; gives the path of the model and what was printed."""
    out = tmp_path_factory.mktemp("engine")

    def one(data):
        said = run([sys.executable, "-c", TRAIN, str(out)], out, KONTAKT_DATA=str(data))
        names = [word for word in said.replace("'", " ").split() if word.startswith("kontakt-") and ".tar.gz" in word]
        return out / "models" / names[0].strip(",'"), said

    return one


@pytest.fixture(scope="session")
def small_archive(train_small, small_data):
    return train_small(small_data)[0]
