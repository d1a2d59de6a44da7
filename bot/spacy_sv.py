"""Swedish lemmas for spaCy: a pipe that asks simplemma for the lemma of each token."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable

import simplemma
import spacy
from spacy.language import Language
from spacy.tokens import Doc

FACTORY = "kontakt_lemmatizer"


@lru_cache(maxsize=50_000)
def lemma_of(word: str) -> str:
    """Return the Swedish lemma of a lower-cased word; a word that simplemma does not know is its own lemma."""
    return str(simplemma.lemmatize(word, lang="sv"))


class Lemmatizer:
    """Set `token.lemma_` on every token; holds no state, so nothing is saved with the pipeline."""

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = lemma_of(token.lower_)
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Save nothing; spaCy calls this for every pipe."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "Lemmatizer":
        """Load nothing."""
        return self


@Language.factory(FACTORY)
def create_lemmatizer(nlp: Language, name: str) -> Lemmatizer:
    """Make the pipe; spaCy's factory."""
    return Lemmatizer()


def build_pipeline(patterns: list[dict[str, Any]]) -> Language:
    """Return spaCy's Swedish tokenizer, the lemmatizer and an entity ruler with `patterns`."""
    nlp = spacy.blank("sv")
    nlp.add_pipe(FACTORY)
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    return nlp
