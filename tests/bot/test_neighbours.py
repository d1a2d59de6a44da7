"""Votes of the nearest examples."""

import numpy as np
import pytest

from bot.components.neighbours import VOTERS, VOTERS_AN_INTENT, WIDTH, Neighbours

INTENTS = 7
#: Examples are kept in 16 bits.
ROUNDED = 2e-3


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def examples():
    """More examples than vote, of intents with many and with few of them, in fewer directions than are kept."""
    rng = np.random.default_rng(5)
    columns = np.concatenate([np.arange(INTENTS), rng.integers(0, INTENTS - 2, 3 * VOTERS)])
    return unit(rng.normal(size=(len(columns), 12))), columns


@pytest.fixture(scope="module")
def asked():
    return unit(np.random.default_rng(6).normal(size=(600, 12)))


def votes_counted_one_by_one(vector, examples, columns):
    """The promise in plain words: of the nearest, a few an intent, less the closeness of the farthest."""
    closeness = examples @ vector
    voters = sorted(range(len(columns)), key=lambda row: -closeness[row])[:VOTERS]
    votes, counted = np.zeros(INTENTS), np.zeros(INTENTS)
    for row in voters:
        if counted[columns[row]] < VOTERS_AN_INTENT:
            counted[columns[row]] += 1
            votes[columns[row]] += closeness[row] - closeness[voters[-1]]
    return votes


def test_votes_are_those_that_counting_one_by_one_gives(examples, asked):
    expected = [votes_counted_one_by_one(vector, *examples) for vector in asked]
    np.testing.assert_allclose(Neighbours.of(*examples).votes(asked, INTENTS), expected, atol=ROUNDED)


def test_a_vector_has_the_same_votes_alone_and_among_many(examples, asked):
    neighbours = Neighbours.of(*examples)
    among = neighbours.votes(asked, INTENTS)
    alone = np.vstack([neighbours.votes(asked[row : row + 1], INTENTS) for row in (0, 511, 512, 599)])
    np.testing.assert_allclose(among[[0, 511, 512, 599]], alone, atol=1e-5)


def test_many_examples_of_one_intent_do_not_outvote_the_nearer_few_of_another():
    near, around = np.array([[1, 0.02, 0]] * 5), np.array([[1, 0.3, 0.1]] * 40)
    far = np.array([[-1.0, 0.0, 0.2]])
    rows = unit(np.vstack([near, around, far]))
    columns = np.array([0] * 5 + [1] * 40 + [2])
    (votes,) = Neighbours.of(rows, columns).votes(unit(np.array([[1.0, 0, 0]])), 3)
    assert votes[0] > votes[1] > votes[2] == 0


def test_fewer_examples_than_voters_all_vote():
    rows = unit(np.eye(4)[:3] + 0.1)
    (votes,) = Neighbours.of(rows, np.array([0, 1, 2])).votes(rows[1:2], 4)
    assert votes.argmax() == 1 and votes[3] == 0 and np.isfinite(votes).all()


def test_a_subset_knows_its_own_examples_only(examples, asked):
    rows = np.flatnonzero(examples[1] != 2)
    subset = Neighbours.of(*examples).subset(rows)
    votes = subset.votes(asked, INTENTS)
    assert not votes[:, 2].any()
    expected = [votes_counted_one_by_one(vector, examples[0][rows], examples[1][rows]) for vector in asked[:50]]
    np.testing.assert_allclose(votes[:50], expected, atol=ROUNDED)


def test_long_vectors_are_cut_to_the_directions_in_which_they_differ():
    rng = np.random.default_rng(8)
    few, wide = rng.normal(size=(300, 40)), np.linalg.qr(rng.normal(size=(384, 40)))[0]
    rows, columns = unit(few @ wide.T), rng.integers(0, INTENTS, 300)
    neighbours = Neighbours.of(rows, columns)
    assert neighbours.examples.shape == (300, WIDTH)
    expected = [votes_counted_one_by_one(vector, rows, columns) for vector in rows[:20]]
    np.testing.assert_allclose(neighbours.votes(rows[:20], INTENTS), expected, atol=1e-3)


def test_saved_neighbours_vote_the_same(examples, asked, tmp_path):
    neighbours = Neighbours.of(*examples)
    neighbours.save(tmp_path)
    np.testing.assert_array_equal(Neighbours.load(tmp_path).votes(asked, INTENTS), neighbours.votes(asked, INTENTS))
