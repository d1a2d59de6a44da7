"""In texts that run from the right, numbers keep the order of their groups: "116 111" is not read as "111 116".

A figure after an Arabic letter does not run from the left of its own; its groups are laid out from the right (Unicode's
bidirectional algorithm, rules W2 and N1). A left-to-right mark before it keeps a telephone number whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from catalogue.documents import read_catalogue
from tests.support.kontakt import DATA

FROM_THE_RIGHT = ("ar", "fa")
MARK = "\u200e"
#: Groups of figures with a space or hyphen between, as of a telephone number, and nothing that holds them together.
LOOSE_GROUPS = re.compile(rf"(?<![{MARK}\d-])(?<!\d )\d+(?:[ -]\d+)+")
LOOSE_GAP = re.compile(rf"(?<!{MARK})\{{\{{(?:telefon|epost|besoksadress|case_number)")


def _from_the_right(part: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text below a key that is one of the languages, with where it stands."""
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, inner in items:
        here = f"{place}.{key}"
        if key in FROM_THE_RIGHT and isinstance(inner, str):
            yield here, inner
        elif key in FROM_THE_RIGHT and isinstance(inner, dict):
            yield from ((here, text) for text in inner.values() if isinstance(text, str))
        else:
            yield from _from_the_right(inner, here)


@pytest.mark.parametrize("name", ["crisis.yml", "phrases.yml", "canned.yml"])
def test_numbers_of_several_groups_are_held_together(name: str) -> None:
    content = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    texts = list(_from_the_right(content))
    assert texts
    assert [(place, text) for place, text in texts if LOOSE_GROUPS.search(text) or LOOSE_GAP.search(text)] == []


def test_numbers_that_fill_a_gap_of_an_answer_are_held_together() -> None:
    answers = [
        (f"{file.document.id}.{faq.id}", language, answer)
        for file in read_catalogue(DATA).services
        for faq in file.document.faqs
        for language, _, answer in faq.texts()
        if language in FROM_THE_RIGHT
    ]
    assert answers
    assert [one for one in answers if LOOSE_GROUPS.search(one[2]) or LOOSE_GAP.search(one[2])] == []


@pytest.mark.parametrize(
    ("text", "is_loose"),
    [
        ("على الرقم 116 111.", True),
        (f"على الرقم {MARK}116 111.", False),
        (f"على الرقم {MARK}020-50 50 50.", False),
        ("على الرقم 020-50.", True),
        ("على الرقم 112.", False),
    ],
)
def test_what_counts_as_loose(text: str, is_loose: bool) -> None:
    assert bool(LOOSE_GROUPS.search(text)) is is_loose
