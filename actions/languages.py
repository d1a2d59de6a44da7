"""Which language a turn is answered in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The languages that the catalogue has answers in, beside easy Swedish.
ANSWERED = frozenset({"sv", "en", "ar", "so", "fa", "ti", "fi", "uk", "pl", "bs", "es"})
#: What people call them when they ask for one, in Swedish, in English and in the language itself.
_NAMES = {
    "sv": r"svenska|swedish",
    "en": r"engelska|english",
    "ar": r"arabiska|arabic|\w*عربي\w*",
    "so": r"somaliska|somali|\w*soomaali\w*",
    "fa": r"persiska|farsi|dari|persian|فارسی",
    "ti": r"tigrinska|tigrinja|tigrinya|\w*ትግርኛ",
    "fi": r"finska|finnish|suom\w+",
    "uk": r"ukrainska|ukrainian|україн\w*",
    "pl": r"polska|polish|polsku|polski\w*",
    "bs": r"bosniska|serbiska|kroatiska|bosnian|serbian|croatian|bosansk\w+|srpsk\w+|hrvatsk\w+",
    "es": r"spanska|spanish|español\w*",
}
_EASY = re.compile(r"\b(lätt|lättare|lättläst|enkel|enklare|easy|simple)\b.{0,12}\b(svenska|swedish)\b", re.IGNORECASE)
_ASKED_FOR = {code: re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE) for code, names in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language to answer in, and one that was written but has no answers."""

    language: str
    unsupported: str | None = None


def choose_language(chat: str, kept: str | None, written_in: str | None) -> Spoken:
    """Return the language of the reply: the one written in, else the one kept from earlier turns, else the chat's own.

    Easy Swedish stays easy when somebody writes Swedish.
    """
    current = kept or chat
    if written_in is None:
        return Spoken(current)
    if written_in not in ANSWERED:
        return Spoken(current, unsupported=written_in)
    return Spoken(current if is_same_language(current, written_in) else written_in)


def is_same_language(one: str, other: str) -> bool:
    """Tell whether two codes name one language; easy Swedish is Swedish."""
    return one.partition("-")[0] == other.partition("-")[0]


def find_asked_language(text: str) -> str | None:
    """Return the language that a message asks to go on in, None where it names none of the catalogue's.

    Of several the last one named, and Swedish only where no other is: "jag kan inte svenska, går det på engelska?"
    """
    if _EASY.search(text):
        return "sv-x-easy"
    named = {found.start(): code for code, names in _ASKED_FOR.items() for found in names.finditer(text)}
    foreign = {place: code for place, code in named.items() if code != "sv"}
    chosen = foreign or named
    return chosen[max(chosen)] if chosen else None
