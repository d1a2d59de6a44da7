"""A short message that points back leans on the one before; one that says itself what it is about does not."""

from __future__ import annotations

import pytest

from actions.follow_up import MAX_WORDS, leans_on_the_last


@pytest.mark.parametrize(
    "text",
    [
        "och vad kostar det?",
        "Och för en altan?",
        "MEN HUR LÅNG TID",
        "Ok, hur ansöker jag?",
        "... och sedan?",
        "ja",
        "Vad kostar det?",
        "Hur ansöker jag om den",
        "När är de öppna där?",
        "gäller i så fall samma avgift?",
        "and for a garage?",
        "What about a garage?",
        "how much does it cost",
        "So when?",
        "Who decides that?",
    ],
)
def test_short_message_that_points_back_leans_on_the_last(text: str) -> None:
    assert leans_on_the_last(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "Vad kostar ett bygglov?",
        "/bygglov.avgift",
        "menar ni altaner",
        "Sommarjobb för unga",
        "Soptunnan luktar",
        "Detaljplan för Ryd",
        "Italian food at school",
        "Androids",
        "Sånger på äldreboenden",
    ],
)
def test_message_that_says_itself_what_it_is_about_does_not_lean(text: str) -> None:
    assert not leans_on_the_last(text)


@pytest.mark.parametrize("pointing", ["och", "det"])
def test_message_that_is_longer_says_itself_what_it_is_about(pointing: str) -> None:
    words = [pointing, *["ord"] * (MAX_WORDS - 1)]
    assert leans_on_the_last(" ".join(words))
    assert not leans_on_the_last(" ".join([*words, "ord"]))
