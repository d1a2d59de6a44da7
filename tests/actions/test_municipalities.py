"""Questions about other municipalities are told from our own."""

from __future__ import annotations

import pytest

from actions.municipalities import names_another_municipality


@pytest.mark.parametrize(
    "text",
    [
        "Hur ansöker man om bygglov i Mjölby kommun?",
        "komvux i jönköping ansökan",
        "jönköping sophämtning",
        "recycling centre in Motala opening hours",
        "Vad kostar förskolan i Norrköping?",
        "Sundsvalls kommun öppettider",
        "Har Finspångs bibliotek meröppet?",
        "när stänger stockholms stadsbibliotek",
    ],
)
def test_another_municipality_is_noticed(text: str) -> None:
    assert names_another_municipality(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vad kostar förskolan?",
        "Vad kostar förskolan i Linköping?",
        "Vi bor i Mjölby och flyttar till Linköping, hur söker vi skola?",
        "Vi flyttar från Norrköping, när kan barnet börja?",
        "min göteborgska granne eldar",
        "Kan jag åka tåg till Motala?",
        "jag bor i stan",
        "vill parkera i linkoping inte i motala",
    ],
)
def test_our_own_is_not(text: str) -> None:
    assert not names_another_municipality(text)
