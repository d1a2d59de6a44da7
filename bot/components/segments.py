"""Cut a message into clauses, which may be questions of their own. Pure text."""

from __future__ import annotations

import re
from typing import List

#: A message of more clauses than these tells a story: it is taken as one.
MAX_CLAUSES = 10
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


def split_clauses(text: str) -> List[str]:
    """Return the clauses of a message in order, two to `MAX_CLAUSES`, else nothing.

    A clause ends where a sentence does, at a new line, and at a word that joins, like "och".
    """
    sentences = [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
    clauses = [part.strip() for sentence in sentences for part in _JOINED.split(sentence)]
    clauses = [clause for clause in clauses if len(clause.split()) >= _MIN_WORDS]
    return clauses if 2 <= len(clauses) <= MAX_CLAUSES else []


def asks(clause: str) -> bool:
    """Tell whether a clause is a question, by its mark or its first word."""
    words = len(clause.split())
    return words >= _MIN_WORDS_OF_QUESTION and ("?" in clause or bool(_BEGINS_ASKING.match(clause)))
