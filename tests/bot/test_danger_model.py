"""The model of danger, on made sentences of a few features each."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.components.danger_model import HARMLESS, MAX_FALSE_ALARMS, MAX_VETOED, NEIGHBOURS, PREFIX, DangerModel

#: What each column of a made sentence stands for.
KINDS = ("suicide", "violence", "fire")
DANGER, HARMLESS_SIGN, ORDINARY, WIDTH = 3, 4, 5, 6


def made(kind, count, seed, blur=0.05):
    """Sentences of one kind: a category, "none" for look-alikes of danger, "ordinary" for everything else."""
    rows = np.random.default_rng(seed).normal(0, blur, size=(count, WIDTH))
    if kind == "ordinary":
        rows[:, ORDINARY] += 1
    elif kind == "none":
        rows[:, [*range(3), HARMLESS_SIGN]] += [0.4, 0.4, 0.4, 1]
    else:
        rows[:, [KINDS.index(kind), DANGER]] += 1
    return csr_matrix(rows, dtype=np.float32)


def stack(*parts):
    return csr_matrix(np.vstack([part.toarray() for part in parts]))


EXAMPLES = stack(*(made(kind, 15, seed) for seed, kind in enumerate((*KINDS, "none"))))
LABELS = [PREFIX + kind for kind in (*KINDS, "none") for _ in range(15)]
REST, REST_LABELS = made("ordinary", 100, 9), ["bygglov.behovs"] * 100


def fitted():
    model = DangerModel()
    model.fit(EXAMPLES, LABELS, REST, REST_LABELS)
    return model


@pytest.fixture
def model():
    """Learnt and calibrated on sentences that tell clearly."""
    model = fitted()
    danger = stack(*(made(kind, 30, seed) for seed, kind in enumerate(KINDS, start=20)))
    harmless = made("none", 90, 30)
    model.calibrate(stack(danger, harmless), np.arange(180) < 90)
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_danger_raises_the_alarm_of_its_category(model, kind):
    found = model.judge(made(kind, 1, 40))
    assert found.category == kind
    assert found.is_alarm and not found.is_harmless
    assert 0.9 < found.likelihood <= 1


@pytest.mark.parametrize("kind", ["none", "ordinary"])
def test_a_look_alike_and_an_ordinary_question_are_harmless(model, kind):
    found = model.judge(made(kind, 1, 41))
    assert found.is_harmless and not found.is_alarm
    assert found.likelihood < 0.1
    assert found.category in KINDS, "look-alikes are no category"


def test_alarms_and_vetoes_keep_their_limits_where_the_two_are_hard_to_tell():
    model = fitted()
    danger, harmless = made("suicide", 400, 50, blur=0.7), made("none", 400, 51, blur=0.7)
    is_danger = np.arange(800) < 400
    model.calibrate(stack(danger, harmless), is_danger)
    found = [model.judge(row) for row in stack(danger, harmless)]
    alarms = np.array([one.is_alarm for one in found])
    vetoes = np.array([one.is_harmless for one in found])
    assert 0.5 * MAX_FALSE_ALARMS < alarms[~is_danger].mean() <= MAX_FALSE_ALARMS
    assert vetoes[is_danger].mean() <= MAX_VETOED
    assert alarms[is_danger].mean() > 0.3
    assert not (alarms & vetoes).any()
    likely = np.array([one.likelihood for one in found])
    for low, high in ((0, 0.3), (0.3, 0.7), (0.7, 1)):
        inside = (likely >= low) & (likely <= high)
        assert is_danger[inside].mean() == pytest.approx(likely[inside].mean(), abs=0.1), "a likelihood is one"


def test_what_is_harmless_ends_where_the_alarm_begins_at_the_latest(model):
    assert 0 < model.harmless_below <= model.alarm_at < 1


def test_alarms_begin_above_the_share_of_look_alikes_that_is_allowed():
    """Of 17 look-alikes one may be taken for danger, and the second likeliest may not."""
    model, danger, harmless = fitted(), made("suicide", 20, 52), made("none", 17, 53, blur=0.7)
    model.calibrate(stack(danger, harmless), np.arange(37) < 20)
    assert sum(model.judge(row).is_alarm for row in harmless) == 1
    model.calibrate(stack(danger, harmless[:16]), np.arange(36) < 20)
    assert not any(model.judge(row).is_alarm for row in harmless[:16]), "one of 16 is not below the share"


def judged_as_likely(likelihood, question, confidence, **limits):
    """What the model says of a sentence that it takes for danger with this likelihood, beside a question."""
    model = replace(fitted(), **limits)
    model._scale = (0.0, float(np.log(likelihood / (1 - likelihood))))
    return model.judge(made("suicide", 1, 52), question, confidence)


@pytest.mark.parametrize(
    ("question", "confidence", "is_alarm"),
    [
        ("miljo.buller", 0.8, False),
        ("miljo.buller", 0.79, True),
        ("familj.vald", 1.0, True),
        ("bostad.hemlos", 1.0, True),
        ("dialogue.ask_human", 0.95, False),
        ("dialogue.ask_human", 0.94, True),
        ("dialogue.vague", 1.0, True),
        ("out_of_scope", 1.0, True),
        ("", 0.0, True),
    ],
)
def test_what_surely_is_an_ordinary_question_raises_an_alarm_only_where_danger_is_likelier(
    question, confidence, is_alarm
):
    for likelihood, expected in ((0.5, is_alarm), (0.66, True)):
        assert judged_as_likely(likelihood, question, confidence, alarm_at=0.2).is_alarm is expected


@pytest.mark.parametrize(
    ("question", "confidence", "is_harmless"),
    [
        ("miljo.buller", 0.8, True),
        ("miljo.buller", 0.79, False),
        ("familj.vald", 1.0, False),
        ("dialogue.ask_human", 1.0, False),
    ],
)
def test_beside_what_surely_is_an_ordinary_question_a_pattern_is_believed_only_where_danger_is_likelier(
    question, confidence, is_harmless
):
    for likelihood, expected in ((0.02, True), (0.1, is_harmless), (0.21, False)):
        found = judged_as_likely(likelihood, question, confidence, alarm_at=0.4, harmless_below=0.03)
        assert found.is_harmless is expected


def likely(likelihood):
    """A sentence of violence that the model takes for danger with this likelihood, see `scaled`."""
    return csr_matrix(np.eye(1, WIDTH, DANGER, dtype=np.float32) * np.log(likelihood / (1 - likelihood)))


def scaled(**limits):
    """A model whose first column alone says how likely danger is, and whose second category is violence."""
    weights = np.zeros((WIDTH, 1 + len(KINDS)), dtype=np.float32)
    weights[DANGER, 0] = 1
    offsets = np.array([0, 0, 1, 0], dtype=np.float32)
    return DangerModel(categories=list(KINDS), _weights=weights, _offsets=offsets, **limits)


@pytest.mark.parametrize(
    ("question", "confidence", "part", "is_alarm"),
    [
        ("", 0.0, 0.84, False),
        ("", 0.0, 0.86, True),
        ("forskola.avgift", 0.99, 0.94, False),
        ("forskola.avgift", 0.99, 0.96, True),
        ("forskola.avgift", 0.5, 0.86, True),
        ("dialogue.ask_human", 0.99, 0.84, False),
        ("dialogue.ask_human", 0.99, 0.86, True),
        ("familj.vald", 0.99, 0.86, True),
    ],
)
def test_a_part_read_by_itself_raises_an_alarm_that_the_whole_does_not(question, confidence, part, is_alarm):
    model = scaled(alarm_at=0.2, harmless_below=0.05)
    found = model.judge(likely(0.1), question, confidence, likely(part))
    assert found.is_alarm is is_alarm
    assert found.likelihood == pytest.approx(part if is_alarm else 0.1, abs=1e-3), "what the alarm goes by"
    assert found.category == "violence"


def test_a_message_is_not_harmless_beside_a_part_that_leaves_doubt():
    model = scaled(alarm_at=0.2, harmless_below=0.05)
    for part, is_harmless in ((None, True), (likely(0.29), True), (likely(0.31), False)):
        assert model.judge(likely(0.02), part=part).is_harmless is is_harmless
    assert not model.judge(likely(0.06), part=likely(0.01)).is_harmless, "the whole leaves doubt by itself"


def test_parts_that_leave_doubt_are_read_by_themselves():
    model = scaled()
    parts = stack(*(likely(one) for one in (0.1, 0.16, 0.4, 0.2)))
    assert model.suspicious(parts) == [1, 2, 3]
    assert model.likelihoods(model.likeliest(parts)) == pytest.approx(0.4)


def test_a_model_that_was_not_calibrated_neither_raises_alarms_nor_excuses():
    model = fitted()
    for kind in (*KINDS, "none", "ordinary"):
        found = model.judge(made(kind, 1, 42))
        assert not found.is_alarm and not found.is_harmless


def test_questions_that_people_in_danger_ask_too_teach_nothing():
    labels = [name for name in sorted(NEIGHBOURS) for _ in range(40)]
    asked_in_danger = made("violence", len(labels), 60)
    model = DangerModel()
    model.fit(EXAMPLES, LABELS, stack(REST, asked_in_danger), [*REST_LABELS, *labels])
    np.testing.assert_array_equal(model._weights, fitted()._weights)
    misled = DangerModel()
    misled.fit(EXAMPLES, LABELS, stack(REST, asked_in_danger), [*REST_LABELS, *["bygglov.behovs"] * len(labels)])
    assert not np.array_equal(misled._weights, model._weights)


def test_look_alikes_are_learnt_as_no_danger():
    without = DangerModel()
    kept = [label != HARMLESS for label in LABELS]
    without.fit(EXAMPLES[kept], [label for label in LABELS if label != HARMLESS], REST, REST_LABELS)
    look_alike = made("none", 1, 43)
    assert fitted().judge(look_alike).likelihood < without.judge(look_alike).likelihood
    assert HARMLESS[len(PREFIX) :] not in fitted().categories


def test_a_saved_model_judges_the_same(model, tmp_path):
    model.save(tmp_path)
    loaded = DangerModel.load(tmp_path)
    assert loaded.is_trained
    for kind in (*KINDS, "none", "ordinary"):
        assert loaded.judge(made(kind, 1, 44, blur=0.3)) == model.judge(made(kind, 1, 44, blur=0.3))
    with np.load(tmp_path / "danger.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype == np.float32 for name in arrays.files)
    assert json.loads((tmp_path / "danger.json").read_text(encoding="utf-8"))["categories"] == sorted(KINDS)


def test_a_model_without_examples_stays_untrained_when_saved(tmp_path):
    assert fitted().is_trained and not DangerModel().is_trained
    DangerModel().save(tmp_path)
    assert not DangerModel.load(tmp_path).is_trained
