"""Make what training needs from the data folders: the spaCy pipeline, the domain and the FAQ rules.

`build` writes `spacy/`, `domain/` and `rules.yml`; `bot.train` calls it.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Dict, List

import yaml

ROOT = Path(__file__).resolve().parents[1]
DIALOGUE_PREFIX = "dialogue."
OUT_OF_SCOPE = "out_of_scope"
ANSWER_ACTION = "action_answer_faq"


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


def is_faq(intent: str) -> bool:
    """Tell whether an intent is a FAQ of the catalogue, `service.faq`."""
    return "." in intent and not intent.startswith(DIALOGUE_PREFIX)


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
    from bot.spacy_sv import build_pipeline

    intents = read_intents(data / "nlu")
    shutil.rmtree(out, ignore_errors=True)
    (out / "domain").mkdir(parents=True)
    build_pipeline(service_patterns(data / "catalogue")).to_disk(out / "spacy")
    shutil.copy(root / "bot" / "domain.yml", out / "domain" / "domain.yml")
    _dump(out / "domain" / "intents.yml", {"version": "3.1", "intents": intents})
    rules = [
        {"rule": f"answer {name}", "steps": [{"intent": name}, {"action": ANSWER_ACTION}]}
        for name in filter(is_faq, intents)
    ]
    _dump(out / "rules.yml", {"version": "3.1", "rules": rules})


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
