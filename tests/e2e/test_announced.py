"""Stories of a disturbance: a lead announces it by keyboard, colleagues see it, and it is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from handover.core.supervision import Level
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, supervised_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser
TEXT = "Telefonerna ligger nere. Chatten fungerar som vanligt."


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room."""
    with supervised_room(sqlite_template, tmp_path, Level.AUTO) as running:
        yield running


def test_lead_announces_a_disturbance_by_keyboard_alone_and_takes_it_away(
    room: SupervisedRoom, new_page: NewPage
) -> None:
    lead = room.at_console(new_page(), "lead")
    lead.get_by_text("Meddela en störning").press("Enter")
    lead.get_by_label("Text på svenska").fill(TEXT)
    lead.get_by_label("Hur allvarligt").select_option("Allvarlig störning")
    until = lead.get_by_label("Visas till")
    until.fill(f"{datetime.now() - timedelta(hours=30):%Y-%m-%dT%H:%M}")
    announce = lead.get_by_role("button", name="Visa för alla")
    announce.press("Enter")
    refused = lead.get_by_role("region", name="Störningar").get_by_role("alert")
    expect(refused).to_contain_text("Sluttiden måste ligga efter starttiden")
    until.fill(f"{datetime.now() + timedelta(hours=30):%Y-%m-%dT%H:%M}")
    check_state(lead, "announcing")
    announce.press("Enter")
    expect(announce).to_be_hidden()
    expect(lead.get_by_text("Meddela en störning")).to_be_focused()

    guide = room.at_console(new_page(), "guide2")
    told = guide.get_by_role("region", name="Störningar")
    expect(told.get_by_role("status")).to_contain_text(f"Allvarlig störning: {TEXT}")
    expect(told).to_contain_text("av Demo Ledare")
    expect(told.get_by_role("button")).to_have_count(0)
    check_state(guide, "announced")

    lead.get_by_role("button", name="Ta bort").press("Enter")
    expect(lead.get_by_text(TEXT)).to_have_count(0)
    guide.reload()
    expect(guide.get_by_text("Ansluten.")).to_be_visible()
    expect(guide.get_by_text(TEXT)).to_have_count(0)
