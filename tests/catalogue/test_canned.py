"""Ready-made answers: a broken file is refused with file and line; a few letters find them; gaps stay visible."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalogue.canned import VARIABLES, CannedText, Value, find_canned, read_canned
from catalogue.checks import check_data
from catalogue.documents import MAX_FILE_BYTES, PLACEHOLDER, CatalogueError
from tests.support.kontakt import DATA
from tests.support.small_catalogue import HELLO, write_canned, write_data

OURS = read_canned(DATA)
#: The police, the health line and the alarm; everything else is a variable.
NUMBERS_WRITTEN_OUT = {"112", "114", "14", "1177"}


def answer(**changed: Any) -> dict[str, Any]:
    return {**HELLO, **changed}


def line_of(path: Path, text: str, nth: int = 0) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if text in line][nth]


def refusal(folder: Path) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        read_canned(folder)
    return caught.value


def test_the_products_own_answers_are_thirty_and_in_order() -> None:
    assert len(OURS) >= 30
    assert [one.id for one in OURS][:2] == ["halsning", "ursakta_vantan"]
    for one in OURS:
        assert {"sv", "sv-x-easy", "en"} <= one.texts.keys(), one.id


def test_no_number_is_invented() -> None:
    crisis = {text for one in yaml.safe_load((DATA / "canned.yml").read_text("utf-8")) if (text := one.get("crisis"))}
    assert crisis
    for one in OURS:
        if not one.id.startswith("fara_"):
            for text in one.texts.values():
                assert set(re.findall(r"\d+", text.text)) <= NUMBERS_WRITTEN_OUT, (one.id, text.language)


def test_danger_is_spoken_of_in_the_words_of_the_crisis_file() -> None:
    texts = yaml.load((DATA / "crisis.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)["texts"]
    found = next(one for one in OURS if one.id == "fara_sjalvmord")
    assert {language: text.text for language, text in found.texts.items()} == {
        language: text["text"] for language, text in texts["suicide"].items()
    }
    assert found.in_language("ti").translation == "machine, unreviewed"


@pytest.mark.parametrize(
    ("broken", "line", "reason"),
    [
        (answer(texts={"en": "Hello"}), "texts:", "sv: Field required"),
        (answer(texts={"sv": "Hej {{x_y}}", "en": "Hi {{x_y}}"}), "sv: Hej {{x_y}}", "variable x_y is not known"),
        (answer(texts={"sv": "Hej {{Namn}}", "en": "Hi"}), "sv: Hej", "is written {{name}}"),
        (answer(texts={"sv": "Hej {{time", "en": "Hi"}), "sv: Hej", "is written {{name}}"),
        (answer(texts={"sv": "Hej {{time}}", "en": "Hi"}), "en: Hi", "other variables than in Swedish: time"),
        (answer(crisis="suicide"), "id: hello", "either `texts` or `crisis`"),
        (answer(texts=None), "id: hello", "either `texts` or `crisis`"),
        (answer(shortcuts=["två ord"]), "två ord", "pattern"),
        (answer(shortcuts=[]), "shortcuts:", "at least 1"),
        (answer(reviewed=["fi"]), "reviewed:", "no text in fi"),
        (answer(surprise=1), "surprise:", "surprise"),
    ],
)
def test_broken_answer_is_refused_with_file_and_line(
    tmp_path: Path, broken: dict[str, Any], line: str, reason: str
) -> None:
    path = write_canned(write_data(tmp_path), broken)
    problems = refusal(tmp_path).problems
    assert any(p.file == path and p.line == line_of(path, line) and reason in p.reason for p in problems), problems


def test_what_stands_twice_is_refused_where_it_stands_again(tmp_path: Path) -> None:
    path = write_canned(write_data(tmp_path), HELLO, deepcopy(HELLO))
    told = [(p.line, p.reason) for p in refusal(tmp_path).problems]
    assert told == [
        (line_of(path, "id: hello", 1), "the id hello stands twice"),
        (line_of(path, "shortcuts:", 1), "the shortcut hej stands twice"),
    ]


@pytest.mark.parametrize("texts", [{}, {"suicide": {"sv": "Ring 112."}}])
def test_safety_text_that_is_not_there_is_refused(tmp_path: Path, texts: dict[str, Any]) -> None:
    path = write_canned(write_data(tmp_path), {**answer(crisis="suicide"), "texts": None})
    (tmp_path / "crisis.yml").write_text(yaml.safe_dump({"texts": texts}), encoding="utf-8")
    [problem] = refusal(tmp_path).problems
    assert (problem.file, problem.line) == (path, line_of(path, "crisis:"))
    assert "no text suicide in sv and en" in problem.reason


@pytest.mark.parametrize("content", ["", "- [", "x" * (MAX_FILE_BYTES + 1), "{}"])
def test_file_that_is_no_list_of_answers_is_refused(tmp_path: Path, content: str) -> None:
    path = write_data(tmp_path) / "canned.yml"
    path.write_text(content, encoding="utf-8")
    assert refusal(tmp_path).problems[0].file == path


def test_check_of_the_catalogue_covers_the_answers(tmp_path: Path) -> None:
    write_canned(write_data(tmp_path), answer(texts={"sv": "{{nobody}}", "en": "{{nobody}}"}))
    with pytest.raises(CatalogueError, match="variable nobody is not known"):
        check_data(tmp_path)


def test_placeholders_of_the_catalogue_are_known(tmp_path: Path) -> None:
    write_canned(write_data(tmp_path), answer(texts={"sv": "Ring {{telefon}}", "en": "Call {{telefon}}"}))
    assert read_canned(tmp_path)[0].in_language("sv").text == "Ring {{telefon}}"


@pytest.mark.parametrize(
    ("asked", "language", "translation"),
    [
        ("sv", "sv", None),
        ("sv-FI", "sv", None),
        ("sv-x-easy", "sv-x-easy", None),
        ("en-GB", "en", None),
        ("ar", "ar", "machine, unreviewed"),
        ("fi", "fi", "reviewed"),
        ("de", "en", None),
    ],
)
def test_text_says_which_language_it_is_in(tmp_path: Path, asked: str, language: str, translation: str | None) -> None:
    texts = {"sv": "Hej", "sv-x-easy": "Hej du", "en": "Hi", "ar": "مرحبا", "fi": "Hei"}
    write_canned(write_data(tmp_path), answer(texts=texts, reviewed=["fi"]))
    found = read_canned(tmp_path)[0].in_language(asked)
    assert (found.text, found.language, found.translation) == (texts[language], language, translation)


def test_easy_swedish_falls_back_to_swedish_and_not_to_english(tmp_path: Path) -> None:
    write_canned(write_data(tmp_path))
    assert read_canned(tmp_path)[0].in_language("sv-x-easy").language == "sv"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("/hej", "halsning"),
        ("hejd", "tack_hej_da"),
        ("TOLK", "tolk"),
        ("tolkb", "tolk_bokad"),
        ("inte kommunens", "inte_kommunen"),
        ("bostadsbidrag", "forsakringskassan"),
        ("112", "fara_112"),
    ],
)
def test_a_few_letters_find_the_answer(query: str, first: str) -> None:
    assert find_canned(OURS, query)[0].id == first


def test_shortcut_comes_before_title_and_title_before_words() -> None:
    found = [one.id for one in find_canned(OURS, "ärende")]
    assert found[0] == "vilket_arende"
    assert found.index("arende_skapat") < found.index("inte_kommunen")


def test_words_are_looked_for_in_the_language_that_is_shown_and_in_swedish() -> None:
    assert "nagot_mer" in {one.id for one in find_canned(OURS, "muussa", "fi")}
    assert "nagot_mer" in {one.id for one in find_canned(OURS, "hjälpa", "fi")}
    assert find_canned(OURS, "muussa", "sv") == []


@pytest.mark.parametrize("query", ["", "/", "  ", "?!"])
def test_nothing_typed_finds_everything_in_order(query: str) -> None:
    assert find_canned(OURS, query) == list(OURS)


def test_name_of_a_variable_is_no_word() -> None:
    assert find_canned(OURS, "guide_name") == []


@given(st.text(max_size=200), st.sampled_from(["sv", "en", "ar", "de"]))
def test_whatever_is_typed_finds_each_answer_once_at_most(query: str, language: str) -> None:
    found = [one.id for one in find_canned(OURS, query, language)]
    assert len(found) == len(set(found))


_PLAIN = st.text(alphabet=st.characters(exclude_characters="{}"))
_TEXTS = st.lists(st.one_of(_PLAIN, st.sampled_from([f"{{{{{name}}}}}" for name in VARIABLES]))).map("".join)
_VALUES = st.dictionaries(st.sampled_from(sorted(VARIABLES)), st.builds(Value, _PLAIN, st.booleans()))


@given(_TEXTS, _VALUES)
def test_what_nobody_can_fill_stays_visible_and_is_told(text: str, values: dict[str, Value]) -> None:
    filled = CannedText("sv", text, None).fill(values)
    assert set(PLACEHOLDER.findall(filled.text)) == set(filled.unfilled)
    assert set(filled.unfilled) == set(PLACEHOLDER.findall(text)) - values.keys()
    assert set(filled.stand_ins) <= values.keys() - set(filled.unfilled)


def test_value_is_not_read_as_a_variable_again() -> None:
    filled = CannedText("sv", "{{guide_name}} {{time}}", None).fill({"guide_name": Value("{{time}} \\1")})
    assert filled.text == "{{time}} \\1 {{time}}"
