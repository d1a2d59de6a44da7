"""Confidences that mean what they say: on made scores whose truth is known."""

import numpy as np
import pytest

from bot.components import calibration
from bot.components.calibration import ANY_LANGUAGE, MIN_QUESTIONS_A_LANGUAGE, HeldOutScores, Thresholds

ONE_OF_SIX = np.eye(6, dtype=bool)


def held_out(scores, accepted, languages=None):
    return HeldOutScores(scores, accepted, languages or ["sv"] * len(scores))


def made_scores(seed, count, spread=3.0):
    """Scores whose softmax is the real chance of each label, and the labels drawn by that chance."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(count, 6)) * spread
    truth = np.array([rng.choice(6, p=row) for row in calibration.softmax(scores)])
    return scores, truth


@pytest.fixture(scope="module")
def honest():
    return made_scores(seed=1, count=4_000)


def test_sharpness_finds_the_factor_that_was_taken_away(honest):
    scores, truth = honest
    assert calibration.fit_sharpness(held_out(scores / 5, ONE_OF_SIX[truth])) == pytest.approx(5, rel=0.15)


def test_a_question_may_have_several_right_intents(honest):
    scores, truth = honest
    first, second = np.argsort(-scores, axis=1)[:, :2].T
    either = ONE_OF_SIX[first] | ONE_OF_SIX[second]
    sure = calibration.fit_sharpness(held_out(scores, either))
    assert sure > 5 * calibration.fit_sharpness(held_out(scores, ONE_OF_SIX[truth]))
    shares = calibration.softmax(scores)
    assert calibration.choose_thresholds(shares, either).answer == pytest.approx(shares.max(axis=1).min(), abs=1e-3)


def test_an_intent_that_is_hidden_has_no_share_and_spoils_nothing(honest):
    scores, truth = honest
    hidden = np.where(np.arange(6) == (truth[:, None] + 1) % 6, -np.inf, scores)
    assert (calibration.softmax(hidden)[hidden == -np.inf] == 0).all()
    np.testing.assert_allclose(calibration.softmax(hidden).sum(axis=1), 1)
    assert np.isfinite(calibration.fit_sharpness(held_out(hidden, ONE_OF_SIX[truth])))
    assert 0 < calibration.choose_thresholds(calibration.softmax(hidden), ONE_OF_SIX[truth]).answer < 1


def test_calibrated_confidences_have_a_small_error_and_squashed_ones_a_large(honest):
    scores, truth = honest

    def error(shares):
        return calibration.expected_calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth)

    assert error(calibration.softmax(scores)) < 0.03
    assert error(calibration.softmax(scores / 5)) > 0.2


def test_at_most_the_allowed_share_is_wrong_above_the_answer_threshold(honest):
    scores, truth = honest
    shares = calibration.softmax(scores)
    thresholds = calibration.choose_thresholds(shares, ONE_OF_SIX[truth])
    answered = shares.max(axis=1) >= thresholds.answer
    wrong = shares.argmax(axis=1) != truth
    assert answered.mean() > 0.1
    assert wrong[answered].mean() <= calibration.MAX_WRONG_SHARE
    assert wrong[shares.max(axis=1) >= thresholds.answer - 0.1].mean() > calibration.MAX_WRONG_SHARE, (
        "no lower one does"
    )
    assert 0 < thresholds.ask <= thresholds.answer


def test_what_is_asked_has_the_right_intent_among_three_often_enough():
    scores, truth = made_scores(seed=2, count=4_000, spread=1.0)
    shares = calibration.softmax(scores / 3)
    ask = calibration.choose_thresholds(shares, ONE_OF_SIX[truth]).ask
    in_three = (np.argsort(-shares, axis=1)[:, :3] == truth[:, None]).any(axis=1)
    confidence = shares.max(axis=1)
    assert confidence.min() <= ask < 1
    near = np.abs(confidence - ask).argsort()[:400]
    assert in_three[confidence >= ask].mean() > calibration.MIN_TOP_THREE_SHARE
    assert in_three[near].mean() > calibration.MIN_TOP_THREE_SHARE - 0.1


def test_nothing_is_asked_where_the_right_intent_is_not_among_three():
    """Of the surer half all are right; of the others, from 0.32 down to 0.28, the right intent is the fourth."""
    first = np.linspace(0.32, 0.28, 500)[:, None]
    shares = np.vstack(
        [np.tile([0.8, 0.08, 0.07, 0.05], (500, 1)), np.hstack([first, (1 - first) / 3 + [0.01, 0, -0.01]])]
    )

    def ask_where_the_right_one_has(place):
        return calibration.choose_thresholds(shares, np.eye(4, dtype=bool)[[0] * 500 + [place] * 500]).ask

    assert 0.315 < ask_where_the_right_one_has(3) <= 0.32
    assert ask_where_the_right_one_has(2) == pytest.approx(0.28)


@pytest.mark.parametrize("right_first", [True, False])
def test_questions_that_are_equally_sure_are_answered_all_or_none(right_first):
    """Of 100 sure ones all are right, of 100 less sure ones all but 10, wherever those stand among the equals."""
    shares = np.repeat([[0.9, 0.06, 0.04], [0.6, 0.3, 0.1]], 100, axis=0)
    right = np.arange(200) < 190 if right_first else np.arange(200) // 10 != 10
    answer = calibration.choose_thresholds(shares, np.eye(3, dtype=bool)[np.where(right, 0, 1)]).answer
    assert answer == 0.9
    fewer_wrong = np.arange(200) < 196 if right_first else np.arange(200) // 4 != 25
    assert calibration.choose_thresholds(shares, np.eye(3, dtype=bool)[np.where(fewer_wrong, 0, 1)]).answer == 0.6


def test_nothing_is_answered_where_everything_is_wrong():
    shares = np.tile([0.9, 0.05, 0.05], (100, 1))
    assert calibration.choose_thresholds(shares, np.eye(3, dtype=bool)[np.full(100, 1)]).answer == 1.0


def test_each_language_with_questions_enough_has_thresholds_of_its_own(honest):
    scores, truth = honest
    easy, hard, few = 2_000, 1_000, MIN_QUESTIONS_A_LANGUAGE - 1
    languages = ["sv"] * easy + ["fi"] * hard + ["ti"] * few
    total = len(languages)
    accepted = ONE_OF_SIX[truth[:total]]
    accepted[:easy] = ONE_OF_SIX[scores[:easy].argmax(axis=1)]
    chosen = calibration.choose_thresholds_by_language(HeldOutScores(scores[:total], accepted, languages), 1.0)
    assert sorted(chosen) == [ANY_LANGUAGE, "fi", "sv"]
    assert chosen["sv"].answer < chosen[ANY_LANGUAGE].answer < chosen["fi"].answer
    shares = calibration.softmax(scores[easy : easy + hard])
    assert chosen["fi"] == calibration.choose_thresholds(shares, accepted[easy : easy + hard])
    one_more = HeldOutScores(scores[: total + 1], np.vstack([accepted, accepted[-1:]]), [*languages, "ti"])
    assert "ti" in calibration.choose_thresholds_by_language(one_more, 1.0)


def test_thresholds_are_chosen_at_the_sharpness_that_they_are_used_at(honest):
    scores, truth = honest
    apart = calibration.choose_thresholds_by_language(held_out(scores / 5, ONE_OF_SIX[truth]), 5.0)
    assert apart == calibration.choose_thresholds_by_language(held_out(scores, ONE_OF_SIX[truth]), 1.0)
    assert set(apart["sv"].as_json()) == {"answer", "ask"}


def test_bins_tell_how_sure_and_how_right():
    confidence, right = np.array([0.5, 0.5, 1.0, 1.0]), np.array([True, False, True, True])
    assert calibration.reliability(confidence, right) == [
        {"share": 0.5, "confidence": 0.5, "accuracy": 0.5},
        {"share": 0.5, "confidence": 1.0, "accuracy": 1.0},
    ]


def test_doubt_asks_for_more_confidence_and_more_doubt_for_more():
    thresholds = Thresholds(answer=0.8, ask=0.2)
    assert thresholds.beside(0.0) == thresholds
    needed = [thresholds.beside(doubt).answer for doubt in (0.1, 0.3, 0.5)]
    assert 0.8 < needed[0] < needed[1] < needed[2] < 1
    assert thresholds.beside(3.0).answer == calibration.NEVER > calibration.MOST_SURE, "no confidence outweighs it"
    assert thresholds.beside(0.3).ask == 0.2, "asking is not answering"


@pytest.mark.parametrize("doubt", [0.0, 0.05, 0.2, 0.6, 0.9, 2.0])
def test_what_a_confidence_is_worth_and_what_is_asked_of_it_agree(doubt):
    thresholds = Thresholds(answer=0.8, ask=0.2)
    needed = thresholds.beside(doubt).answer
    for confidence in (0.5, 0.79, 0.81, 0.95, 0.99, 0.997, 0.9999):
        worth = float(calibration.worth_beside(np.array([confidence]), np.array([doubt]))[0])
        if abs(worth - 0.8) > 1e-3:
            assert (confidence >= needed) == (worth >= 0.8), confidence


def test_wrong_answers_to_doubtful_questions_do_not_raise_the_threshold_of_others():
    """Half of the sure ones are wrong and doubtful: without their doubt nothing could be answered."""
    shares = np.tile([0.95, 0.05], (200, 1))
    wrong = np.arange(200) % 2 == 0
    accepted = np.where(wrong[:, None], [False, True], [True, False])
    assert calibration.choose_thresholds(shares, accepted).answer == 1.0
    assert calibration.choose_thresholds(shares, accepted, np.where(wrong, 1.0, 0.0)).answer == pytest.approx(0.95)
