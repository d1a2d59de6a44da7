"""Personal data is taken out whatever the spelling; everything else stays as it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from handover.core.redaction import EMAIL, PERSONAL_NUMBER, PHONE, redact

LINES = Path(__file__).parents[1] / "nlu" / "dialogue.jsonl"
MARKS = ("[personnummer]", "[e-post]", "[telefon]", "[kortnummer]", "[kontonummer]")


def _lines(outcome: str) -> list[dict[str, Any]]:
    parsed = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    return [line for line in parsed if line["outcome"] == outcome]


@pytest.mark.parametrize("line", _lines("personal_data"), ids=lambda line: str(line["text"])[:40])
def test_no_secret_survives(line: dict[str, Any]) -> None:
    shown = redact(line["text"])
    for secret in line["secret"]:
        assert secret not in shown
    assert any(mark in shown for mark in MARKS)


@pytest.mark.parametrize("line", _lines("not_personal_data"), ids=lambda line: str(line["text"])[:40])
def test_numbers_that_are_not_personal_stay(line: dict[str, Any]) -> None:
    assert redact(line["text"]) == line["text"]


def _check_digit(nine: str) -> str:
    return luhn.calc_check_digit(nine)


births = st.dates(date(1900, 1, 1), date(2024, 12, 31))
serials = st.integers(0, 999).map(lambda number: f"{number:03}")
coordination = st.booleans()


def _number(born: date, serial: str, coordinated: bool) -> tuple[str, str, str]:
    """Return century, six digits of the date and the last four of a valid number."""
    day = born.day + 60 if coordinated else born.day
    six = f"{born:%y%m}{day:02}"
    return f"{born:%Y}"[:2], six, serial + _check_digit(six + serial)


SPELLINGS = (
    "{century}{six}-{last}",
    "{century}{six}{last}",
    "{six}-{last}",
    "{six}{last}",
    "{six}+{last}",
    "{century}{six} {last}",
    "{six} {last}",
    "{six} - {last}",
    "{six}–{last}",
    "{century} {six}-{last}",
    "{century}{yy}-{mm}-{dd}-{last}",
    "{yy}{mm}{dd}.{last}",
    "{yy} {mm} {dd} {last}",
)


@given(
    births, serials, coordination, st.sampled_from(SPELLINGS), st.sampled_from(["Jag är {}.", "{}", "nr:{},", "({})"])
)
def test_valid_personal_number_goes_in_every_spelling(
    born: date, serial: str, coordinated: bool, spelling: str, around: str
) -> None:
    century, six, last = _number(born, serial, coordinated)
    written = spelling.format(century=century, six=six, last=last, yy=six[:2], mm=six[2:4], dd=six[4:])
    shown = redact(around.format(written))
    assert written not in shown
    assert last not in shown


@given(births, serials, st.sampled_from([0x660, 0x6F0, 0xFF10, 0x966]))
def test_digits_of_other_scripts_hide_nothing(born: date, serial: str, zero: int) -> None:
    _, six, last = _number(born, serial, False)
    written = f"{six}-{last}".translate({ord("0") + digit: zero + digit for digit in range(10)})
    assert redact(f"Jag är {written}") == f"Jag är {PERSONAL_NUMBER}"


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl"], exclude_characters="@")))
def test_text_without_digits_and_at_signs_is_unchanged(text: str) -> None:
    lowered = text.lower()
    if "(at)" in lowered or "[at]" in lowered or "(a)" in lowered or "snabel" in lowered:
        return
    assert redact(text) == text


pieces = st.sampled_from(
    ["070-174 06 05", "780202-2389", "4111 1111 1111 1111", "eva@example.com", "konto 8327-9, 123 456 789-0", "den 3/4",
     "dnr 2024/1234", "SE45 5000 0000 0583 9825 7466", "kl 10.00-14.30", " ", "och", "112", "\n", "1", "-", "0"]
)  # fmt: skip


@given(st.lists(pieces, max_size=8).map(" ".join) | st.text("0123456789-+. @aå[]", max_size=40) | st.text())
def test_redaction_is_idempotent(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


def test_invalid_dates_and_check_digits_are_not_taken_for_personal_numbers() -> None:
    for text in ("Ring ärende 20241355-1234", "artikel 781399 2389", "ordernummer 780202-2380"):
        assert PERSONAL_NUMBER not in redact(text)


def test_guides_keep_what_reaches_them_and_nothing_else() -> None:
    text = "Ring 013-20 60 00 eller mejla kontakt@linkoping.se, du är 780202-2389"
    shown = redact(text, keep=(PHONE, EMAIL))
    assert shown == f"Ring 013-20 60 00 eller mejla kontakt@linkoping.se, du är {PERSONAL_NUMBER}"


def test_long_text_is_redacted_in_good_time() -> None:
    for hostile in ("1" * 4_000, "1-" * 2_000, "a." * 2_000 + "@", "SE12 " * 800, "0701740605 " * 360):
        assert redact(hostile) is not None
