"""Training examples: what repeats, what nearly repeats, what is made by a template, and what is too few."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.checks import check_data
from catalogue.documents import CatalogueError, CatalogueFiles, read_catalogue
from catalogue.example_checks import (
    MAX_GAP,
    MAX_IN_FRAME,
    MIN_ENGLISH_EXAMPLES,
    MIN_EXAMPLES_A_VOICE,
    MIN_SWEDISH_EXAMPLES,
    MIN_WORDS_OF_FRAME,
    MIN_WORDS_OF_NEAR_REPEAT,
    check_examples,
    check_held_out,
)
from catalogue.examples import VOICES, Example, is_faq, read_examples
from tests.support.small_catalogue import write_data

FILE = Path("data/nlu/bygglov.yml")
NEAR, TEMPLATE, REPEAT = "differs by one word", "a template", "repeats"


@pytest.fixture
def files(tmp_path: Path) -> CatalogueFiles:
    """The small catalogue."""
    return read_catalogue(write_data(tmp_path))


def _examples(*texts: str, intent: str = "bygglov.behovs", file: Path = FILE, first: int = 1) -> list[Example]:
    """Return examples of one question, a line each."""
    return [Example(intent, "sv", "vardag", text, file, line) for line, text in enumerate(texts, start=first)]


def _told(examples: Iterable[Example], *reasons: str, files: CatalogueFiles | None = None) -> list[tuple[int, str]]:
    """Return line and reason of the problems whose reason begins with one of `reasons`."""
    problems = check_examples(files or CatalogueFiles([], {}), list(examples))
    return [(problem.line, problem.reason) for problem in problems if problem.reason.startswith(reasons)]


def _words(number: int, start: int = 0) -> list[str]:
    return [f"ord{start + place}" for place in range(number)]


def test_examples_are_read_with_their_lines_and_checked(files: CatalogueFiles, tmp_path: Path) -> None:
    path = tmp_path / "nlu" / "bygglov.yml"
    path.write_text(
        'version: "3.1"\nnlu:\n- intent: bygglov.behovs\n  metadata: {language: sv, voice: vardag}\n'
        "  examples: |\n    - Behöver jag bygglov\n    - behöver jag BYGGLOV?\n    - märkt [ord](entitet)\n"
        "- intent: bygglov.finns_inte\n  metadata: {language: sv, voice: sms}\n  examples: |\n    - okänd fråga\n",
        encoding="utf-8",
    )
    examples = list(read_examples(path))
    assert [(example.line, example.text) for example in examples][:2] == [
        (6, "Behöver jag bygglov"),
        (7, "behöver jag BYGGLOV?"),
    ]
    told = {(problem.line, problem.reason) for problem in check_examples(files, examples)}
    assert (7, "repeats bygglov.yml:6 (bygglov.behovs)") in told
    assert (8, "brackets are markup in Rasa's format: reword") in told
    reasons = " ".join(reason for _, reason in told)
    for part in ("bygglov.finns_inte is no FAQ", "bygglov.avgift has no examples", "has 3 Swedish examples"):
        assert part in reasons
    with pytest.raises(CatalogueError, match=r"repeats bygglov\.yml:6"):
        check_data(tmp_path)


def test_repeat_is_told_across_questions_files_and_dialogue() -> None:
    first = _examples("Hej, när öppnar ni?")
    greeting = _examples("hej när öppnar NI", intent="dialogue.greet", file=Path("data/nlu/dialogue.yml"), first=7)
    assert _told(first + greeting, REPEAT) == [(7, "repeats bygglov.yml:1 (bygglov.behovs)")]


@pytest.mark.parametrize("place", range(MIN_WORDS_OF_NEAR_REPEAT))
def test_long_example_that_differs_by_one_word_is_told_wherever_the_word_stands(place: int) -> None:
    words = _words(MIN_WORDS_OF_NEAR_REPEAT)
    other = [*words[:place], "annat", *words[place + 1 :]]
    examples = _examples(" ".join(words), "Något helt annat", f"{' '.join(other).upper()}?")
    assert _told(examples, NEAR) == [(3, f"differs by one word from bygglov.yml:1: {' '.join(words)!r}")]


def test_each_near_repeat_is_told_once(files: CatalogueFiles) -> None:
    words = " ".join(_words(MIN_WORDS_OF_NEAR_REPEAT - 1))
    examples = _examples(f"{words} a", f"{words} b", f"{words} c")
    told = f"differs by one word from bygglov.yml:1: '{words} a'"
    assert _told(examples, NEAR, files=files) == [(2, told), (3, told)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_words(MIN_WORDS_OF_NEAR_REPEAT - 1), [*_words(MIN_WORDS_OF_NEAR_REPEAT - 2), "annat"]),
        (_words(MIN_WORDS_OF_NEAR_REPEAT), [*_words(MIN_WORDS_OF_NEAR_REPEAT - 2), "två", "andra"]),
        (_words(MIN_WORDS_OF_NEAR_REPEAT), _words(MIN_WORDS_OF_NEAR_REPEAT)[::-1]),
        (_words(MIN_WORDS_OF_NEAR_REPEAT), _words(MIN_WORDS_OF_NEAR_REPEAT + 1)),
    ],
    ids=["short", "two words", "another order", "one word more"],
)
def test_examples_that_differ_by_more_are_no_near_repeats(one: list[str], other: list[str]) -> None:
    assert _told(_examples(" ".join(one), " ".join(other)), NEAR) == []


def _of_frame(number: int, gap: int, words: int = MIN_WORDS_OF_FRAME) -> list[str]:
    """Return examples that are the same but for `gap` words in the middle; those differ in every word."""
    frame = _words(words)
    return [" ".join([*frame[:2], *_words(gap, start=100 * (one + 1)), *frame[2:]]) for one in range(number)]


@pytest.mark.parametrize("gap", range(1, MAX_GAP + 1))
def test_more_examples_in_one_frame_than_allowed_are_a_template(gap: int) -> None:
    shown = "ord0 ord1 … ord2 ord3 ord4"
    assert _told(_examples(*_of_frame(MAX_IN_FRAME, gap)), TEMPLATE) == []
    many = _examples(*_of_frame(MAX_IN_FRAME + 1, gap))
    places = ", ".join(f"bygglov.yml:{line}" for line in range(1, MAX_IN_FRAME + 2))
    assert _told(many, TEMPLATE) == [(1, f"a template, {shown!r}: {places}")]


def test_gap_of_a_template_may_hold_one_word_or_three() -> None:
    mixed = [_of_frame(MAX_IN_FRAME + 1, 1 + number % MAX_GAP)[number] for number in range(MAX_IN_FRAME + 1)]
    assert [line for line, _ in _told(_examples(*mixed), TEMPLATE)] == [1]


@pytest.mark.parametrize(
    "texts",
    [
        _of_frame(MAX_IN_FRAME + 1, MAX_GAP + 1),
        _of_frame(MAX_IN_FRAME + 1, 1, words=MIN_WORDS_OF_FRAME - 1),
        [*_of_frame(MAX_IN_FRAME, 1), "något helt annat än det som står i ramen"],
    ],
    ids=["more words differ", "frame is short", "one is of another frame"],
)
def test_examples_that_share_less_are_no_template(texts: list[str]) -> None:
    assert _told(_examples(*texts), TEMPLATE) == []


def test_template_that_many_frames_show_is_told_once() -> None:
    long = _of_frame(MAX_IN_FRAME + 1, 1, words=MIN_WORDS_OF_FRAME + MAX_GAP)
    assert [line for line, _ in _told(_examples(*long), TEMPLATE)] == [1]


def test_each_template_of_a_question_is_told() -> None:
    other = [text.replace("ord", "tal") for text in _of_frame(MAX_IN_FRAME + 1, 2)]
    told = _told(_examples(*_of_frame(MAX_IN_FRAME + 1, 2), *other), TEMPLATE)
    assert [line for line, _ in told] == [1, MAX_IN_FRAME + 2]


@pytest.mark.parametrize("intent", ["dialogue.greet", "danger.suicide", "out_of_scope"])
def test_near_repeats_and_templates_are_told_of_the_catalogues_questions_alone(intent: str) -> None:
    texts = _of_frame(MAX_IN_FRAME + 1, 1)
    assert _told(_examples(*texts), NEAR, TEMPLATE) != []
    assert _told(_examples(*texts, intent=intent), NEAR, TEMPLATE) == []


def test_near_repeats_and_templates_do_not_reach_from_one_question_to_another() -> None:
    texts = _of_frame(MAX_IN_FRAME + 1, 2)
    assert _told(_examples(*texts[1:]) + _examples(texts[0], intent="bygglov.avgift"), TEMPLATE) == []
    one, other = _of_frame(2, 1)
    assert _told(_examples(one) + _examples(other, intent="bygglov.avgift"), NEAR) == []
    assert _told(_examples(one) + _examples(other, file=Path("data/nlu/newcomers.yml")), NEAR) != []


def test_templates_of_one_question_in_two_files_are_both_told() -> None:
    other = [text.replace("ord", "tal") for text in _of_frame(MAX_IN_FRAME + 1, 2)]
    newcomers = _examples(*other, file=Path("data/nlu/newcomers.yml"))
    assert len(_told(_examples(*_of_frame(MAX_IN_FRAME + 1, 2)) + newcomers, TEMPLATE)) == 2


def test_template_and_near_repeat_across_two_files_name_both() -> None:
    first, *texts = _of_frame(MAX_IN_FRAME + 1, 1)
    both = _examples(first, first=9) + _examples(*texts, file=Path("data/nlu/newcomers.yml"))
    ((line, template),) = _told(both, TEMPLATE)
    assert (line, template.partition(": ")[2].split(", ")) == (
        9,
        ["bygglov.yml:9", *(f"newcomers.yml:{line}" for line in range(1, MAX_IN_FRAME + 1))],
    )
    assert {reason for _, reason in _told(both, NEAR)} == {f"differs by one word from bygglov.yml:9: {first!r}"}


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=9).map(" ".join), max_size=12))
def test_example_is_told_as_near_exactly_when_an_earlier_one_is(texts: list[str]) -> None:
    def is_near(one: str, other: str) -> bool:
        pairs = list(zip(one.split(), other.split(), strict=False))
        long_enough = len(one.split()) == len(other.split()) >= MIN_WORDS_OF_NEAR_REPEAT
        return long_enough and sum(a != b for a, b in pairs) <= 1

    near = [
        line for line, text in enumerate(texts, start=1) if any(is_near(text, earlier) for earlier in texts[: line - 1])
    ]
    assert [line for line, _ in _told(_examples(*texts), NEAR)] == near


def _full(intent: str, english: int = MIN_ENGLISH_EXAMPLES, **fewer: int) -> list[Example]:
    """Return examples enough of a question, but for the voices that are to have fewer."""
    wanted = {voice: fewer.get(voice, MIN_SWEDISH_EXAMPLES // len(VOICES)) for voice in VOICES}
    kinds = [("sv", voice) for voice, number in wanted.items() for _ in range(number)] + [("en", "en")] * english
    return [
        Example(intent, language, voice, f"{intent} fråga {number}", FILE, number)
        for number, (language, voice) in enumerate(kinds, start=1)
    ]


def _counted(files: CatalogueFiles, examples: Iterable[Example]) -> list[str]:
    return [problem.reason for problem in check_examples(files, list(examples))]


def test_question_with_examples_enough_has_no_problem(files: CatalogueFiles) -> None:
    every = chain.from_iterable(map(_full, files.intents()))
    assert _counted(files, every) == []


def test_voice_with_too_few_examples_is_told(files: CatalogueFiles) -> None:
    rest = [*_full("bygglov.avgift"), *_full("lon.utbetalning")]
    assert _counted(files, [*_full("bygglov.behovs", sms=MIN_EXAMPLES_A_VOICE - 1, vardag=20), *rest]) == [
        f"bygglov.behovs has 9 examples in sms, at least {MIN_EXAMPLES_A_VOICE}"
    ]
    assert _counted(files, [*_full("bygglov.behovs", sms=MIN_EXAMPLES_A_VOICE - 1), *rest])[0] == (
        f"bygglov.behovs has 39 Swedish examples, at least {MIN_SWEDISH_EXAMPLES}"
    )


def test_citizens_questions_need_english_examples_and_those_of_staff_do_not(files: CatalogueFiles) -> None:
    few = MIN_ENGLISH_EXAMPLES - 1
    every = [*_full("bygglov.behovs", few), *_full("bygglov.avgift"), *_full("lon.utbetalning", 0)]
    assert _counted(files, every) == [f"bygglov.behovs has 11 English examples, at least {MIN_ENGLISH_EXAMPLES}"]


def test_examples_in_other_languages_count_for_no_voice_of_swedish(files: CatalogueFiles) -> None:
    rest = [*_full("bygglov.avgift"), *_full("lon.utbetalning")]
    arabic = [Example("bygglov.behovs", "ar", "vardag", f"سؤال {number}", FILE, number) for number in range(50)]
    reasons = _counted(files, [*arabic, *_full("bygglov.behovs", vardag=0, english=0), *rest])
    assert reasons == [
        "bygglov.behovs has 30 Swedish examples, at least 40",
        "bygglov.behovs has 0 examples in vardag, at least 10",
        "bygglov.behovs has 0 English examples, at least 12",
    ]


def test_question_without_examples_is_told_and_dialogue_and_danger_are_no_questions(files: CatalogueFiles) -> None:
    others = [*_examples("hej", intent="dialogue.greet"), *_examples("det brinner", intent="danger.fire")]
    others += _examples("vädret", intent="out_of_scope")
    assert _counted(files, others) == [f"the FAQ {intent} has no examples" for intent in sorted(files.intents())]
    assert _counted(files, []) == [f"the FAQ {intent} has no examples" for intent in sorted(files.intents())]


@pytest.mark.parametrize(
    ("intent", "expected"),
    [
        ("bygglov.behovs", True),
        ("dangerous.goods", True),
        ("dialogue.greet", False),
        ("danger.suicide", False),
        ("danger.none", False),
        ("out_of_scope", False),
        ("nlu_fallback", False),
        ("", False),
    ],
)
def test_questions_of_the_catalogue_are_known_by_their_names(intent: str, expected: bool) -> None:
    assert is_faq(intent) is expected


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "Hur högt får planket vara?"}', []),
        ('{"text": "behöver jag  BYGGLOV för altan"}', ["is an example too: bygglov.yml:1 (bygglov.behovs)"]),
        ("inte JSON", ["not a question: a JSON object with `text` is expected"]),
        ("[]", ["not a question: a JSON object with `text` is expected"]),
    ],
)
def test_a_question_for_calibration_is_a_question_and_no_example(tmp_path: Path, line: str, told: list[str]) -> None:
    (tmp_path / "far.jsonl").write_text(line + "\n", encoding="utf-8")
    found = list(check_held_out(tmp_path, _examples("Behöver jag bygglov för altan?")))
    assert [problem.reason for problem in found] == told
