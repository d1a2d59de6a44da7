"""Acute danger is recognised on lines written to be hard; harmless talk is left alone.

The patterns have been fitted to the named sets too, after each was first scored: what is asserted here guards against
falling back. It is no estimate of how much danger is found in messages that nobody has seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handover.core.commands import Danger
from handover.core.crisis import CrisisGuide, Pattern
from handover.crisis_file import read_crisis_guide

ROOT = Path(__file__).parents[2]
NLU = ROOT / "tests" / "nlu"
LINES = [json.loads(line) for line in (NLU / "crisis.jsonl").read_text("utf-8").splitlines()]
NAMED_SETS = sorted({line["set"] for line in LINES if "set" in line})
#: On 2026-11-22 every line of every named set came out right, after fitting; a set that is new may cost a line or two.
LEAST_RECALL = 0.97
MOST_FALSE_ALARMS = 0.03


@pytest.fixture(scope="module")
def guide() -> CrisisGuide:
    """The crisis guide of the product."""
    return read_crisis_guide(ROOT / "data")


def _of(name: str | None) -> list[dict[str, Any]]:
    return [line for line in LINES if line.get("set") == name]


def _share_found(guide: CrisisGuide, lines: list[dict[str, Any]]) -> float:
    return sum(guide.find(line["text"]) is not None for line in lines) / len(lines)


def test_every_line_of_the_first_set_is_right(guide: CrisisGuide) -> None:
    wrong = [
        line["text"] for line in _of(None) if (guide.find(line["text"]) is not None) != (line["outcome"] == "crisis")
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMED_SETS)
def test_named_sets_do_not_fall_back(guide: CrisisGuide, name: str) -> None:
    lines = _of(name)
    recall = _share_found(guide, [line for line in lines if line["outcome"] == "crisis"])
    alarms = _share_found(guide, [line for line in lines if line["outcome"] == "not_crisis"])
    assert recall >= LEAST_RECALL, f"recall {recall:.3f}"
    assert alarms <= MOST_FALSE_ALARMS, f"false alarms {alarms:.3f}"


def test_every_category_has_a_safety_text_that_names_112(guide: CrisisGuide) -> None:
    for category in {pattern.category for pattern in guide.patterns}:
        for language in ("sv", "sv-x-easy", "en", "ar", "so", "fi"):
            assert "112" in Danger(category, guide.texts[category]).safety_text(language), (category, language)


def test_safety_text_falls_back_to_the_nearest_language() -> None:
    danger = Danger("fire", {"sv": "Ring 112", "en": "Call 112", "fi": "Soita 112"})
    texts = {language: danger.safety_text(language) for language in ("fi", "de", "sv-x-easy", "en")}
    assert texts == {"fi": "Soita 112", "de": "Call 112", "sv-x-easy": "Ring 112", "en": "Call 112"}


def test_case_and_white_space_do_not_hide_danger() -> None:
    pattern = Pattern("fire", (re.compile("det brinner"),), (re.compile("brinner för"),))
    guide = CrisisGuide((pattern,), {"fire": {"sv": "Ring 112", "en": "Call 112"}})
    assert guide.find("DET\n  BRINNER") == "fire"
    assert guide.find("det brinner för jämlikhet") is None
    assert guide.find("Behöver jag bygglov?") is None


def _scan(guide: CrisisGuide, text: str) -> str | None:
    """Try every pattern on the text: what `CrisisGuide.find` must come to in fewer steps."""
    plain = " ".join(text.lower().split())
    for pattern in guide.patterns:
        if any(p.search(plain) for p in pattern.any_of) and not any(p.search(plain) for p in pattern.unless):
            return pattern.category
    return None


def _differing(guide: CrisisGuide, texts: Iterable[str]) -> list[str]:
    return [text for text in texts if guide.find(text) != _scan(guide, text)]


def test_lines_of_danger_get_what_a_scan_of_all_patterns_gives(guide: CrisisGuide) -> None:
    assert _differing(guide, (line["text"] for line in LINES)) == []


def test_ordinary_questions_get_what_a_scan_of_all_patterns_gives(guide: CrisisGuide) -> None:
    exam = [
        json.loads(line)["text"]
        for file in sorted(NLU.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    examples = [
        line.removeprefix("    - ")
        for file in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for line in file.read_text("utf-8").splitlines()
        if line.startswith("    - ")
    ]
    chosen = exam[::3] + examples[::20]
    assert len(chosen) > 2_000
    assert _differing(guide, chosen) == []


#: As people write when it is urgent, and what only a machine would write.
ODD = (
    *".,!?;:'’-–… \n\t\u00a0",
    "ſ",
    "ı",
    "İ",
    "K",
    "ß",
    "ẞ",
    "ﬁ",
    "a\u030a",
    "\u0307",
    "\u0345",
    "\ud800",
    "\x00",
    "🔥",
    "Å",
)
_words = st.sampled_from([word for line in LINES for word in line["text"].split()])


@st.composite
def _fragments(draw: st.DrawFn) -> str:
    """A stretch of a line, most often from word to word."""
    words = draw(st.sampled_from(LINES))["text"].split()
    start = draw(st.integers(0, len(words) - 1))
    fragment = " ".join(words[start : start + draw(st.integers(1, 8))])
    return fragment[draw(st.sampled_from([0, 0, 0, 1, 2])) :]


@st.composite
def _messages(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(_fragments(), _fragments(), _words, st.sampled_from(ODD)), min_size=1, max_size=6))
    cased = [draw(st.sampled_from([str, str.upper, str.lower, str.title, str.swapcase]))(part) for part in parts]
    message = draw(st.sampled_from([" ", " ", "", ", ", "\n"])).join(cased)
    old, new = draw(st.sampled_from([("", ""), ("", ""), ("s", "ſ"), ("i", "ı"), ("I", "İ"), ("k", "K"), ("å", "Å")]))
    return message.replace(old, new) if old else message


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(message=_messages())
def test_any_message_gets_what_a_scan_of_all_patterns_gives(guide: CrisisGuide, message: str) -> None:
    assert guide.find(message) == _scan(guide, message)


def _guide(*patterns: tuple[str, tuple[str, ...], tuple[str, ...]]) -> CrisisGuide:
    return CrisisGuide(
        tuple(
            Pattern(category, tuple(re.compile(p, re.I) for p in any_of), tuple(re.compile(p, re.I) for p in unless))
            for category, any_of, unless in patterns
        ),
        {},
    )


@pytest.mark.parametrize("others", [(), (("fire", ("det brinner",), ()),)], ids=["alone", "among others"])
def test_a_pattern_that_requires_no_particular_string_is_always_tried(
    others: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...],
) -> None:
    guide = _guide(*others, ("medical", (r"^\d+$", r"\w\W\w"), ()))
    assert guide.find("112") == "medical"
    assert guide.find("a!b") == "medical"
    assert guide.find("hej") is None


def test_a_guide_without_patterns_finds_nothing() -> None:
    assert _guide().find("det brinner") is None


def test_the_first_pattern_that_speaks_decides() -> None:
    guide = _guide(("fire", ("lågor", "brinner"), ()), ("violence", ("hotar",), ()), ("medical", (r"\d",), ()))
    assert guide.find("7 hotar, det brinner") == "fire"
    assert guide.find("7 hotar") == "violence"


def test_a_pattern_shown_to_be_harmless_leaves_the_word_to_the_next() -> None:
    guide = _guide(("fire", ("lågor", "brinner"), ("grillen",)), ("violence", ("hotar",), ()))
    assert guide.find("lågor, det brinner i grillen, han hotar") == "violence"
    assert guide.find("lågor, det brinner i grillen") is None


def test_long_text_is_searched_in_good_time(guide: CrisisGuide) -> None:
    for hostile in ("jag vill " * 440, "a" * 4_000, "dö " * 1_300, "inte " * 800):
        guide.find(hostile)
