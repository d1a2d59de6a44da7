"""When a FAQ moves up or down the supervision levels. Pure."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What a person found of an answer of the bot."""

    GOOD = "good"
    EDITED = "edited"
    WRONG = "wrong"
    UNCLEAR = "unclear"
