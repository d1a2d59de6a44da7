"""Regression questions of a data folder: each line is told that tests nothing, or that nobody can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from catalogue.checks import check_data
from catalogue.documents import CatalogueError, read_catalogue
from catalogue.examples import Example
from catalogue.regression import FOLDER, RegressionQuestion, check_regression
from tests.support.kontakt import ROOT
from tests.support.small_catalogue import write_data

DECK = Example("bygglov.behovs", "sv", "vardag", "Behöver jag bygglov för altan?", Path("data/nlu/bygglov.yml"), 7)
QUESTION: dict[str, Any] = {"text": "Hur högt får planket vara?", "lang": "sv", "expect": ["bygglov.behovs"]}


def told(folder: Path, *lines: str) -> list[tuple[int, str]]:
    """Return line and reason of what is wrong with these lines."""
    data = write_data(folder)
    (data / FOLDER).mkdir()
    (data / FOLDER / "bygglov.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = check_regression(data / FOLDER, read_catalogue(data), [DECK])
    return [(problem.line, problem.reason) for problem in found]


def line(**changed: object) -> str:
    """Return a line that is a question, but for what is changed."""
    return json.dumps({**QUESTION, **changed}, ensure_ascii=False)


def test_lines_that_are_questions_are_left_alone(tmp_path: Path) -> None:
    crisis = line(text="Jag orkar inte mer", expect=[], outcome="crisis", must_catch=True)
    assert told(tmp_path, line(), "", crisis, line(text="?"), line(text="!", style="sms", audience="staff")) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (line(expect=["bygglov.nowhere"]), "no FAQ has the id bygglov.nowhere"),
        (line(text="behöver jag  BYGGLOV för altan"), "is trained on: bygglov.yml:7 (bygglov.behovs)"),
        (line(text=""), "text: String should have at least 1 character"),
        (line(text="a" * 601), "text: String should have at most 600 characters"),
        (line(must_catch=True), "not a question: Value error, `must_catch` is for the outcome `crisis`"),
        (line(must_catch="no", outcome="crisis"), "must_catch: Input should be a valid boolean"),
        (line(expect=[]), "not a question: Value error, neither `expect` nor `outcome` tells what is right"),
        (line(outcome="kris"), "outcome: Input should be 'multi'"),
        (line(svar="ja"), "svar: Extra inputs are not permitted"),
        ("inte JSON", "not a question: Invalid JSON"),
        ("[]", "not a question: Input should be an object"),
    ],
)
def test_line_that_tests_nothing_is_told(tmp_path: Path, wrong: str, reason: str) -> None:
    ((number, said),) = told(tmp_path, line(text="Något annat?"), wrong)
    assert number == 2
    assert said.startswith(reason)


def test_question_that_stands_twice_is_told_in_any_file(tmp_path: Path) -> None:
    assert told(tmp_path, line(), line(text="hur HÖGT får planket vara")) == [
        (2, "the same question as bygglov.jsonl:1")
    ]


def test_check_of_the_data_folder_reads_them(tmp_path: Path) -> None:
    told(tmp_path, "inte JSON")
    with pytest.raises(CatalogueError, match=r"bygglov\.jsonl:1: not a question"):
        check_data(tmp_path)


def test_form_takes_what_the_projects_own_questions_hold() -> None:
    lines = (ROOT / "tests" / "nlu" / "near.jsonl").read_text(encoding="utf-8").splitlines()
    assert len([RegressionQuestion.model_validate_json(one) for one in lines]) == len(lines) > 400
