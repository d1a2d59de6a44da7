"""A data folder as a whole: one fingerprint, a copy that stays, and the FAQs in which two of them differ."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.documents import read_catalogue
from catalogue.tree import changed_faqs, fingerprint, keep_copy
from tests.support.small_catalogue import bygglov, faq, lon, texts, write_data

EXAMPLES = """version: "3.1"
nlu:
- intent: bygglov.behovs
  metadata: {language: sv, voice: vardag}
  examples: |
    - Måste jag ha lov?
    - Krävs det lov?
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data folder with examples."""
    folder = write_data(tmp_path / "data")
    (folder / "nlu" / "bygglov.yml").write_text(EXAMPLES, encoding="utf-8")
    return folder


def differences(before: Path, after: Path) -> list[str]:
    return changed_faqs((read_catalogue(before), before), (read_catalogue(after), after))


def test_fingerprint_goes_by_names_and_content_alone(data: Path, tmp_path: Path) -> None:
    first = fingerprint(data)
    assert fingerprint(keep_copy(data, tmp_path / "trees")) == first
    (data / ".hidden").write_text("nothing")
    assert fingerprint(data) == first
    (data / "nlu" / "bygglov.yml").rename(data / "nlu" / "other.yml")
    renamed = fingerprint(data)
    (data / "nlu" / "other.yml").write_text(EXAMPLES + "    - Till\n", encoding="utf-8")
    assert len({first, renamed, fingerprint(data)}) == 3


def test_copy_stays_when_the_folder_is_edited(data: Path, tmp_path: Path) -> None:
    copy = keep_copy(data, tmp_path / "trees")
    assert keep_copy(data, tmp_path / "trees") == copy
    (data / "nlu" / "bygglov.yml").write_text("other", encoding="utf-8")
    assert (copy / "nlu" / "bygglov.yml").read_text(encoding="utf-8") == EXAMPLES
    assert keep_copy(data, tmp_path / "trees") != copy
    assert len(list((tmp_path / "trees").iterdir())) == 2


def _answer(data: Path) -> None:
    changed = bygglov()
    changed["faqs"][1]["answer"]["en"] = "It depends."
    write_data(data, changed, lon())


def _link(data: Path) -> None:
    changed = bygglov()
    changed["faqs"][0]["links"][0]["url"] = "https://www.boverket.se/lov"
    write_data(data, changed, lon())


def _new(data: Path) -> None:
    changed = lon()
    changed["faqs"].append(faq("ny", texts("Ny?", "New?"), texts("Ja.", "Yes.")))
    write_data(data, bygglov(), changed)


def _example(data: Path) -> None:
    (data / "nlu" / "bygglov.yml").write_text(EXAMPLES + "    - Till\n", encoding="utf-8")


def _comment(data: Path) -> None:
    (data / "nlu" / "bygglov.yml").write_text("# Granskad\n" + EXAMPLES, encoding="utf-8")


def _reviewed(data: Path) -> None:
    changed = bygglov()
    changed["faqs"][0]["reviewed"] = "2026-02-02"
    write_data(data, changed, lon())


def _gone(data: Path) -> None:
    changed = bygglov()
    del changed["faqs"][1]
    changed["faqs"][0]["related"] = []
    write_data(data, changed, lon())


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (_answer, ["bygglov.avgift"]),
        (_link, ["bygglov.behovs"]),
        (_new, ["lon.ny"]),
        (_example, ["bygglov.behovs"]),
        (_comment, []),
        (_reviewed, []),
        (_gone, []),
    ],
)
def test_changed_are_the_faqs_with_another_question_answer_or_example(
    data: Path, tmp_path: Path, change: Callable[[Path], None], found: list[str]
) -> None:
    before = keep_copy(data, tmp_path / "trees")
    change(data)
    assert differences(before, data) == found
