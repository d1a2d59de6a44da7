"""A broken file is refused with file, line and reason, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.checks import check_catalogue, check_data, check_inventory, list_placeholders
from catalogue.documents import MAX_FILE_BYTES, CatalogueError, Problem, read_catalogue
from tests.support.kontakt import DATA
from tests.support.small_catalogue import PLACEHOLDERS, bygglov, lon, write_data

Change = Callable[[dict[str, Any]], None]


def _line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def _problems(folder: Path) -> list[Problem]:
    """Return what reading and checking finds."""
    try:
        files = read_catalogue(folder)
    except CatalogueError as error:
        return error.problems
    return [*check_catalogue(files), *check_inventory(files, folder)]


def _set(*path: str | int, value: Any) -> Change:
    def change(body: dict[str, Any]) -> None:
        for step in path[:-1]:
            body = body[step]  # type: ignore[index]
        body[path[-1]] = value  # type: ignore[index]

    return change


def test_the_products_own_catalogue_has_no_problems() -> None:
    files = read_catalogue(DATA)
    assert [str(problem) for problem in (*check_catalogue(files), *check_inventory(files, DATA))] == []


def test_small_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert _problems(write_data(tmp_path)) == []


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (_set("audience", value="everybody"), "audience:", "audience"),
        (_set("surprise", value=1), "surprise:", "surprise"),
        (_set("search_words", value=["ett"]), "search_words:", "at least 3"),
        (_set("faqs", value=[]), "faqs:", "at least 1"),
        (_set("name", value={"sv": "Bara svenska"}), "name:", "en"),
        (_set("contact", 0, "channel", value="fax"), "channel: fax", "channel"),
        (_set("faqs", 0, "id", value="Stor Bokstav"), "id: Stor", "pattern"),
        (_set("faqs", 0, "answer", "sv", value="x" * 601), "xxxx", "600"),
        (_set("faqs", 0, "answer", "sv", value="  "), "answer:", "at least 1"),
        (_set("faqs", 0, "law", value="Lagen (2010:900)"), "behovs", "law"),
        (_set("faqs", 1, "law", value="Plan- och bygglagen"), "avgift", "number"),
        (_set("faqs", 1, "review_by", value="2025-01-01"), "avgift", "after"),
        (_set("faqs", 0, "links", 0, "url", value="javascript:alert(1)"), "javascript", "url"),
        (_set("faqs", 0, "links", 0, "url", value="http://insecure.example"), "http://insecure", "url"),
        (_set("faqs", 0, "related", value=["bygglov.finns_inte"]), "related:", "no FAQ has the id"),
        (_set("faqs", 0, "answer", "en", value="Call {{nummer}}."), "nummer", "not declared"),
        (_set("faqs", 0, "answer", "sv", value="Se {{lank_etjanst}}."), "lank_etjanst}}.", "address"),
        (_set("faqs", 0, "translations", "fi", "answer", value="Soita {{telefon}}."), "Soita", "no phrase in fi"),
        (_set("faqs", 0, "question", "sv", value="En annan fråga?"), "made_from:", "older Swedish text"),
        (_set("languages", value=["sv"]), "languages:", "lacks en, sv-x-easy"),
        (_set("faqs", 1, "id", value="behovs"), "behovs", "stands 2 times"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_service_is_refused_with_file_line_and_reason(
    tmp_path: Path, change: Change, line: str, reason: str
) -> None:
    broken = bygglov()
    change(broken)
    path = write_data(tmp_path, broken, lon()) / "catalogue" / "bygglov.yml"
    found = [problem for problem in _problems(tmp_path) if reason in problem.reason]
    assert found, [str(problem) for problem in _problems(tmp_path)]
    assert found[0].file == path
    assert found[0].line > 0
    shown = path.read_text(encoding="utf-8").splitlines()[found[0].line - 1]
    assert line.partition(":")[0] in shown or abs(found[0].line - _line_of(path, line)) <= 1


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 1, "empty"),
        ("id: [\n", 2, "not YAML"),
        ("id: a\nname: b\nid: c\n", 3, "stands twice"),
        ("- a list\n", 1, "file"),
        ("just text\n", 1, "file"),
        ("a: 1\nwhen: 2026-02-30\n", 2, "2026-02-30"),
        ("a: 1\nb: !!python/name:os.system ''\n", 2, "not YAML"),
        ("a: &a [*a]\n", 1, "refers to itself"),
        ("[" * 3_000 + "]" * 3_000, 1, "nested"),
        (b"\xff\xfe\x00", 1, "UTF-8"),
        ("x" * (MAX_FILE_BYTES + 1), 1, "larger"),
    ],
    ids=["empty", "cut off", "key twice", "list", "text", "no date", "object", "circle", "deep", "bytes", "huge"],
)
def test_file_that_is_no_catalogue_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, line: int, reason: str
) -> None:
    path = write_data(tmp_path) / "catalogue" / "bygglov.yml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    problems = _problems(tmp_path)
    mine = [problem for problem in problems if problem.file == path]
    assert mine, problems
    assert mine[0].line == line
    assert reason in mine[0].reason


@pytest.mark.parametrize(
    "missing", ["placeholders.yml", "inventory.yml", "phrases.yml", "canned.yml", "opening_hours.yml"]
)
def test_missing_file_is_a_problem_and_no_crash(tmp_path: Path, missing: str) -> None:
    (write_data(tmp_path) / missing).unlink()
    with pytest.raises(CatalogueError) as caught:
        check_data(tmp_path)
    assert any(problem.file.name == missing for problem in caught.value.problems)


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue files"):
        read_catalogue(tmp_path)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    one, two = bygglov(), lon()
    one["audience"], one["topic"], two["faqs"][0]["source"] = "x", "y", "z"
    problems = _problems(write_data(tmp_path, one, two))
    assert sorted(problem.file.name for problem in problems) == ["bygglov.yml", "bygglov.yml", "lon.yml"]


def test_service_under_another_file_name_or_off_the_inventory_is_told(tmp_path: Path) -> None:
    write_data(tmp_path)
    (tmp_path / "catalogue" / "lon.yml").rename(tmp_path / "catalogue" / "other.yml")
    (tmp_path / "inventory.yml").write_text("bygglov: [behovs]\nborta: [x]\n", encoding="utf-8")
    reasons = " ".join(problem.reason for problem in _problems(tmp_path))
    for part in ("named lon.yml", "lon is not in", "borta has no file", "differ from data/inventory.yml: avgift"):
        assert part in reasons


def test_a_gap_needs_a_phrase_in_each_language_of_an_answer_or_a_value(tmp_path: Path) -> None:
    service = bygglov()
    service["faqs"][0]["translations"]["fi"]["answer"] = "Soita. Puhelin: {{telefon}}."
    for given in ({"fi": "numero verkkosivustolla"}, {"value": "013-20 60 00"}):
        gap = {**PLACEHOLDERS["telefon"], **given}
        folder = write_data(tmp_path, service, lon(), placeholders={**PLACEHOLDERS, "telefon": gap})
        assert _problems(folder) == []
    unknown = {**PLACEHOLDERS, "telefon": {**PLACEHOLDERS["telefon"], "xx": "ett nummer"}}
    (problem,) = _problems(write_data(tmp_path, placeholders=unknown))
    assert (problem.file.name, "xx" in problem.reason) == ("placeholders.yml", True)


def test_placeholders_are_listed_with_their_users(tmp_path: Path) -> None:
    listed = {name: users for name, _, users in list_placeholders(read_catalogue(write_data(tmp_path)))}
    assert listed == {"telefon": ["bygglov", "lon"], "lank_etjanst": ["bygglov"]}
