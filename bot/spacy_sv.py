"""The spaCy pipeline of the engine: the Swedish tokenizer, and the names of services as entities."""

from typing import Any, Dict, List

import spacy
from spacy.language import Language


def build_pipeline(patterns: List[Dict[str, Any]]) -> Language:
    """Return spaCy's Swedish tokenizer and an entity ruler with `patterns`."""
    nlp = spacy.blank("sv")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp
