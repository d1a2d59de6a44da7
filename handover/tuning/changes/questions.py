"""Regression questions, one JSON object a line: added, removed, and carried over when a FAQ gets another name.

A line that an edit does not name keeps every byte.
"""

from __future__ import annotations

import json

from pydantic import ValidationError

from catalogue.regression import MAX_QUESTION_CHARS, RegressionQuestion, key_of
from handover.core.errors import HandoverError
from handover.core.redaction import redact
from handover.core.text import clean_text
from handover.tuning.changes import edits as e
from handover.tuning.changes.draft import Draft
from handover.tuning.changes.refusals import EditRefused

#: The file of the questions that are of no service.
_DIALOGUE = "dialogue"


def add_question(edit: e.AddQuestion, draft: Draft) -> str:
    """Add a question at the end of its file; return what was done.

    Raises `text_empty`, `question_too_long`, `question_personal_data`, `question_must_catch`, `intent_unknown`,
    `question_exists` and `question_trained`, which names the example.
    """
    text = _check_text(edit.text)
    if edit.must_catch and edit.outcome != "crisis":
        raise HandoverError("question_must_catch")
    if edit.faq is not None:
        draft.find_faq(edit.faq)
    for path in draft.regression_files():
        for line in _lines(draft, path):
            one = read_line(line)
            if one is not None and key_of(one.text) == key_of(text):
                raise HandoverError("question_exists")
    _refuse_trained(draft, text)
    path = draft.regression_path(edit.faq.partition(".")[0] if edit.faq else _DIALOGUE)
    before = draft.read(path) or ""
    gap = "" if not before or before.endswith("\n") else "\n"
    draft.write(path, f"{before}{gap}{json.dumps(_object(edit, text), ensure_ascii=False)}\n")
    return f"{edit.subject}: Add a regression question."


def remove_question(edit: e.RemoveQuestion, draft: Draft) -> str:
    """Remove a question, and its file when that was the last; raises `edit_conflict` where it is gone already."""
    for path in draft.regression_files():
        lines = _lines(draft, path)
        for number, line in enumerate(lines):
            one = read_line(line)
            if one is not None and one.text == edit.text and edit.subject in (*one.expect, one.outcome):
                draft.write(path, "".join(lines[:number] + lines[number + 1 :]) or None)
                return f"{edit.subject}: Remove a regression question."
    raise EditRefused("edit_conflict", theirs="", subject=edit.subject)


def read_line(line: str) -> RegressionQuestion | None:
    """Return the question of a line, None where it holds none: the check says what is wrong with it."""
    try:
        return RegressionQuestion.model_validate_json(line)
    except ValidationError:
        return None


def rename_expected(draft: Draft, faq: str, to: str | None) -> None:
    """Let questions that expect the FAQ expect another; those that then expect nothing are gone."""
    named = json.dumps(faq)
    for path in draft.question_files():
        if named in (draft.read(path) or ""):
            lines = [_expecting(line, faq, to) if named in line else line for line in _lines(draft, path)]
            draft.write(path, "".join(lines))


def _check_text(text: str) -> str:
    text = " ".join(clean_text(text).split())
    if len(text) > MAX_QUESTION_CHARS:
        raise HandoverError("question_too_long")
    if redact(text) != text:
        raise HandoverError("question_personal_data")
    return text


def _refuse_trained(draft: Draft, text: str) -> None:
    """Raise `question_trained` where the text is an example: asked what it was taught, every model is right."""
    key = key_of(text)
    for path in draft.example_files():
        raw = (draft.read(path) or "").lower()
        if not all(word in raw for word in key):  # Most files are told by their words, unread.
            continue
        for block in draft.examples_at(path).blocks:
            for line, example in block.examples:
                if key_of(example) == key:
                    raise EditRefused("question_trained", intent=block.kind.intent, file=path, line=line + 1)


def _object(edit: e.AddQuestion, text: str) -> dict[str, object]:
    """Return the question as it is written; what says nothing is left out."""
    further = {"outcome": edit.outcome, "audience": edit.audience, "must_catch": edit.must_catch}
    return {
        "text": text,
        "lang": edit.language,
        "expect": [edit.faq] if edit.faq else [],
        **{key: value for key, value in further.items() if value},
    }


def _lines(draft: Draft, path: str) -> list[str]:
    return (draft.read(path) or "").splitlines(keepends=True)


def _expecting(line: str, faq: str, to: str | None) -> str:
    try:
        question = json.loads(line)
        expected = question["expect"]
    except (ValueError, KeyError, TypeError):
        return line
    if faq not in expected:
        return line
    if to is not None:
        return line.replace(json.dumps(faq), json.dumps(to))
    question["expect"] = [one for one in expected if one != faq]
    return f"{json.dumps(question, ensure_ascii=False)}\n" if question["expect"] else ""
