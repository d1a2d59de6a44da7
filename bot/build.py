"""Make what training needs from the data folders: the spaCy pipeline, the encoder, the domain and the rules of intents.

`build` writes `spacy/`, `understanding/`, `domain/`, `rules.yml` and `examples.json`; `bot.train` calls it.
The examples go to Rasa as JSON and without their metadata: it makes fingerprints of all that, for longer than the
model learns.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Dict, List

import yaml

ROOT = Path(__file__).resolve().parents[1]
DIALOGUE_PREFIX = "dialogue."
DANGER_PREFIX = "danger."
#: A person is wanted.
ASK_HUMAN = "dialogue.ask_human"
OUT_OF_SCOPE = "out_of_scope"
ANSWER_ACTION = "action_answer_faq"
DANGER_ACTION = "action_danger"


class DataError(Exception):
    """The data folders hold something that cannot be built; the message names file and reason."""


def read_intents(nlu: Path) -> List[str]:
    """Return the names of all intents that have examples, sorted."""
    names = set()
    for path in sorted(nlu.glob("*.yml")):
        for item in _load(path).get("nlu", []):
            if "intent" in item:
                names.add(str(item["intent"]))
    if not names:
        raise DataError(f"{nlu}: no training examples here")
    return sorted(names)


def read_examples(nlu: Path) -> Dict[str, Any]:
    """Return all training examples in Rasa's JSON format."""
    found = []
    for path in sorted(nlu.glob("*.yml")):
        for block in _load(path).get("nlu", []):
            lines = (line.strip() for line in str(block.get("examples", "")).splitlines())
            texts = [line[2:].strip() for line in lines if line.startswith("- ")]
            found += [{"text": text, "intent": str(block["intent"])} for text in texts]
    return {"rasa_nlu_data": {"common_examples": found}}


def is_faq(intent: str) -> bool:
    """Tell whether an intent is a FAQ of the catalogue, `service.faq`."""
    return "." in intent and not intent.startswith((DIALOGUE_PREFIX, DANGER_PREFIX))


def staff_services(catalogue: Path) -> List[str]:
    """Return the ids of the services whose questions are for employees only."""
    services = (_load(path) for path in sorted(catalogue.glob("*.yml")))
    return [str(service["id"]) for service in services if service.get("audience") == "staff"]


def service_patterns(catalogue: Path) -> List[Dict[str, str]]:
    """Return the entity ruler's patterns: each service's name and search words."""
    patterns = []
    for path in sorted(catalogue.glob("*.yml")):
        service = _load(path)
        words = {str(service["name"]["sv"]), *map(str, service.get("search_words", []))}
        patterns += [{"label": "service", "pattern": word.lower(), "id": service["id"]} for word in sorted(words)]
    return patterns


def build(out: Path, root: Path = ROOT, data: Path = ROOT / "data") -> None:
    """Write everything under `out`; what was there before is replaced."""
    # What is slow to import waits until it is needed: most calls find a model that is up to date.
    from bot.components.intent_classifier import CALIBRATION_FOLDER, ENCODER_FOLDER, STAFF_FILE
    from bot.encoder.build import build_encoder
    from bot.spacy_sv import build_pipeline

    intents = read_intents(data / "nlu")
    shutil.rmtree(out, ignore_errors=True)
    (out / "domain").mkdir(parents=True)
    build_pipeline(service_patterns(data / "catalogue")).to_disk(out / "spacy")
    understanding = out / "understanding"
    build_encoder(understanding / ENCODER_FOLDER)
    shutil.copytree(data / "calibration", understanding / CALIBRATION_FOLDER)
    (understanding / STAFF_FILE).write_text(json.dumps(staff_services(data / "catalogue")), encoding="utf-8")
    shutil.copy(root / "bot" / "domain.yml", out / "domain" / "domain.yml")
    _dump(out / "domain" / "intents.yml", {"version": "3.1", "intents": intents})
    (out / "examples.json").write_text(json.dumps(read_examples(data / "nlu"), ensure_ascii=False), encoding="utf-8")
    rules = [_rule(name, ANSWER_ACTION) for name in filter(is_faq, intents)]
    rules += [_rule(name, DANGER_ACTION) for name in intents if name.startswith(DANGER_PREFIX)]
    _dump(out / "rules.yml", {"version": "3.1", "rules": rules})


def _rule(intent: str, action: str) -> Dict[str, Any]:
    return {"rule": f"{intent} -> {action}", "steps": [{"intent": intent}, {"action": action}]}


def _load(path: Path) -> Dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise DataError(f"{path}: not YAML: {error}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path}: the file is not a mapping")
    return content


def _dump(path: Path, content: Dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
