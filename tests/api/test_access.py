"""Every route says who may call it, and holds to it."""

from __future__ import annotations

import pytest

from handover.api.access import list_route_access
from tests.support.kontakt import Kontakt

pytestmark = pytest.mark.anyio


async def test_every_route_declares_who_may_call_it(kontakt: Kontakt) -> None:
    undeclared = [f"{one.method} {one.path}" for one in list_route_access(kontakt.app) if one.access is None]
    assert undeclared == []
