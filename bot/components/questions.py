"""Questions that nobody trains on, read from `data/calibration/` and `tests/nlu/`: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

#: What a question that is no FAQ's may rightly be taken for, by its `outcome`.
INTENTS_OF_OUTCOME: Dict[str, Tuple[str, ...]] = {
    "human": ("dialogue.ask_human",),
    "out_of_scope": ("out_of_scope",),
}


class QuestionsError(Exception):
    """A file of questions cannot be read; the message names file and line."""


@dataclass(frozen=True)
class HeldOut:
    """One question with the FAQs that answer it, or the outcome that it should have."""

    text: str
    language: str
    expect: Tuple[str, ...]
    outcome: Optional[str]
    audience: Optional[str]
    style: str = ""
    #: Set on a question about danger that no model may miss, whatever the one in service does.
    must_catch: bool = False
    #: The name of its file, without ending.
    source: str = field(default="", compare=False)

    @property
    def is_danger(self) -> Optional[bool]:
        """Tell whether this line is about danger and whether there is any."""
        return {"crisis": True, "not_crisis": False}.get(self.outcome or "")

    def accepts(self, intent: str) -> bool:
        """Tell whether taking the question for `intent` is right."""
        if self.expect:
            return intent in self.expect
        wanted = INTENTS_OF_OUTCOME.get(self.outcome or "")
        return intent in wanted if wanted else intent.startswith("dialogue.")


def read_held_out(folder: Path) -> List[HeldOut]:
    """Return all questions of a folder; raises `QuestionsError` at the first line that is none."""
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                questions.append(_read(path, number, line))
    return questions


def _read(path: Path, number: int, line: str) -> HeldOut:
    try:
        item = json.loads(line)
        expect = item.get("expect", [])
        if not isinstance(expect, list):
            raise ValueError("`expect` is a list")
        return HeldOut(
            text=str(item["text"]),
            language=str(item.get("lang", "sv")),
            expect=tuple(map(str, expect)),
            outcome=item.get("outcome"),
            audience=item.get("audience"),
            style=str(item.get("style", "")),
            must_catch=bool(item.get("must_catch", False)),
            source=path.stem,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsError(f"{path}:{number}: not a question: {error!r}") from None
