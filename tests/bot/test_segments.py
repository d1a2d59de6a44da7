"""Which messages fall into parts that may be questions of their own, and which do not."""

import pytest

from bot.components.segments import MAX_PARTS, MAX_WORDS_OF_CLAUSES, split_message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Vad kostar det? Hur söker jag det?", ["Vad kostar det?", "Hur söker jag det?"]),
        ("Vad kostar det och hur lång tid tar det?", ["Vad kostar det", "hur lång tid tar det?"]),
        ("vad kostar bygglov o hur söker jag", ["vad kostar bygglov", "hur söker jag"]),
        ("Vad kostar det, samt vem ska jag kontakta?", ["Vad kostar det", "vem ska jag kontakta?"]),
        ("När öppnar badet och också var ligger det?", ["När öppnar badet", "var ligger det?"]),
        ("hur byter jag skola\nfår man skolskjuts då", ["hur byter jag skola", "får man skolskjuts då"]),
        ("Behover jag bygglov for altan? Far jag borja nu?", ["Behover jag bygglov for altan?", "Far jag borja nu?"]),
        ("How much is it and where do I pay?", ["How much is it", "where do I pay?"]),
        ("When do you open? Can I bring my dog?", ["When do you open?", "Can I bring my dog?"]),
        ("What does it cost and also how do I apply", ["What does it cost", "how do I apply"]),
    ],
)
def test_clauses_that_ask_are_parts_in_order(text, parts):
    assert split_message(text) == parts


def test_what_is_told_around_two_questions_is_left_out():
    text = "Hej! Jag har två barn. Vad kostar förskolan? Vi bor i Ryd. Hur söker vi plats? Tack på förhand."
    assert split_message(text) == ["Vad kostar förskolan?", "Hur söker vi plats?"]
    english = "Hello! I have two children. What does preschool cost? We live in Ryd. How do I apply?"
    assert split_message(english) == ["What does preschool cost?", "How do I apply?"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("jag vill låna om min bok och se matsedeln", ["jag vill låna om min bok", "se matsedeln"]),
        ("renew my book and also the school menu", ["renew my book", "the school menu"]),
        ("omlån av böcker; ny sophämtning", ["omlån av böcker", "ny sophämtning"]),
        ("ett nytt lånekort, dessutom skolans matsedel", ["ett nytt lånekort", "skolans matsedel"]),
        ("Jag bor i Ryd. Vad kostar förskolan?", ["Jag bor i Ryd.", "Vad kostar förskolan?"]),
    ],
)
def test_of_a_short_message_all_that_is_joined_may_be_a_question(text, parts):
    assert split_message(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "Hej!",
        "?",
        "Vad kostar bygglov?",
        "Hej! Kan du hjälpa mig? Tack!",
        "Kan jag söka till förskola och fritids?",
        "Vad gäller för hundar och katter?",
        "Var och när kan jag rösta i valet?",
        "Hur och var ansöker jag om parkeringstillstånd?",
        "Vem äger gården, skogen, ängen?",
        "Min granne heter Per & Lisa",
        "Where and when can I vote in the election?",
        "Can I bring cats and dogs?",
        "Hur lång är sanden på Sandviksstranden?",
        "What does the handover of land cost?",
    ],
)
def test_one_question_is_not_cut(text):
    assert split_message(text) == []


def test_a_message_of_too_many_questions_is_taken_as_one():
    text = "Vad kostar det? " * MAX_PARTS
    assert len(split_message(text)) == MAX_PARTS
    assert split_message(text + "Hur söker jag det?") == []


def test_a_long_message_without_two_questions_is_taken_as_one():
    told, question = "vi har flyttat hit", "vad kostar förskolan"
    filler = "nyligen " * (MAX_WORDS_OF_CLAUSES - len(f"{told} och {question}".split()))
    assert split_message(f"{filler}{told} och {question}") == [f"{filler}{told}", question]
    assert split_message(f"nyligen {filler}{told} och {question}") == []
    assert split_message(f"nyligen {filler}{told}. Hur söker jag? {question}") == ["Hur söker jag?", question]


@pytest.mark.parametrize(
    "text",
    [
        "Kan jag t.ex. få hjälp med städning?",
        "Har ni öppet kl. 8 på lördag morgon?",
        "Kan jag få bl.a. städning hemma?",
        "Hur ansöker jag med blankett nr. 5 för bygglov?",
        "Får jag slänga färg m.m. i vanliga soptunnan?",
        "Can I e.g. get help with cleaning?",
    ],
)
def test_an_abbreviation_ends_no_question(text):
    assert split_message(text) == []


def test_a_sentence_with_an_abbreviation_in_it_ends_where_it_ends():
    text = "Kan jag t.ex. få hjälp med städning? Har ni öppet kl. 8 på lördag?"
    assert split_message(text) == ["Kan jag t.ex. få hjälp med städning?", "Har ni öppet kl. 8 på lördag?"]
