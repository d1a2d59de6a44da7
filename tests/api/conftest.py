"""The routes and sockets speak to one kind of database by default; modules that need both say so."""

from __future__ import annotations

import pytest

from tests.conftest import POSTGRES, SQLITE

#: Put this on a module whose tests are to run on both kinds.
both_databases = pytest.mark.parametrize("backend", [SQLITE, POSTGRES], indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, unless a test names another."""
    return str(getattr(request, "param", SQLITE))
