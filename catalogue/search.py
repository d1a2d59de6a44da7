"""Swedish full-text search over the catalogue, on tantivy (BM25, Snowball stemming).

Each FAQ is a document with its questions, answers and search words. Beside the stemmed words, character
trigrams catch compounds and misspellings ("parkeringstillstånd" in "parkerings tillstånd").
Citizens search an index of their own that holds no staff service at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import tantivy

from catalogue.snapshot import Catalogue, Faq, Service

_WORD = re.compile(r"[^\W_]+")
#: Words that carry no subject; stemming aside, Swedish and English.
STOP_WORDS = frozenset(
    """
    och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när år ska
    skall nu då blir mig mina min mitt ni er ert era du dig din ditt här där vad hur vem vilka vilken varför få får
    göra gör måste vill ha finns bli hej tack snälla the a an is are to of and in on for i my me you how do does what
    where when can we it
    """.split()  # noqa: SIM905  (a list of words reads better as prose)
)
_GRAM = 3
_MAX_QUERY_WORDS = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A FAQ found, with its BM25 score."""

    faq_id: str
    score: float


class CatalogueSearch:
    """An in-memory index of one catalogue snapshot; build it once per import."""

    def __init__(self, catalogue: Catalogue) -> None:
        everything = list(catalogue.services.values())
        for_citizens = [service for service in everything if service.audience == "citizen"]
        self._indexes = {"citizen": _build(for_citizens), "staff": _build(everything)}
        self._schema = _schema()

    def search(self, text: str, audience: str, limit: int = 3) -> list[Hit]:
        """Return the best FAQs for `text` that the audience may see, best first."""
        words = _words(text)[:_MAX_QUERY_WORDS]
        if not words:
            return []
        index = self._indexes["staff" if audience == "staff" else "citizen"]
        index.reload()
        found = index.searcher().search(self._query(words), limit)
        searcher = index.searcher()
        return [Hit(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found.hits]

    def _query(self, words: list[str]) -> tantivy.Query:
        stemmed = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
            .filter(tantivy.Filter.stemmer("swedish"))
            .build()
        )
        should: list[tuple[tantivy.Occur, tantivy.Query]] = []

        def add(field: str, term: str, boost: float) -> None:
            query = tantivy.Query.term_query(self._schema, field, term)
            should.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, boost)))

        for stem in stemmed.analyze(" ".join(words)):
            add("question", stem, 2.0)
            add("words", stem, 2.5)
            add("answer", stem, 0.7)
        for gram in _grams(words):
            add("grams", gram, 0.25)
        return tantivy.Query.boolean_query(should)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("question", "words", "answer"):
        builder.add_text_field(field, tokenizer_name="swedish")
    builder.add_text_field("grams", tokenizer_name="whitespace")
    return builder.build()


def _build(services: list[Service]) -> tantivy.Index:
    index = tantivy.Index(_schema())
    swedish = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("swedish"))
        .build()
    )
    index.register_tokenizer("swedish", swedish)
    writer = index.writer(heap_size=15_000_000, num_threads=1)
    for service in services:
        for faq in service.faqs:
            writer.add_document(_document(service, faq))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _document(service: Service, faq: Faq) -> tantivy.Document:
    questions = " ".join(faq.questions.values())
    words = " ".join((service.name.sv, service.name.en, *service.search_words))
    return tantivy.Document(
        id=faq.id,
        question=questions,
        words=words,
        answer=" ".join(faq.texts.values()),
        grams=" ".join(_grams(_words(f"{questions} {words}"))),
    )


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]


def _grams(words: list[str]) -> list[str]:
    return [
        word[start : start + _GRAM] for word in words if len(word) > _GRAM for start in range(len(word) - _GRAM + 1)
    ]
