"""The results of a run of the gate, for whoever reads `build/accessibility.json`."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from handover.settings import ROOT
from tests.e2e.gate.checks import CHECKS, Check

RESULTS = ROOT / "build" / "accessibility.json"


@dataclass
class Record:
    """What each check found in each state; a state that could not be brought about has failed."""

    #: Findings by check and state; an empty list is a check that passed.
    found: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    titles: dict[str, str] = field(default_factory=dict)
    not_reached: dict[str, str] = field(default_factory=dict)

    def note(self, check: Check, state: str, findings: list[str]) -> None:
        """Note what a check found in a state, beside what it found there before."""
        self.found[check.name][state] = self.found[check.name].get(state, []) + findings

    def findings(self, state: str) -> list[str]:
        """Return everything that was found in a state."""
        return [f"{check}: {one}" for check, states in self.found.items() for one in states.get(state, [])]

    def write(self, path: Path = RESULTS) -> None:
        """Write the results for `scripts/accessibility.py`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        checks = [
            {
                "name": check.name,
                "criteria": check.criteria,
                "stories": check.has_stories,
                "states": self.found.get(check.name, {}),
            }
            for check in CHECKS
        ]
        body = {"titles": self.titles, "not_reached": self.not_reached, "checks": checks}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
