"""The assistant on a small catalogue: two services for citizens, one for staff."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from actions.policy import Assistant
from catalogue.documents import read_catalogue
from catalogue.importer import import_catalogue
from catalogue.models import Base
from catalogue.snapshot import Catalogue, load_catalogue
from tests.actions.turns import PHRASES
from tests.support.small_catalogue import bygglov, faq, lon, service, texts, write_data


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The small catalogue, and what makes several questions and follow-ups of each audience possible."""
    wages = lon()
    wages["faqs"].append(
        faq("semester", texts("Hur tar jag ut semester?", "How do I take leave?"), texts("I Heroma.", "In Heroma."))
    )
    waste = service(
        "avfall",
        "citizen",
        [faq("tunna", texts("Var köper jag en tunna?", "Where to buy a bin?"), texts("Här.", "Here."))],
    )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        import_catalogue(
            connection, read_catalogue(write_data(tmp_path_factory.mktemp("data"), bygglov(), wages, waste))
        )
        made = load_catalogue(connection)
    engine.dispose()
    return made


@pytest.fixture(scope="session")
def assistant(catalogue: Catalogue) -> Assistant:
    """The assistant that speaks from it."""
    return Assistant(catalogue, PHRASES)
