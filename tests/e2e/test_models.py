"""The story of the page of models: an editor puts one into service, a lead one whose gate is closed, and goes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from handover.conversations import utc_now
from handover.core.supervision import Level
from handover.store import models
from handover.store.supervision import RULE
from keeper.notes import end_left_behind
from tests.e2e.conftest import NewPage
from tests.e2e.supervised_room import SupervisedRoom, check_state, supervised_room
from tests.support.databases import Template
from tests.support.keeper import OPEN, KeeperProcess, add_model
from tests.support.small_catalogue import bygglov, lon
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser
CLOSED = {"open": False, "reasons": [{"code": "crisis_missed", "sentence": "En krisfråga missades."}]}
#: An engine double loads within seconds, on a busy machine within a minute.
SWAP_MS = 60_000


@dataclass(frozen=True)
class Shown:
    """The room with its keeper."""

    room: SupervisedRoom
    keeper: KeeperProcess


@pytest.fixture
def shown(sqlite_template: Template, tmp_path: Path) -> Iterator[Shown]:
    """A room whose engines are kept; `modell-1` is in service."""
    keeper = KeeperProcess(tmp_path)
    keeper.running.start()
    try:
        keeper.running.wait_ready()
        with supervised_room(sqlite_template, tmp_path, Level.AUTO, keeper_url=keeper.client.url) as room:
            room.do(_add_models, room, keeper)
            yield Shown(room, keeper)
    finally:
        keeper.running.stop()
        end_left_behind(tmp_path / "keeper")


async def _add_models(room: SupervisedRoom, keeper: KeeperProcess) -> None:
    kontakt = room.people.kontakt
    changed = bygglov()
    changed["faqs"][0]["answer"]["sv"] = "Numera beror det på läget."
    for name, gate, services in (
        ("modell-1", None, [bygglov(), lon()]),
        ("modell-2", OPEN, [changed, lon()]),
        ("modell-3", CLOSED, [bygglov(), lon()]),
    ):
        await add_model(kontakt, keeper.client, name, services, utc_now(), gate)
    await kontakt.services.database.write(
        lambda connection: models.add_line(connection, utc_now(), "modell-1", "put", RULE, "Den första modellen.")
    )
    await eventually(kontakt.services.engine.is_healthy, "the engine of the model in service", 60.0)


def test_editor_puts_a_model_into_service_and_a_lead_goes_back(shown: Shown, new_page: NewPage) -> None:
    editor = shown.room.at_console(new_page(), "editor", "Modeller")
    table = editor.get_by_role("table", name="Modeller")
    expect(table.get_by_role("row", name="modell-1").get_by_text("I drift", exact=True)).to_be_visible()
    expect(editor.get_by_role("button", name="Sätt i drift: modell-3")).to_have_count(0)
    check_state(editor, "models")

    put = editor.get_by_role("button", name="Sätt i drift: modell-2")
    put.focus()
    editor.keyboard.press("Enter")
    form = editor.get_by_role("form", name="Sätt modell-2 i drift?")
    expect(form.get_by_role("heading")).to_be_focused()
    editor.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(put).to_be_focused()
    editor.keyboard.press("Enter")
    check_state(editor, "models-put")
    form.get_by_label("Varför (frivilligt)").fill("Bättre på altaner")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("status").filter(has_text="Byter till modell-2.")).to_be_visible()
    check_state(editor, "models-swap")
    expect(table.get_by_role("row", name="modell-2").get_by_text("I drift", exact=True)).to_be_visible(timeout=SWAP_MS)
    log = editor.get_by_role("table", name="Historik")
    expect(log.get_by_role("row", name="Satt i drift").first).to_contain_text("Bättre på altaner")
    expect(editor.get_by_role("table", name="Motorer").get_by_role("row", name="modell-2, motor 1")).to_contain_text(
        "Redo"
    )

    lead = shown.room.at_console(new_page(), "lead", "Modeller")
    lead.get_by_role("button", name="Återställ: modell-1").press("Enter")
    form = lead.get_by_role("form", name="Återställ till modell-1?")
    form.get_by_label("Varför").fill("Fel svar om altaner")
    lead.keyboard.press("Enter")
    expect(form).to_have_count(0)
    row = lead.get_by_role("table", name="Modeller").get_by_role("row", name="modell-1")
    expect(row.get_by_text("I drift", exact=True)).to_be_visible(timeout=SWAP_MS)
    expect(editor.get_by_role("table", name="Historik")).to_contain_text("Fel svar om altaner", timeout=SWAP_MS)


def test_a_lead_overrides_a_closed_gate_and_is_told_why_a_swap_came_to_nothing(shown: Shown, new_page: NewPage) -> None:
    shown.keeper.client.add_model("modell-3", "fatal-3")
    lead = shown.room.at_console(new_page(), "lead", "Modeller")
    lead.get_by_role("button", name="Sätt i drift: modell-3").press("Enter")
    form = lead.get_by_role("form", name="Sätt modell-3 i drift?")
    expect(form.get_by_text("En krisfråga missades.")).to_be_visible()
    check_state(lead, "models-override")
    form.get_by_label("Varför").fill("Frågan var felskriven")
    form.get_by_role("button", name="Sätt i drift ändå").press("Enter")
    alert = lead.get_by_role("alert").filter(has_text="Bytet till modell-3 blev inte av.")
    expect(alert).to_contain_text("det gick inte att ladda modellen", timeout=SWAP_MS)
    expect(lead.get_by_role("table", name="Modeller").get_by_role("row", name="modell-1")).to_contain_text("I drift")
    check_state(lead, "models-failed")
