"""What a judgement leaves behind: `figures.json`, `questions.jsonl`, and tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, Dict, List, Sequence

from bot.judge.asking import Row

FIGURES, QUESTIONS, AGAINST = "figures.json", "questions.jsonl", "against.jsonl"
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OF_QUESTIONS = ("id", "text", "language", "style", "source", "audience", "kind", "expect", "decision", "first_faq")


def write_all(out: Path, figures: Dict[str, Any], rows: Sequence[Row], against: Sequence[Row]) -> None:
    """Write everything to the folder `out`; the figures last, so that where they stand the rest stands too."""
    out.mkdir(parents=True, exist_ok=True)
    _write_rows(out / QUESTIONS, rows)
    if against:
        _write_rows(out / AGAINST, against)
    _write_csv(out / "groups.csv", figures["groups"])
    _write_csv(out / "risk_coverage.csv", figures["risk_coverage"])
    _write_csv(out / "reliability.csv", figures["reliability"])
    _write_csv(out / "confusion.csv", figures["confusion"])
    _write_csv(out / "faqs.csv", figures["faqs"])
    _write_csv(out / "cross_validation_faqs.csv", figures["cross_validation"]["faqs"])
    _write_csv(out / "cross_validation_confusion.csv", figures["cross_validation"]["confusion"])
    _write_csv(out / "questions.csv", _beside(rows, against))
    part = out / f"{FIGURES}.part"
    part.write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    part.replace(out / FIGURES)


def _write_rows(path: Path, rows: Sequence[Row]) -> None:
    path.write_text("".join(json.dumps(r.as_json(), ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def _beside(rows: Sequence[Row], against: Sequence[Row]) -> List[Dict[str, Any]]:
    before = {row.id: row for row in against}
    found = []
    for row in rows:
        line = {key: getattr(row, key) for key in (*_OF_QUESTIONS, "confidence", "right")}
        if against:
            line["right_before"] = before[row.id].right if row.id in before else None
        found.append(line)
    return found


def _write_csv(path: Path, rows: Sequence[Dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        if not rows:
            return
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        value = " ".join(map(str, value))
    if isinstance(value, bool):
        return int(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
