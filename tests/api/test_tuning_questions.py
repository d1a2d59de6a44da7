"""Regression questions over HTTP: kept line by line, never trained on, carried over when a FAQ gets another name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handover.core.errors import HandoverError
from handover.tuning.changes import edits as e
from handover.tuning.changes.applying import apply
from handover.tuning.changes.desk import open_desk
from handover.tuning.changes.draft import Draft
from tests.api.conftest import both_databases
from tests.conftest import StartKontakt
from tests.support.tuning import Editor, git, make_git, make_tuning_data

pytestmark = pytest.mark.anyio
FAQ, POOL = "bygglov.behovs", "Får jag gräva en pool?"
#: Lines as somebody has written them by hand, in an order and with spaces of their own; the last has no end.
BY_HAND = [
    '{"expect":["bygglov.behovs"],  "lang":"sv", "text":"Får jag riva?", "style":"sms"}\r\n',
    "inte en fråga\n",
    "\n",
    '{"text": "How high may it be?", "lang": "en", "expect": ["bygglov.behovs", "bygglov.avgift"], "outcome": "multi"}',
]


def write_by_hand(data: Path) -> Path:
    """Give a data folder regression questions of one service."""
    (data / "regression").mkdir()
    (data / "regression" / "bygglov.jsonl").write_bytes("".join(BY_HAND).encode())
    return data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with regression questions, in a git repository."""
    return make_git(write_by_hand(make_tuning_data(tmp_path / "data")))


@pytest.fixture
async def editor(start_kontakt: StartKontakt, data: Path) -> AsyncIterator[Editor]:
    """An editor with an open change set."""
    async with start_kontakt(data=data) as kontakt:
        editor = await Editor.of(kontakt)
        await editor.open()
        yield editor


async def texts(editor: Editor, faq: str = FAQ) -> list[str]:
    """Return the texts of a FAQ's regression questions."""
    return [one["text"] for one in (await editor.get(f"/questions?faq={faq}"))["questions"]]


def file_of(editor: Editor, data: Path, name: str = "bygglov") -> str:
    """Return a file of regression questions as the change set has it."""
    return git(data, "show", f"tuning/{editor.set_id}:regression/{name}.jsonl")


@both_databases
async def test_question_is_added_as_one_line_and_removed_again(editor: Editor, data: Path) -> None:
    assert await texts(editor) == ["Får jag riva?", "How high may it be?"]
    assert (await editor.edit("add_question", faq=FAQ, text=f"  {POOL}\n", audience="citizen")).status_code == 200
    added = file_of(editor, data).splitlines()[-1]
    assert json.loads(added) == {"text": POOL, "lang": "sv", "expect": [FAQ], "audience": "citizen"}
    assert (await texts(editor))[-1] == POOL
    log = (await editor.get(""))["edits"]
    assert [(one["subject"], one["what"]) for one in log] == [(FAQ, "Add a regression question.")]
    assert (await editor.edit("remove_question", faq=FAQ, text="Får jag riva?")).status_code == 200
    assert await texts(editor) == ["How high may it be?", POOL]
    gone = await editor.refusal("remove_question", faq=FAQ, text="Får jag riva?")
    assert gone[:2] == (409, "edit_conflict")
    assert (await editor.refusal("remove_question", outcome="human", text=POOL))[1] == "edit_conflict"


async def test_question_of_no_faq_stands_in_a_file_of_its_own(editor: Editor, data: Path) -> None:
    fields: dict[str, Any] = {"outcome": "crisis", "text": "Jag vill inte finnas längre", "must_catch": True}
    assert (await editor.edit("add_question", **fields)).status_code == 200
    assert (await editor.edit("add_question", outcome="human", text="Ge mig en människa")).status_code == 200
    lines = [json.loads(line) for line in file_of(editor, data, "dialogue").splitlines()]
    assert lines[0] == {"text": fields["text"], "lang": "sv", "expect": [], "outcome": "crisis", "must_catch": True}
    everything = (await editor.get("/questions"))["questions"]
    assert [(one["outcome"], one["must_catch"]) for one in everything] == [
        (None, False),
        ("multi", False),
        ("crisis", True),
        ("human", False),
    ]
    await editor.edit("remove_question", outcome="crisis", text=fields["text"])
    await editor.edit("remove_question", outcome="human", text="Ge mig en människa")
    assert "dialogue" not in (await editor.get("/diff"))["diff"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"faq": FAQ, "text": "får jag  RIVA"}, 409, "question_exists"),
        ({"faq": "bygglov.avgift", "text": "Får jag riva?"}, 409, "question_exists"),
        ({"faq": FAQ, "text": "\u200b"}, 422, "text_empty"),
        ({"faq": FAQ, "text": "a" * 601}, 422, "question_too_long"),
        ({"faq": FAQ, "text": "Ring 070-174 06 35"}, 422, "question_personal_data"),
        ({"faq": "bygglov.nowhere", "text": POOL}, 404, "intent_unknown"),
        ({"faq": FAQ, "text": POOL, "must_catch": True}, 422, "question_must_catch"),
        ({"outcome": "not_crisis", "text": POOL, "must_catch": True}, 422, "question_must_catch"),
        ({"text": POOL}, 400, "bad_request"),
        ({"faq": FAQ, "outcome": "human", "text": POOL}, 400, "bad_request"),
        ({"outcome": "multi", "text": POOL}, 400, "bad_request"),
    ],
)
async def test_question_that_cannot_be_one_is_refused(
    editor: Editor, fields: dict[str, Any], status: int, code: str
) -> None:
    refused = await editor.refusal("add_question", **fields)
    assert refused[:2] == (status, code)
    assert (await editor.get("/diff"))["diff"] == ""


async def test_question_that_is_trained_on_is_refused_with_its_place(editor: Editor) -> None:
    status, code, facts = await editor.refusal("add_question", faq=FAQ, text="vad kostar ett BYGGLOV, för garage")
    assert (status, code) == (409, "question_trained")
    assert facts == {"intent": "bygglov.avgift", "file": "nlu/bygglov.yml", "line": 17}
    await editor.add(POOL)
    assert (await editor.refusal("add_question", faq="bygglov.avgift", text=POOL))[1] == "question_trained"


async def test_question_follows_a_faq_that_is_renamed_and_goes_with_one_that_is_retired(
    editor: Editor, data: Path
) -> None:
    await editor.edit("add_question", faq=FAQ, text=POOL)
    assert (await editor.edit("rename_faq", faq=FAQ, to="bygglov.kravs")).status_code == 200
    assert await texts(editor) == []
    assert await texts(editor, "bygglov.kravs") == ["Får jag riva?", "How high may it be?", POOL]
    assert BY_HAND[0].replace("behovs", "kravs").rstrip() in file_of(editor, data)
    assert (await editor.refusal("add_question", faq=FAQ, text="Ny?"))[1] == "intent_renamed"
    seen = (await editor.get("/faqs/bygglov.kravs"))["texts"][0]["seen"]
    await editor.edit("retire_faq", faq="bygglov.kravs", seen=seen)
    left = (await editor.get("/questions"))["questions"]
    assert [(one["text"], one["expect"]) for one in left] == [("How high may it be?", ["bygglov.avgift"])]


async def test_check_tells_what_is_wrong_with_a_line(editor: Editor) -> None:
    await editor.edit("add_question", faq=FAQ, text=POOL)
    await editor.add(POOL)
    faults = (await editor.post("/check", timeout=150))["faults"]
    told = {one["line"]: one["message"] for one in faults if one["file"] == "regression/bygglov.jsonl"}
    assert told[2].startswith("Raden är ingen fråga: ")
    assert told[5] == "Provfrågan är ett exempel också (bygglov.yml:9, bygglov.behovs), och prövar då ingenting."
    assert told.keys() == {2, 5}


async def test_questions_are_for_those_who_tune(start_kontakt: StartKontakt, data: Path) -> None:
    async with start_kontakt(data=data) as kontakt:
        editor = await Editor.of(kontakt)
        await editor.open()
        guide = await Editor.of(kontakt, "guide")
        answer = await guide.ask("GET", f"/{editor.set_id}/questions")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


NEW = st.sampled_from(["Får jag gräva?", "How deep?", "كم يكلف؟", "Får jag \u2028 gräva?", "Hur högt, hur långt"])
EDITS = st.one_of(
    st.builds(e.AddQuestion, faq=st.sampled_from([FAQ, "bygglov.avgift"]), text=NEW),
    st.builds(e.RemoveQuestion, faq=st.sampled_from([FAQ, "bygglov.avgift"]), text=NEW),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(EDITS, max_size=12))
def test_other_lines_keep_every_byte(tmp_path_factory: pytest.TempPathFactory, edits: list[e.Edit]) -> None:
    folder = tmp_path_factory.mktemp("questions")
    desk = open_desk(write_by_hand(make_tuning_data(folder / "data")), folder / "var", None)  # type: ignore[arg-type]
    repository = desk.sets.repository
    draft = Draft(repository.snapshot(repository.current()))
    path = draft.regression_path("bygglov")
    expected: list[tuple[str, str]] = []
    for edit in edits:
        assert isinstance(edit, e.AddQuestion | e.RemoveQuestion)
        known = (" ".join(edit.text.split()), edit.subject)
        try:
            apply(edit, draft)
        except HandoverError as refused:
            assert refused.code in ("question_exists", "edit_conflict")
            continue
        if isinstance(edit, e.AddQuestion):
            expected.append(known)
        else:
            expected.remove(known)
    text = draft.read(path) or ""
    old = "".join(BY_HAND)
    assert text.startswith(old)
    added = [json.loads(line) for line in text.removeprefix(old).splitlines() if line]
    assert [(one["text"], one["expect"][0]) for one in added] == expected
