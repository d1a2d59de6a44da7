"""Cut a message into the parts that may be questions of their own. Pure text."""

from __future__ import annotations

import re
from typing import List

#: A message of more parts than these tells a story: it is taken as one.
MAX_PARTS = 4
#: A longer message without two questions in it is taken as one, however many clauses it has.
MAX_WORDS_OF_CLAUSES = 32
_MIN_WORDS = 2
_MIN_WORDS_OF_QUESTION = 3
_SENTENCE_END = re.compile(
    r"(?<=[.?!])(?<!t\.ex\.)(?<!bl\.a\.)(?<!m\.m\.)(?<!kl\.)(?<!nr\.)(?<!e\.g\.)\s+|\n+", re.IGNORECASE
)
_ASKING = (
    "vad|hur|när|nar|var|vart|vem|vilken|vilka|vilket|varför|kan|får|far|måste|maste|behöver|behover|har|finns|går|gar|ska|"
    "what|how|when|where|who|which|why|can|do|does|may|must|is|are|should"
)
_JOINED = re.compile(
    r"\s*[,;]?\s+(?:och|samt|sen|sedan|dessutom|plus|o|å|men|and|also|but)\s+(?:också\s+|även\s+|also\s+)?"
    r"|\s*[+;&]\s*|\s*,\s+(?=(?:dessutom|samt|också|även|also|besides)\b)",
    re.IGNORECASE,
)
_BEGINS_ASKING = re.compile(rf"\W*(?:och|samt|men|and|but|so)?\W*(?:{_ASKING})\b", re.IGNORECASE)


def split_message(text: str) -> List[str]:
    """Return the parts of a message in order when two to four of them may be questions of their own, else nothing.

    Two sentences or clauses that ask are parts, and what is told around them is left out: it belongs to the message. In
    a short message all that is joined by a word like "och" are parts.
    """
    sentences = [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
    clauses = [part.strip() for sentence in sentences for part in _JOINED.split(sentence)]
    asking = [clause for clause in clauses if asks(clause)]
    if 2 <= len(asking) <= MAX_PARTS:
        return asking
    parts = [clause for clause in clauses if len(clause.split()) >= _MIN_WORDS]
    is_short = len(text.split()) <= MAX_WORDS_OF_CLAUSES
    return parts if is_short and 2 <= len(parts) <= MAX_PARTS else []


def asks(clause: str) -> bool:
    """Tell whether a part of a message is a question, by its mark or its first word."""
    words = len(clause.split())
    return words >= _MIN_WORDS_OF_QUESTION and ("?" in clause or bool(_BEGINS_ASKING.match(clause)))
