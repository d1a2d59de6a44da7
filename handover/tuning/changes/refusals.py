"""Refusals that tell more than a sentence: what the other wrote, or where a file is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from handover.core.errors import HandoverError


class EditRefused(HandoverError):
    """An edit that changes nothing; `facts` say why, for the page to show."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.facts: Mapping[str, str | int] = facts
