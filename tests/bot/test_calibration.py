"""Confidences that mean what they say: on made scores whose truth is known."""

import numpy as np
import pytest

from bot.components import calibration


@pytest.fixture
def honest():
    """Scores whose softmax is the real chance of each label, and the labels drawn by that chance."""
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(4_000, 6)) * 3
    chances = calibration.softmax(scores)
    truth = np.array([rng.choice(6, p=row) for row in chances])
    return scores, truth


def test_sharpness_finds_the_factor_that_was_taken_away(honest):
    scores, truth = honest
    assert calibration.fit_sharpness(scores / 5, truth) == pytest.approx(5, rel=0.15)


def test_calibrated_confidences_have_a_small_error_and_squashed_ones_a_large(honest):
    scores, truth = honest

    def error(shares):
        return calibration.expected_calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth)

    assert error(calibration.softmax(scores)) < 0.03
    assert error(calibration.softmax(scores / 5)) > 0.2


def test_at_most_the_allowed_share_is_wrong_above_the_answer_threshold(honest):
    scores, truth = honest
    shares = calibration.softmax(scores)
    thresholds = calibration.choose_thresholds(shares, truth)
    answered = shares.max(axis=1) >= thresholds.answer
    assert answered.mean() > 0.1
    assert (shares.argmax(axis=1) != truth)[answered].mean() <= calibration.MAX_WRONG_SHARE
    assert 0 < thresholds.ask <= thresholds.answer


def test_nothing_is_answered_where_everything_is_wrong():
    shares = np.tile([0.9, 0.05, 0.05], (100, 1))
    assert calibration.choose_thresholds(shares, np.full(100, 1)).answer == 1.0
