"""By keys alone, where the chat lies over a page: nobody is shut in, and nobody is left behind it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.gate.stage import Stage

pytestmark = pytest.mark.browser
DESKTOP, AT_400_PERCENT = {"width": 1280, "height": 800}, {"width": 320, "height": 256}


def test_escape_puts_the_chat_away_from_anywhere_and_leaves_the_focus_where_it_is(stage: Stage) -> None:
    stage.open_chat()
    field = stage.page.get_by_label("Användarnamn")
    field.focus()
    field.press("Escape")
    expect(stage.chat(".panel")).to_have_count(0)
    expect(field).to_be_focused()
    stage.show_chat()
    stage.field.press("Escape")
    expect(stage.chat("button.launcher")).to_be_focused()


def test_who_zooms_in_while_the_chat_is_open_is_not_left_behind_it(stage: Stage) -> None:
    stage.open_chat(viewport=DESKTOP)
    stage.page.get_by_label("Användarnamn").focus()
    stage.page.set_viewport_size(AT_400_PERCENT)  # type: ignore[arg-type]
    expect(stage.chat(".panel")).to_have_attribute("aria-modal", "true")
    expect(stage.chat(".panel")).to_be_focused()
    for _ in range(12):
        stage.page.keyboard.press("Tab")
        assert stage.page.evaluate("document.activeElement.hasAttribute('data-kontakt-host')")
    stage.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    expect(stage.chat(".panel")).to_have_attribute("aria-modal", "false")
