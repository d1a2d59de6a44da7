"""What people type is made safe to store: visible, in one form, and not too long."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handover.core.errors import CATALOGUE, HandoverError
from handover.core.text import MAX_TEXT_CHARS, clean_text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Hej!\r\n", "Hej!"),
        ("rad ett\r\nrad två\rrad tre", "rad ett\nrad två\nrad tre"),
        ("tabb\tstannar", "tabb\tstannar"),
        ("a\x00b\x07c\x1b[31md\x7f", "abc[31md"),
        ("850709-98\u200b05", "850709-9805"),
        ("850709\u200d-9805", "850709-9805"),
        ("\u202eelppa\u202c\u2066x\u2069\ufeff", "elppax"),
        ("a\u030a", "å"),
        ("\ud83densam", "ensam"),
        ("<b>fet</b> & 'citat'", "<b>fet</b> & 'citat'"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize("raw", ["", " \n\t", "\u200b", "\x00\x01", "\u200d\u200c", "\ud800"])
def test_nothing_visible_is_empty(raw: str) -> None:
    with pytest.raises(HandoverError, match="text_empty"):
        clean_text(raw)


@pytest.mark.parametrize("size", [MAX_TEXT_CHARS + 1, 20_000])
@pytest.mark.parametrize("character", ["x", "å", "\u200b", " "])
def test_too_long_is_refused_whatever_it_holds(size: int, character: str) -> None:
    with pytest.raises(HandoverError, match="text_too_long"):
        clean_text(character * size)


def test_longest_text_is_kept_whole() -> None:
    assert clean_text("ö" * MAX_TEXT_CHARS) == "ö" * MAX_TEXT_CHARS


@given(st.text(max_size=200))
def test_cleaned_text_is_visible_normal_and_stable(raw: str) -> None:
    try:
        clean = clean_text(raw)
    except HandoverError as error:
        assert error.code == "text_empty"
        return
    assert clean == clean.strip()
    assert clean_text(clean) == clean
    clean.encode("utf-8")
    assert "\r" not in clean
    for character in clean:
        assert character in "\n\t\u200c\u200d" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def test_error_carries_code_status_and_sentence() -> None:
    error = HandoverError("text_empty", "detail for the log")
    assert (error.code, error.status, error.message) == ("text_empty", *CATALOGUE["text_empty"])
    assert str(error) == "text_empty: detail for the log"
    with pytest.raises(KeyError):
        HandoverError("no_such_code")
