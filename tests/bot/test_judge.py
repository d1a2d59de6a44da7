"""A model that was trained for real is judged for real; what the figures say is what the rows say."""

import csv
import json
import shutil
import sys

import numpy as np
import pytest
from small_archive import run

from bot.components import intent_classifier
from bot.components.questions import HeldOut, QuestionsError, read_held_out
from bot.judge.__main__ import read_questions
from bot.judge.asking import Row, ask_all, decide, kind_of
from bot.judge.figures import confusion, figures_of, groups, overconfidence, per_label, risk_coverage
from bot.judge.folds import MIN_EXAMPLES, NOT_VALIDATED, cross_validate
from bot.judge.loading import ModelError, load_model
from bot.judge.writing import write_all

pytest_plugins = ["small_model", "small_archive"]
QUESTIONS = [
    {"text": "får jag låna boken längre", "expect": ["bibliotek.omlan"], "style": "vardag"},
    {"text": "tappat kortet till biblioteket", "expect": ["bibliotek.kort"], "style": "sms"},
    {"text": "priset för att parkera", "expect": ["parkering.taxa", "bibliotek.kort"], "style": "vardag"},
    {"text": "hur mycket semester har jag som anställd", "expect": ["hr_direkt.semester"]},
    {
        "text": "låna om boken och vad kostar parkering",
        "expect": ["bibliotek.omlan", "parkering.taxa"],
        "outcome": "multi",
    },
    {"text": "jag vill prata med en människa", "outcome": "human"},
    {"text": "vem vann matchen", "outcome": "out_of_scope"},
    {"text": "jag vill dö", "outcome": "crisis", "must_catch": True},
    {"text": "en helt vanlig dag", "outcome": "crisis"},
    {"text": "batteriet dör", "outcome": "not_crisis"},
    {"text": "mitt nummer är 19121212-1212", "outcome": "personal_data"},
]


def silent(step, share):
    """Tells nobody how far it is."""


@pytest.fixture(autouse=True)
def _nothing_in_use(monkeypatch):
    monkeypatch.setattr(intent_classifier, "_in_use", None)


@pytest.fixture
def asked(tmp_path):
    """The questions as a folder."""
    folder = tmp_path / "questions"
    folder.mkdir()
    lines = [json.dumps(line, ensure_ascii=False) for line in QUESTIONS]
    (folder / "small.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def model(small_archive, tmp_path):
    return load_model(small_archive, tmp_path / "vectors")


@pytest.fixture
def rows(model, asked):
    return ask_all(model, read_held_out(asked), silent)


def row(kind="faq", first="a.b", expect=("a.b",), confidence=0.9, decision="answered", **changed):
    values = {
        "id": "1", "text": "?", "language": "sv", "style": "", "source": "", "audience": "citizen", "must_catch": False,
        "faqs": (first,), "first_faq": first, "danger": None, "right": first in expect,
    }  # fmt: skip
    return Row(kind=kind, first=first, expect=expect, confidence=confidence, decision=decision, **{**values, **changed})


#: Asks the whole engine, one message at a time; in a process of its own, as the engine is.
ASK_ALONE = """
import asyncio, json, sys
from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
agent = asyncio.run(load_agent(model_path=sys.argv[1]))
for text, metadata in json.load(open(sys.argv[2])):
    parsed = asyncio.run(agent.processor.parse_message(UserMessage(text, metadata=metadata)))
    print("PARSED " + json.dumps([parsed["intent_ranking"], parsed["understood"]]))
"""


def test_all_at_once_gives_what_a_single_parse_gives(small_archive, model, asked, tmp_path):
    """The same ranking, to the last bit, as the whole engine's for one message at a time."""
    questions = [q for q in read_held_out(asked) if kind_of(q)]
    metadata = {"audience": "staff", "language": "sv"}
    (tmp_path / "asked.json").write_text(json.dumps([[q.text, metadata] for q in questions]), encoding="utf-8")
    said = run([sys.executable, "-c", ASK_ALONE, str(small_archive), str(tmp_path / "asked.json")], tmp_path)
    alone = [json.loads(line[len("PARSED ") :]) for line in said.splitlines() if line.startswith("PARSED ")]
    assert len(alone) == len(questions)
    readings = model.reader.read_all([q.text for q in questions])
    for number, (question, (ranking, understood)) in enumerate(zip(questions, alone, strict=True)):
        together = model.classifier.understand(question.text, metadata, readings[number])
        assert [one for one in ranking if one["name"] != "nlu_fallback"] == together.ranking
        assert understood == together.beside


def test_each_question_is_asked_as_whoever_may_ask_it(rows):
    assert {one.audience for one in rows if one.expect and one.expect[0].startswith("hr_direkt")} == {"staff"}
    assert {one.audience for one in rows if not one.expect} == {"citizen"}


def test_what_is_no_models_business_is_not_asked(rows):
    assert [one.text for one in rows] == [q["text"] for q in QUESTIONS if q.get("outcome") != "personal_data"]


def test_a_row_says_what_was_asked_and_what_became_of_it(rows):
    by_text = {one.text: one for one in rows}
    first = by_text["får jag låna boken längre"]
    assert (first.kind, first.first_faq, first.right, first.source, first.style) == (
        "faq", "bibliotek.omlan", True, "small", "vardag",
    )  # fmt: skip
    danger = by_text["jag vill dö"]
    assert (danger.decision, danger.right, danger.must_catch) == ("crisis", True, True)
    assert by_text["en helt vanlig dag"].right is False
    assert len({one.id for one in rows}) == len(rows)


THRESHOLDS = {"answer": 0.8, "ask": 0.3}


@pytest.mark.parametrize(
    ("ranking", "understood", "audience", "decision"),
    [
        ([("a.b", 0.9)], {}, "citizen", ("answered", ["a.b"])),
        ([("a.b", 0.7), ("a.c", 0.2), ("dialogue.greet", 0.1)], {}, "citizen", ("asked", ["a.b", "a.c"])),
        ([("a.b", 0.2)], {}, "citizen", ("searched", [])),
        ([("dialogue.greet", 0.9)], {}, "citizen", ("smalltalk", [])),
        ([("dialogue.ask_human", 0.9)], {}, "citizen", ("escalated", [])),
        ([("a.b", 0.6), ("dialogue.ask_human", 0.2)], {}, "citizen", ("escalated", [])),
        ([("a.b", 0.9)], {"danger": {"is_alarm": True}}, "citizen", ("crisis", [])),
        ([("a.b", 0.5)], {"staff_share": 0.7}, "citizen", ("refused", [])),
        ([("a.b", 0.5)], {"staff_share": 0.7}, "staff", ("asked", ["a.b"])),
        ([("a.b", 0.9)], {"questions": [("c.d", 0.6)]}, "citizen", ("answered", ["a.b", "c.d"])),
        ([("a.b", 0.2)], {"questions": [("c.d", 0.1), ("c.e", 0.05)]}, "citizen", ("asked", ["a.b", "c.d", "c.e"])),
        ([("a.b", 0.9)], {"questions": [("dialogue.greet", 0.9)]}, "citizen", ("answered", ["a.b"])),
        ([("dialogue.greet", 0.9)], {"questions": [("c.d", 0.6)]}, "citizen", ("smalltalk", [])),
    ],
)
def test_a_decision_follows_the_ranking_and_the_thresholds(ranking, understood, audience, decision):
    def named(pairs):
        return [{"name": name, "confidence": confidence} for name, confidence in pairs]

    whole = {
        "thresholds": THRESHOLDS,
        "staff_share": 0.0,
        **understood,
        "questions": named(understood.get("questions", [])),
    }
    assert decide(named(ranking), whole, audience) == decision


@pytest.mark.parametrize(
    ("outcome", "expect", "kind"),
    [
        (None, ("a.b",), "faq"), (None, (), None), ("multi", ("a.b",), "several"), ("human", (), "human"),
        ("crisis", (), "crisis"), ("not_crisis", (), "not_crisis"), ("vague", (), "no_answer"),
        ("personal_data", (), None), ("not_personal_data", (), None),
    ],
)  # fmt: skip
def test_the_kind_of_a_question(outcome, expect, kind):
    assert kind_of(HeldOut("?", "sv", expect, outcome, None)) == kind


def test_groups_count_what_is_answered_and_what_of_it_is_wrong():
    found = groups([row(), row(first="x.y"), row(decision="asked", language="en", style="sms")])
    whole, english, sms, swedish = found
    assert (whole["n"], whole["right"], whole["answered"], whole["answered_wrong"]) == (3, 2, 2, 1)
    assert (english["language"], english["n"], english["answered"]) == ("en", 1, 0)
    assert (sms["style"], swedish["n"]) == ("sms", 2)


def test_what_is_answered_wrongly_depends_on_what_was_asked():
    asked = [row(kind="human", expect=()), row(kind="no_answer", expect=("a.b",)), row(kind="not_crisis", expect=())]
    wrong = {one["kind"]: one["answered_wrong"] for one in groups(asked) if not one["language"]}
    assert wrong == {"human": 1, "no_answer": 1, "not_crisis": 0}


def test_the_risk_falls_where_only_the_surest_are_answered():
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, False])
    assert [(one["coverage"], one["risk"]) for one in risk_coverage(confidence, right)] == [
        (0.25, 0.0), (0.5, 0.0), (0.75, 0.3333), (1.0, 0.5),
    ]  # fmt: skip


def test_being_less_sure_than_right_is_no_overconfidence_and_getting_worse_is_never_less_of_it():
    confidence = np.array([0.62, 0.63, 0.64, 0.95])
    assert overconfidence(confidence, np.array([True, True, True, True])) == 0
    assert overconfidence(np.full(4, 0.95), np.array([True, False, True, False])) == pytest.approx(0.45)
    random = np.random.default_rng(1)
    for _ in range(100):
        confidence, right = random.random(30), random.random(30) < 0.7
        worse = right & (random.random(30) < 0.8)
        assert overconfidence(confidence, worse) >= overconfidence(confidence, right) - 1e-12


def test_precision_recall_and_confusion_come_from_the_same_pairs():
    told, given = ["a", "a", "a", "b"], ["a", "a", "b", "c"]
    assert [(f["name"], f["n"], f["precision"], f["recall"], f["f1"]) for f in per_label(told, given)] == [
        ("a", 3, 1.0, 0.6667, 0.8), ("b", 1, 0.0, 0.0, 0.0), ("c", 0, 0.0, None, 0.0),
    ]  # fmt: skip
    assert confusion(told, given) == [
        {"expected": "a", "given": "b", "n": 1},
        {"expected": "b", "given": "c", "n": 1},
    ]


def test_where_several_faqs_are_right_the_given_one_counts():
    (found,) = figures_of([row(first="a.c", expect=("a.b", "a.c"))])["faqs"]
    assert (found["name"], found["right"]) == ("a.c", 1)


def test_dangers_that_are_missed_are_named(rows):
    found = figures_of(rows)["danger"]
    missed = {one.id: one.text for one in rows}
    assert [missed[one] for one in found["missed"]] == ["en helt vanlig dag"]
    assert (found["n"], found["harmless"]) == (2, 1)


def test_cross_validation_asks_every_example_of_a_model_that_has_not_seen_it(model):
    found = cross_validate(model, silent)
    inside = model.classifier.look_inside()
    counts = np.bincount(inside.model.neighbours.columns)
    assert found["n"] == counts[counts >= MIN_EXAMPLES].sum() > 40
    assert 0.1 < found["accuracy"] < 1.0, "a model that had seen them would know them all"
    assert sum(one["n"] for one in found["faqs"]) == found["n"]
    assert sum(one["right"] for one in found["faqs"]) == pytest.approx(found["accuracy"] * found["n"], abs=0.01)
    assert cross_validate(model, silent) == {**found, "seconds": pytest.approx(found["seconds"], abs=60)}


def test_it_is_written_as_json_and_as_tables_that_run_nothing(tmp_path, rows):
    formula = row(text="=HYPERLINK(1)", id="x")
    figures = {"model": "m", **figures_of([*rows, formula]), "cross_validation": NOT_VALIDATED}
    write_all(tmp_path / "out", figures, [*rows, formula], rows)
    assert json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))["questions"] == len(rows) + 1
    with (tmp_path / "out" / "questions.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(rows) + 1
    assert lines[-1]["text"] == "'=HYPERLINK(1)"
    assert (lines[0]["right_before"], lines[-1]["right_before"]) == ("1", "")


def test_the_command_judges_a_model_beside_another(small_archive, asked, tmp_path):
    out = tmp_path / "out"
    said = run(
        [sys.executable, "-m", "bot.judge", str(small_archive), "--questions", str(asked), "--out", str(out),
         "--against", str(small_archive)],
        tmp_path,
    )  # fmt: skip
    assert "[judge] 1.00 done" in said
    figures = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    assert figures["model"] == figures["against"]["model"] == small_archive.name[: -len(".tar.gz")]
    assert "bibliotek.omlan" in figures["labels"]
    assert (out / "questions.jsonl").read_text() == (out / "against.jsonl").read_text()
    assert figures["cross_validation"]["folds"] == 3
    assert {path.name for path in out.glob("*.csv")} >= {"faqs.csv", "confusion.csv", "risk_coverage.csv", "groups.csv"}


def test_the_same_examples_are_trained_from_kept_vectors_to_the_same_model(
    train_small, small_data, small_archive, tmp_path
):
    before = load_model(small_archive, tmp_path).classifier.look_inside()
    again = shutil.copytree(small_data, tmp_path / "again")
    (again / "nlu" / "comment.yml").write_text("# changed\nnlu: []\n")
    other, _ = train_small(again)
    assert other != small_archive
    after = load_model(other, tmp_path).classifier.look_inside()
    assert np.array_equal(before.model.neighbours.examples, after.model.neighbours.examples)
    assert np.array_equal(before.model._weights, after.model._weights)
    assert len(list((small_archive.parents[1] / "vectors").glob("*.npy"))) == 1


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_a_file_that_is_no_model_is_named(tmp_path, content):
    path = tmp_path / "kontakt-x.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="kontakt-x"):
        load_model(path, tmp_path)
    with pytest.raises(ModelError, match="no such model"):
        load_model(tmp_path / "gone.tar.gz", tmp_path)


def test_questions_stand_once_however_often_they_are_written(asked, tmp_path):
    again = shutil.copytree(asked, tmp_path / "again")
    assert len(read_questions([asked, again])) == len(QUESTIONS)
    (tmp_path / "none").mkdir()
    with pytest.raises(QuestionsError, match="no questions"):
        read_questions([tmp_path / "none"])
