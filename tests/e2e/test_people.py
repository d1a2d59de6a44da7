"""Stories of the people page: a lead says what guides take on, an admin what accounts may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handover.core.supervision import Level
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, supervised_room
from tests.support.databases import Template

pytestmark = pytest.mark.browser


@pytest.fixture
def room(sqlite_template: Template, tmp_path: Path) -> Iterator[SupervisedRoom]:
    """The guides' room."""
    with supervised_room(sqlite_template, tmp_path, Level.AUTO) as running:
        yield running


def tick(page: Page, group: str, name: str) -> None:
    """Tick a box by keyboard."""
    page.get_by_role("group", name=group).get_by_role("checkbox", name=name, exact=True).press("Space")


def test_lead_says_what_a_guide_takes_on_by_keyboard_alone(room: SupervisedRoom, new_page: NewPage) -> None:
    lead = room.at_console(new_page(), "lead", "Personer")
    guide = lead.get_by_role("row", name="Demo Kollega")
    expect(guide.get_by_role("cell", name="Alla")).to_be_visible()
    expect(lead.get_by_role("table", name="Konton")).to_have_count(0)
    guide.get_by_role("button", name="Ändra Demo Kollega").press("Enter")
    form = lead.get_by_role("form", name="Ändra Demo Kollega")
    expect(form.get_by_role("heading")).to_be_focused()
    form.get_by_label("Högst så många samtal samtidigt").fill("2")
    for known in ("svenska", "engelska"):
        tick(lead, "Språk", known)
    form.get_by_role("button", name="Spara").press("Enter")
    expect(form.get_by_role("alert")).to_have_text("Välj minst ett språk.")
    tick(lead, "Språk", "svenska")
    tick(lead, "Språk", "somaliska")
    tick(lead, "Tjänster (ingen vald: alla)", "Tjänsten bygglov")
    check_state(lead, "people-guide")
    form.get_by_role("button", name="Spara").press("Enter")
    expect(lead.get_by_role("status").filter(has_text="Demo Kollega är sparad.")).to_be_visible()
    expect(lead.get_by_role("button", name="Ändra Demo Kollega")).to_be_focused()
    expect(guide.get_by_role("cell", name="svenska, somaliska")).to_be_visible()
    lead.reload()
    expect(guide.get_by_role("cell", name="Tjänsten bygglov")).to_be_visible()
    expect(guide.get_by_role("cell", name="Högst 2").or_(guide.get_by_role("cell", name="0 av 2"))).to_be_visible()


def test_admin_gives_roles_and_shuts_somebody_out_at_once(room: SupervisedRoom, new_page: NewPage) -> None:
    guide = room.at_console(new_page(), "guide2")
    expect(guide.get_by_text("Ansluten.")).to_be_visible()
    admin = room.at_console(new_page(), "admin", "Personer")
    row = admin.get_by_role("table", name="Konton").get_by_role("row", name="Demo Kollega")
    row.get_by_role("button", name="Ändra roller: Demo Kollega").press("Enter")
    tick(admin, "Roller", "Redaktör")
    admin.get_by_role("form").get_by_role("button", name="Spara").press("Enter")
    expect(row.get_by_text("Redaktör")).to_be_visible()
    check_state(admin, "people-accounts")

    row.get_by_role("button", name="Stäng av: Demo Kollega").press("Enter")
    expect(row.get_by_text("Avstängt")).to_be_visible()
    expect(guide.get_by_role("heading", name="Logga in")).to_be_visible()
    row.get_by_role("button", name="Släpp in igen: Demo Kollega").press("Enter")
    expect(admin.get_by_role("status").filter(has_text="Demo Kollega kan logga in igen.")).to_be_visible()

    admin.get_by_role("button", name="Ändra Demo Kollega").press("Enter")
    form = admin.get_by_role("form", name="Ändra Demo Kollega")
    form.get_by_label("Högst så många samtal samtidigt").fill("1")
    form.get_by_role("button", name="Spara").press("Enter")
    expect(admin.get_by_role("cell", name="Högst 1")).to_be_visible()

    own = admin.get_by_role("table", name="Konton").get_by_role("row", name="admin")
    own.get_by_role("button", name="Stäng av").press("Enter")
    expect(admin.get_by_role("alert").filter(has_text="Du kan inte stänga av ditt eget konto.")).to_be_visible()
