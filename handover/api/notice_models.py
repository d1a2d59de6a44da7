"""Notices of disturbances as they cross the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from handover.api.frames import CommandId, Frame, LanguageTag
from handover.core.notices import Severity


class ShownNotice(Frame):
    """A notice as everybody is shown it; the text is in `language`."""

    id: str
    severity: Severity
    text: str
    language: str
    starts_at: Annotated[str, Field(alias="from")]
    until: str


class Notices(Frame):
    """Answer of `GET /api/v1/notices`: what is shown now, what matters most first."""

    notices: list[ShownNotice]


class PutUpNotice(Frame):
    """Body of `POST /api/v1/notices`; Swedish must be among the texts. Without `from` it is shown at once."""

    id: CommandId
    texts: Annotated[dict[LanguageTag, str], Field(max_length=20)]
    severity: Severity = Severity.INFO
    starts_at: Annotated[AwareDatetime | None, Field(alias="from")] = None
    until: AwareDatetime


class KeptNotice(Frame):
    """A notice as the desk knows it: all its texts, and who put it up when."""

    id: str
    texts: dict[str, str]
    severity: Severity
    starts_at: Annotated[str, Field(alias="from")]
    until: str
    created_at: str
    created_by: str


class KeptNotices(Frame):
    """Answer of `GET /api/v1/notices/kept`: what is shown now, and what is to be shown."""

    notices: list[KeptNotice]
