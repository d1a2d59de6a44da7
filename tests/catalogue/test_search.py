"""Search finds what is obvious, through misspellings and inflections, and never a staff FAQ for a citizen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from catalogue.models import Base
from catalogue.search import CatalogueSearch
from catalogue.snapshot import Catalogue, load_catalogue
from tests.support.kontakt import DATA


@pytest.fixture(scope="module")
def catalogue() -> Iterator[Catalogue]:
    """The product's catalogue, imported into a database in memory."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        import_catalogue(connection, read_catalogue(DATA))
        yield load_catalogue(connection)
    engine.dispose()


@pytest.fixture(scope="module")
def search(catalogue: Catalogue) -> CatalogueSearch:
    """The index of it."""
    return CatalogueSearch(catalogue)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Vad kostar ett bygglov?", "bygglov.avgift"),
        ("bygglovet avgiften", "bygglov.avgift"),
        ("hur ansöker jag om förskola", "forskola.ansokan"),
        ("När hämtas soporna?", "avfall.sophamtning"),
        ("lånekort bibliotek", "bibliotek.lanekort"),
        ("parkeringsbot", "parkering.bot"),
        ("parkerings bot överklaga", "parkering.bot"),
        ("I got a parking fine", "parkering.bot"),
        ("skolskjuts", "grundskola.skolskjuts"),
        ("färdtjänst för min mamma", "funktionsnedsattning.fardtjanst"),
    ],
)
def test_search_finds_the_obvious(search: CatalogueSearch, text: str, wanted: str) -> None:
    assert wanted in [hit.faq_id for hit in search.search(text, "citizen", 3)]


def test_every_question_finds_itself(search: CatalogueSearch, catalogue: Catalogue) -> None:
    faqs = [one for service in catalogue.services.values() for one in service.faqs]
    missed = [
        one.id for one in faqs if one.id not in {h.faq_id for h in search.search(one.questions["sv"], "staff", 3)}
    ]
    assert missed == []


def test_citizens_never_find_a_staff_faq(search: CatalogueSearch, catalogue: Catalogue) -> None:
    staff = [service for service in catalogue.services.values() if service.audience == "staff"]
    assert staff
    for service in staff:
        for one in service.faqs:
            for text in (*one.questions.values(), " ".join(service.search_words)):
                for audience in ("citizen", "", "STAFF"):
                    found = search.search(text, audience, 10)
                    assert all(catalogue.may_see(hit.faq_id.partition(".")[0], "citizen") for hit in found)


@pytest.mark.parametrize("text", ["", "   ", "?!", "och att det", "\x00", "🙂🙂"])
def test_text_without_a_subject_finds_nothing(search: CatalogueSearch, text: str) -> None:
    assert search.search(text, "citizen") == []


@pytest.mark.parametrize(
    "text", ["bygglov AND (", "id:bygglov.avgift", 'question:"', "bygglov^100", "*", "x" * 4_000, "ord " * 1_000]
)
def test_search_syntax_and_length_do_no_harm(search: CatalogueSearch, text: str) -> None:
    assert len(search.search(text, "citizen", 3)) <= 3


def test_hits_come_best_first(search: CatalogueSearch) -> None:
    scores = [hit.score for hit in search.search("bygglov altan avgift", "citizen", 10)]
    assert scores == sorted(scores, reverse=True)
