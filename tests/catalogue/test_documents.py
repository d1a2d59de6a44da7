"""Texts in Swedish and English, perhaps easy Swedish, perhaps further languages: which one is said when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalogue.documents import EASY_SWEDISH, CatalogueError, LocalText, read_catalogue
from catalogue.phrases import Phrases
from tests.support.small_catalogue import bygglov, write_data

CORE = {"sv": "Hej", "en": "Hello"}
FULL = LocalText.model_validate({**CORE, EASY_SWEDISH: "Hej hej", "ar": "مرحبا", "fi": " Moi "})


@pytest.mark.parametrize(
    ("language", "text", "is_in"),
    [
        ("sv", "Hej", True),
        ("sv-FI", "Hej", False),
        (EASY_SWEDISH, "Hej hej", True),
        ("en", "Hello", True),
        ("ar", "مرحبا", True),
        ("fi", "Moi", True),
        ("de", "Hello", False),
        ("easy", "Hello", False),
        ("", "Hello", False),
    ],
)
def test_text_is_said_in_the_language_or_the_nearest(language: str, text: str, is_in: bool) -> None:
    assert FULL.in_language(language) == text
    assert FULL.is_in(language) is is_in


def test_text_without_easy_swedish_is_said_in_plain_swedish() -> None:
    plain = LocalText.model_validate(CORE)
    assert (plain.in_language(EASY_SWEDISH), plain.is_in(EASY_SWEDISH)) == ("Hej", False)
    assert (plain.in_language("fi"), plain.is_in("fi")) == ("Hello", False)


def test_text_in_a_further_language_is_said_whatever_the_region() -> None:
    assert (FULL.in_language("ar-SY"), FULL.in_language("fi-FI")) == ("مرحبا", "Moi")
    assert (FULL.in_language("de-AT"), FULL.in_language("en-GB")) == ("Hello", "Hello")
    assert not FULL.is_in("ar-SY"), "that is not just this language"


@pytest.mark.parametrize(
    "wrong",
    [{"fi": ""}, {"fi": "  "}, {"fi": 7}, {"fi": None}, {"finska": "x"}, {"FI": "x"}, {"fi-FI": "x"}, {"": "x"}],
)
def test_further_text_that_is_none_or_under_no_code_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LocalText.model_validate({**CORE, **wrong})


@pytest.mark.parametrize("missing", ["sv", "en"])
def test_further_languages_do_not_stand_in_for_swedish_and_english(missing: str) -> None:
    texts = {"sv": "Hej", "en": "Hello", "ar": "مرحبا"}
    del texts[missing]
    with pytest.raises(ValidationError):
        LocalText.model_validate(texts)


def test_further_languages_outlast_being_stored() -> None:
    again = LocalText.model_validate(FULL.model_dump(mode="json", by_alias=True))
    assert again == FULL
    assert again.in_language("ar") == "مرحبا"


def test_changed_text_in_a_further_language_is_a_changed_catalogue(tmp_path: Path) -> None:
    one, two = bygglov(), bygglov()
    one["name"]["fi"], two["name"]["fi"] = "Rakennuslupa", "Rakennusluvat"
    first = read_catalogue(write_data(tmp_path / "one", one))
    assert first.digest() == read_catalogue(write_data(tmp_path / "again", one)).digest()
    assert first.digest() != read_catalogue(write_data(tmp_path / "two", two)).digest()


def test_phrase_is_told_apart_from_what_it_falls_back_to() -> None:
    phrases = Phrases({"greet": FULL})
    assert (phrases.say("greet", "ar"), phrases.is_said_in("greet", "ar")) == ("مرحبا", True)
    assert (phrases.say("greet", "de"), phrases.is_said_in("greet", "de")) == ("Hello", False)
    for ask in (phrases.say, phrases.is_said_in):
        with pytest.raises(KeyError):
            ask("unknown", "sv")


def test_phrases_under_no_code_are_refused_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "phrases.yml"
    path.write_text("greet:\n  sv: Hej\n  en: Hello\n  Deutsch: Hallo\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        Phrases.read(tmp_path)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [(path, 4)]
