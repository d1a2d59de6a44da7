"""`make accessibility`: runs the gate and writes `data/accessibility.json`, which the accessibility statement reads.

Writes it whether the gate passes or not: a check that failed stands in the statement. Exits with 1 if one failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from handover.portal.statement import FILE, Assessment
from scripts.browser import BrowserMissing, ensure_browser
from scripts.setup import ROOT
from scripts.stack import say
from tests.e2e.gate.record import RESULTS

GATE = "tests/e2e/gate"
SHORTCOMINGS = ROOT / "data" / "shortcomings.yml"


def assess(results: dict[str, Any], shortcomings: list[Any], day: str, version: str) -> Assessment:
    """Return what the statement says of a run of the gate; a state that was not reached has failed every check."""
    titles, not_reached = results["titles"], results["not_reached"]
    checks = []
    for check in results["checks"]:
        found: dict[str, list[str]] = check["states"]
        lost = {} if check["stories"] else {state: ["not reached"] for state in not_reached}
        failed = [titles.get(state, state) for state, findings in {**found, **lost}.items() if findings]
        checks.append(
            {"name": check["name"], "criteria": check["criteria"], "looked": len({**found, **lost}), "failed": failed}
        )
    body = {"tested_on": day, "updated_on": day, "version": version, "states": max(len(titles), 1), "checks": checks}
    return Assessment.model_validate({**body, "shortcomings": shortcomings})


def write(assessment: Assessment, path: Path) -> None:
    """Write the assessment where the service reads it."""
    body = assessment.model_dump(mode="json", by_alias=True, exclude_none=True)
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_version() -> str:
    """Return the product's version."""
    release = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return str(release["version"])


def main() -> int:
    """Run the gate, write the file; the exit code."""
    try:
        browser = ensure_browser()
    except BrowserMissing as error:
        print(f"[kontakt] {error}", file=sys.stderr)
        return 2
    RESULTS.unlink(missing_ok=True)
    env = {**os.environ, "KONTAKT_BROWSER": str(browser)}
    passed = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n0", GATE], cwd=ROOT, env=env).returncode == 0
    if not RESULTS.is_file():
        print("[kontakt] the gate left no results: nothing was written", file=sys.stderr)
        return 2
    shortcomings = yaml.safe_load(SHORTCOMINGS.read_text(encoding="utf-8"))
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    path = ROOT / "data" / FILE
    write(assess(results, shortcomings, datetime.now(UTC).date().isoformat(), read_version()), path)
    say(f"wrote {path.relative_to(ROOT)}: {'all checks passed' if passed else 'NOT all checks passed'}")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
