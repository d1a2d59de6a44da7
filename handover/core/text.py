"""What people type, made safe to store and to compare: no control, zero-width or direction-override characters."""

from __future__ import annotations

import unicodedata

from handover.core.errors import HandoverError

MAX_TEXT_CHARS = 4_000
_KEPT = frozenset("\n\t")
#: Zero-width joiner and non-joiner are part of Persian and of emoji; between other letters they only hide text.
_JOINERS = frozenset("\u200c\u200d")


def clean_text(raw: str) -> str:
    """Return `raw` in NFC without invisible characters; raise `text_empty` or `text_too_long`.

    The limit is on what was sent, so that a text of 20 000 characters is refused whatever it holds.
    """
    if len(raw) > MAX_TEXT_CHARS:
        raise HandoverError("text_too_long")
    normal = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    visible = unicodedata.normalize("NFC", "".join(c for i, c in enumerate(normal) if _is_kept(c, normal, i))).strip()
    if not visible:
        raise HandoverError("text_empty")
    return visible


def _is_kept(character: str, text: str, index: int) -> bool:
    if character in _KEPT:
        return True
    if character in _JOINERS:
        before = text[index - 1] if index else ""
        return unicodedata.category(before or " ")[0] in "LMS" and not unicodedata.name(before, "").startswith("LATIN")
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
