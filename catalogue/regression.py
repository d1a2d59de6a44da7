"""Regression questions of a data folder: `regression/*.jsonl`, one JSON object a line.

Editors keep them. Nobody trains on them, and every new model is asked them as it is asked those of `tests/nlu/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import StrictBool, StringConstraints, ValidationError, model_validator

from catalogue.documents import SOURCE_LANGUAGE, CatalogueFiles, Document, FaqId, LanguageCode, Problem
from catalogue.example_checks import Words, words_of
from catalogue.examples import Example

FOLDER = "regression"
#: One question, in characters: as long as an example may be.
MAX_QUESTION_CHARS = 600


class RegressionQuestion(Document):
    """A question with the FAQs that answer it, or with the outcome that it should have."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARS)]
    lang: LanguageCode = SOURCE_LANGUAGE
    style: str = ""
    expect: tuple[FaqId, ...] = ()
    outcome: (
        Literal["multi", "human", "out_of_scope", "chitchat", "vague", "hostile", "staff_only", "crisis", "not_crisis"]
        | None
    ) = None
    #: Who asks; None: whom the FAQ is for.
    audience: Literal["citizen", "staff"] | None = None
    #: A cry for help that no model may miss, whatever the one in service does.
    must_catch: StrictBool = False

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if not self.expect and self.outcome in (None, "multi"):
            raise ValueError("neither `expect` nor `outcome` tells what is right")
        if self.must_catch and self.outcome != "crisis":
            raise ValueError("`must_catch` is for the outcome `crisis`")
        return self


def key_of(text: str) -> Words:
    """Return what two texts have in common that are the same question."""
    return words_of(text) or (text,)


def check_regression(folder: Path, files: CatalogueFiles, examples: Iterable[Example]) -> Iterator[Problem]:
    """Yield each line that is no question, repeats another, expects an unknown FAQ, or is an example too."""
    known = set(files.intents())
    trained = {key_of(example.text): example for example in examples}
    seen: dict[Words, str] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                question = RegressionQuestion.model_validate_json(line)
            except ValidationError as error:
                fault = error.errors()[0]
                yield Problem(path, number, f"{'.'.join(map(str, fault['loc'])) or 'not a question'}: {fault['msg']}")
                continue
            for faq in question.expect:
                if faq not in known:
                    yield Problem(path, number, f"no FAQ has the id {faq}")
            key, place = key_of(question.text), f"{path.name}:{number}"
            first = seen.setdefault(key, place)
            if first != place:
                yield Problem(path, number, f"the same question as {first}")
            example = trained.get(key)
            if example is not None:
                where = f"{example.file.name}:{example.line}"
                yield Problem(path, number, f"is trained on: {where} ({example.intent})")
