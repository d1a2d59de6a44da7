"""The documents say what the code does: settings, errors, frames, events and commands stand there; no link is dead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core import PydanticUndefined

from handover.api import frames as f
from handover.core.errors import CATALOGUE
from handover.core.events import Event, Reason, State
from handover.settings import ROOT, Settings

DOCS = ROOT / "docs"
#: Every page that people read; the links of all of them are followed.
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), ROOT / "widget" / "README.md"])
#: Where the product reads its environment.
SOURCES = ("actions", "bot", "catalogue", "handover", "keeper", "scripts", "widget/build", "config.yml", "Makefile")
SOURCE_SUFFIXES = {".py", ".yml", ".mjs", ".ts", ""}

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE_BLOCK = re.compile(r"^```.*?^```|^(?: {4}|\t).*?$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_VARIABLE = re.compile(r"KONTAKT_[A-Z]+(?:_[A-Z]+)*")
_MAKE_TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def table_rows(page: str) -> dict[str, list[str]]:
    """Return the rows of all tables of a page by their first cell, which is a name in backticks."""
    rows: dict[str, list[str]] = {}
    for line in read(DOCS / page).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = re.fullmatch(r"`([^`]+)`", cells[0])
        if line.startswith("|") and name:
            rows[name[1]] = cells[1:]
    return rows


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return read(DOCS / page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def frame_types(union: Any) -> Iterator[str]:
    """Yield the `type` of each frame of a union."""
    for model in get_args(get_args(union)[0]):
        yield get_args(model.model_fields["type"].annotation)[0]


def shown_default(value: Any) -> str:
    """Return a setting's default as `docs/settings.md` writes it."""
    if value is None or value == () or value == "":
        return "empty"
    if isinstance(value, tuple):
        return "`" + ",".join(str(part).rstrip("/") for part in value) + "`"
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}`"
    if hasattr(value, "get_secret_value"):
        return shown_default(value.get_secret_value())
    if isinstance(value, float):
        return f"`{value:g}`"
    return f"`{str(value).rstrip('/')}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_stands_in_the_table_with_its_default(name: str) -> None:
    row = table_rows("settings.md").get(f"KONTAKT_{name.upper()}")
    assert row is not None, f"docs/settings.md lacks KONTAKT_{name.upper()}"
    default = Settings.model_fields[name].default
    assert default is not PydanticUndefined
    assert row[0] == shown_default(default)
    assert len(row[1]) > 10, "the meaning is missing"


def test_settings_table_names_nothing_that_the_code_does_not_read() -> None:
    read_somewhere = set(variables_of_the_code()) | {f"KONTAKT_{name.upper()}" for name in Settings.model_fields}
    documented = {name for name in table_rows("settings.md") if name.startswith("KONTAKT_")}
    assert documented == read_somewhere


def variables_of_the_code() -> Iterator[str]:
    for source in SOURCES:
        start = ROOT / source
        for path in [start] if start.is_file() else start.rglob("*"):
            if path.is_file() and path.suffix in SOURCE_SUFFIXES and "node_modules" not in path.parts:
                yield from _VARIABLE.findall(read(path))


def test_error_table_is_the_one_of_the_code() -> None:
    documented = {
        code: (int(cells[0]), cells[1])
        for code, cells in table_rows("protocol.md").items()
        if len(cells) == 2 and cells[0].isdecimal()
    }
    assert documented == CATALOGUE


@pytest.mark.parametrize("name", sorted({*frame_types(f.CitizenFrame), "hello"}))
def test_frame_of_a_citizen_is_described(name: str) -> None:
    assert re.search(rf'[`"]{name}\b', section("protocol.md", "Citizen"))


@pytest.mark.parametrize("name", sorted({*frame_types(f.GuideFrame), "hello"}))
def test_frame_of_a_guide_is_described(name: str) -> None:
    assert re.search(rf'[`"]{name}\b', section("protocol.md", "Guide"))


@pytest.mark.parametrize("name", sorted({*frame_types(f.ServerFrame), *frame_types(f.GuideServerFrame)}))
def test_frame_to_a_browser_is_described(name: str) -> None:
    assert re.search(rf'[`"]{name}\b', read(DOCS / "protocol.md"))


@pytest.mark.parametrize("page", ["protocol.md", "architecture.md"])
def test_every_event_state_and_reason_has_its_word(page: str) -> None:
    words = {model.model_fields["kind"].default for model in get_args(get_args(Event)[0])}
    words |= {state.value for state in State}
    if page == "architecture.md":
        words |= {reason.value for reason in Reason}
    text = read(DOCS / page)
    assert {word for word in words if f"`{word}`" not in text} == set()


def test_readme_lists_what_make_can_do() -> None:
    readme = read(ROOT / "README.md")
    targets = _MAKE_TARGET.findall(read(ROOT / "Makefile"))
    assert [target for target in targets if f"`make {target}`" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    dead = [link for link in relative_links(page) if not leads_somewhere(page, link)]
    assert dead == []


def relative_links(page: Path) -> Iterator[str]:
    for link in _LINK.findall(_CODE_BLOCK.sub("", read(page))):
        if not re.match(r"[a-z]+:", link):
            yield link


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, fragment = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return False
    return not fragment or fragment in {slug(heading) for heading in _HEADING.findall(read(target))}


def slug(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
