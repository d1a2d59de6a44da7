"""Finding the nearest of very many vectors by rounded numbers first."""

import numpy as np
import pytest

from bot.components.coarse_search import CoarseSearch
from bot.components.neighbours import VOTERS, Neighbours

WIDTH = 64


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def grouped(seed, groups, each):
    """Vectors as sentences have them: in groups, with some directions longer than others."""
    rng = np.random.default_rng(seed)
    lengths = 1 / np.sqrt(np.arange(1, WIDTH + 1))
    centres = rng.normal(size=(groups, 1, WIDTH)) * lengths
    return unit((centres + 0.7 * rng.normal(size=(groups, each, WIDTH)) * lengths).reshape(-1, WIDTH))


@pytest.fixture
def make_search(tmp_path):
    def make(vectors):
        CoarseSearch.write(vectors, tmp_path / "search.onnx")
        return CoarseSearch(tmp_path / "search.onnx")

    return make


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_are_among_the_likely(make_search, seed):
    vectors = grouped(seed, groups=90, each=150)
    search = make_search(vectors)
    all_asked = grouped(seed, groups=90, each=151)[75::151]
    found = search.likely(all_asked, VOTERS)
    assert len(found) == len(all_asked)
    for asked, likely in zip(all_asked, found, strict=True):
        nearest = np.argsort(-(vectors @ asked))[:VOTERS]
        assert set(nearest) <= set(likely.tolist())
        assert len(likely) < len(vectors) / 2


def test_of_few_vectors_all_are_likely(make_search):
    vectors = grouped(1, groups=3, each=100)
    for found in make_search(vectors).likely(vectors[:2], VOTERS):
        np.testing.assert_array_equal(found, np.arange(300))


def test_of_vectors_that_are_all_alike_all_are_likely(make_search):
    vectors = np.tile(unit(np.ones((1, WIDTH))), (5_000, 1))
    (found,) = make_search(vectors).likely(vectors[:1], VOTERS)
    assert len(found) == 5_000


def test_a_vector_has_the_same_votes_alone_and_among_many_of_very_many_examples(tmp_path):
    vectors = grouped(3, groups=60, each=200)
    Neighbours.of(vectors, np.repeat(np.arange(60), 200)).save(tmp_path)
    neighbours = Neighbours.load(tmp_path)
    asked = grouped(3, groups=60, each=201)[:3_000]
    among = neighbours.votes(asked, 60)
    alone = np.vstack([neighbours.votes(one[None], 60) for one in asked[::75]])
    np.testing.assert_allclose(among[::75], alone, atol=1e-5)
