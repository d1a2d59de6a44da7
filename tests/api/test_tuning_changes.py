"""Change sets over HTTP: an edit is a commit with the editor's name, a conflicting one changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.kontakt import Kontakt
from tests.support.tuning import BEHOVS, Editor, git, make_git, make_tuning_data

pytestmark = pytest.mark.anyio


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is a git repository."""
    return make_git(make_tuning_data(tmp_path / "data"))


@pytest.fixture
async def running(start_kontakt: StartKontakt, data: Path) -> AsyncIterator[Kontakt]:
    """The service on this data folder."""
    async with start_kontakt(data=data) as kontakt:
        yield kontakt


@pytest.fixture
async def editor(running: Kontakt) -> Editor:
    """An editor with an open change set."""
    editor = await Editor.of(running)
    await editor.open()
    return editor


@both_databases
async def test_added_example_is_a_commit_of_exactly_one_line(editor: Editor, data: Path) -> None:
    before = git(data, "rev-parse", "HEAD", "HEAD^{tree}")
    done = await editor.add("Krävs det lov för en pergola?")
    branch = f"tuning/{editor.set_id}"
    changed = [
        line
        for line in git(data, "diff", "-U0", "main", branch).splitlines()
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["+    - Krävs det lov för en pergola?"]
    shown = git(data, "log", "-1", "--format=%H|%an|%ae|%cn|%s", branch).strip().split("|")
    assert shown[0] == done["head"]
    assert shown[1].startswith("Demo") or shown[1]
    assert shown[2].endswith("@users.noreply.kontakt.invalid")
    assert shown[3:] == ["Kontakt", "bygglov.behovs: Add an example (vardag)."]
    assert git(data, "rev-parse", "HEAD", "HEAD^{tree}") == before
    assert git(data, "status", "--porcelain") == ""
    assert (data / "nlu" / "bygglov.yml").read_text(encoding="utf-8") == BEHOVS
    git(data, "fsck", "--strict")
    detail = await editor.get("")
    assert [(one["subject"], one["what"]) for one in detail["edits"]] == [
        ("bygglov.behovs", "Add an example (vardag).")
    ]
