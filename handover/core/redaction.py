"""Personal data out of a text, before it is stored, logged or sent on.

Check digits are python-stdnum's, telephone numbers Google's numbering plans (phonenumbers). What is found is
replaced by a word in brackets that says what stood there. Numbers that belong to a case, an invoice, a date
or a law stay: they fail the check digits, or a word before them says what they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

import phonenumbers
from stdnum import iban, luhn

PERSONAL_NUMBER = "[personnummer]"
EMAIL = "[e-post]"
PHONE = "[telefon]"
CARD = "[kortnummer]"
ACCOUNT = "[kontonummer]"

_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}\s?(?:@|\(at\)|\[at\]|\(a\)|\bsnabel-?a\b)\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.I
)
_DASH = r"[\s.]?[-+\u2010-\u2015\u2212]?[\s.]?"
_PERSONAL = re.compile(
    r"(?<![\d])(?:(?P<century>1[89]|20)[\s-]?)?(?P<year>\d{2})[\s.-]?(?P<month>[01]\d)[\s.-]?(?P<day>[0-9]\d)"
    rf"(?P<dash>{_DASH})(?P<last>\d{{2}}\s?\d{{2}}|\d{{3}}[\s]\d)(?!\d)"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\s?\d{2}(?:[\s-]?[A-Z0-9]){11,30}(?![A-Z0-9])", re.I)
_CARD = re.compile(r"(?<![\d])\d(?:[\s.-]?\d){12,18}(?!\d)")
_CLEARING_ACCOUNT = re.compile(
    r"(?<![\d:./-])[1-9]\d{3}(?:(?:-\d)?[\s,]+\d(?:[\s.-]?\d){5,11}|-\d[\s,]*\d(?:[\s.-]?\d){5,11}|-\d{7,10})(?!\d)"
)
_NUMBER_RUN = re.compile(r"(?<![\d])\d(?:[\s,.-]{0,2}\d){4,18}(?!\d)")
#: "46" for Sweden without the plus, and a mobile number.
_BARE_MOBILE = re.compile(r"(?<!\d)46[\s-]?7[02369](?:[\s-]?\d){7}(?!\d)")
_TIME_SPAN = re.compile(r"\d{1,2}[.:]\d{2}\s?[-\u2013]\s?\d{1,2}[.:]\d{2}")
_GIRO = re.compile(r"(?<!\d)\d{1,8}\s?-\s?\d{1,4}(?!\d)")

_SAYS_PERSONAL = re.compile(
    r"(?:person|samordnings|födelse|pers)\s?-?(?:nummer|nr|num\b|no\b)|\bp\.?nr\b|\bpers?nr\b|\bpno\b|född\b|"
    r"personal (?:identity )?(?:number|no)\b|social security",
    re.I,
)
_SAYS_ACCOUNT = re.compile(
    r"\bkont(?:o|ot|onummer|onr|onumret)\b|bankkont|lönekont|sparkont|clearing|account|\bkontonr|mitt konto",
    re.I,
)
_SAYS_GIRO = re.compile(r"\b(?:bank|plus|post)\s?-?giro\w*|\b(?:bg|pg)(?:\s?-?nr|\s?-?nummer)?\b", re.I)
_SAYS_REFERENCE = re.compile(
    r"diarie|\bdnr\b|\bd-?nr\b|ärende|\bocr\b|faktura|order|beställ|referens|\bref\b|artikel|\bärendenr|"
    r"\bdossier|case|invoice|reference|paragraf|\bsfs\b|\blagen?\b|\(\d{4}:\d+\)|fastighet|kvartal|serienummer|\bmodell",
    re.I,
)
#: How far before a number a word says what it is, in characters.
_REACH = 40
#: Telephone numbers that reach a service, not a person.
_SERVICE_LINES = frozenset(
    {
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.UAN,
    }
)
_COORDINATION_DAY_OFFSET = 60
_MIN_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: where it stands and what takes its place."""

    start: int
    end: int
    mark: str


def redact(text: str, keep: Collection[str] = ()) -> str:
    """Return `text` with every piece of personal data replaced by its mark, but for the kinds in `keep`.

    What is taken out may have hidden what stood beside it (a telephone number right before a card number), so the
    text is looked through until nothing more is found; marks hold nothing that is found again.
    """
    while (shown := _redact_once(text, keep)) != text:
        text = shown
    return text


def _redact_once(text: str, keep: Collection[str]) -> str:
    plain = _ascii_digits(text)
    taken: list[Found] = []
    for find in _FINDERS:
        for found in find(plain):
            if found.mark not in keep and all(found.end <= other.start or found.start >= other.end for other in taken):
                taken.append(found)
    for found in sorted(taken, key=lambda f: f.start, reverse=True):
        text = text[: found.start] + found.mark + text[found.end :]
    return text


def _ascii_digits(text: str) -> str:
    """Return `text` with the digits of all scripts as 0-9; every position stays where it was."""
    if text.isascii():
        return text
    return "".join(c if c.isascii() else str(unicodedata.decimal(c, c)) for c in text)


def _emails(text: str) -> Iterator[Found]:
    return (Found(m.start(), m.end(), EMAIL) for m in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        whole = match[0]
        for end in range(len(whole), 14, -1):
            if whole[end - 1].isalnum() and iban.is_valid(whole[:end], check_country=False):
                yield Found(match.start(), match.start() + end, ACCOUNT)
                break


def _personal_numbers(text: str) -> Iterator[Found]:
    for match in _PERSONAL.finditer(text):
        if not _is_birth_date(match):
            continue
        digits = match["year"] + match["month"] + match["day"] + re.sub(r"\D", "", match["last"])
        said = _before(text, match.start(), _SAYS_PERSONAL)
        reference = _before(text, match.start(), _SAYS_REFERENCE)
        written_so = bool(match["dash"].strip()) or match["century"] is not None
        if luhn.is_valid(digits):
            if said or written_so or not reference:
                yield Found(match.start(), match.end(), PERSONAL_NUMBER)
        elif said or (written_so and not reference):
            yield Found(match.start(), match.end(), PERSONAL_NUMBER)


def _is_birth_date(match: re.Match[str]) -> bool:
    """Tell whether the digits hold a date; coordination numbers have 60 added to the day."""
    day = int(match["day"])
    day = day - _COORDINATION_DAY_OFFSET if day > _COORDINATION_DAY_OFFSET else day
    for century in (match["century"],) if match["century"] else ("19", "20"):
        try:
            date(int(century + match["year"]), int(match["month"]), day)
        except ValueError:
            continue
        return True
    return False


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if luhn.is_valid(digits) and digits[0] in "23456":
            yield Found(match.start(), match.end(), CARD)


def _accounts(text: str) -> Iterator[Found]:
    """Account numbers have no common check digit: the words around them, or clearing + account, tell."""
    for match in _CLEARING_ACCOUNT.finditer(text):
        if not _before(text, match.start(), _SAYS_REFERENCE):
            yield Found(match.start(), match.end(), ACCOUNT)
    for match in _NUMBER_RUN.finditer(text):
        if _before(text, match.start(), _SAYS_ACCOUNT) and not _before(text, match.start(), _SAYS_REFERENCE):
            yield Found(match.start(), match.end(), ACCOUNT)
    for match in _GIRO.finditer(text):
        if _before(text, match.start(), _SAYS_GIRO):
            yield Found(match.start(), match.end(), ACCOUNT)


def _phones(text: str) -> Iterator[Found]:
    if sum(c.isdigit() for c in text) < _MIN_PHONE_DIGITS:
        return
    for match in phonenumbers.PhoneNumberMatcher(text, "SE"):
        if phonenumbers.number_type(match.number) in _SERVICE_LINES:
            continue
        if not match.raw_string.startswith(("0", "+", "(")) or _TIME_SPAN.search(match.raw_string):
            continue
        if not _before(text, match.start, _SAYS_REFERENCE):
            yield Found(match.start, match.end, PHONE)
    for bare in _BARE_MOBILE.finditer(text):
        yield Found(bare.start(), bare.end(), PHONE)


def _before(text: str, position: int, words: re.Pattern[str]) -> bool:
    return words.search(text[max(0, position - _REACH) : position]) is not None


_FINDERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _emails,
    _ibans,
    _personal_numbers,
    _cards,
    _accounts,
    _phones,
)
