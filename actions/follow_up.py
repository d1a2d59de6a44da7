"""Whether a message leans on the one before: "och vad kostar det?". Pure."""

from __future__ import annotations

import re

#: A longer message says itself what it is about.
MAX_WORDS = 12
_OPENS = re.compile(r"^\W*(och|men|så|ja|ok|okej|aha|jaha|and|but|so|then|also|what about|how about)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(det|den|dom|dem|detta|denna|dessa|sånt|sådant|där|dit|då|också|i så fall|"
    r"it|that|this|they|them|those|there|then)\b",
    re.IGNORECASE,
)
#: How questions begin in the languages that are mostly written without a mark.
_ASKS = re.compile(
    r"^\W*(?:(?:och|men|så|ok|okej|and|but|so)\W+)?(?:vad|va|hur|när|nar|var|vart|vem|vilken|vilka|vilket|varför|kan|får|"
    r"måste|behöver|har|finns|går|ska|gäller|är|what|how|when|where|who|which|why|can|do|does|may|must|is|are|should)\b",
    re.IGNORECASE,
)
_MARKS = "?؟፧"


def leans_on_the_last(text: str) -> bool:
    """Tell whether a message is short and points back: by its first word, or by a pronoun."""
    return is_short(text) and bool(_OPENS.search(text) or _LEANS.search(text))


def could_be_anybodys(text: str) -> bool:
    """Tell whether a message is a short question: "vad ska jag bifoga?" can be about any service."""
    return is_short(text) and (any(mark in text for mark in _MARKS) or bool(_ASKS.search(text)))


def is_short(text: str) -> bool:
    """Tell whether a message is too short to say surely what it is about."""
    return len(text.split()) <= MAX_WORDS
