"""A pattern is found only in texts that hold one of the strings it is said to require: nothing is missed."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handover.core.required_literals import find_required_literals, fold
from handover.crisis_file import read_crisis_guide

ROOT = Path(__file__).parents[2]
REAL = [expression for p in read_crisis_guide(ROOT / "data").patterns for expression in p.any_of]
LINES = [json.loads(line)["text"] for line in (ROOT / "tests" / "nlu" / "crisis.jsonl").read_text("utf-8").splitlines()]
#: So many real expressions are tried together, for there are hundreds.
PORTION = 21


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _lacks_what_is_required(pattern: re.Pattern[str], text: str) -> bool:
    """Would a search that goes by the required strings miss that `pattern` is found in a lower-cased text?"""
    if not pattern.search(text):
        return False
    literals = find_required_literals(pattern)
    folded = fold(text)
    return literals is not None and not any(literal in folded for literal in literals)


@pytest.mark.parametrize(
    ("expression", "literals"),
    [
        ("det brinner", {"det brinner"}),
        (r"\bbrinner? (\w+ )?här", {"brinne ", "brinner "}),
        ("(rök|eld)", {"rök", "eld"}),
        ("sj[äa]lv", {"själv", "sjalv"}),
        ("[a-c]lm", {"alm", "blm", "clm"}),
        ("(kniv){2}", {"knivkniv"}),
        ("(kniv)+", {"kniv"}),
        ("kniv(ar)?", {"kniv", "knivar"}),
        ("^(?=.*kniven)(?=.*hot)", {"kniven"}),
        ("(?<=min )döden", {"döden"}),
        ("död(?! trött)", {"död"}),
        ("groß", {"gross"}),
        ("(?i:Skär)", {"skär"}),
    ],
)
def test_what_a_pattern_requires(expression: str, literals: set[str] | None) -> None:
    assert find_required_literals(re.compile(expression, re.IGNORECASE)) == literals


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "a",
        r"\w+",
        "(kniv)?",
        "(kniv)*",
        "(kniv){0,3}",
        "kniv|",
        r"kniv|\d",
        "[^kniv][^x]",
        ".*",
        "(?!kniv)",
        "(?<!kniv)",
        "[a-z][a-z]",
        "(a)?(?(1)|kniv)",
        "(?a:kniv)",
        "İİİ",
        "μμμ",
    ],
)
def test_a_pattern_that_no_string_can_stand_for_has_none(expression: str) -> None:
    assert find_required_literals(re.compile(expression)) is None


def test_ascii_patterns_have_none() -> None:
    assert find_required_literals(re.compile("kniv", re.IGNORECASE | re.ASCII)) is None


def test_every_real_expression_requires_something() -> None:
    """Not a promise of the function, but the reason why it helps."""
    assert [e.pattern for e in REAL if find_required_literals(e) is None] == []


@pytest.mark.parametrize("start", range(0, len(REAL), PORTION))
def test_lines_that_a_real_expression_is_found_in_hold_what_it_requires(start: int) -> None:
    missed = [
        (expression.pattern, line)
        for expression in REAL[start : start + PORTION]
        for line in LINES
        if _lacks_what_is_required(expression, _plain(line))
    ]
    assert missed == []


def _similar_to(expression: re.Pattern[str]) -> st.SearchStrategy[str]:
    """Texts that the expression is mostly found in; hypothesis does not know how to make the edge of a word."""
    return st.from_regex(re.compile(expression.pattern.replace(r"\b", " ?"), expression.flags))


@pytest.mark.parametrize("start", range(0, len(REAL), PORTION))
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_texts_made_from_a_real_expression_hold_what_it_requires(start: int, data: st.DataObject) -> None:
    for expression in REAL[start : start + PORTION]:
        text = data.draw(_similar_to(expression))
        assert not _lacks_what_is_required(expression, _plain(text)), expression.pattern


#: Letters that fold in odd ways stand beside ordinary ones, and few of them, so that texts and patterns meet often.
LETTERS = "abksiåß ſıİKμ"
ODD = ("ﬁ", "ŉ", "ǰ", "ς", "Σ", "\u0345", "\u0307", "ẞ", "\ud800", "\x00", "🚒", "\u00a0", "Ａ")

atoms = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from(LETTERS),
    st.text(st.sampled_from("abks"), min_size=2, max_size=3),
    st.sampled_from([".", r"\w", r"\b", r"\s", "^", "$", "[ab]", "[sk]", "[^a]", "[a-d]", r"[\w ]", "[iı]", r"\1"]),
)


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda branches: f"({'|'.join(branches)})"),
        st.tuples(
            inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}", "??", "+?", "*+", "{0}"])
        ).map(lambda both: f"(?:{both[0]}){both[1]}"),
        st.tuples(st.sampled_from(["?=", "?!", "?<=", "?<!", "?i:", "?-i:", "?>", "?a:"]), inner).map(
            lambda both: f"({both[0]}{both[1]})"
        ),
    )


expressions = st.recursive(atoms, _extend, max_leaves=10)
texts = st.lists(st.one_of(st.sampled_from(LETTERS), st.sampled_from(ODD), st.text(max_size=2)), max_size=20).map(
    "".join
)


def _compile(expression: str, flags: re.RegexFlag) -> re.Pattern[str] | None:
    try:
        return re.compile(expression, flags)
    except re.error:
        return None


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(expression=expressions, flags=st.sampled_from([re.IGNORECASE, re.NOFLAG, re.IGNORECASE | re.DOTALL]), text=texts)
def test_no_text_that_a_pattern_is_found_in_lacks_what_it_requires(
    expression: str, flags: re.RegexFlag, text: str
) -> None:
    pattern = _compile(expression, flags)
    assume(pattern is not None)
    assert pattern is not None
    assert not _lacks_what_is_required(pattern, text.lower())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), expression=expressions)
def test_texts_made_from_a_pattern_hold_what_it_requires(data: st.DataObject, expression: str) -> None:
    pattern = _compile(expression, re.IGNORECASE)
    assume(pattern is not None)
    assert pattern is not None
    text = data.draw(texts) + data.draw(st.from_regex(pattern)) + data.draw(texts)
    assert not _lacks_what_is_required(pattern, text.lower())


def test_characters_that_are_alike_to_re_are_alike_when_folded() -> None:
    """Each character that strings are made of, compared with all others that a lower-cased text can hold."""
    everything = "".join(map(chr, range(sys.maxunicode + 1))).lower()
    made_of = [chr(code) for code in range(0x3000) if find_required_literals(re.compile(re.escape(chr(code)) * 2))]
    assert set("abcåäöéü'’ دم") <= set(made_of)
    any_of_them = "".join(map(re.escape, made_of))
    similar = "".join(re.findall(f"[{any_of_them}]", everything, re.IGNORECASE))
    assert {"ſ", "ı"} <= set(similar)
    unlike = [
        (character, other)
        for character in made_of
        for other in re.findall(re.escape(character), similar, re.IGNORECASE)
        if fold(other) != fold(character)
    ]
    assert unlike == []


@settings(deadline=None)
@given(st.text(), st.text())
def test_folding_does_not_look_at_neighbours(before: str, after: str) -> None:
    assert fold(before + after) == fold(before) + fold(after)
