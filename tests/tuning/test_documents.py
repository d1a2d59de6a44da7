"""Laws of editing in place: what an edit does not name keeps every byte, and an edit can be taken back."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.examples import read_examples
from handover.tuning.changes.blocks import ExampleFile, Kind
from handover.tuning.changes.documents import LONG_CHARS, Where, YamlText
from tests.support.kontakt import DATA

SERVICES = sorted((DATA / "catalogue").glob("*.yml"))
EXAMPLES = sorted((DATA / "nlu").glob("*.yml"))
#: Texts as people type them, with what YAML is touchy about.
TEXTS = (
    st.text(
        st.sampled_from("abcåäö  :#-?&*!|>'\"%@`{}[],.0123456789~=\\éعب").filter(str.isprintable),
        min_size=1,
        max_size=300,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
EXAMPLE_TEXTS = TEXTS.filter(lambda text: not text.startswith("-"))
KINDS = st.builds(
    Kind, st.sampled_from(["vigsel.boka", "vigsel.ny"]), st.just("sv"), st.sampled_from(["vardag", "sms"])
)


@cache
def text_of(path: Path) -> str:
    """Return a file's text, read once."""
    return path.read_text(encoding="utf-8")


@cache
def places_of(path: Path) -> list[Where]:
    """Return where a file has texts."""
    found: list[Where] = []

    def walk(node: yaml.Node, where: Where) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                walk(value, (*where, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                walk(value, (*where, number))
        elif node.tag.endswith(":str") and node.value:
            found.append(where)

    walk(YamlText(text_of(path)).root, ())
    return found


def changed_lines(before: str, after: str) -> tuple[set[int], list[str]]:
    """Return the numbers of the lines that are gone, from 0, and the lines that came."""
    matcher = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False)
    gone: set[int] = set()
    came: list[str] = []
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            gone |= set(range(first, last))
            came += after.splitlines()[new_first:new_last]
    return gone, came


@settings(deadline=None, max_examples=150)
@given(st.data(), st.sampled_from(SERVICES), TEXTS)
def test_edit_of_a_text_changes_its_own_lines_and_reads_as_written(data: st.DataObject, path: Path, text: str) -> None:
    before = YamlText(text_of(path))
    where = data.draw(st.sampled_from(places_of(path)))
    node = before.get(where)
    after = before.set_text(where, text)
    expected = before.value(())
    parent = expected
    for step in where[:-1]:
        parent = parent[step]
    parent[where[-1]] = text
    assert after.value(()) == expected
    gone, _ = changed_lines(before.text, after.text)
    assert gone <= set(range(node.start_mark.line, before.last_line(node) + 1))


@settings(deadline=None, max_examples=100)
@given(st.data(), st.sampled_from(SERVICES), TEXTS)
def test_folded_or_short_text_that_is_put_back_leaves_what_it_meant(data: st.DataObject, path: Path, text: str) -> None:
    before = YamlText(text_of(path))
    where = data.draw(st.sampled_from(places_of(path)))
    back = before.set_text(where, text).set_text(where, before.value(where))
    assert back.value(()) == before.value(())
    node = before.get(where)
    if node.start_mark.line == node.end_mark.line and len(node.value) <= LONG_CHARS and len(text) <= LONG_CHARS:
        gone, came = changed_lines(before.text, back.text)
        assert len(gone) == len(came) <= 1


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SERVICES), st.lists(TEXTS, min_size=3, max_size=6, unique=True))
def test_list_of_words_that_is_put_back_gives_the_same_words(path: Path, words: list[str]) -> None:
    before = YamlText(text_of(path))
    now = before.value(("search_words",))
    after = before.set_words(("search_words",), words)
    assert after.value(("search_words",)) == words
    back = after.set_words(("search_words",), now)
    assert back.value(()) == before.value(())


def test_words_that_stay_keep_the_way_they_are_written() -> None:
    before = YamlText("a: [ett, \"två\", 'tre, fyra']  # so they are called\nb: 1\n")
    after = before.set_words(("a",), ["två", "tre, fyra", "ja", "nytt"])
    assert after.text == "a: [\"två\", 'tre, fyra', ja, nytt]  # so they are called\nb: 1\n"
    block = YamlText("a:\n- ett # one\n- två\nb: 1\n")
    assert block.set_words(("a",), ["ett", "tre"]).text.endswith("- tre\nb: 1\n")


def test_every_file_of_examples_reads_as_training_reads_it() -> None:
    for path in EXAMPLES:
        blocks = ExampleFile(text_of(path)).blocks
        mine = [(block.kind, text, line + 1) for block in blocks for line, text in block.examples]
        theirs = [(Kind(one.intent, one.language, one.voice), one.text, one.line) for one in read_examples(path)]
        assert mine == theirs, path


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(KINDS, EXAMPLE_TEXTS, EXAMPLE_TEXTS), max_size=6, unique_by=(lambda x: x[1], lambda x: x[2])))
def test_added_and_changed_examples_that_are_taken_back_give_the_same_bytes(
    edits: list[tuple[Kind, str, str]],
) -> None:
    file = start = ExampleFile(text_of(DATA / "nlu" / "vigsel.yml"))
    done: list[tuple[Kind, str, str]] = []
    for kind, text, to in edits:
        if file.locate(kind, text) is not None or file.locate(kind, to) is not None or text == to:
            continue
        before = file
        file = file.add(kind, text)
        assert changed_lines(before.text, file.text)[0] == set()
        before = file
        file = file.change(kind, text, to)
        assert len(changed_lines(before.text, file.text)[1]) <= 1
        assert file.locate(kind, to) is not None
        done.append((kind, text, to))
    for kind, text, to in reversed(done):
        file = file.change(kind, to, text).remove(kind, text)
    assert file.text == start.text


def test_last_example_of_a_block_takes_the_block_with_it() -> None:
    kind = Kind("a.b", "sv", "sms")
    start = ExampleFile(
        'version: "3.1"\nnlu:\n- intent: a.c\n  metadata: {language: sv, voice: sms}\n  examples: |\n    - ett\n'
    )
    assert start.add(kind, "två").remove(kind, "två").text == start.text
