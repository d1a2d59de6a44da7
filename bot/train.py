"""Train the model if its inputs changed: `kontakt-train OUT [--validate]`.

The model is named after a hash of everything it is made from, so an unchanged tree trains nothing.
A model appears in `OUT/models/` whole or not at all. `--validate` runs `rasa data validate` instead.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List

from bot.build import ROOT, DataError, build, service_patterns, staff_services
from bot.encoder.weights import WeightsError

#: The code and data that a model is made from; of the catalogue only what the entity ruler is fed.
DATA = Path(os.environ.get("KONTAKT_DATA", ROOT / "data")).resolve()
INPUTS = (
    "config.yml",
    "bot/build.py",
    "bot/components",
    "bot/domain.yml",
    "bot/encoder",
    "bot/rules.yml",
    "bot/spacy_sv.py",
    "requirements/engine.txt",
)
SUFFIXES = (".jsonl", ".py", ".yml", ".txt")
#: scikit-learn 1.1 reads one count of iterations per intent where liblinear's Crammer-Singer solver keeps a single one
#: (`get_n_iter`). What lies behind it is only heap, unless it is the end of a thread's small arena: then training dies
#: of a segmentation fault. One arena with room at its top leaves nothing to run off.
STEADY_MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_TOP_PAD_": str(1024 * 1024)}


def inputs_hash(out: Path, root: Path = ROOT, data: Path = DATA) -> str:
    """Return a hash of all files that a model is made from, and of where its spaCy pipeline is kept."""
    digest = hashlib.sha256(str(out).encode())
    for start in (*(root / name for name in INPUTS), data / "nlu", data / "calibration"):
        files = [start] if start.is_file() else sorted(start.rglob("*"))
        for path in files:
            if path.is_file() and path.suffix in SUFFIXES:
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    digest.update(json.dumps(service_patterns(data / "catalogue")).encode())
    digest.update(json.dumps(staff_services(data / "catalogue")).encode())
    return digest.hexdigest()[:16]


def model_path(out: Path, root: Path = ROOT) -> Path:
    """Return where the model of today's inputs is, or will be."""
    return out / "models" / f"kontakt-{inputs_hash(out, root)}.tar.gz"


def environment(built: Path) -> Dict[str, str]:
    """Return the environment in which Rasa reads config.yml; the folders of what was built are named by variables."""
    return {
        **os.environ,
        "KONTAKT_SPACY_PIPELINE": str(built / "spacy"),
        "KONTAKT_UNDERSTANDING": str(built / "understanding"),
        "KONTAKT_VECTORS": str(built.parents[1] / "vectors"),
        "TQDM_DISABLE": "1",
        **STEADY_MALLOC,
        "LOG_LEVEL": "INFO",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def rasa(arguments: List[str], out: Path, built: Path) -> int:
    """Run the rasa command of this environment in `out` (its cache goes there); its exit code."""
    command = [str(Path(sys.executable).with_name("kontakt-rasa")), *arguments]
    return subprocess.run(command, cwd=out, env=environment(built)).returncode


def main() -> int:
    """Build, then train or validate; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--validate", action="store_true")
    options = parser.parse_args()
    out: Path = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        target = model_path(out)
        if not options.validate and target.exists():
            print(f"model {target.name} is up to date", flush=True)
            return 0
        built = out / "builds" / ("validate" if options.validate else inputs_hash(out))
        build(built, data=DATA)
    except (DataError, WeightsError) as error:
        print(error, file=sys.stderr)
        return 1
    domain, rules = built / "domain", built / "rules.yml"
    data = ["--data", str(built / "examples.json"), str(ROOT / "bot" / "rules.yml"), str(rules)]
    shared = ["--domain", str(domain), "--config", str(ROOT / "config.yml"), *data]
    if options.validate:
        return rasa(["data", "validate", "--fail-on-warnings", *shared], out, built)
    print(f"training {target.name}, which takes a few minutes", flush=True)
    fresh = out / "training"
    shutil.rmtree(fresh, ignore_errors=True)
    name = ["--out", str(fresh), "--fixed-model-name", target.name[: -len(".tar.gz")]]
    code = rasa(["train", "--force", "--skip-validation", *name, *shared], out, built)
    if code == 0:
        target.parent.mkdir(parents=True, exist_ok=True)
        (fresh / target.name).replace(target)
    return code
