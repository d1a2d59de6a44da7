"""What a person says of something that the assistant missed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from handover.core.errors import HandoverError


class Label(StrEnum):
    """Where a missed text belongs; mirrored by a CHECK constraint."""

    #: The assistant did right: asking back was the best that could be done.
    RIGHT = "right"
    #: It is one of the catalogue's questions.
    FAQ = "faq"
    #: The catalogue ought to have a question for it.
    NEW_FAQ = "new_faq"
    OUT_OF_SCOPE = "out_of_scope"
    #: Not for me to say; it comes back.
    SKIP = "skip"


#: How long a text stays away that somebody skipped.
SKIPPED_FOR = timedelta(days=7)
#: Older misses say more of models that are gone than of today's.
SHOWN_FOR = timedelta(days=180)
#: How long a text is kept for whoever looks at it; the page renews it while it is looked at.
HELD_FOR = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Given:
    """A label that was given to a text; the `version` of a text's labels grows by one each time."""

    text_key: str
    version: int
    act_id: str
    label: Label
    faq: str | None
    name: str | None
    at: datetime
    by_id: str
    by_name: str
    undone_at: datetime | None = None
    change_set_id: str | None = None


class LabelledFirstError(HandoverError):
    """Somebody else labelled the text since it was shown."""

    def __init__(self, given: Given | None, said: str | None = None) -> None:
        """`given` is the label that stands now; None: the one that was shown was undone."""
        super().__init__("miss_labelled", said=said)
        self.given = given
