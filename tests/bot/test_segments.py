"""Which clauses a message falls into, and which of them ask."""

import pytest

from bot.components.segments import MAX_CLAUSES, asks, split_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Vad kostar det? Hur söker jag det?", ["Vad kostar det?", "Hur söker jag det?"]),
        ("Vad kostar det och hur lång tid tar det?", ["Vad kostar det", "hur lång tid tar det?"]),
        ("vad kostar bygglov o hur söker jag", ["vad kostar bygglov", "hur söker jag"]),
        ("Vad kostar det, samt vem ska jag kontakta?", ["Vad kostar det", "vem ska jag kontakta?"]),
        ("När öppnar badet och också var ligger det?", ["När öppnar badet", "var ligger det?"]),
        ("hur byter jag skola\nfår man skolskjuts då", ["hur byter jag skola", "får man skolskjuts då"]),
        ("How much is it and where do I pay?", ["How much is it", "where do I pay?"]),
        ("What does it cost and also how do I apply", ["What does it cost", "how do I apply"]),
        ("jag vill låna om min bok och se matsedeln", ["jag vill låna om min bok", "se matsedeln"]),
        ("omlån av böcker; ny sophämtning", ["omlån av böcker", "ny sophämtning"]),
        ("ett nytt lånekort, dessutom skolans matsedel", ["ett nytt lånekort", "skolans matsedel"]),
        ("Hej! Jag bor i Ryd. Vad kostar förskolan?", ["Jag bor i Ryd.", "Vad kostar förskolan?"]),
    ],
)
def test_clauses_end_where_sentences_and_joining_words_are(text, clauses):
    assert split_clauses(text) == clauses


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "Hej!",
        "?",
        "Vad kostar bygglov?",
        "Hej! Vad kostar bygglov? Tack!",
        "Vad gäller för hundar och katter?",
    ],
)
def test_what_has_no_two_clauses_of_two_words_is_not_cut(text):
    assert split_clauses(text) == []


@pytest.mark.parametrize(
    "text", ["Det gäller t.ex. altaner.", "Jag kommer kl. 14 på fredag", "Hus nr. 4 i Ryd", "e.g. a new deck"]
)
def test_an_abbreviation_ends_no_clause(text):
    assert split_clauses(text) == []


def test_a_message_of_too_many_clauses_is_taken_as_one():
    assert len(split_clauses("Vad kostar det? " * MAX_CLAUSES)) == MAX_CLAUSES
    assert split_clauses("Vad kostar det? " * (MAX_CLAUSES + 1)) == []


@pytest.mark.parametrize(
    "clause", ["Vad kostar det", "hur söker jag", "kostar det nåt?", "och var ligger det", "can I pay later"]
)
def test_a_clause_asks_by_its_mark_or_its_first_word(clause):
    assert asks(clause)


@pytest.mark.parametrize("clause", ["vad då", "Jag bor i Ryd.", "vadare på stranden syns", "Tack på förhand!"])
def test_what_only_tells_asks_nothing(clause):
    assert not asks(clause)
