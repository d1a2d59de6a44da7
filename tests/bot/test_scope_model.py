"""The model of what the catalogue is about, on made sentences of a few features each."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.build import OUT_OF_SCOPE
from bot.components.scope_model import ScopeModel

INSIDE, OUTSIDE, WIDTH = 0, 1, 4


def made(column, count, seed):
    rows = np.random.default_rng(seed).normal(0, 0.1, size=(count, WIDTH))
    rows[:, column] += 1
    return rows


def sentences(inside, outside, seed=1):
    return csr_matrix(np.vstack([made(INSIDE, inside, seed), made(OUTSIDE, outside, seed + 1)]), dtype=np.float32)


@pytest.fixture(scope="module")
def model():
    """Learnt from ten times as many questions of the catalogue as others: neither side is drowned."""
    learnt = ScopeModel()
    learnt.fit(sentences(300, 30), ["bygglov.behovs"] * 200 + ["dialogue.greet"] * 100 + [OUT_OF_SCOPE] * 30)
    return learnt


def test_what_is_outside_leaves_doubt_and_what_is_inside_leaves_none(model):
    doubts = model.doubts(sentences(20, 20, seed=7))
    assert (doubts[:20] == 0).all()
    assert (doubts[20:] > 1).all()


def test_what_lies_between_leaves_less_doubt_than_what_is_outside(model):
    between, outside = model.doubts(csr_matrix([[0.5, 0.5, 0, 0], [0, 1, 0, 0]], dtype=np.float32))
    assert 0 < between < outside


@pytest.mark.parametrize("labels", [["bygglov.behovs"] * 30, [OUT_OF_SCOPE] * 30])
def test_of_one_side_alone_nothing_is_learnt_and_nothing_doubted(labels):
    model = ScopeModel()
    model.fit(sentences(15, 15), labels)
    assert not model.is_trained
    assert (model.doubts(sentences(3, 3)) == 0).all()


def test_saved_and_loaded_it_doubts_the_same(model, tmp_path):
    model.save(tmp_path)
    texts = sentences(10, 10, seed=9)
    np.testing.assert_array_equal(ScopeModel.load(tmp_path).doubts(texts), model.doubts(texts))
    ScopeModel().save(tmp_path)
    assert not ScopeModel.load(tmp_path).is_trained
