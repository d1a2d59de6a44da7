"""Acute danger in a message, recognised before anything else. Pure: patterns in, category out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handover.core.commands import Danger


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way in which danger is told: any of `any_of`, unless one of `unless` shows it is harmless."""

    category: str
    any_of: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class CrisisGuide:
    """All patterns, and the fixed safety texts by category and language."""

    patterns: tuple[Pattern, ...]
    texts: Mapping[str, Mapping[str, str]]

    def find_danger(self, text: str) -> Danger | None:
        """Return the danger that `text` tells of, with its safety text, or None."""
        category = self.find(text)
        return Danger(category, self.texts[category]) if category else None

    def find(self, text: str) -> str | None:
        """Return the category of danger that `text` tells of, or None; every language is tried."""
        plain = " ".join(text.lower().split())
        for pattern in self.patterns:
            if any(p.search(plain) for p in pattern.any_of) and not any(p.search(plain) for p in pattern.unless):
                return pattern.category
        return None
