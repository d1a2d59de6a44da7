"""Questions that nobody trains on, as files hold them."""

import json
from pathlib import Path

import pytest

from bot.components.intent_classifier import MIN_HELD_OUT
from bot.components.questions import HeldOut, QuestionsError, read_held_out

ROOT = Path(__file__).resolve().parents[2]
LABELS = ("bygglov.behovs", "bygglov.kostnad", "dialogue.ask_human", "dialogue.greet", "out_of_scope")


def question(expect=(), outcome=None):
    return HeldOut("?", "sv", tuple(expect), outcome, None)


@pytest.fixture
def write(tmp_path):
    """Writes a file of lines; gives its folder."""

    def lines(*items, name="a.jsonl"):
        content = "\n".join(item if isinstance(item, str) else json.dumps(item) for item in items)
        (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path

    return lines


def test_a_line_becomes_a_question_with_all_that_it_says(write):
    line = {"text": "Altan?", "lang": "en", "expect": ["bygglov.behovs"], "audience": "staff", "style": "sms"}
    assert read_held_out(write(line)) == [HeldOut("Altan?", "en", ("bygglov.behovs",), None, "staff", "sms")]


def test_what_a_line_leaves_out_has_a_default(write):
    assert read_held_out(write({"text": "Hej"})) == [HeldOut("Hej", "sv", (), None, None)]


def test_files_are_read_in_order_and_empty_lines_and_other_files_are_passed_over(write):
    write({"text": "tre"}, name="b.jsonl")
    write("not one", name="notes.txt")
    assert [q.text for q in read_held_out(write({"text": "ett"}, "", "  ", {"text": "två"}))] == ["ett", "två", "tre"]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "5",
        '"text"',
        "{}",
        '{"text": "x", "expect": null}',
        '{"text": "x", "expect": 5}',
        '{"text": "x", "expect": "bygglov.behovs"}',
        '{"text": "x", "expect": {"bygglov.behovs": 1}}',
    ],
)
def test_a_line_that_is_no_question_is_named(write, line):
    with pytest.raises(QuestionsError, match=r"a\.jsonl:3: not a question"):
        read_held_out(write({"text": "ett"}, "", line))


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        (question(expect=["bygglov.behovs"]), ["bygglov.behovs"]),
        (question(expect=["bygglov.behovs", "bygglov.kostnad"]), ["bygglov.behovs", "bygglov.kostnad"]),
        (question(expect=["bygglov.behovs"], outcome="human"), ["bygglov.behovs"]),
        (question(outcome="human"), ["dialogue.ask_human"]),
        (question(outcome="out_of_scope"), ["out_of_scope"]),
        (question(outcome="chitchat"), ["dialogue.ask_human", "dialogue.greet"]),
        (question(), ["dialogue.ask_human", "dialogue.greet"]),
    ],
)
def test_a_question_accepts_what_answers_it(asked, right):
    assert [label for label in LABELS if asked.accepts(label)] == right


def test_a_line_about_danger_says_whether_there_is_any():
    told = {outcome: question(outcome=outcome).is_danger for outcome in ("crisis", "not_crisis", "human", None)}
    assert told == {"crisis": True, "not_crisis": False, "human": None, None: None}


def test_the_repository_holds_questions_enough_to_calibrate_on():
    questions = read_held_out(ROOT / "data" / "calibration")
    assert sum(q.is_danger is None and len(q.expect) <= 1 for q in questions) >= MIN_HELD_OUT
    assert {q.is_danger for q in questions} == {True, False, None}
