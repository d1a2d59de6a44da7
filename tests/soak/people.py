"""What a person at a widget saw and did, as the checker reads it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """Something that stands in the transcript: who said it (or `turn` for what happened), and the words."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Appeared:
    """A line that came up in the transcript, and when, in seconds of the machine's clock."""

    line: Line
    at: float


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the person wrote and sent."""

    text: str
    at: float


@dataclass(slots=True)
class Talk:
    """One conversation as one person lived through it."""

    widget: str
    conversation: str | None = None
    said: list[Said] = field(default_factory=list)
    #: What the transcript showed in the end, and what was not in the record yet: the text, and what was said of it.
    shown: list[Line] = field(default_factory=list)
    unsent: list[tuple[str, str]] = field(default_factory=list)
    #: What came up in the transcript, in order, for each time that the page was loaded.
    lives: list[list[Appeared]] = field(default_factory=list)
    #: When the person's network or page was disturbed on purpose.
    troubles: list[tuple[float, float]] = field(default_factory=list)
