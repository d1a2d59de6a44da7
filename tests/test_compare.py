"""What `make compare` prints, and which models it takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handover.crisis_file import read_crisis_guide
from handover.tuning.training.judgement import AGAINST, FIGURES, QUESTIONS, Judgement, JudgementError, judge
from scripts.compare import find_model, table
from scripts.stack import RunError
from tests.support.training import LIVE, MODEL, ordinary, write_judgement


@pytest.fixture
def found(tmp_path: Path, small_data: Path) -> Judgement:
    """The judgement of a candidate that is worse."""
    worse = [replace(one, right=number % 2 == 0, before=True) for number, one in enumerate(ordinary())]
    write_judgement(tmp_path, worse)
    files = {name: (tmp_path / name).read_bytes() for name in (FIGURES, QUESTIONS, AGAINST)}
    return judge(files, read_crisis_guide(small_data))


def test_table_tells_what_changed_by_faq_and_why_the_gate_is_closed(found: Judgement) -> None:
    said = table(found)
    assert said.startswith("41 questions: 20 lost, 0 gained, p = 0.0000 (McNemar)")
    assert "bygglov.avgift" in said
    assert "gate: CLOSED" in said
    assert "significant_loss: Fler frågor blev fel (20) än rätt (0)" in said
    assert "right before, wrong now" in said


def test_summary_of_a_model_counts_what_its_table_shows(found: Judgement) -> None:
    summary = found.summary()
    assert (summary["lost"], summary["gained"], summary["n"]) == (20, 0, 40)
    assert found.gate["open"] is False


@pytest.mark.parametrize("broken", [FIGURES, QUESTIONS])
def test_a_judgement_that_is_none_is_refused(tmp_path: Path, small_data: Path, broken: str) -> None:
    write_judgement(tmp_path, ordinary())
    files = {name: (tmp_path / name).read_bytes() for name in (FIGURES, QUESTIONS, AGAINST)}
    for content in (b"", b"{}", b"nonsense"):
        if broken == QUESTIONS and not content:
            continue
        with pytest.raises(JudgementError):
            judge({**files, broken: content}, read_crisis_guide(small_data))


def test_a_model_is_a_path_or_a_kept_name(tmp_path: Path) -> None:
    path = tmp_path / f"{MODEL}.tar.gz"
    path.touch()
    assert find_model(str(path), tmp_path / "none") == path
    assert find_model(MODEL, tmp_path) == find_model(f"{MODEL}.tar.gz", tmp_path) == path
    with pytest.raises(RunError, match=LIVE):
        find_model(LIVE, tmp_path)
