"""What counts as a second question: learnt from shares of intents, whole messages and clauses."""

import numpy as np
import pytest

from bot.components.second_questions import MAX_MISTAKEN, MIN_MESSAGES, MOST, Clause, Intents, SecondQuestions

LABELS = ["avfall.avgift", "avfall.sortering", "bygglov.ansokan", "bygglov.avgift", "dialogue.greet", "forskola.avgift"]
INTENTS = Intents.of(LABELS, lambda label: not label.startswith("dialogue."))


def shares(rng, *first, weight=0.9):
    """Shares of which the named columns have most, the earlier the more."""
    row = rng.random(len(LABELS)) * 0.02
    for place, column in enumerate(first):
        row[column] += weight / 3**place
    return row / row.sum()


def message(rng, first, second=None):
    """A message whose clauses ask for one thing or for two."""
    if second is None:
        clauses = [Clause(False, shares(rng, first, weight=0.3)), Clause(True, shares(rng, first))]
        return shares(rng, first), clauses
    return shares(rng, first, second), [Clause(True, shares(rng, first)), Clause(True, shares(rng, second, first))]


def pairs(rng, number):
    questions = np.flatnonzero(INTENTS.is_question)
    return [tuple(map(int, rng.choice(questions, 2, replace=False))) for _ in range(number)]


@pytest.fixture(scope="module")
def learnt():
    rng = np.random.default_rng(1)
    two, one = pairs(rng, 60), pairs(rng, 200)
    messages = [message(rng, *pair) for pair in two] + [message(rng, first) for first, _ in one]
    asked = [frozenset(pair) for pair in two] + [frozenset({first}) for first, _ in one]
    return SecondQuestions().fit(messages, asked, INTENTS)


def test_second_questions_of_new_messages_are_found_with_their_clauses(learnt):
    rng = np.random.default_rng(2)
    right = []
    for first, second in pairs(rng, 100):
        likeliest = learnt.find(*message(rng, first, second), INTENTS)[:1]
        right.append([(one.column, one.clause) for one in likeliest] == [(second, 1)])
    assert np.mean(right) > 0.9


def test_new_messages_of_one_question_are_seldom_taken_for_two(learnt):
    rng = np.random.default_rng(3)
    mistaken = [bool(learnt.find(*message(rng, first), INTENTS)) for first, _ in pairs(rng, 300)]
    assert np.mean(mistaken) < 2 * MAX_MISTAKEN


def test_what_is_found_is_sorted_and_likely_enough_and_never_small_talk_or_the_first_question(learnt):
    rng = np.random.default_rng(4)
    for first, second in pairs(rng, 60):
        whole, clauses = message(rng, first, second)
        likely = learnt.find(whole, clauses, INTENTS)
        assert [one.likelihood for one in likely] == sorted((one.likelihood for one in likely), reverse=True)
        assert all(one.likelihood >= learnt.offer_at for one in likely) and len(likely) <= MOST
        assert LABELS.index("dialogue.greet") not in {one.column for one in likely}
        assert int(whole.argmax()) not in {one.column for one in likely}


def test_of_one_clause_nothing_is_found(learnt):
    rng = np.random.default_rng(5)
    whole, clauses = message(rng, 0, 2)
    assert learnt.find(whole, clauses[:1], INTENTS) == []


def test_saved_and_loaded_it_finds_the_same(learnt, tmp_path):
    learnt.save(tmp_path)
    assert SecondQuestions.load(tmp_path) == learnt


def test_from_too_few_messages_of_two_questions_nothing_is_learnt():
    rng = np.random.default_rng(6)
    two = pairs(rng, MIN_MESSAGES - 1)
    messages = [message(rng, *pair) for pair in two] + [message(rng, 0)]
    nothing = SecondQuestions().fit(messages, [*map(frozenset, two), frozenset({0})], INTENTS)
    assert not any(nothing.find(*one, INTENTS) for one in messages)


def test_from_messages_that_never_show_a_second_question_nothing_is_learnt():
    rng = np.random.default_rng(8)
    messages = [message(rng, first) for first, _ in pairs(rng, 2 * MIN_MESSAGES)]
    unseen = frozenset({97, 98})
    nothing = SecondQuestions().fit(messages, [unseen] * len(messages), INTENTS)
    assert all(nothing.find(*one, INTENTS) == [] for one in messages)


def test_a_second_question_is_said_to_stand_in_the_clause_that_asks_it(learnt):
    rng = np.random.default_rng(7)
    whole, (first, second) = message(rng, 0, 2)
    told = [Clause(False, shares(rng, weight=0.0)) for _ in range(3)]
    one, *_ = learnt.find(whole, [told[0], first, told[1], second, told[2]], INTENTS)
    assert (one.column, one.clause) == (2, 3)
